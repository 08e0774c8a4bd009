/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Says which scenarios use which words of the language.  There is a section for
 * each table (the operations, a flag set, the calls, ...), and a row for each
 * word.  A scenario uses a word if the loaded scenario has it.  That its text
 * mentions the word does not count.
 */
#ifndef TOOLS_CATALOGUE_USES_H
#define TOOLS_CATALOGUE_USES_H

#include <stdbool.h>

#include "model/scenario.h"

struct users {
	size_t *files;		/* numbers of files, in rising order */
	size_t n;
};

struct row {
	const char *name;
	struct users by[2];	/* operations: by rules, by patterns; else: all */
};

struct section {
	const void *table;	/* which rows it has: ops, a flag set, ... */
	const char *kind;	/* op, flag, notify, call, step, check, need, hazard, trace */
	const char *set;	/* the name of a flag set; else NULL */
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
/* Files come in rising order, with all cases of a file in a row. */
void uses_add(struct uses *u, const struct scenario *sc, size_t file);
bool row_is_used(const struct row *row);

#endif
