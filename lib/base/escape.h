/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text of others on its way to people: names of files, data, what a kernel or
 * another machine said.  A terminal obeys some characters instead of showing
 * them, so these are written as escapes.  Pure functions.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Bytes of the UTF-8 character at s, of which n bytes are there; 0: none
 * begins here (ill-formed, overlong, a surrogate, or cut off). */
size_t utf8_length(const char *s, size_t n);
/* The character of these len bytes. */
uint32_t utf8_decode(const char *s, size_t len);
/* As utf8_length(), and 0 too for a character that a terminal obeys: controls (C0,
 * DEL, C1), separators of lines, and what turns the direction of writing. */
size_t shown_length(const char *s, size_t n);

/* On one line: what is not shown becomes \n, \t, or \xNN for each byte. */
void buf_shown(struct buf *b, const char *s, size_t n);
/* The same, but lines and tabs of the text stay what they are. */
void buf_shown_lines(struct buf *b, const char *s, size_t n);
/* Lines for people: as above, and a line of more than LINE_SHOWN_MAX bytes loses
 * its middle, so that nobody has to scroll past what somebody else wrote. */
#define LINE_SHOWN_MAX	500
void buf_brief(struct buf *b, const char *s, size_t n);
/* Bytes as a C string literal with quotes, at most max of them, then "...". */
void buf_quote(struct buf *b, const void *p, size_t n, size_t max);
/* Data as a scenario writes it: "hello", or '\0'*4K and "ab"*4K where all of it
 * repeats.  n bytes of it are known, of total; "..." says that there are more
 * than are shown. */
#define DATA_SHOWN	32
#define NAME_SHOWN	64	/* of a name, in buf_quote() */
void buf_data(struct buf *b, const void *p, size_t n, uint64_t total);

#endif
