/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cursor over a scalar's text, for the small languages inside of scalars:
 * calls, results, patterns, data.  Every message points at the bytes it is
 * about.  One thread at a time.
 */
#ifndef LOAD_READ_LEX_H
#define LOAD_READ_LEX_H

#include "load/read/text.h"

struct lex {
	struct loader *ld;
	const struct text *t;
	size_t at;
	size_t end;
};

/* A piece of the text. */
struct tok {
	const char *s;
	size_t len;
	size_t at;
};

void lex_init(struct lex *lx, struct loader *ld, const struct text *t);
/* Places for messages. */
struct loc lex_loc(const struct lex *lx, struct tok tok);
struct loc lex_here(const struct lex *lx);	/* the next token */

bool lex_done(struct lex *lx);			/* nothing but blanks left */
bool lex_next_is(struct lex *lx, char c);
bool lex_accept(struct lex *lx, const char *sign);
/* Letters, digits and _; len 0 if there are none. */
struct tok lex_word(struct lex *lx);
/* Up to a blank or one of the stop characters. */
struct tok lex_token(struct lex *lx, const char *stops);
/* The same without moving. */
struct tok lex_peek(struct lex *lx, const char *stops);
/* What is left, blanks at the end cut off. */
struct tok lex_rest(struct lex *lx);
/* "text" or 'text' with C escapes, the quote being next: its bytes, in the
 * arena, with a NUL that is not counted.  -1 after a message. */
int lex_string(struct lex *lx, uint8_t **p, size_t *len);
/* DATA: "text", 'c'*SIZE, "ab"*SIZE, several of them one after another; SIZE as
 * the first where bare. */
int lex_data(struct lex *lx, bool bare, struct data_spec *out);
/* "expected WHAT, got ...": always -1. */
int lex_expected(struct lex *lx, const char *what);

bool tok_is(struct tok tok, const char *word);
char *tok_dup(struct loader *ld, struct tok tok);

#endif
