/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a scenario fails, so that another run can be said to fail in the same way: the
 * step or check that is not as it should be, in its own words, what it expects, and
 * what came instead.  Pure functions.
 */
#ifndef FUSESCEN_MINIMIZE_FAILURE_H
#define FUSESCEN_MINIMIZE_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

struct failure {
	char *what, *expected, *actual;	/* without numbers of events; "" for none */
	unsigned line, col;		/* 0: it has no place */
};

/* Reads the first failure of a report that has a text in it (NULL: any); false if there
 * is none.  The caller frees it. */
bool failure_read(struct failure *f, const char *report, const char *with);
/* Does the report have it, but with the word "to" in place of "from" (NULL: as it is)?
 * Then *line is where, or 0; line may be NULL. */
bool failure_is_in(const struct failure *f, const char *report, const char *from,
		   const char *to, unsigned *line);
void failure_free(struct failure *f);

/* One line for people: what came, and what should have come.  The caller frees it. */
char *failure_title(const struct failure *f);

/* The text with each word replaced that is "from"; the caller frees it.  A word is
 * letters, digits and "_". */
char *words_replaced(const char *text, const char *from, const char *to);
/* Is it a word of the text? */
bool has_word(const char *text, const char *word);

#endif
