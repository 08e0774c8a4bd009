/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those sections of a story's text that a scenario made of it keeps.  One thread at a
 * time. */
#ifndef RUN_EXPLORE_STORY_TEXT_H
#define RUN_EXPLORE_STORY_TEXT_H

#include "base/buf.h"

/* All that comes before the steps, but for rules; with the variables of the case
 * (NULL: there are no cases) filled in. */
void story_put_begin(struct buf *b, const char *text, const char *case_name);
/* The checks behind the steps. */
void story_put_end(struct buf *b, const char *text, const char *case_name);

#endif
