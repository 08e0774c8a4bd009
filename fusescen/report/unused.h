/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collects what no case of a file uses.  Each case comes with lines about the
 * parts that it left unused.  A part matters if all cases of the file have left
 * it.
 */
#ifndef FUSESCEN_REPORT_UNUSED_H
#define FUSESCEN_REPORT_UNUSED_H

#include <stdbool.h>
#include <stddef.h>

struct unused {
	char **lines;		/* what every case so far has left unused */
	size_t n_lines;
	size_t n_cases;
};

/* Adds a case.  lines are as fusescen_unused() returns them. */
void unused_add(struct unused *u, const char *lines);
/* Returns the lines that are left after n_cases, and forgets the file.  NULL if
 * there are none or if fewer cases were added.  The caller frees it. */
char *unused_take(struct unused *u, size_t n_cases);

#endif
