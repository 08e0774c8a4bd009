/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes what differs between the kernels as Markdown.  Each folder has a
 * section, and cases of a file with the same story share a line.  At the end is
 * a list of what some kernels merely lack.  Links are relative to a folder
 * beside that of the scenarios.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/matrix/matrix.h"
#include "fusescen/util/escape.h"

static void write_label(const struct matrix *m, FILE *out, size_t k)
{
	char *label = matrix_label(m, k);

	put_markdown(out, label);
	free(label);
}

static void write_counts(const struct matrix *m, FILE *out)
{
	size_t k;
	int v;

	fputs("| kernel |", out);
	for (v = 0; v < N_VERDICTS; v++)
		fprintf(out, " %s |", verdicts[v].name);
	fputs("\n|---|", out);
	for (v = 0; v < N_VERDICTS; v++)
		fputs("--:|", out);
	putc('\n', out);
	for (k = 0; k < m->n_kernels; k++) {
		fputs("| ", out);
		put_markdown(out, m->kernels[k]);
		fputs(" |", out);
		for (v = 0; v < N_VERDICTS; v++)
			fprintf(out, " %zu |",
				matrix_count(m, k, (enum fusescen_verdict)v));
		putc('\n', out);
	}
}

/* Finds "locks" in "scenarios/locks/failed-flock.yaml".  */
static void find_topic(const char *file, const char **from, size_t *len)
{
	const char *slash = strrchr(file, '/');

	*from = file;
	*len = 0;
	if (!slash)
		return;
	for (*from = slash; *from > file && (*from)[-1] != '/';)
		(*from)--;
	*len = (size_t)(slash - *from);
}

static bool same_topic(const struct row *a, const struct row *b)
{
	const char *x, *y;
	size_t n, k;

	find_topic(a->file, &x, &n);
	find_topic(b->file, &y, &k);
	return n == k && strncmp(x, y, n) == 0;
}

static void put_topic(FILE *out, const struct row *r)
{
	const char *from;
	size_t len;
	char *topic;

	find_topic(r->file, &from, &len);
	topic = xstrndup(from, len);
	put_markdown(out, len ? topic : "here");
	free(topic);
}

static void write_topic(const struct matrix *m, FILE *out, const struct row *r)
{
	size_t k;

	fputs("\n## ", out);
	put_topic(out, r);
	fputs("\n\n| scenario | what it shows |", out);
	for (k = 0; k < m->n_kernels; k++) {
		putc(' ', out);
		write_label(m, out, k);
		fputs(" |", out);
	}
	fputs(" why |\n|---|---|", out);
	for (k = 0; k <= m->n_kernels; k++)
		fputs("---|", out);
	putc('\n', out);
}

/* The summary of a pass is no reason, and it is another one each time. */
static bool has_reason(const struct cell *c)
{
	return c->is_run && c->verdict != FUSESCEN_PASS && c->summary[0];
}

static bool same_cells(const struct matrix *m, const struct row *a,
		      const struct row *b)
{
	size_t k;

	for (k = 0; k < m->n_kernels; k++) {
		const struct cell *x = &a->cells[k], *y = &b->cells[k];

		if (x->is_run != y->is_run ||
		    (x->is_run && x->verdict != y->verdict) ||
		    (has_reason(x) && strcmp(x->summary, y->summary) != 0))
			return false;
	}
	return true;
}

static bool same_story(const struct matrix *m, const struct row *a,
		      const struct row *b)
{
	return strcmp(a->file, b->file) == 0 && same_cells(m, a, b);
}

static void write_link(FILE *out, const char *file)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	size_t len = strlen(name);
	char *bare = xstrndup(name, len > 5 &&
				  strcmp(name + len - 5, ".yaml") == 0 ?
				  len - 5 : len);
	const char *p;

	putc('[', out);
	put_markdown(out, bare);
	fputs(file[0] == '/' ? "](" : "](../", out);
	for (p = file; *p; p++)
		if (strchr(" ()<>|%\\", *p) || (unsigned char)*p < 0x20)
			fprintf(out, "%%%02X", (unsigned char)*p);
		else
			putc(*p, out);
	putc(')', out);
	free(bare);
}

/* Writes this case and the later ones with the same story, and marks all of
 * them as told. */
static void tell_cases(const struct matrix *m, FILE *out, bool *is_told,
		       size_t row)
{
	const char *before = " (";
	size_t i;

	for (i = row; i < m->n_rows; i++) {
		const struct row *r = &m->rows[i];

		if (is_told[i] || !same_story(m, &m->rows[row], r))
			continue;
		is_told[i] = true;
		if (!r->case_name)
			continue;
		fputs(before, out);
		put_markdown(out, r->case_name);
		before = ", ";
	}
	if (m->rows[row].case_name)
		putc(')', out);
}

static bool is_said(const struct row *r, size_t kernel)
{
	size_t k;

	for (k = 0; k < kernel; k++)
		if (has_reason(&r->cells[k]) &&
		    strcmp(r->cells[k].summary, r->cells[kernel].summary) == 0)
			return true;
	return false;
}

static void write_why(const struct matrix *m, FILE *out, const struct row *r)
{
	const char *before = "";
	size_t k;

	for (k = 0; k < m->n_kernels; k++) {
		const struct cell *c = &r->cells[k];

		if (!has_reason(c) || is_said(r, k))
			continue;
		fputs(before, out);
		put_markdown(out, c->summary);
		before = "<br>";
	}
}

static void write_story(const struct matrix *m, FILE *out, bool *is_told,
			size_t row)
{
	const struct row *r = &m->rows[row];
	size_t k;

	fputs("| ", out);
	write_link(out, r->file);
	tell_cases(m, out, is_told, row);
	fputs(" | ", out);
	put_markdown(out, r->title);
	fputs(" |", out);
	for (k = 0; k < m->n_kernels; k++)
		fprintf(out, " %s |", r->cells[k].is_run ?
			verdicts[r->cells[k].verdict].name : "–");
	putc(' ', out);
	write_why(m, out, r);
	fputs(" |\n", out);
}

/* Is the only difference in this row that some kernels skip what the others
 * pass? */
static bool is_lacking(const struct matrix *m, const struct row *r)
{
	size_t k;

	for (k = 0; k < m->n_kernels; k++) {
		const struct cell *c = &r->cells[k];

		if (c->is_run && c->verdict != FUSESCEN_PASS &&
		    c->verdict != FUSESCEN_SKIP)
			return false;
	}
	return true;
}

/* "6.1.0, 6.12.117: this kernel does not offer ..." */
static void write_lack(const struct matrix *m, FILE *out, const struct row *r)
{
	const char *next = "* ";
	size_t k, i;

	for (k = 0; k < m->n_kernels; k++) {
		const struct cell *c = &r->cells[k];

		if (!has_reason(c) || is_said(r, k))
			continue;
		for (i = k; i < m->n_kernels; i++) {
			if (!has_reason(&r->cells[i]) ||
			    strcmp(r->cells[i].summary, c->summary) != 0)
				continue;
			fputs(next, out);
			write_label(m, out, i);
			next = ", ";
		}
		fputs(": ", out);
		put_markdown(out, c->summary);
		next = "; ";
	}
}

/* Writes which kernels lack what this row needs, and all rows that need the
 * same. */
static void write_lacking(const struct matrix *m, FILE *out, bool *is_told,
			  size_t row)
{
	const struct row *r = &m->rows[row];
	size_t i;

	write_lack(m, out, r);
	for (i = row; i < m->n_rows; i++) {
		if (is_told[i] || !same_cells(m, r, &m->rows[i]))
			continue;
		fputs("\n  ", out);
		put_topic(out, &m->rows[i]);
		putc('/', out);
		write_link(out, m->rows[i].file);
		tell_cases(m, out, is_told, i);
	}
	putc('\n', out);
}

static void write_tables(const struct matrix *m, FILE *out, bool *is_told)
{
	const struct row *last = NULL;
	size_t i;

	for (i = 0; i < m->n_rows; i++) {
		const struct row *r = &m->rows[i];

		if (is_told[i] || matrix_kind(m, r) != ROW_DIFFERS ||
		    is_lacking(m, r))
			continue;
		if (!last || !same_topic(last, r))
			write_topic(m, out, r);
		last = r;
		write_story(m, out, is_told, i);
	}
}

static void write_list(const struct matrix *m, FILE *out, bool *is_told)
{
	const char *head = "\n## Only on some kernels\n\nThese are skipped on the "
		"kernels named, for the reason given, and pass on all others.\n\n";
	size_t i;

	for (i = 0; i < m->n_rows; i++) {
		if (is_told[i] || matrix_kind(m, &m->rows[i]) != ROW_DIFFERS)
			continue;
		fputs(head, out);
		head = "";
		write_lacking(m, out, is_told, i);
	}
}

void matrix_write_markdown(const struct matrix *m, FILE *out)
{
	bool *is_told = xcalloc(m->n_rows + 1, sizeof(*is_told));

	fputs("# What differs between the kernels\n\nWritten by tools/update-matrix. "
	      "A case that has the same verdict on all of them is\nnot here.\n\n",
	      out);
	write_counts(m, out);
	write_tables(m, out, is_told);
	write_list(m, out, is_told);
	free(is_told);
}
