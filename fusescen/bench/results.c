/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps results, and where they were measured.  Main thread only. */
#include "config.h"

#include "fusescen/bench/results.h"

#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

/* Returns a text like "AMD EPYC 9B45, 16 CPUs".  */
static char *describe_machine(void)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[256], model[128] = "";
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	while (f && !model[0] && fgets(line, sizeof(line), f))
		sscanf(line, "model name : %127[^\n]", model);
	if (f)
		fclose(f);
	return xasprintf("%s%s%ld %s", model, model[0] ? ", " : "", n,
		      n == 1 ? "CPU" : "CPUs");
}

void measured_here(struct measured *m, char *fio)
{
	time_t now = time(NULL);
	char date[32];
	struct utsname u;
	struct tm tm;

	uname(&u);
	strftime(date, sizeof(date), "%Y-%m-%d", localtime_r(&now, &tm));
	m->kernel = xstrdup(u.release);
	m->machine = describe_machine();
	m->date = xstrdup(date);
	m->fio = fio;
}

static void measured_fini(struct measured *m, size_t n_cells)
{
	size_t i;
	int id;

	for (i = 0; i < n_cells; i++)
		for (id = 0; id < N_VALUES; id++)
			free(m->cells[i].samples[id]);
	free(m->cells);
	free(m->kernel);
	free(m->machine);
	free(m->date);
	free(m->fio);
	free(m->raw);
	free(m->uncounted);
}

static size_t n_cells(const struct bench *b)
{
	return b->n_values * b->n_variants;
}

void results_init(struct results *r, const struct bench *b)
{
	*r = (struct results){
		.bench = b, .seconds = b->seconds, .ramp = b->ramp,
		.rounds = b->rounds,
	};
}

void results_fini(struct results *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		measured_fini(&r->at[i], n_cells(r->bench));
	free(r->at);
}

struct measured *results_add(struct results *r)
{
	struct measured *m;

	r->at = xgrow(r->at, r->n, sizeof(*r->at));
	m = &r->at[r->n++];
	*m = (struct measured){
		.cells = xcalloc(n_cells(r->bench), sizeof(*m->cells)),
	};
	return m;
}

struct cell *results_cell(const struct results *r, const struct measured *m,
			  size_t value, size_t variant)
{
	return &m->cells[value * r->bench->n_variants + variant];
}

void cell_add(struct cell *c, enum value_id id, double sample)
{
	c->samples[id] = xgrow(c->samples[id], c->n[id], sizeof(sample));
	c->samples[id][c->n[id]++] = sample;
}

size_t results_columns(const struct results *r)
{
	return r->n * r->bench->n_variants;
}

char *results_column_name(const struct results *r, size_t column)
{
	const char *variant = r->bench->variants[column / r->n].name;

	return r->n == 1 ? xstrdup(variant) :
		xasprintf("%s, %s", variant, r->at[column % r->n].kernel);
}

struct stats results_stats(const struct results *r, size_t value, size_t column,
			   enum value_id id)
{
	const struct cell *c = results_cell(r, &r->at[column % r->n], value,
					    column / r->n);

	return stats_of(c->samples[id], c->n[id]);
}
