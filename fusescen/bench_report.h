/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of results: a table for people, JSON, a plot. */
#ifndef FUSESCEN_BENCH_REPORT_H
#define FUSESCEN_BENCH_REPORT_H

#include <stdio.h>

#include "fusescen/bench_results.h"

/* The values that were asked for and are there, in the order of "show". */
size_t report_shown(const struct results *r, enum value_id *out);
/* The line under a table that says how and where it was measured. */
char *report_conditions(const struct results *r);

void report_text(const struct results *r, FILE *out);
void report_json(const struct results *r, FILE *out);
void report_svg(const struct results *r, FILE *out);

#endif
