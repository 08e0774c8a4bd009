/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Draws results as a plot.  There is a picture for each number, with a line for
 * each column of the table: its medians, and the quartiles as bars.  The plot
 * needs no font or script.  Main thread only.
 */
#include "config.h"

#include "fusescen/bench/report.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "fusescen/util/escape.h"

#define WIDTH		800
#define HEIGHT		320	/* of one picture */
#define LEFT		90
#define RIGHT		250	/* the legend's */
#define TOP		40
#define BOTTOM		50
#define HEAD		24	/* above the first picture */
#define LINE		14	/* for each kernel, below the last picture */

/* People who do not see some colours can tell these apart.  In print, the marks
 * are in the order of the legend. */
static const char *const colours[] = {
	"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
	"#000000", "#888888",
};

#define N_COLOURS	(sizeof(colours) / sizeof(*colours))

struct plot {
	FILE *out;
	const struct results *r;
	enum value_id id;
	double top;		/* of this picture */
	double max;		/* the value at its upper edge */
};

static void label(const struct plot *p, double x, double y, const char *anchor,
		  const char *text)
{
	fprintf(p->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y,
		anchor);
	put_html(p->out, text);
	fputs("</text>\n", p->out);
}

static void line(const struct plot *p, double x1, double y1, double x2, double y2,
		 const char *colour)
{
	fprintf(p->out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		"stroke=\"%s\"/>\n", x1, y1, x2, y2, colour);
}

/* ---- scales -------------------------------------------------------------------------- */

/* The values of the sweep are at equal distances, whatever they are. */
static double x_of(const struct plot *p, size_t value)
{
	double room = WIDTH - LEFT - RIGHT;
	size_t n = p->r->bench->n_values;

	return LEFT + room * ((double)value + 0.5) / (double)n;
}

static double y_of(const struct plot *p, double v)
{
	return p->top + HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * v / p->max;
}

/* Returns 1, 2 or 5 times a power of ten, of which five steps are enough. */
static double step_for(double max)
{
	double step = max > 0 ? pow(10, floor(log10(max / 5))) : 1;

	if (step * 5 >= max)
		return step;
	return step * 10 >= max ? step * 2 : step * 5;
}

static double largest(const struct results *r, enum value_id id)
{
	double max = 0;
	size_t i, j;

	for (i = 0; i < r->bench->n_values; i++)
		for (j = 0; j < results_columns(r); j++)
			max = fmax(max, results_stats(r, i, j, id).q3);
	return max;
}

/* ---- drawing ------------------------------------------------------------------------- */

static void draw_axes(const struct plot *p, double step)
{
	const struct bench *b = p->r->bench;
	double v;
	size_t i;

	for (v = 0; v <= p->max * 1.001; v += step) {
		char text[40];

		value_kind(p->id)->print(text, sizeof(text), v);
		line(p, LEFT, y_of(p, v), WIDTH - RIGHT, y_of(p, v),
		     v > 0 ? "#ddd" : "#000");
		label(p, LEFT - 8, y_of(p, v) + 4, "end", text);
	}
	for (i = 0; i < b->n_values; i++)
		label(p, x_of(p, i), y_of(p, 0) + 18, "middle", b->values[i]);
	label(p, (LEFT + WIDTH - RIGHT) / 2.0, y_of(p, 0) + 36, "middle",
	      b->sweep);
	label(p, LEFT, p->top + 22, "start", value_kind(p->id)->title);
}

static void draw_column(const struct plot *p, size_t column)
{
	const struct bench *b = p->r->bench;
	const char *colour = colours[column % N_COLOURS];
	double y = p->top + TOP + 20 * (double)column;
	char *name = results_column_name(p->r, column);
	size_t i;

	fprintf(p->out, "<polyline fill=\"none\" stroke=\"%s\" "
		"stroke-width=\"2\" points=\"", colour);
	for (i = 0; i < b->n_values; i++)
		fprintf(p->out, "%.1f,%.1f ", x_of(p, i),
			y_of(p, results_stats(p->r, i, column, p->id).median));
	fputs("\"/>\n", p->out);
	for (i = 0; i < b->n_values; i++) {
		struct stats s = results_stats(p->r, i, column, p->id);

		line(p, x_of(p, i), y_of(p, s.q1), x_of(p, i), y_of(p, s.q3),
		     colour);
		fprintf(p->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" "
			"fill=\"%s\"/>\n", x_of(p, i), y_of(p, s.median), colour);
	}
	line(p, WIDTH - RIGHT + 12, y, WIDTH - RIGHT + 32, y, colour);
	label(p, WIDTH - RIGHT + 38, y + 4, "start", name);
	free(name);
}

static void draw(struct plot *p)
{
	double max = largest(p->r, p->id), step = step_for(max);
	size_t i;

	p->max = max > 0 ? step * ceil(max / step) : 1;
	draw_axes(p, step);
	for (i = 0; i < results_columns(p->r); i++)
		draw_column(p, i);
}

/* Writes in small letters below the pictures. */
static void draw_foot(struct plot *p)
{
	size_t i;

	fputs("<g font-size=\"9\">", p->out);
	for (i = 0; i < p->r->n + 1; i++) {
		char *line = i ? results_kernel(&p->r->at[i - 1]) :
			results_conditions(p->r);

		p->top += LINE;
		label(p, WIDTH / 2.0, p->top, "middle", line);
		free(line);
	}
	fputs("</g>\n", p->out);
}

void results_svg(const struct results *r, FILE *out)
{
	enum value_id *shown = xcalloc(r->bench->n_show, sizeof(*shown));
	size_t i, n = results_shown(r, shown);
	struct plot p = { .out = out, .r = r, .top = HEAD };

	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%zu\" font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		WIDTH, HEAD + n * HEIGHT + (r->n + 2) * LINE);
	fputs("<title>", out);
	put_html(out, r->bench->title);
	fputs("</title>\n", out);
	label(&p, WIDTH / 2.0, 20, "middle", r->bench->title);
	for (i = 0; i < n; i++) {
		p.id = shown[i];
		draw(&p);
		p.top += HEIGHT;
	}
	draw_foot(&p);
	fputs("</svg>\n", out);
	free(shown);
}
