/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Colours, and a line that is written again and again.  Only a terminal gets them,
 * and none that calls itself "dumb".
 */
#ifndef FUSESCEN_UTIL_TERMINAL_H
#define FUSESCEN_UTIL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum colour {
	COLOUR_NONE, COLOUR_GOOD, COLOUR_BAD, COLOUR_DOUBT, COLOUR_QUIET,
};

/* "auto", "always" or "never"; -1 for another word. */
int colour_choose(const char *word);
/* Writes text in a colour, if colours are wanted in this file. */
void put_coloured(FILE *out, enum colour colour, const char *text);

bool is_terminal(FILE *f);
/* Columns of the terminal; 80 if it does not say. */
unsigned terminal_width(FILE *f);

/* Shows text in the last line of standard error, cut to its width.  Others call
 * status_clear() before they write. */
void status_show(const char *text);
/* "[done/total] TIME, TIME left  text": how far something is that began then. */
void status_progress(size_t done, size_t total, uint64_t began_ns, const char *text);
void status_clear(void);

#endif
