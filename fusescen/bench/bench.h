/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A benchmark as its file describes it (fusescen-bench(5)), and what all
 * benchmarks have.  Texts are borrowed from the file. */
#ifndef FUSESCEN_BENCH_BENCH_H
#define FUSESCEN_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "fusescen.h"
#include "fusescen/bench/tree.h"
#include "fusescen/bench/values.h"

/* The directories that always exist (place.h), and their names in messages. */
#define BENCH_DIRS	"\"raw\" or \"tmpfs\""
extern const char *const bench_dirs[];	/* NULL at the end */
bool bench_has_dir(const char *name);

/* An option of fio. */
struct bench_option {
	const char *name, *value;
};

/* A scenario that is served at a directory of the place. */
struct bench_server {
	const char *dir;
	fusescen_file *scenario;
	bool is_elsewhere;		/* in a file of its own */
};

/* What is measured: fio works in a directory of the place, over these
 * servers. */
struct bench_variant {
	const char *name;
	const char *in;
	struct bench_server *servers;	/* lower ones first */
	size_t n_servers;
	bool is_plain;			/* libfuse's own loop serves */
};

/* A file that is made before the first measurement. */
struct bench_made {
	const char *name;
	uint64_t size;
};

struct bench {
	struct tree tree;
	bool has_bad_scenario;		/* of which a message was printed */
	const char *title;
	const char *transport;		/* of mounts that do not say; NULL: dev */
	const char **needs;
	size_t n_needs;
	struct bench_made *files;
	size_t n_files;
	struct bench_option *fio;
	size_t n_fio;
	const char *sweep;		/* the option of fio that changes */
	const char **values;		/* its values, one after the other */
	size_t n_values;
	bool is_across;			/* its values are columns, not rows */
	enum value_id *show;
	size_t n_show;
	unsigned seconds, ramp, rounds;
	bool has_scale;			/* show cells as multiples of the first */
	bool has_diff;
	size_t diff[2];			/* variants: from, to */
	struct bench_variant *variants;
	size_t n_variants;
};

void bench_free(struct bench *b);

#endif
