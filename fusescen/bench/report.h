/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports results as a table for people, as JSON, and as a plot. */
#ifndef FUSESCEN_BENCH_REPORT_H
#define FUSESCEN_BENCH_REPORT_H

#include <stdio.h>

#include "fusescen/bench/results.h"

/* Stores the values that were asked for and that there are, in the order of
 * "show", and returns how many they are. */
size_t results_shown(const struct results *r, enum value_id *out);
/* How it was measured, and on which kernel.  The caller frees both texts. */
char *results_conditions(const struct results *r);
char *results_kernel(const struct measured *m);

/* Adds the kernels of what results_json() has written; -1 after a message. */
int results_read(struct results *r, const char *path);
int results_parse(struct results *r, const char *name, const char *text,
		  size_t len);

void results_text(const struct results *r, FILE *out);
void results_json(const struct results *r, FILE *out);
void results_svg(const struct results *r, FILE *out);

#endif
