/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was there before the program began: the files of a directory, and the scenario
 * that is served.  A story asks for both.  Main thread only. */
#ifndef FUSESCEN_RECORD_BEFORE_H
#define FUSESCEN_RECORD_BEFORE_H

#include "fusescen/import/story.h"

struct before;

/* dir NULL: only the files of the scenario are there.  NULL after a message. */
struct before *before_new(const char *rules, const char *dir);
void before_free(struct before *b);
/* From now on the story's files are known, and its text begins with the scenario. */
void before_tell(struct before *b, struct story *s);

#endif
