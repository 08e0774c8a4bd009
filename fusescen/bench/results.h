/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The results of measurements, on one kernel or on several. */
#ifndef FUSESCEN_BENCH_RESULTS_H
#define FUSESCEN_BENCH_RESULTS_H

#include "fusescen/bench/bench.h"

/* One variant at one value of the sweep. */
struct cell {
	double *samples[N_VALUES];	/* in the order of the rounds */
	size_t n[N_VALUES];
};

/* The results on one kernel.  The texts belong to it. */
struct measured {
	char *kernel, *machine, *date;
	char *fio;
	char *raw;			/* the filesystem of the raw files */
	char *uncounted;		/* why locks were not counted; or NULL */
	struct cell *cells;		/* [value * n_variants + variant] */
};

struct results {
	const struct bench *bench;
	unsigned seconds, ramp, rounds;
	struct measured *at;		/* kernel by kernel */
	size_t n;
};

void results_init(struct results *r, const struct bench *b);
void results_fini(struct results *r);
/* Adds a kernel without results.  The pointer is good until the next call. */
struct measured *results_add(struct results *r);
/* Describes this kernel and this machine, now.  Takes the text of fio. */
void measured_here(struct measured *m, char *fio);
struct cell *results_cell(const struct results *r, const struct measured *m,
			  size_t value, size_t variant);
void cell_add(struct cell *c, enum value_id id, double sample);

/* The columns of a table are the variants, and each variant has a column for
 * each kernel. */
size_t results_columns(const struct results *r);
/* To be freed. */
char *results_column_name(const struct results *r, size_t column);
struct stats results_stats(const struct results *r, size_t value, size_t column,
			   enum value_id id);

#endif
