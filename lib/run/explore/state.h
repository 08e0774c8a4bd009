/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file with the schedules that are still to be run, from which a search goes on.  One
 * thread at a time. */
#ifndef RUN_EXPLORE_STATE_H
#define RUN_EXPLORE_STATE_H

#include "run/explore/search.h"

/* Fill the frontier from it.  0, also if there is no such file: then the search is
 * new.  -1, with *why (the caller frees): it cannot be read, or is of another story. */
int state_load(struct search *s, const char *path, const char *story, char **why);
/* Write it, all at once.  Removed if nothing is left.  0 or errno. */
int state_save(const struct search *s, const char *path, const char *story);

#endif
