/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes results as JSON, with every sample, as fusescen-bench(5) describes it,
 * and reads them.  Other programs read it, it comes out of virtual machines,
 * and earlier results are compared with later ones.  Main thread only.
 */
#include "config.h"

#include "fusescen/bench/report.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/json.h"

/* ---- writing --------------------------------------------------------------------- */

static void put_options(struct json_writer *w, const struct bench *b)
{
	size_t i;

	json_break(w, 0);
	json_begin(w, "fio", '{');
	for (i = 0; i < b->n_fio; i++)
		json_put_text(w, b->fio[i].name, b->fio[i].value);
	json_end(w);
}

static void put_cell(struct json_writer *w, const struct bench *b, size_t value,
		     size_t variant, enum value_id id, const struct cell *c)
{
	struct stats s = stats_of(c->samples[id], c->n[id]);
	size_t i;

	json_break(w, 2);
	json_begin(w, NULL, '{');
	json_put_text(w, "variant", b->variants[variant].name);
	json_put_text(w, "value", b->values[value]);
	json_put_text(w, "number", value_names[id]);
	json_put_text(w, "unit", value_kind(id)->unit);
	json_put_real(w, "median", s.median);
	json_put_real(w, "q1", s.q1);
	json_put_real(w, "q3", s.q3);
	json_put_real(w, "min", s.min);
	json_put_real(w, "max", s.max);
	json_begin(w, "samples", '[');
	for (i = 0; i < c->n[id]; i++)
		json_put_real(w, NULL, c->samples[id][i]);
	json_end(w);
	json_end(w);
}

static void put_cells(struct json_writer *w, const struct results *r,
		      const struct measured *m)
{
	const struct bench *b = r->bench;
	size_t value, variant;
	int id;

	json_break(w, 1);
	json_begin(w, "cells", '[');
	for (value = 0; value < b->n_values; value++)
		for (variant = 0; variant < b->n_variants; variant++)
			for (id = 0; id < N_VALUES; id++) {
				const struct cell *c =
					results_cell(r, m, value, variant);

				if (c->n[id])
					put_cell(w, b, value, variant, id, c);
			}
	json_end(w);
}

static void put_measured(struct json_writer *w, const struct results *r,
			 const struct measured *m)
{
	json_break(w, 0);
	json_begin(w, NULL, '{');
	json_put_text(w, "kernel", m->kernel);
	json_put_text(w, "machine", m->machine);
	json_put_text(w, "date", m->date);
	json_put_text(w, "fio_version", m->fio);
	json_put_text(w, "raw", m->raw);
	json_put_text(w, "uncounted", m->uncounted);
	put_cells(w, r, m);
	json_end(w);
}

void results_json(const struct results *r, FILE *out)
{
	const struct bench *b = r->bench;
	auto_buf struct buf text = BUF_INIT;
	struct json_writer w = { .out = &text, .spaced = true };
	size_t i;

	json_begin(&w, NULL, '{');
	json_put_u64(&w, "fusescen_bench", 1);
	json_put_text(&w, "bench", diags_path(b->tree.dg));
	json_put_text(&w, "title", b->title);
	json_put_text(&w, "sweep", b->sweep);
	json_put_u64(&w, "seconds", r->seconds);
	json_put_u64(&w, "ramp", r->ramp);
	json_put_u64(&w, "rounds", r->rounds);
	put_options(&w, b);
	json_break(&w, 0);
	json_begin(&w, "kernels", '[');
	for (i = 0; i < r->n; i++)
		put_measured(&w, r, &r->at[i]);
	json_end(&w);
	json_end(&w);
	buf_addc(&text, '\n');
	fwrite(text.data, 1, text.len, out);
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

/* Samples are left out if the bench file no longer has their value or
 * variant. */
static void read_cell(const struct results *r, struct measured *m, const json_t *j)
{
	const json_t *samples = json_list_of(j, "samples"), *s;
	struct cell *c = find_cell(r, m, json_text_of(j, "variant"),
				   json_text_of(j, "value"));
	int id = find_word(json_text_of(j, "number"), value_names);
	size_t i;

	if (!c || id < 0 || c->n[id])
		return;
	json_array_foreach(samples, i, s)
		if (json_is_number(s))
			cell_add(c, (enum value_id)id, json_number_value(s));
}

static char *copy_text(const json_t *j, const char *key)
{
	const char *text = json_text_of(j, key);

	return xstrdup(text ? text : "?");
}

static void read_measured(struct results *r, const json_t *j)
{
	const json_t *cells = json_list_of(j, "cells"), *cell;
	struct measured *m = results_add(r);
	size_t i;

	m->kernel = copy_text(j, "kernel");
	m->machine = copy_text(j, "machine");
	m->date = copy_text(j, "date");
	m->fio = copy_text(j, "fio_version");
	m->raw = copy_text(j, "raw");
	if (json_text_of(j, "uncounted"))
		m->uncounted = copy_text(j, "uncounted");
	json_array_foreach(cells, i, cell)
		read_cell(r, m, cell);
}

static const char *read_all(struct results *r, const json_t *j)
{
	const json_t *kernels = json_list_of(j, "kernels"), *kernel;
	const char *title = json_text_of(j, "title");
	size_t i;

	if (!json_is(j, "fusescen_bench", 1) || !kernels || !title)
		return "no results of fusescen bench, or of a later version";
	if (strcmp(title, r->bench->title) != 0)
		return "results of another bench file: its title is another one";
	json_array_foreach(kernels, i, kernel)
		read_measured(r, kernel);
	return NULL;
}

static int read_tree(struct results *r, const char *name, const json_t *j)
{
	const char *why = j ? read_all(r, j) : NULL;

	if (why)
		put_error("%s: %s", name, why);
	return j && !why ? 0 : -1;
}

int results_parse(struct results *r, const char *name, const char *text,
		  size_t len)
{
	auto_json json_t *j = json_read(name, text, len);

	return read_tree(r, name, j);
}

int results_read(struct results *r, const char *path)
{
	auto_json json_t *j = json_read_file(path);

	return read_tree(r, path, j);
}
