/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes text that others wrote, such as names of files and what a kernel
 * printed.  Characters that would mean something to the reader are replaced. */
#ifndef FUSESCEN_UTIL_ESCAPE_H
#define FUSESCEN_UTIL_ESCAPE_H

#include <stdio.h>

#include "base/buf.h"

/* put_plain() is for one line of a terminal (base/escape.h), and put_lines()
 * keeps newlines and tabs. */
void put_plain(FILE *out, const char *s);
void put_lines(FILE *out, const char *s);
/* For a report.  A line that is too long is cut in its middle. */
void put_report(FILE *out, const char *s);
/* For HTML: contents, and attributes in double quotes. */
void put_html(FILE *out, const char *s);
void buf_html(struct buf *b, const char *s);
/* For a cell of a Markdown table. */
void put_markdown(FILE *out, const char *s);

#endif
