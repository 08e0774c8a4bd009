/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What measurements gave. */
#ifndef FUSESCEN_BENCH_RESULTS_H
#define FUSESCEN_BENCH_RESULTS_H

#include "fusescen/bench_file.h"

/* One variant at one value of the sweep. */
struct cell {
	double *samples[N_VALUES];	/* in the order of the rounds */
	size_t n[N_VALUES];
};

struct results {
	const struct bench *bench;
	struct cell *cells;		/* [value * n_variants + variant] */
	unsigned seconds, ramp, rounds;
	const char *uncounted;		/* why no locks were counted; or NULL */
	/* where, when, by what */
	char *fio, *kernel, *machine;
	const char *raw_type;
	char date[32];
};

/* Takes the text of fio. */
void results_init(struct results *r, const struct bench *b, char *fio);
void results_fini(struct results *r);
/* One measurement: what fio says, or what was counted. */
void results_keep(struct results *r, size_t value, size_t variant,
		  int is_counted, const double *values);
const struct cell *results_cell(const struct results *r, size_t value,
				size_t variant);
struct stats results_stats(const struct results *r, size_t value,
			   size_t variant, enum value_id id);

#endif
