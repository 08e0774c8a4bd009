/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers that a measurement gives, and statistics of them. */
#ifndef FUSESCEN_BENCH_VALUES_H
#define FUSESCEN_BENCH_VALUES_H

#include <stdbool.h>
#include <stddef.h>

enum value_id {
	VALUE_IOPS,
	VALUE_BANDWIDTH,
	VALUE_LATENCY,
	VALUE_LATENCY_P99,
	VALUE_CONTENTION,
	VALUE_CONTENTION_SPIN,
	VALUE_CONTENTION_RWSEM,
	N_VALUES
};

struct value_kind {
	const char *title;	/* over a table */
	const char *unit;	/* of the number in JSON */
	bool is_counted;	/* by the kernel's tracepoint, not by fio */
	double scale;		/* of the number that is printed: round is round in it */
	/* Writes it for people, as in the documents. */
	void (*print)(char *to, size_t size, double v);
};

const struct value_kind *value_kind(enum value_id id);
/* Their names in bench files and in JSON, with NULL behind the last one. */
extern const char *const value_names[N_VALUES + 1];

/* Statistics of the rounds of a cell. */
struct stats {
	size_t n;
	double median, q1, q3, min, max;
};

struct stats stats_of(const double *samples, size_t n);
/* Returns half the distance of the quartiles, as a part of the median; 0 if
 * there is none. */
double stats_spread(const struct stats *s);

#endif
