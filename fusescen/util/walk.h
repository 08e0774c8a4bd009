/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the scenarios that the words of a command line mean. */
#ifndef FUSESCEN_UTIL_WALK_H
#define FUSESCEN_UTIL_WALK_H

#include <stddef.h>

#include "fusescen.h"

struct path {
	char *name;		/* as messages call it */
	char *text;		/* of standard input; NULL: it is in the file */
	size_t len;		/* of the text */
	char *cases;		/* "FILE:CASE" was asked for: a glob; NULL: all cases */
};

struct paths {
	struct path *at;
	size_t n;
};

/*
 * A file means itself.  A directory means all *.yaml in it and below, in the
 * order of their names, without hidden ones and links to directories.  "-" means
 * what standard input has.  Where there is no file of the name "PATH:CASE", it
 * means the cases of PATH that fit the glob CASE.  Returns 0, or -1 after messages
 * on standard error; then *out has those that were found.
 */
int paths_collect(struct paths *out, char **words, int n);
void paths_free(struct paths *p);

/* As fusescen_load(). */
fusescen_file *path_load(const struct path *path);

#endif
