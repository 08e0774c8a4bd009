/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of the command line on standard error. */
#ifndef FUSESCEN_UTIL_ERRORS_H
#define FUSESCEN_UTIL_ERRORS_H

/* "fusescen: ..." and a newline, unless there is one.  Words of others may be in
 * it as they are: they are escaped, and too long a line is cut in its middle. */
void put_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What the library says of an error: lines with their places, which are
 * complete, or a few words without a newline. */
void put_error_text(const char *text);

/* Why fusescen_start() gave NULL with this errno (the caller frees). */
char *why_no_start(int err);

#endif
