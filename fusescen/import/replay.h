/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls of a log of strace as a story: those that are about files below a directory.
 * One thread at a time. */
#ifndef FUSESCEN_IMPORT_REPLAY_H
#define FUSESCEN_IMPORT_REPLAY_H

#include "fusescen/import/story.h"
#include "fusescen/import/strace.h"

/* The directory that most paths of the log are in which is none of the system's; NULL:
 * there is none.  In the arena. */
char *replay_guess_directory(struct arena *a, const struct strace_log *log);
void replay(struct story *s, const struct strace_log *log, const char *under);

#endif
