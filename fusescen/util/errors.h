/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes messages to standard error. */
#ifndef FUSESCEN_UTIL_ERRORS_H
#define FUSESCEN_UTIL_ERRORS_H

/* Writes "fusescen: ", the text, and a newline unless the text ends with one.
 * What others wrote may be in the text unchanged: it is escaped, and a line
 * that is too long is cut in its middle. */
void put_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Writes what the library says of an error.  That is either complete lines with
 * their places, or a few words without a newline. */
void put_error_text(const char *text);

/* Why fusescen_start() gave NULL with this errno (the caller frees).  */
char *why_no_start(int err);

#endif
