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

#include "fusescen/bench_report.h"

#include "fusescen/memory.h"

/* Texts in rows and columns, each of its own. */
struct grid {
	size_t rows, columns;
	char **at;		/* [row * columns + column] */
};

size_t report_shown(const struct results *r, enum value_id *out)
{
	const struct bench *b = r->bench;
	size_t i, n = 0;

	for (i = 0; i < b->n_show; i++)
		if (results_cell(r, 0, 0)->n[b->show[i]])
			out[n++] = b->show[i];
	return n;
}

char *report_conditions(const struct results *r)
{
	char rounds[64];

	snprintf(rounds, sizeof(rounds), r->rounds > 1 ?
		 "median of %u rounds of %u s, ± half the quartiles' distance" :
		 "%u round of %u s", r->rounds, r->seconds);
	return format("%s; %s; raw is on %s; Linux %s, %s, %s", rounds, r->fio,
		      r->raw_type, r->kernel, r->machine, r->date);
}

/* ---- cells --------------------------------------------------------------------------- */

static double median(const struct results *r, size_t value, size_t variant,
		     enum value_id id)
{
	return results_stats(r, value, variant, id).median;
}

/* "470K ±1%", and how many times the first one it is */
static char *cell_text(const struct results *r, size_t value, size_t variant,
		       enum value_id id)
{
	struct stats s = results_stats(r, value, variant, id);
	double first = median(r, 0, variant, id);
	char number[40], spread[16] = "", scale[16] = "";

	value_kind(id)->print(number, sizeof(number), s.median);
	if (s.n > 1)
		snprintf(spread, sizeof(spread), " ±%.0f%%",
			 100 * stats_spread(&s));
	if (r->bench->has_scale && first > 0 && !value_kind(id)->is_counted)
		snprintf(scale, sizeof(scale), "  %.1fx", s.median / first);
	return format("%s%s%s", number, spread, scale);
}

static char *diff_text(const struct results *r, size_t value, enum value_id id)
{
	double from = median(r, value, r->bench->diff[0], id);
	double to = median(r, value, r->bench->diff[1], id);

	return from > 0 ? format("%+.0f%%", 100 * (to - from) / from) :
		must(strdup("-"));
}

/* ---- grids --------------------------------------------------------------------------- */

static char **grid_at(struct grid *g, size_t row, size_t column)
{
	return &g->at[row * g->columns + column];
}

/* Line and place: of a value of the sweep and of a variant, whichever goes
 * across.  0 is the head. */
static char **cell_at(struct grid *g, const struct bench *b, size_t value,
		      size_t variant)
{
	return b->is_across ? grid_at(g, variant, value) :
		grid_at(g, value, variant);
}

static struct grid make_grid(const struct results *r, enum value_id id)
{
	const struct bench *b = r->bench;
	size_t values = b->n_values + 1, i, j;
	size_t variants = b->n_variants + 1 + !!b->has_diff;
	struct grid g = {
		.rows = b->is_across ? variants : values,
		.columns = b->is_across ? values : variants,
	};

	g.at = must(calloc(g.rows * g.columns, sizeof(*g.at)));
	*cell_at(&g, b, 0, 0) = format(b->is_across ? "%s =" : "%s", b->sweep);
	for (i = 0; i < b->n_values; i++)
		*cell_at(&g, b, i + 1, 0) = must(strdup(b->values[i]));
	for (j = 0; j < b->n_variants; j++) {
		*cell_at(&g, b, 0, j + 1) = must(strdup(b->variants[j].name));
		for (i = 0; i < b->n_values; i++)
			*cell_at(&g, b, i + 1, j + 1) = cell_text(r, i, j, id);
	}
	if (b->has_diff) {
		*cell_at(&g, b, 0, j + 1) = must(strdup("% diff"));
		for (i = 0; i < b->n_values; i++)
			*cell_at(&g, b, i + 1, j + 1) = diff_text(r, i, id);
	}
	return g;
}

static void free_grid(struct grid *g)
{
	size_t i;

	for (i = 0; i < g->rows * g->columns; i++)
		free(g->at[i]);
	free(g->at);
}

/* Letters, not bytes. */
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

static void print_grid(struct grid *g, int is_across, FILE *out)
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

static void print_diff(const struct bench *b, FILE *out)
{
	fprintf(out, "(%% diff: from %s to %s)\n",
		b->variants[b->diff[0]].name, b->variants[b->diff[1]].name);
}

void report_text(const struct results *r, FILE *out)
{
	enum value_id *shown = must(calloc(r->bench->n_show, sizeof(*shown)));
	size_t i, n = report_shown(r, shown);
	char *conditions = report_conditions(r);

	for (i = 0; i < n; i++) {
		struct grid g = make_grid(r, shown[i]);

		fprintf(out, "%s: %s\n\n", r->bench->title,
			value_kind(shown[i])->title);
		print_grid(&g, r->bench->is_across, out);
		if (r->bench->has_diff)
			print_diff(r->bench, out);
		fputc('\n', out);
		free_grid(&g);
	}
	fprintf(out, "%s\n", conditions);
	if (r->uncounted)
		fprintf(out, "lock contention was not counted: %s\n",
			r->uncounted);
	free(conditions);
	free(shown);
}
