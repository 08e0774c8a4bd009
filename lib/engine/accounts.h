/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel owes any server, whatever is asked of it: each file handle is
 * released once and not used afterwards, no inode is forgotten more often than it was
 * looked up, a number of a request is not given again while it is in use, and
 * nothing comes behind DESTROY.
 *
 * Pure functions over a log to which no thread appends meanwhile.
 */
#ifndef ENGINE_ACCOUNTS_H
#define ENGINE_ACCOUNTS_H

#include "engine/evlog.h"

/* Of one mount, from events sorted by seq.  closed: nobody has a file open any more,
 * so that each one must have been released.  What is wrong, which the caller frees;
 * NULL: nothing. */
char *accounts_judge(const struct event *const *events, size_t n, int mount,
		     bool closed);

#endif
