/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results as JSON, every sample included.  Main thread only. */
#include "config.h"

#include "fusescen/bench_report.h"

#include "fusescen/escape.h"

/* With the comma behind it. */
static void put_member(FILE *out, const char *name, const char *value)
{
	fprintf(out, "\"%s\": ", name);
	put_json(out, value);
	fputs(", ", out);
}

static void put_options(FILE *out, const struct bench *b)
{
	size_t i;

	fputs("\"fio\": {", out);
	for (i = 0; i < b->n_fio; i++) {
		fputs(i ? ", " : "", out);
		put_json(out, b->fio[i].name);
		fputs(": ", out);
		put_json(out, b->fio[i].value);
	}
	fputs("},\n", out);
}

static void put_cell(FILE *out, const struct results *r, size_t value,
		     size_t variant, enum value_id id)
{
	const struct bench *b = r->bench;
	const struct cell *c = results_cell(r, value, variant);
	struct stats s = stats_of(c->samples[id], c->n[id]);
	size_t i;

	fputs("  {", out);
	put_member(out, "variant", b->variants[variant].name);
	put_json(out, b->sweep);
	fputs(": ", out);
	put_json(out, b->values[value]);
	fputs(", ", out);
	put_member(out, "number", value_names[id]);
	put_member(out, "unit", value_kind(id)->unit);
	fprintf(out, "\"median\": %.17g, \"q1\": %.17g, \"q3\": %.17g, "
		"\"min\": %.17g, \"max\": %.17g, \"samples\": [", s.median, s.q1,
		s.q3, s.min, s.max);
	for (i = 0; i < c->n[id]; i++)
		fprintf(out, "%s%.17g", i ? ", " : "", c->samples[id][i]);
	fputs("]}", out);
}

static void put_cells(FILE *out, const struct results *r)
{
	const struct bench *b = r->bench;
	const char *before = "";
	size_t value, variant;
	int id;

	fputs("\"cells\": [\n", out);
	for (value = 0; value < b->n_values; value++)
		for (variant = 0; variant < b->n_variants; variant++)
			for (id = 0; id < N_VALUES; id++) {
				if (!results_cell(r, value, variant)->n[id])
					continue;
				fputs(before, out);
				put_cell(out, r, value, variant, id);
				before = ",\n";
			}
	fputs("\n]", out);
}

void report_json(const struct results *r, FILE *out)
{
	const struct bench *b = r->bench;

	fputs("{", out);
	put_member(out, "bench", b->source.path);
	put_member(out, "title", b->title);
	put_member(out, "kernel", r->kernel);
	put_member(out, "machine", r->machine);
	put_member(out, "date", r->date);
	put_member(out, "fio_version", r->fio);
	put_member(out, "raw", r->raw_type);
	put_member(out, "sweep", b->sweep);
	fprintf(out, "\"seconds\": %u, \"ramp\": %u, \"rounds\": %u,\n",
		r->seconds, r->ramp, r->rounds);
	put_options(out, b);
	put_cells(out, r);
	fputs("}\n", out);
}
