/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of the mutants that are known to survive, with reasons.  It has lines
 *
 *	scenarios/topic/file.yaml:12 flip — reason
 *
 * and '#' starts a comment.  A line is stale if its file was looked at, and no
 * mutant that survived needs the line.  One thread at a time.
 */
#ifndef TOOLS_MUTATE_EQUIVALENTS_H
#define TOOLS_MUTATE_EQUIVALENTS_H

#include <stdbool.h>
#include <stddef.h>

struct equivalents;

/* Returns NULL after a message on standard error. */
struct equivalents *equivalents_load(const char *path);
void equivalents_free(struct equivalents *eq);

/* A path may have directories in front that the list does not have.  eq may be
 * NULL.  */

/* Says that all mutants of a file are about to be run. */
void equivalents_look(struct equivalents *eq, const char *path);
/* May this mutant survive? */
bool equivalents_allow(const struct equivalents *eq, const char *path,
		       unsigned line, const char *flip);
/* It did. */
void equivalents_survived(struct equivalents *eq, const char *path, unsigned line,
			  const char *flip);
/* Prints stale lines to standard output, and returns how many they are. */
size_t equivalents_stale(const struct equivalents *eq);

#endif
