/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the table for a terminal: a letter for each kernel, then the reasons,
 * each with its kernels and cases.  Nothing else is written, so that diff(1)
 * shows what has changed between two tables. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/matrix/matrix.h"
#include "fusescen/util/escape.h"

static void print_name(FILE *out, const struct row *r)
{
	put_plain(out, r->file);
	if (r->case_name) {
		fputs(" (", out);
		put_plain(out, r->case_name);
		putc(')', out);
	}
	putc('\n', out);
}

static void print_counts(const struct matrix *m, FILE *out, size_t k)
{
	static const enum fusescen_verdict order[] = {
		FUSESCEN_PASS, FUSESCEN_SKIP, FUSESCEN_XFAIL, FUSESCEN_FAIL,
		FUSESCEN_XPASS, FUSESCEN_ERROR,
	};
	const char *dead = matrix_dead(m, k), *before = "";
	size_t i;

	if (dead) {
		fputs("nothing could be run: ", out);
		put_plain(out, dead);
		return;
	}
	for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
		size_t n = matrix_count(m, k, order[i]);

		if (!n)
			continue;
		fprintf(out, "%s%zu %s", before, n, verdicts[order[i]].name);
		before = ", ";
	}
}

/* Prints what the console said.  Only one cell has it. */
static void print_console(const struct matrix *m, FILE *out, size_t k)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < m->n_rows && !text[0]; i++)
		if (m->rows[i].cells[k].is_run)
			text = m->rows[i].cells[k].text;
	while (*text) {
		char *line = xstrndup(text, strcspn(text, "\n"));

		fputs("       ", out);
		put_plain(out, line);
		putc('\n', out);
		text += strlen(line);
		text += *text == '\n';
		free(line);
	}
}

static void print_kernels(const struct matrix *m, FILE *out)
{
	size_t k;

	fputs("kernels:\n", out);
	for (k = 0; k < m->n_kernels; k++) {
		fprintf(out, "  %c  ", matrix_digit(k));
		put_plain(out, m->kernels[k]);
		fputs(": ", out);
		print_counts(m, out, k);
		putc('\n', out);
		if (matrix_dead(m, k))
			print_console(m, out, k);
	}
	fputs(". pass   s skip   x known failure   X unexpected pass   F fail   "
	      "E could not run   - not run\n", out);
}

static void print_row(const struct matrix *m, FILE *out, const struct row *r)
{
	size_t k;

	fputs("  ", out);
	for (k = 0; k < m->n_kernels; k++)
		putc(r->cells[k].is_run ? verdicts[r->cells[k].verdict].letter : '-',
		     out);
	fputs("  ", out);
	print_name(out, r);
}

static size_t count_rows(const struct matrix *m, enum row_kind kind)
{
	size_t n = 0, i;

	for (i = 0; i < m->n_rows; i++)
		n += matrix_kind(m, &m->rows[i]) == kind;
	return n;
}

/* With news first. */
static void print_rows(const struct matrix *m, FILE *out, enum row_kind kind,
		       const char *heading)
{
	size_t n = count_rows(m, kind), i, k;
	int news;

	if (!n)
		return;
	fprintf(out, "\n%s: %zu\n  ", heading, n);
	for (k = 0; k < m->n_kernels; k++)
		putc(matrix_digit(k), out);
	putc('\n', out);
	for (news = 1; news >= 0; news--)
		for (i = 0; i < m->n_rows; i++)
			if (matrix_kind(m, &m->rows[i]) == kind &&
			    row_has_news(m, &m->rows[i]) == news)
				print_row(m, out, &m->rows[i]);
}

static bool has_reason(const struct matrix *m, const struct row *r, size_t k)
{
	return r->cells[k].is_run && r->cells[k].verdict != FUSESCEN_PASS &&
		!matrix_dead(m, k);
}

static bool is_reason(const struct matrix *m, const struct row *r, size_t k,
		     const struct cell *reason)
{
	return has_reason(m, r, k) && r->cells[k].verdict == reason->verdict &&
		strcmp(r->cells[k].summary, reason->summary) == 0;
}

/* Is it the first cell with this reason? */
static bool is_first(const struct matrix *m, size_t row, size_t kernel)
{
	const struct cell *reason = &m->rows[row].cells[kernel];
	size_t i, k;

	for (i = 0; i <= row; i++)
		for (k = 0; k < m->n_kernels && (i < row || k < kernel); k++)
			if (is_reason(m, &m->rows[i], k, reason))
				return false;
	return true;
}

static void print_reason(const struct matrix *m, FILE *out, size_t from,
			 const struct cell *reason)
{
	size_t i, k;

	fprintf(out, "%c ", verdicts[reason->verdict].letter);
	put_plain(out, reason->summary);
	putc('\n', out);
	for (i = from; i < m->n_rows; i++) {
		bool is_here = false;

		for (k = 0; k < m->n_kernels; k++)
			is_here |= is_reason(m, &m->rows[i], k, reason);
		if (!is_here)
			continue;
		fputs("    ", out);
		for (k = 0; k < m->n_kernels; k++)
			putc(is_reason(m, &m->rows[i], k, reason) ?
			     matrix_digit(k) : '-', out);
		fputs("  ", out);
		print_name(out, &m->rows[i]);
	}
}

static void print_reasons(const struct matrix *m, FILE *out)
{
	const char *heading = "\nreasons:\n";
	size_t i, k;

	for (i = 0; i < m->n_rows; i++)
		for (k = 0; k < m->n_kernels; k++) {
			if (!has_reason(m, &m->rows[i], k) || !is_first(m, i, k))
				continue;
			fputs(heading, out);
			heading = "";
			print_reason(m, out, i, &m->rows[i].cells[k]);
		}
}

void matrix_write_text(const struct matrix *m, FILE *out, bool verbose)
{
	size_t passes = count_rows(m, ROW_PASSES), i;

	print_kernels(m, out);
	print_rows(m, out, ROW_DIFFERS, "the kernels differ");
	print_rows(m, out, ROW_SAME, "the same on all, and no pass");
	if (verbose)
		print_rows(m, out, ROW_PASSES, "passed wherever they ran");
	else
		fprintf(out, "\npassed wherever they ran: %zu\n", passes);
	for (i = 0; i < m->n_broken; i++) {
		fputs(i ? "" : "\nnot loaded:\n", out);
		fputs("  ", out);
		put_plain(out, m->broken[i]);
		putc('\n', out);
	}
	print_reasons(m, out);
}
