/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutants that are known to survive, with reasons: a file of lines
 *
 *	scenarios/topic/file.yaml:12 flip — reason
 *
 * '#' starts a comment.  A line about a file that was looked at, but that no
 * surviving mutant needs any more, is stale.  One thread at a time.
 */
#ifndef TOOLS_MUTATE_EQUIVALENTS_H
#define TOOLS_MUTATE_EQUIVALENTS_H

#include <stdbool.h>
#include <stddef.h>

struct equivalents;

/* NULL after a message on standard error. */
struct equivalents *equivalents_load(const char *path);
void equivalents_free(struct equivalents *eq);

/* Paths may have more in front than the list has.  eq may be NULL. */

/* All mutants of a file are about to be run. */
void equivalents_look(struct equivalents *eq, const char *path);
/* May this mutant survive? */
bool equivalents_allow(const struct equivalents *eq, const char *path,
		       unsigned line, const char *flip);
/* It did. */
void equivalents_survived(struct equivalents *eq, const char *path, unsigned line,
			  const char *flip);
/* Print to standard output what is stale; returns how many lines are. */
size_t equivalents_stale(const struct equivalents *eq);

#endif
