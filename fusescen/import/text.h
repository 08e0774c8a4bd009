/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A story as the text of a scenario. */
#ifndef FUSESCEN_IMPORT_TEXT_H
#define FUSESCEN_IMPORT_TEXT_H

#include "fusescen/import/story.h"

/* The scenario.  A step that the loader does not take becomes a remark and is counted;
 * *errors is what else it says, or NULL.  The caller frees both. */
char *story_text(struct story *s, char **errors);

#endif
