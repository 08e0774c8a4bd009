/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the table as a page that needs no font or image, and no script but for the
 * filter and the pictures.  Each cell is a <details> element.  When it is opened, it
 * takes a line of its own below its row, and the other cells stay in their columns.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/matrix/matrix.h"
#include "fusescen/report/page.h"
#include "fusescen/util/escape.h"

static const char style[] =
#include "fusescen/matrix/matrix.css.inc"
;
static const char script[] =
#include "fusescen/matrix/matrix.js.inc"
;

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

/* A number for the picture of a cell. */
static size_t picture_of(const struct matrix *m, const struct row *r, size_t k)
{
	return (size_t)(r - m->rows) * m->n_kernels + k;
}

static void write_cell(const struct matrix *m, FILE *out, const struct row *r,
		       size_t k)
{
	const struct cell *c = &r->cells[k];
	const char *tag = c->is_run && (c->summary[0] || c->text[0] || c->events[0]) ?
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
	if (c->events[0])
		fprintf(out, "<div data-run=\"%zu\"></div>", picture_of(m, r, k));
	fprintf(out, "</%s>", tag);
}

/* "FILE:CASE" as an identifier, and as the address of it. */
static void write_anchor(FILE *out, const struct row *r)
{
	const char *parts[] = { r->file, r->case_name ? ":" : "",
				r->case_name ? r->case_name : "" };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		for (const char *p = parts[i]; *p; p++)
			if (isalnum((unsigned char)*p) || strchr("/:._-+", *p))
				putc(*p, out);
			else
				fprintf(out, "%%%02x", (unsigned char)*p);
}

static void write_row(const struct matrix *m, FILE *out, const struct row *r)
{
	size_t k;

	fputs("<div class=\"case\" id=\"", out);
	write_anchor(out, r);
	fputs("\"><div class=\"name\"><a class=\"anchor\" aria-label=\"address\" href=\"#", out);
	write_anchor(out, r);
	fputs("\">#</a>", out);
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

	fputs("<details><summary>Passed wherever they ran</summary>\n<ul>\n",
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

/* The logs of the cells that have pictures, and what draws them.  To readers of XML
 * a script is text. */
static void write_scripts(const struct matrix *m, FILE *out)
{
	auto_buf struct buf b = BUF_INIT;

	page_put_index(&b, "{\"runs\":[],\"sources\":{}}");
	for (size_t i = 0; i < m->n_rows; i++)
		for (size_t k = 0; k < m->n_kernels; k++)
			if (m->rows[i].cells[k].is_run)
				page_put_events(&b, picture_of(m, &m->rows[i], k),
						m->rows[i].cells[k].events);
	buf_puts(&b, "<script>\n//<![CDATA[\n");
	page_put_scripts(&b);
	buf_puts(&b, script);
	buf_puts(&b, "//]]>\n</script>\n");
	fwrite(buf_str(&b), 1, b.len, out);
}

static void write_style(const struct matrix *m, FILE *out)
{
	auto_buf struct buf b = BUF_INIT;

	page_put_style(&b);
	fputs("<style>\n", out);
	fwrite(buf_str(&b), 1, b.len, out);
	fputs(style, out);
	write_columns(m, out);
	fputs("</style>\n", out);
}

void matrix_write_html(const struct matrix *m, FILE *out)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
	      "content=\"width=device-width, initial-scale=1\"/>\n"
	      "<title>fusescen: scenarios by kernel</title>\n", out);
	write_style(m, out);
	fputs("</head>\n<body>\n<h1>Scenarios by kernel</h1>\n", out);
	write_counts(m, out);
	write_dead(m, out);
	write_broken(m, out);
	fputs("<div id=\"filter\" class=\"bar\"></div>\n", out);
	write_section(m, out, ROW_DIFFERS, "The kernels differ");
	write_section(m, out, ROW_SAME, "The same on all, and no pass");
	write_passes(m, out);
	write_scripts(m, out);
	fputs("</body>\n</html>\n", out);
}
