/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results, and where they were measured.  Main thread only. */
#include "config.h"

#include "fusescen/bench_results.h"

#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "fusescen/memory.h"

/* "AMD EPYC 9B45, 16 CPUs" */
static char *describe_machine(void)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[256], model[128] = "";
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	while (f && !model[0] && fgets(line, sizeof(line), f))
		sscanf(line, "model name : %127[^\n]", model);
	if (f)
		fclose(f);
	return format("%s%s%ld %s", model, model[0] ? ", " : "", n,
		      n == 1 ? "CPU" : "CPUs");
}

void results_init(struct results *r, const struct bench *b, char *fio)
{
	time_t now = time(NULL);
	struct utsname u;
	struct tm tm;

	memset(r, 0, sizeof(*r));
	r->bench = b;
	r->seconds = b->seconds;
	r->ramp = b->ramp;
	r->rounds = b->rounds;
	r->cells = must(calloc(b->n_values * b->n_variants, sizeof(*r->cells)));
	r->fio = fio;
	uname(&u);
	r->kernel = must(strdup(u.release));
	r->machine = describe_machine();
	strftime(r->date, sizeof(r->date), "%Y-%m-%d", localtime_r(&now, &tm));
}

void results_fini(struct results *r)
{
	size_t i, n = r->bench->n_values * r->bench->n_variants;
	int id;

	for (i = 0; i < n; i++)
		for (id = 0; id < N_VALUES; id++)
			free(r->cells[i].samples[id]);
	free(r->cells);
	free(r->fio);
	free(r->kernel);
	free(r->machine);
}

void results_keep(struct results *r, size_t value, size_t variant,
		  int is_counted, const double *values)
{
	struct cell *c = &r->cells[value * r->bench->n_variants + variant];
	int id;

	for (id = 0; id < N_VALUES; id++) {
		if (value_kind(id)->is_counted != is_counted)
			continue;
		c->samples[id] = grow(c->samples[id], c->n[id], sizeof(double));
		c->samples[id][c->n[id]++] = values[id];
	}
}

const struct cell *results_cell(const struct results *r, size_t value,
				size_t variant)
{
	return &r->cells[value * r->bench->n_variants + variant];
}

struct stats results_stats(const struct results *r, size_t value,
			   size_t variant, enum value_id id)
{
	const struct cell *c = results_cell(r, value, variant);

	return stats_of(c->samples[id], c->n[id]);
}
