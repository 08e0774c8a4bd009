/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables as kernel developers mail them: with the values of the sweep as rows
 *
 *	numjobs | Before | After
 *	--------|--------|------
 *	1       | 470K   | 470K
 *
 * or as columns
 *
 *	bs =      1k           4k
 *	Before    351 MiB/s    1818 MiB/s
 *	% diff    -3%          23%
 *
 * Main thread only.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/mem.h"
#include "fusescen/bench/report.h"

/* Two columns, whose difference is shown. */
struct diff {
	size_t from, to;
};

/* Texts in rows and columns.  It owns each of them. */
struct grid {
	size_t rows, columns;
	char **at;		/* [row * columns + column] */
};

static bool is_there(const struct results *r, enum value_id id)
{
	size_t i, j;

	for (i = 0; i < r->bench->n_values; i++)
		for (j = 0; j < results_columns(r); j++)
			if (results_stats(r, i, j, id).n)
				return true;
	return false;
}

size_t results_shown(const struct results *r, enum value_id *out)
{
	const struct bench *b = r->bench;
	size_t i, n = 0;

	for (i = 0; i < b->n_show; i++)
		if (is_there(r, b->show[i]))
			out[n++] = b->show[i];
	return n;
}

char *results_conditions(const struct results *r)
{
	return xasprintf(r->rounds > 1 ?
		      "median of %u rounds of %u s, ± half the quartiles' distance" :
		      "%u round of %u s", r->rounds, r->seconds);
}

char *results_kernel(const struct measured *m)
{
	return xasprintf("Linux %s: %s; %s; raw is on %s; %s", m->kernel, m->fio,
		      m->machine, m->raw, m->date);
}

/* ---- cells --------------------------------------------------------------------------- */

static double median(const struct results *r, size_t value, size_t column,
		     enum value_id id)
{
	return results_stats(r, value, column, id).median;
}

/* Returns "470K ±1%", and how many times the first value that is. */
static char *cell_text(const struct results *r, size_t value, size_t column,
		       enum value_id id)
{
	struct stats s = results_stats(r, value, column, id);
	double first = median(r, 0, column, id);
	char number[40], spread[16] = "", scale[16] = "";

	if (!s.n)
		return xstrdup("-");
	value_kind(id)->print(number, sizeof(number), s.median);
	if (s.n > 1)
		snprintf(spread, sizeof(spread), " ±%.0f%%",
			 100 * stats_spread(&s));
	if (r->bench->has_scale && first > 0 && !value_kind(id)->is_counted)
		snprintf(scale, sizeof(scale), "  %.1fx", s.median / first);
	return xasprintf("%s%s%s", number, spread, scale);
}

static char *diff_text(const struct results *r, size_t value,
		       const struct diff *d, enum value_id id)
{
	double from = median(r, value, d->from, id);
	double to = median(r, value, d->to, id);

	return from > 0 && results_stats(r, value, d->to, id).n ?
		xasprintf("%+.0f%%", 100 * (to - from) / from) :
		xstrdup("-");
}

/* ---- differences --------------------------------------------------------------------- */

/* With several kernels, the last one is compared with the first one, for each
 * variant.  On one kernel, the variants that the file names are compared. */
static size_t n_diffs(const struct results *r)
{
	return r->n > 1 ? r->bench->n_variants : !!r->bench->has_diff;
}

static struct diff diff_at(const struct results *r, size_t i)
{
	const size_t *pair = r->bench->diff;

	return r->n > 1 ? (struct diff){ i * r->n, (i + 1) * r->n - 1 } :
		(struct diff){ pair[0], pair[1] };
}

static char *diff_head(const struct results *r, size_t i)
{
	return r->n > 1 ? xasprintf("%% diff %s", r->bench->variants[i].name) :
		xstrdup("% diff");
}

/* ---- grids --------------------------------------------------------------------------- */

static char **grid_at(struct grid *g, size_t row, size_t column)
{
	return &g->at[row * g->columns + column];
}

/* Returns the cell of a value of the sweep and of a column, whichever of them
 * goes across.  Number 0 is the head. */
static char **cell_at(struct grid *g, const struct bench *b, size_t value,
		      size_t column)
{
	return b->is_across ? grid_at(g, column, value) :
		grid_at(g, value, column);
}

static void fill_diffs(struct grid *g, const struct results *r, enum value_id id,
		       size_t at)
{
	const struct bench *b = r->bench;
	size_t i, k;

	for (k = 0; k < n_diffs(r); k++) {
		const struct diff d = diff_at(r, k);

		*cell_at(g, b, 0, at + k) = diff_head(r, k);
		for (i = 0; i < b->n_values; i++)
			*cell_at(g, b, i + 1, at + k) = diff_text(r, i, &d, id);
	}
}

static struct grid make_grid(const struct results *r, enum value_id id)
{
	const struct bench *b = r->bench;
	size_t n = results_columns(r), values = b->n_values + 1, i, j;
	size_t columns = n + 1 + n_diffs(r);
	struct grid g = {
		.rows = b->is_across ? columns : values,
		.columns = b->is_across ? values : columns,
	};

	g.at = xcalloc(g.rows * g.columns, sizeof(*g.at));
	*cell_at(&g, b, 0, 0) = xasprintf(b->is_across ? "%s =" : "%s", b->sweep);
	for (i = 0; i < b->n_values; i++)
		*cell_at(&g, b, i + 1, 0) = xstrdup(b->values[i]);
	for (j = 0; j < n; j++) {
		*cell_at(&g, b, 0, j + 1) = results_column_name(r, j);
		for (i = 0; i < b->n_values; i++)
			*cell_at(&g, b, i + 1, j + 1) = cell_text(r, i, j, id);
	}
	fill_diffs(&g, r, id, n + 1);
	return g;
}

static void free_grid(struct grid *g)
{
	size_t i;

	for (i = 0; i < g->rows * g->columns; i++)
		free(g->at[i]);
	free(g->at);
}

/* Counts letters and not bytes. */
static int width_of(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static int column_width(struct grid *g, size_t column)
{
	int width = 0, n;
	size_t row;

	for (row = 0; row < g->rows; row++) {
		n = width_of(*grid_at(g, row, column));
		width = n > width ? n : width;
	}
	return width;
}

static void repeat(FILE *out, char c, int n)
{
	while (n-- > 0)
		fputc(c, out);
}

/* "--------|-----" */
static void print_rule(struct grid *g, FILE *out)
{
	size_t c;

	for (c = 0; c < g->columns; c++) {
		int last = c + 1 == g->columns;

		repeat(out, '-', column_width(g, c) + 2 - (c == 0) - last);
		fputc(last ? '\n' : '|', out);
	}
}

static void print_grid(struct grid *g, bool is_across, FILE *out)
{
	size_t row, c;

	for (row = 0; row < g->rows; row++) {
		for (c = 0; c < g->columns; c++) {
			const char *text = *grid_at(g, row, c);
			int last = c + 1 == g->columns;

			fputs(text, out);
			if (!last)
				repeat(out, ' ', column_width(g, c) -
				       width_of(text));
			fputs(last ? "\n" : is_across ? "    " : " | ", out);
		}
		if (row == 0 && !is_across)
			print_rule(g, out);
	}
}

static void print_diff(const struct results *r, FILE *out)
{
	const struct diff d = diff_at(r, 0);
	const struct bench *b = r->bench;

	if (!n_diffs(r))
		return;
	fprintf(out, "(%% diff: from %s to %s)\n",
		r->n > 1 ? r->at[0].kernel : b->variants[d.from].name,
		r->n > 1 ? r->at[r->n - 1].kernel : b->variants[d.to].name);
}

static void print_conditions(const struct results *r, FILE *out)
{
	char *how = results_conditions(r);
	size_t i;

	fprintf(out, "%s\n", how);
	free(how);
	for (i = 0; i < r->n; i++) {
		char *where = results_kernel(&r->at[i]);

		fprintf(out, "%s\n", where);
		free(where);
		if (r->at[i].uncounted)
			fprintf(out, "  lock contention was not counted: %s\n",
				r->at[i].uncounted);
	}
}

void results_text(const struct results *r, FILE *out)
{
	enum value_id *shown = xcalloc(r->bench->n_show, sizeof(*shown));
	size_t i, n = results_shown(r, shown);

	for (i = 0; i < n; i++) {
		struct grid g = make_grid(r, shown[i]);

		fprintf(out, "%s: %s\n\n", r->bench->title,
			value_kind(shown[i])->title);
		print_grid(&g, r->bench->is_across, out);
		print_diff(r, out);
		fputc('\n', out);
		free_grid(&g);
	}
	print_conditions(r, out);
	free(shown);
}
