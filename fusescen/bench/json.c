/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results as JSON, every sample included, as fusescen-bench(5) describes it: for
 * other programs, out of virtual machines, and to be put beside later ones.
 * Main thread only.
 */
#include "config.h"

#include "fusescen/bench/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/files.h"
#include "fusescen/util/json.h"

/* ---- writing --------------------------------------------------------------------- */

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

static void put_cell(FILE *out, const struct bench *b, size_t value,
		     size_t variant, enum value_id id, const struct cell *c)
{
	struct stats s = stats_of(c->samples[id], c->n[id]);
	size_t i;

	fputs("  {", out);
	put_member(out, "variant", b->variants[variant].name);
	put_member(out, "value", b->values[value]);
	put_member(out, "number", value_names[id]);
	put_member(out, "unit", value_kind(id)->unit);
	fprintf(out, "\"median\": %.17g, \"q1\": %.17g, \"q3\": %.17g, "
		"\"min\": %.17g, \"max\": %.17g, \"samples\": [", s.median, s.q1,
		s.q3, s.min, s.max);
	for (i = 0; i < c->n[id]; i++)
		fprintf(out, "%s%.17g", i ? ", " : "", c->samples[id][i]);
	fputs("]}", out);
}

static void put_cells(FILE *out, const struct results *r,
		      const struct measured *m)
{
	const struct bench *b = r->bench;
	const char *before = "";
	size_t value, variant;
	int id;

	fputs("\n \"cells\": [\n", out);
	for (value = 0; value < b->n_values; value++)
		for (variant = 0; variant < b->n_variants; variant++)
			for (id = 0; id < N_VALUES; id++) {
				const struct cell *c =
					results_cell(r, m, value, variant);

				if (!c->n[id])
					continue;
				fputs(before, out);
				put_cell(out, b, value, variant, id, c);
				before = ",\n";
			}
	fputs("]", out);
}

static void put_measured(FILE *out, const struct results *r,
			 const struct measured *m)
{
	fputs("{", out);
	put_member(out, "kernel", m->kernel);
	put_member(out, "machine", m->machine);
	put_member(out, "date", m->date);
	put_member(out, "fio_version", m->fio);
	put_member(out, "raw", m->raw);
	if (m->uncounted)
		put_member(out, "uncounted", m->uncounted);
	put_cells(out, r, m);
	fputs("}", out);
}

void results_json(const struct results *r, FILE *out)
{
	const struct bench *b = r->bench;
	size_t i;

	fputs("{\"fusescen_bench\": 1, ", out);
	put_member(out, "bench", b->source.path);
	put_member(out, "title", b->title);
	put_member(out, "sweep", b->sweep);
	fprintf(out, "\"seconds\": %u, \"ramp\": %u, \"rounds\": %u,\n",
		r->seconds, r->ramp, r->rounds);
	put_options(out, b);
	fputs("\"kernels\": [\n", out);
	for (i = 0; i < r->n; i++) {
		fputs(i ? ",\n" : "", out);
		put_measured(out, r, &r->at[i]);
	}
	fputs("]}\n", out);
}

/* ---- reading --------------------------------------------------------------------- */

static int find_word(const char *word, const char *const *words)
{
	int i;

	for (i = 0; word && words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static struct cell *find_cell(const struct results *r, struct measured *m,
			      const char *variant, const char *value)
{
	const struct bench *b = r->bench;
	size_t i, j;

	for (i = 0; variant && value && i < b->n_values; i++)
		for (j = 0; j < b->n_variants; j++)
			if (strcmp(b->values[i], value) == 0 &&
			    strcmp(b->variants[j].name, variant) == 0)
				return results_cell(r, m, i, j);
	return NULL;
}

/* What the bench file no longer has is left out. */
static void read_cell(const struct results *r, struct measured *m,
		      const struct json *j)
{
	const struct json *samples = json_member(j, "samples", JSON_LIST), *s;
	struct cell *c = find_cell(r, m, json_text(j, "variant"),
				   json_text(j, "value"));
	int id = find_word(json_text(j, "number"), value_names);

	if (!c || id < 0 || !samples || c->n[id])
		return;
	for (s = samples->first; s; s = s->next)
		if (s->kind == JSON_NUMBER)
			cell_add(c, (enum value_id)id, strtod(s->text, NULL));
}

static char *copy_text(const struct json *j, const char *key)
{
	const char *text = json_text(j, key);

	return xstrdup(text ? text : "?");
}

static void read_measured(struct results *r, const struct json *j)
{
	const struct json *cells = json_member(j, "cells", JSON_LIST), *c;
	struct measured *m = results_add(r);

	m->kernel = copy_text(j, "kernel");
	m->machine = copy_text(j, "machine");
	m->date = copy_text(j, "date");
	m->fio = copy_text(j, "fio_version");
	m->raw = copy_text(j, "raw");
	if (json_text(j, "uncounted"))
		m->uncounted = copy_text(j, "uncounted");
	for (c = cells ? cells->first : NULL; c; c = c->next)
		read_cell(r, m, c);
}

static const char *read_all(struct results *r, const struct json *j)
{
	const struct json *version = json_member(j, "fusescen_bench", JSON_NUMBER);
	const struct json *kernels = json_member(j, "kernels", JSON_LIST), *k;
	const char *title = json_text(j, "title");

	if (!version || strcmp(version->text, "1") != 0 || !kernels || !title)
		return "no results of fusescen bench, or of a later version";
	if (strcmp(title, r->bench->title) != 0)
		return "results of another bench file: its title is another one";
	for (k = kernels->first; k; k = k->next)
		read_measured(r, k);
	return NULL;
}

int results_parse(struct results *r, const char *name, const char *text,
		  size_t len)
{
	size_t line;
	struct json *j = json_parse(text, len, &line);
	const char *why;

	if (!j) {
		fprintf(stderr, "fusescen: %s:%zu: this is not JSON\n", name, line);
		return -1;
	}
	why = read_all(r, j);
	json_free(j);
	if (why)
		fprintf(stderr, "fusescen: %s: %s\n", name, why);
	return why ? -1 : 0;
}

int results_read(struct results *r, const char *path)
{
	struct buf b;
	int err;

	if (file_read(path, &b)) {
		fprintf(stderr, "fusescen: %s: %s\n", path, strerror(errno));
		return -1;
	}
	err = results_parse(r, path, b.data, b.len);
	buf_fini(&b);
	return err;
}
