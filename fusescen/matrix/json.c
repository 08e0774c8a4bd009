/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * {"fusescen_matrix": 1, "kernels": [NAME...], "not_loaded": [FILE...],
 *  "rows": [{"file": ..., "case": ..., "title": ...,
 *            "cells": {NAME: {"verdict": ..., "summary": ..., "text": ...}}}]}
 * case is left out where a file has none, summary and text where they are
 * empty, and a cell where nothing was run.  What we do not know is ignored.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/matrix/matrix.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/files.h"
#include "fusescen/util/json.h"

/* ---- writing ----------------------------------------------------------------- */

static void write_list(FILE *out, char *const *words, size_t n)
{
	size_t i;

	putc('[', out);
	for (i = 0; i < n; i++) {
		if (i)
			fputs(", ", out);
		put_json(out, words[i]);
	}
	putc(']', out);
}

static void write_member(FILE *out, const char *key, const char *text)
{
	fprintf(out, ", \"%s\": ", key);
	put_json(out, text);
}

static void write_cell(FILE *out, const char *kernel, const struct cell *c)
{
	put_json(out, kernel);
	fputs(": {\"verdict\": ", out);
	put_json(out, matrix_words[c->verdict]);
	if (c->summary[0])
		write_member(out, "summary", c->summary);
	if (c->text[0])
		write_member(out, "text", c->text);
	putc('}', out);
}

static void write_row(const struct matrix *m, FILE *out, const struct row *row)
{
	const char *before = "\n   ";
	size_t k;

	fputs("\n {\"file\": ", out);
	put_json(out, row->file);
	if (row->case_name)
		write_member(out, "case", row->case_name);
	write_member(out, "title", row->title);
	fputs(",\n  \"cells\": {", out);
	for (k = 0; k < m->n_kernels; k++) {
		if (!row->cells[k].is_run)
			continue;
		fputs(before, out);
		write_cell(out, m->kernels[k], &row->cells[k]);
		before = ",\n   ";
	}
	fputs("}}", out);
}

void matrix_write_json(const struct matrix *m, FILE *out)
{
	size_t i;

	fputs("{\"fusescen_matrix\": 1,\n\"kernels\": ", out);
	write_list(out, m->kernels, m->n_kernels);
	fputs(",\n\"not_loaded\": ", out);
	write_list(out, m->broken, m->n_broken);
	fputs(",\n\"rows\": [", out);
	for (i = 0; i < m->n_rows; i++) {
		if (i)
			putc(',', out);
		write_row(m, out, &m->rows[i]);
	}
	fputs("\n]}\n", out);
}

/* ---- reading ------------------------------------------------------------------- */

static int find_verdict(const char *word, enum fusescen_verdict *out)
{
	int v;

	for (v = 0; word && v < N_VERDICTS; v++)
		if (strcmp(matrix_words[v], word) == 0) {
			*out = (enum fusescen_verdict)v;
			return 0;
		}
	return -1;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* These return what is wrong, or NULL. */
static const char *read_cell(struct matrix *m, struct row *row,
			     const struct json *j)
{
	enum fusescen_verdict verdict;

	if (j->kind != JSON_OBJECT || find_verdict(json_text(j, "verdict"), &verdict))
		return "a cell without a verdict that is known";
	matrix_put(row, matrix_kernel(m, j->key), verdict,
		   or_empty(json_text(j, "summary")), or_empty(json_text(j, "text")));
	return NULL;
}

static const char *read_row(struct matrix *m, const struct json *j)
{
	const char *file = json_text(j, "file"), *why = NULL;
	const struct json *cells = json_member(j, "cells", JSON_OBJECT), *c;
	struct row *row;

	if (!file || !cells)
		return "a row without file or cells";
	row = matrix_row(m, file, json_text(j, "case"),
			 or_empty(json_text(j, "title")));
	for (c = cells->first; c && !why; c = c->next)
		why = read_cell(m, row, c);
	return why;
}

static const char *read_table(struct matrix *m, const struct json *j)
{
	const struct json *version = json_member(j, "fusescen_matrix", JSON_NUMBER);
	const struct json *rows = json_member(j, "rows", JSON_LIST);
	const struct json *kernels = json_member(j, "kernels", JSON_LIST);
	const struct json *broken = json_member(j, "not_loaded", JSON_LIST), *i;
	const char *why = NULL;

	if (!version || strcmp(version->text, "1") != 0 || !rows || !kernels)
		return "no table of fusescen matrix, or of a later version";
	for (i = kernels->first; i; i = i->next)
		if (i->kind == JSON_TEXT)
			matrix_kernel(m, i->text);
	for (i = broken ? broken->first : NULL; i; i = i->next)
		if (i->kind == JSON_TEXT)
			matrix_broken(m, i->text);
	for (i = rows->first; i && !why; i = i->next)
		why = read_row(m, i);
	return why;
}

int matrix_read_json(struct matrix *m, const char *path)
{
	struct buf b;
	struct json *j;
	const char *why;
	size_t line;

	if (file_read(path, &b)) {
		fprintf(stderr, "fusescen: %s: %s\n", path, strerror(errno));
		return -1;
	}
	j = json_parse(b.data, b.len, &line);
	buf_fini(&b);
	if (!j) {
		fprintf(stderr, "fusescen: %s:%zu: this is not JSON\n", path, line);
		return -1;
	}
	why = read_table(m, j);
	json_free(j);
	if (why)
		fprintf(stderr, "fusescen: %s: %s\n", path, why);
	return why ? -1 : 0;
}
