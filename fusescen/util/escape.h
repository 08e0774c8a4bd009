/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of others (names of files, what a kernel printed) on its way out: what
 * would mean something to the reader is written so that it does not.
 */
#ifndef FUSESCEN_UTIL_ESCAPE_H
#define FUSESCEN_UTIL_ESCAPE_H

#include <stdio.h>

/* On one line of a terminal (base/escape.h); on lines, with their tabs. */
void put_plain(FILE *out, const char *s);
void put_lines(FILE *out, const char *s);
/* A report: lines that are too long are cut in their middle. */
void put_report(FILE *out, const char *s);
/* HTML, as content and as an attribute in double quotes. */
void put_html(FILE *out, const char *s);
/* One cell of a Markdown table. */
void put_markdown(FILE *out, const char *s);

#endif
