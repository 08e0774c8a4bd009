/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which scenario files the words of a command line mean. */
#ifndef FUSESCEN_UTIL_WALK_H
#define FUSESCEN_UTIL_WALK_H

#include <stddef.h>

struct paths {
	char **at;
	size_t n;
};

/*
 * A file stands for itself, a directory for every *.yaml in it and below, in
 * the order of their names; hidden ones and links to directories are left out.
 * Returns 0, or -1 after messages on standard error (the others are in *out).
 */
int paths_collect(struct paths *out, char **words, int n);
void paths_free(struct paths *p);

#endif
