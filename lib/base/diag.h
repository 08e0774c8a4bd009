/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Diagnostics: messages with a place in a scenario file.
 *
 * All functions that report return -1, so that reporting and leaving is one
 * statement.  A collector keeps at most DIAG_MAX messages, drops exact
 * repetitions (a file is loaded once per case), and prints each as
 *
 *	file:line:column: error: text
 *	    7 |     the source line
 *	      |         ^~~~~
 *
 * One thread at a time.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define DIAG_MAX	20

/* A place in a scenario file; line 0 means the whole file.  Columns and
 * lengths count bytes, lines and columns start at 1. */
struct loc {
	uint32_t line;
	uint32_t col;
	uint32_t len;	/* 0 is drawn as one caret */
};

struct diags;

/* "path" is copied; "text" (may be NULL) is borrowed for the source lines. */
struct diags *diags_new(const char *path, const char *text, size_t len);
void diags_free(struct diags *dg);
/* Give the text later, when it had to be read first; borrowed. */
void diags_set_text(struct diags *dg, const char *text, size_t len);
/* What comes from now on is about this part of the file (a case), if it is not about all
 * of them; borrowed.  A message that not all parts gave says of which it is. */
void diags_begin_part(struct diags *dg, const char *name);
size_t diags_count(const struct diags *dg);	/* also those not kept */
int diags_full(const struct diags *dg);
/* Everything collected, sorted by place, and "N more errors" if any. */
void diags_print(const struct diags *dg, struct buf *out);
/* One source line with its caret, as under a message; nothing if no text. */
void diags_print_source(const struct diags *dg, struct loc loc, struct buf *out);
const char *diags_path(const struct diags *dg);

int diag(struct diags *dg, struct loc loc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int diag_errno(struct diags *dg, struct loc loc, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * The words that would have been right, for "unknown X "foo" (did you mean
 * bar?)".  at() returns NULL past the end; it may return "" for a hole.
 */
struct words {
	const char *(*at)(const void *ctx, size_t i);
	const void *ctx;
};

/* A function that knows what a wrong word is likely to mean in this place: it writes
 * what stands in the parentheses below, or returns false.  It is asked before the
 * nearest word is searched for. */
typedef bool diag_guess(struct buf *out, const char *what, const char *text,
			size_t len, struct words right);
void diags_set_guess(struct diags *dg, diag_guess *guess);

/* unknown WHAT "TEXT" (did you mean NEAREST?) */
int diag_unknown(struct diags *dg, struct loc loc, const char *what,
		 const char *text, size_t text_len, struct words words);

/* The nearest word, or NULL when none is near enough to be meant.  The opposite of
 * the text ("no_x" of "x") is never meant. */
const char *words_nearest(struct words words, const char *text, size_t len);

bool words_have(struct words words, const char *text);
bool words_have_text(struct words words, const char *text, size_t len);

/* A NULL-terminated array of strings as words. */
struct words words_array(const char *const *array);

#endif
