/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What no case of a file uses.  Cases come one by one with what each of them left
 * unused, a line for each part; what all of them left is what matters.
 */
#ifndef FUSESCEN_REPORT_UNUSED_H
#define FUSESCEN_REPORT_UNUSED_H

#include <stdbool.h>
#include <stddef.h>

struct unused {
	char **lines;		/* that every case so far left unused */
	size_t n_lines;
	size_t n_cases;
};

/* Another case; lines: as fusescen_unused() returns them. */
void unused_add(struct unused *u, const char *lines);
/* What is left after so many cases, each line with a newline, or NULL if it is
 * nothing or fewer cases came; the caller frees it.  Forgets the file. */
char *unused_take(struct unused *u, size_t n_cases);

#endif
