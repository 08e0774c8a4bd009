/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of others (names of files, what a kernel printed) on its way out: what
 * would mean something to the reader is written so that it does not, and bytes
 * that are no UTF-8 become U+FFFD.
 */
#ifndef FUSESCEN_UTIL_ESCAPE_H
#define FUSESCEN_UTIL_ESCAPE_H

#include <stdio.h>

/* In one line of a terminal: no control characters. */
void put_plain(FILE *out, const char *s);
/* A JSON string with its quotes. */
void put_json(FILE *out, const char *s);
/* HTML, as content and as an attribute in double quotes. */
void put_html(FILE *out, const char *s);
/* One cell of a Markdown table. */
void put_markdown(FILE *out, const char *s);

#endif
