/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the table as a page that needs no script, font or image.  Each cell is
 * a <details> element.  When it is opened, it takes a line of its own below its
 * row, and the other cells stay in their columns.
 */
#include "config.h"

#include <stdio.h>

#include "base/mem.h"
#include "fusescen/matrix/matrix.h"
#include "fusescen/util/escape.h"

static const char style[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1b1b;--dim:#666;"
	"--line:#ddd;--pass:#2e7d32;--fail:#c62828;--skip:#8a8a8a;--xfail:#b26a00;"
	"--xpass:#6a1b9a;--error:#c62828}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#16181c;--fg:#e4e4e4;"
	"--dim:#a0a0a0;--line:#34383f;--pass:#6fbf73;--fail:#ff7b72;--skip:#8c8c8c;"
	"--xfail:#e3a13c;--xpass:#c792ea;--error:#ff7b72}}\n"
	"body{margin:0 auto;padding:1rem;max-width:70rem;background:var(--bg);"
	"color:var(--fg);font:1rem/1.4 system-ui,sans-serif}\n"
	"h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}\n"
	".wide{overflow-x:auto}table{border-collapse:collapse}\n"
	"th,td{padding:.2rem .6rem;border-bottom:1px solid var(--line);"
	"text-align:right}th:first-child,td:first-child{text-align:left}\n"
	".row{border-top:1px solid var(--line);padding:.4rem 0}\n"
	".name{overflow-wrap:anywhere}.name small{color:var(--dim);display:block}\n"
	".cells{display:grid;gap:.2rem .3rem;margin-top:.2rem;max-width:60rem}\n"
	".cells>*{grid-row:1;min-width:0;border-radius:.25rem;font-size:.8rem;"
	"text-align:center;border:1px solid var(--c);color:var(--c)}\n"
	".cells>.none{border-color:transparent;color:var(--dim)}\n"
	".cells>details[open]{grid-column:1/-1!important;grid-row:auto;"
	"text-align:left;padding:.2rem .5rem}\n"
	"summary{cursor:pointer;list-style:none;overflow-wrap:anywhere}\n"
	"summary::-webkit-details-marker{display:none}\n"
	"details p,details pre{color:var(--fg);margin:.3rem 0}\n"
	"pre{overflow-x:auto;font-size:.8rem;line-height:1.3}\n"
	".pass{--c:var(--pass)}.fail{--c:var(--fail);font-weight:bold}"
	".skip{--c:var(--skip)}.xfail{--c:var(--xfail)}"
	".xpass{--c:var(--xpass);font-weight:bold}"
	".error{--c:var(--error);font-weight:bold}\n";

/* Each kernel has a column.  A cell stays in its column while another one is
 * open. */
static void write_columns(const struct matrix *m, FILE *out)
{
	size_t k;

	fprintf(out, ".cells{grid-template-columns:repeat(%zu,minmax(0,1fr))}\n",
		m->n_kernels);
	for (k = 1; k <= m->n_kernels; k++)
		fprintf(out, ".cells>:nth-child(%zu){grid-column:%zu}\n", k, k);
}

static void write_label(const struct matrix *m, FILE *out, size_t k)
{
	char *label = matrix_label(m, k);

	put_html(out, label);
	free(label);
}

static void write_cell(const struct matrix *m, FILE *out, const struct row *r,
		       size_t k)
{
	const struct cell *c = &r->cells[k];
	const char *tag = c->is_run && (c->summary[0] || c->text[0]) ?
		"details" : "div";

	if (!c->is_run) {
		fputs("<div class=\"none\">–</div>", out);
		return;
	}
	fprintf(out, "<%s class=\"%s\">", tag, verdicts[c->verdict].word);
	fputs(tag[1] == 'e' ? "<summary>" : "", out);
	write_label(m, out, k);
	fprintf(out, " %s", verdicts[c->verdict].name);
	fputs(tag[1] == 'e' ? "</summary>" : "", out);
	if (c->summary[0]) {
		fputs("<p>", out);
		put_html(out, c->summary);
		fputs("</p>", out);
	}
	if (c->text[0]) {
		fputs("<pre>", out);
		put_html(out, c->text);
		fputs("</pre>", out);
	}
	fprintf(out, "</%s>", tag);
}

static void write_row(const struct matrix *m, FILE *out, const struct row *r)
{
	size_t k;

	fputs("<div class=\"row\"><div class=\"name\">", out);
	put_html(out, r->file);
	if (r->case_name) {
		fputs(" (", out);
		put_html(out, r->case_name);
		putc(')', out);
	}
	fputs("<small>", out);
	put_html(out, r->title);
	fputs("</small></div>\n<div class=\"cells\">", out);
	for (k = 0; k < m->n_kernels; k++)
		if (!matrix_dead(m, k))
			write_cell(m, out, r, k);
		else
			fputs("<div class=\"none\">–</div>", out);
	fputs("</div></div>\n", out);
}

static size_t write_rows(const struct matrix *m, FILE *out, enum row_kind kind,
			 int news)
{
	size_t n = 0, i;

	for (i = 0; i < m->n_rows; i++) {
		const struct row *r = &m->rows[i];

		if (matrix_kind(m, r) != kind || row_has_news(m, r) != news)
			continue;
		write_row(m, out, r);
		n++;
	}
	return n;
}

static void write_section(const struct matrix *m, FILE *out, enum row_kind kind,
			  const char *heading)
{
	fprintf(out, "<h2>%s</h2>\n", heading);
	if (!(write_rows(m, out, kind, 1) + write_rows(m, out, kind, 0)))
		fputs("<p>None.</p>\n", out);
}

/* Writes names only, because there is nothing to open. */
static void write_passes(const struct matrix *m, FILE *out)
{
	size_t i;

	fputs("<details><summary><h2>Passed wherever they ran ▸</h2></summary>\n<ul>\n",
	      out);
	for (i = 0; i < m->n_rows; i++) {
		const struct row *r = &m->rows[i];

		if (matrix_kind(m, r) != ROW_PASSES)
			continue;
		fputs("<li>", out);
		put_html(out, r->file);
		if (r->case_name) {
			fputs(" (", out);
			put_html(out, r->case_name);
			putc(')', out);
		}
		fputs("</li>\n", out);
	}
	fputs("</ul></details>\n", out);
}

static void write_counts(const struct matrix *m, FILE *out)
{
	size_t k;
	int v;

	fputs("<div class=\"wide\"><table><tr><th>kernel</th>", out);
	for (v = 0; v < N_VERDICTS; v++)
		fprintf(out, "<th>%s</th>", verdicts[v].name);
	fputs("</tr>\n", out);
	for (k = 0; k < m->n_kernels; k++) {
		fputs("<tr><td>", out);
		put_html(out, m->kernels[k]);
		fputs("</td>", out);
		for (v = 0; v < N_VERDICTS; v++)
			fprintf(out, "<td>%zu</td>",
				matrix_count(m, k, (enum fusescen_verdict)v));
		fputs("</tr>\n", out);
	}
	fputs("</table></div>\n", out);
}

/* Writes the kernels on which nothing ran, with what the console said. */
static void write_dead(const struct matrix *m, FILE *out)
{
	size_t k, i;

	for (k = 0; k < m->n_kernels; k++) {
		const char *why = matrix_dead(m, k), *text = "";

		if (!why)
			continue;
		for (i = 0; i < m->n_rows && !text[0]; i++)
			if (m->rows[i].cells[k].is_run)
				text = m->rows[i].cells[k].text;
		fputs("<h2>", out);
		put_html(out, m->kernels[k]);
		fputs(": nothing could be run</h2>\n<p>", out);
		put_html(out, why);
		fputs("</p>\n<pre>", out);
		put_html(out, text);
		fputs("</pre>\n", out);
	}
}

static void write_broken(const struct matrix *m, FILE *out)
{
	size_t i;

	for (i = 0; i < m->n_broken; i++) {
		fputs("<p>Not loaded: ", out);
		put_html(out, m->broken[i]);
		fputs("</p>\n", out);
	}
}

void matrix_write_html(const struct matrix *m, FILE *out)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
	      "content=\"width=device-width, initial-scale=1\"/>\n"
	      "<title>fusescen: scenarios by kernel</title>\n<style>\n", out);
	fputs(style, out);
	write_columns(m, out);
	fputs("</style>\n</head>\n<body>\n<h1>Scenarios by kernel</h1>\n", out);
	write_counts(m, out);
	write_dead(m, out);
	write_broken(m, out);
	write_section(m, out, ROW_DIFFERS, "The kernels differ");
	write_section(m, out, ROW_SAME, "The same on all, and no pass");
	write_passes(m, out);
	fputs("</body>\n</html>\n", out);
}
