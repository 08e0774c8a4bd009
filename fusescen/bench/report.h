/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of results: a table for people, JSON, a plot. */
#ifndef FUSESCEN_BENCH_REPORT_H
#define FUSESCEN_BENCH_REPORT_H

#include <stdio.h>

#include "fusescen/bench/results.h"

/* The values that were asked for and are there, in the order of "show". */
size_t results_shown(const struct results *r, enum value_id *out);
/* How it was measured, and on which kernel; to be freed. */
char *results_conditions(const struct results *r);
char *results_kernel(const struct measured *m);

/* Add the kernels of what results_json() has written; -1 after a message. */
int results_read(struct results *r, const char *path);
int results_parse(struct results *r, const char *name, const char *text,
		  size_t len);

void results_text(const struct results *r, FILE *out);
void results_json(const struct results *r, FILE *out);
void results_svg(const struct results *r, FILE *out);

#endif
