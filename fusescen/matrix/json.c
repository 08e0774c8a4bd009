/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * {"fusescen_matrix": 1, "kernels": [NAME...], "not_loaded": [FILE...],
 *  "rows": [{"file": ..., "case": ..., "title": ...,
 *            "cells": {NAME: {"verdict": ..., "summary": ..., "text": ...}}}]}
 * case is left out where a file has none, summary and text where they are
 * empty, and a cell where nothing was run.  What we do not know is ignored.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "fusescen/matrix/read.h"
#include "fusescen/util/json.h"

/* ---- writing ----------------------------------------------------------------- */

static void write_list(struct json_writer *w, const char *key,
		       char *const *words, size_t n)
{
	size_t i;

	json_begin(w, key, '[');
	for (i = 0; i < n; i++)
		json_put_text(w, NULL, words[i]);
	json_end(w);
}

static void write_cell(struct json_writer *w, const char *kernel,
		       const struct cell *c)
{
	json_break(w, 3);
	json_begin(w, kernel, '{');
	json_put_text(w, "verdict", verdicts[c->verdict].word);
	json_put_text(w, "summary", c->summary[0] ? c->summary : NULL);
	json_put_text(w, "text", c->text[0] ? c->text : NULL);
	json_end(w);
}

static void write_row(struct json_writer *w, const struct matrix *m,
		      const struct row *row)
{
	size_t k;

	json_break(w, 1);
	json_begin(w, NULL, '{');
	json_put_text(w, "file", row->file);
	json_put_text(w, "case", row->case_name);
	json_put_text(w, "title", row->title);
	json_break(w, 2);
	json_begin(w, "cells", '{');
	for (k = 0; k < m->n_kernels; k++)
		if (row->cells[k].is_run)
			write_cell(w, m->kernels[k], &row->cells[k]);
	json_end(w);
	json_end(w);
}

void matrix_write_json(const struct matrix *m, FILE *out)
{
	auto_buf struct buf b = BUF_INIT;
	struct json_writer w = { .out = &b, .spaced = true };
	size_t i;

	json_begin(&w, NULL, '{');
	json_put_u64(&w, "fusescen_matrix", 1);
	json_break(&w, 0);
	write_list(&w, "kernels", m->kernels, m->n_kernels);
	json_break(&w, 0);
	write_list(&w, "not_loaded", m->broken, m->n_broken);
	json_break(&w, 0);
	json_begin(&w, "rows", '[');
	for (i = 0; i < m->n_rows; i++)
		write_row(&w, m, &m->rows[i]);
	json_break(&w, 0);
	json_end(&w);
	json_end(&w);
	buf_addc(&b, '\n');
	fwrite(b.data, 1, b.len, out);
}

/* ---- reading ------------------------------------------------------------------- */

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* Each of these returns what is wrong, or NULL.  */
static const char *read_cell(struct matrix *m, struct row *row,
			     const char *kernel, const json_t *j)
{
	enum fusescen_verdict verdict;

	if (verdict_of(json_text_of(j, "verdict"), &verdict))
		return "a cell without a verdict that is known";
	matrix_put(row, matrix_kernel(m, kernel), verdict,
		   or_empty(json_text_of(j, "summary")),
		   or_empty(json_text_of(j, "text")), "");
	return NULL;
}

static const char *read_row(struct matrix *m, const json_t *j)
{
	const char *file = json_text_of(j, "file"), *why = NULL, *kernel;
	json_t *cells = json_object_get(j, "cells"), *cell;
	struct row *row;

	if (!file || !json_is_object(cells))
		return "a row without file or cells";
	row = matrix_row(m, file, json_text_of(j, "case"),
			 or_empty(json_text_of(j, "title")));
	json_object_foreach(cells, kernel, cell)
		if (!why)
			why = read_cell(m, row, kernel, cell);
	return why;
}

static const char *read_table(struct matrix *m, const json_t *j)
{
	const json_t *rows = json_list_of(j, "rows"), *item;
	const json_t *kernels = json_list_of(j, "kernels");
	const json_t *broken = json_list_of(j, "not_loaded");
	const char *why = NULL;
	size_t i;

	if (!json_is(j, "fusescen_matrix", 1) || !rows || !kernels)
		return "no table of fusescen matrix, or of a later version";
	json_array_foreach(kernels, i, item)
		if (json_is_string(item))
			matrix_kernel(m, json_string_value(item));
	json_array_foreach(broken, i, item)
		if (json_is_string(item))
			matrix_broken(m, json_string_value(item));
	json_array_foreach(rows, i, item)
		if (!why)
			why = read_row(m, item);
	return why;
}

/* An empty text: a message has been printed. */
const char *matrix_read_table(struct matrix *m, const char *name, const char *text,
			      size_t len)
{
	auto_json json_t *j = json_read(name, text, len);

	return j ? read_table(m, j) : "";
}
