/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the scenario files that the words of a command line mean. */
#ifndef FUSESCEN_UTIL_WALK_H
#define FUSESCEN_UTIL_WALK_H

#include <stddef.h>

struct paths {
	char **at;
	size_t n;
};

/*
 * A file means itself.  A directory means all *.yaml in it and below, in the
 * order of their names, without hidden ones and links to directories.  Returns
 * 0, or -1 after messages on standard error; then *out has those that were
 * found.
 */
int paths_collect(struct paths *out, char **words, int n);
void paths_free(struct paths *p);

#endif
