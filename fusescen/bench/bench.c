/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all benchmarks have.  Main thread only. */
#include "config.h"

#include "fusescen/bench/bench.h"

#include <stdlib.h>
#include <string.h>

const char *const bench_dirs[] = { "raw", "tmpfs", NULL };

bool bench_has_dir(const char *name)
{
	const char *const *d;

	for (d = bench_dirs; *d; d++)
		if (strcmp(*d, name) == 0)
			return true;
	return false;
}

static void free_variants(struct bench *b)
{
	size_t i, j;

	for (i = 0; i < b->n_variants; i++) {
		for (j = 0; j < b->variants[i].n_servers; j++)
			fusescen_free(b->variants[i].servers[j].scenario);
		free(b->variants[i].servers);
	}
	free(b->variants);
}

void bench_free(struct bench *b)
{
	free_variants(b);
	free(b->needs);
	free(b->files);
	free(b->fio);
	free(b->values);
	free(b->show);
	tree_close(&b->tree);
}
