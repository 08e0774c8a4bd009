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

/* People who do not see some colours can tell these apart, and each line is told from
 * the others without colours too: by its dashes, and by the shape of its marks. */
static const char *const colours[] = {
	"#0072b2", "#b34700", "#00704f", "#a3427a", "#8a5a00", "#2b6f99",
	"#000000", "#666666",
};
static const char *const dashes[] = {
	"none", "8 3", "2 3", "10 3 2 3", "14 4",
};
/* Around the point. */
static const char *const marks[] = {
	"m-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0", "m-4,-4h8v8h-8z", "m0,-5l5,9h-10z",
	"m0,-5l5,5l-5,5l-5,-5z", "m0,5l-5,-9h10z", "m-4,-4l8,8m0,-8l-8,8",
	"m-5,0h10m-5,-5v10",
};

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

static void draw_mark(const struct plot *p, size_t column, double x, double y)
{
	const char *colour = colours[column % ARRAY_SIZE(colours)];

	fprintf(p->out, "<path d=\"M%.1f,%.1f%s\" fill=\"%s\" stroke=\"%s\" "
		"stroke-width=\"1.5\"/>\n", x, y, marks[column % ARRAY_SIZE(marks)],
		colour, colour);
}

static void begin_polyline(const struct plot *p, size_t column)
{
	fprintf(p->out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" "
		"stroke-dasharray=\"%s\" points=\"",
		colours[column % ARRAY_SIZE(colours)], dashes[column % ARRAY_SIZE(dashes)]);
}

static void draw_column(const struct plot *p, size_t column)
{
	const struct bench *b = p->r->bench;
	const char *colour = colours[column % ARRAY_SIZE(colours)];
	double y = p->top + TOP + 20 * (double)column;
	char *name = results_column_name(p->r, column);
	size_t i;

	begin_polyline(p, column);
	for (i = 0; i < b->n_values; i++)
		fprintf(p->out, "%.1f,%.1f ", x_of(p, i),
			y_of(p, results_stats(p->r, i, column, p->id).median));
	fputs("\"/>\n", p->out);
	for (i = 0; i < b->n_values; i++) {
		struct stats s = results_stats(p->r, i, column, p->id);

		line(p, x_of(p, i), y_of(p, s.q1), x_of(p, i), y_of(p, s.q3),
		     colour);
		draw_mark(p, column, x_of(p, i), y_of(p, s.median));
	}
	begin_polyline(p, column);
	fprintf(p->out, "%d,%.1f %d,%.1f\"/>\n", WIDTH - RIGHT + 8, y,
		WIDTH - RIGHT + 34, y);
	draw_mark(p, column, WIDTH - RIGHT + 21, y);
	label(p, WIDTH - RIGHT + 38, y + 4, "start", name);
	free(name);
}

static void draw(struct plot *p)
{
	double max = largest(p->r, p->id), scale = value_kind(p->id)->scale;
	double step = step_for(max / scale) * scale;
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

/* What is in the pictures, for those who do not see them: the medians. */
static void write_description(const struct results *r, const enum value_id *shown,
			      size_t n, FILE *out)
{
	const struct bench *b = r->bench;

	fputs("<desc id=\"desc\">", out);
	for (size_t i = 0; i < n * results_columns(r); i++) {
		enum value_id id = shown[i / results_columns(r)];
		size_t column = i % results_columns(r);
		auto_free char *name = results_column_name(r, column);

		fprintf(out, "%s of ", value_kind(id)->title);
		put_html(out, name);
		fputs(" by ", out);
		put_html(out, b->sweep);
		for (size_t v = 0; v < b->n_values; v++) {
			char text[40];

			value_kind(id)->print(text, sizeof(text),
					      results_stats(r, v, column, id).median);
			fputs(v ? ", " : ": ", out);
			put_html(out, b->values[v]);
			fprintf(out, " %s", text);
		}
		fputs(". ", out);
	}
	fputs("</desc>\n", out);
}

void results_svg(const struct results *r, FILE *out)
{
	enum value_id *shown = xcalloc(r->bench->n_show, sizeof(*shown));
	size_t i, n = results_shown(r, shown);
	struct plot p = { .out = out, .r = r, .top = HEAD };

	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%zu\" font-family=\"sans-serif\" font-size=\"12\" "
		"role=\"img\" aria-labelledby=\"title desc\">\n",
		WIDTH, HEAD + n * HEIGHT + (r->n + 2) * LINE);
	fputs("<title id=\"title\">", out);
	put_html(out, r->bench->title);
	fputs("</title>\n", out);
	write_description(r, shown, n, out);
	fputs("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n", out);
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
