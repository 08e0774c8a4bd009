/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which scenarios use which words of the language: one section per table (the
 * operations, a flag set, the calls, ...), one row per word.  A word is used
 * where the loaded scenario has it, not where its text happens to mention it.
 */
#ifndef TOOLS_CATALOGUE_USES_H
#define TOOLS_CATALOGUE_USES_H

#include <stdbool.h>

#include "model/scenario.h"

struct users {
	size_t *files;		/* numbers of files, rising */
	size_t n;
};

struct row {
	const char *name;
	struct users by[2];	/* operations: rules, patterns; others: all */
};

struct section {
	const void *table;	/* the rows it has: ops, a flag set, ... */
	const char *kind;	/* op, flag, notify, call, step, check, need, hazard, trace */
	const char *set;	/* flags: the set's name; else NULL */
	const char *title;
	struct row *rows;
	size_t n_rows;
};

struct uses {
	struct arena *arena;
	struct section *sections;
	size_t n_sections;
};

struct uses *uses_new(void);
void uses_free(struct uses *u);
/* Files come in rising order, their cases one after the other. */
void uses_add(struct uses *u, const struct scenario *sc, size_t file);
bool row_is_used(const struct row *row);

#endif
