/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of control groups, version 2, by descriptors: their filesystem need not be
 * mounted anywhere. */
#ifndef BASE_CGROUPS_H
#define BASE_CGROUPS_H

#include <stdbool.h>

/* The highest group that we may see; -1 and errno.  For root. */
int cgroup_top(void);
/* A new group, and a descriptor of it; -1 and errno. */
int cgroup_make(int dir, const char *name);
/* Write to one of its files.  0 or errno. */
int cgroup_put(int dir, const char *file, const char *text);
/* Has a line of the file this word: "memory", or this number behind it:
 * "frozen 1"? */
bool cgroup_says(int dir, const char *file, const char *word);
/* The calling process goes into the group of that name.  0 or errno. */
int cgroup_join(int dir, const char *name);

#endif
