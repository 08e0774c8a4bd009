/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the files that have mutants as one page, without script, font or image.  A
 * line with mutants has the colour of the worst that came of them, and opens to say
 * which they are and which cases notice them.  Main thread only.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/mutate/report.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"

static const char style[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1b1b;--dim:#666;"
	"--line:#ddd;--killed:#e3f3e4;--survived:#ffd9d4;--missed:#ffeebf;--none:#eee}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#16181c;--fg:#e4e4e4;"
	"--dim:#a0a0a0;--line:#34383f;--killed:#17351b;--survived:#6a1b16;"
	"--missed:#54420b;--none:#2a2e34}}\n"
	"body{margin:0 auto;padding:1rem;max-width:70rem;background:var(--bg);"
	"color:var(--fg);font:1rem/1.4 system-ui,sans-serif}\n"
	"h1{font-size:1.4rem}h2{font-size:1.15rem;margin:0;display:inline}\n"
	".wide{overflow-x:auto}table{border-collapse:collapse}\n"
	"th,td{padding:.2rem .6rem;border-bottom:1px solid var(--line);"
	"text-align:right}th:first-child,td:first-child{text-align:left}\n"
	".code{overflow-x:auto;font:.8rem/1.35 ui-monospace,monospace}\n"
	".code>*{white-space:pre;tab-size:8;min-width:max-content}\n"
	".code summary{cursor:pointer;list-style:none}\n"
	"summary::-webkit-details-marker{display:none}\n"
	".n{color:var(--dim);display:inline-block;width:3.2rem;user-select:none}\n"
	".killed{background:var(--killed)}.survived{background:var(--survived)}"
	".not-reached{background:var(--missed)}.not-tried,.unclear{background:var(--none)}\n"
	".code ul{white-space:normal;max-width:40rem;margin:.2rem 0;padding-left:4.5rem;"
	"background:var(--bg);font-family:system-ui,sans-serif}\n"
	"details.file{margin:.6rem 0}details.file>summary{cursor:pointer}\n";

/* As in a class attribute. */
static const char *const classes[N_FINDING_KINDS] = {
	[NOT_TRIED] = "not-tried", [NOT_REACHED] = "not-reached",
	[SURVIVED] = "survived", [KILLED] = "killed", [UNCLEAR] = "unclear",
};

/* The worse, the higher. */
static const int rank[N_FINDING_KINDS] = {
	[NOT_TRIED] = 0, [UNCLEAR] = 1, [KILLED] = 2, [NOT_REACHED] = 3, [SURVIVED] = 4,
};

static void put_mutant(const struct findings *r, size_t i, FILE *out)
{
	const struct mutant *m = &r->mutants->at[i];
	const struct finding *f = &r->of[i];

	fprintf(out, "<li><b>%s</b> %s: ", m->equivalent ? "equivalent" :
		finding_words[f->kind], m->operator);
	put_html(out, m->what);
	if (m->equivalent) {
		fputs(" (", out);
		put_html(out, m->equivalent);
		fputs(")", out);
	} else if (f->kind == KILLED) {
		fputs("<br>", out);
		put_html(out, f->by ? f->by : "");
		fputs(" ", out);
		put_html(out, f->how ? f->how : "");
	} else if (f->kind == SURVIVED) {
		fprintf(out, ": %u of %u cases that reach it", f->tried, f->reaching);
	}
	fprintf(out, " <small>%s</small></li>\n", m->id);
}

/* The mutants of the table from *at on that are in this line; *at is then behind
 * them. */
static void put_line(const struct findings *r, const char *text, unsigned line,
		     size_t *at, size_t end, FILE *out)
{
	enum finding_kind worst = NOT_TRIED;
	size_t first = *at, i;

	for (; *at < end && r->mutants->at[*at].line <= line; ++*at)
		if (rank[r->of[*at].kind] > rank[worst])
			worst = r->of[*at].kind;
	if (first == *at) {
		fprintf(out, "<div><span class=\"n\">%u</span>", line);
		put_html(out, text);
		fputs("</div>\n", out);
		return;
	}
	fprintf(out, "<details class=\"%s\"><summary><span class=\"n\">%u</span>",
		classes[worst], line);
	put_html(out, text);
	fputs("</summary><ul>\n", out);
	for (i = first; i < *at; i++)
		put_mutant(r, i, out);
	fputs("</ul></details>\n", out);
}

/* Mutants of a file follow one another in the table, but not by line where one stands
 * for several places: those are shown where their first place is. */
static int put_file(const struct findings *r, const char *dir, size_t first, size_t end,
		    FILE *out)
{
	const char *name = r->mutants->at[first].file;
	auto_free char *path = xasprintf("%s/%s", dir, name);
	auto_buf struct buf text = BUF_INIT;
	char *rest, *line;
	unsigned n = 0;

	if (file_read(path, &text)) {
		put_error("%s: %s", path, strerror(errno));
		return -1;
	}
	fputs("<details class=\"file\"><summary><h2>", out);
	put_html(out, name);
	fputs("</h2></summary>\n<div class=\"code\">\n", out);
	for (rest = text.data; rest && (line = strsep(&rest, "\n"));)
		put_line(r, line, ++n, &first, end, out);
	fputs("</div></details>\n", out);
	return 0;
}

static void put_summary(const struct findings *r, const char *kernel, FILE *out)
{
	size_t n, i;
	struct counts all, *files = report_files(r, &all, &n);

	fputs("<h1>Mutants of ", out);
	put_html(out, kernel);
	fprintf(out, "</h1>\n<p>%zu of %zu mutants, %zu cases</p>\n<div class=\"wide\">"
		"<table>\n<tr><th>file</th><th class=\"killed\">killed</th>"
		"<th class=\"survived\">survived</th>"
		"<th class=\"not-reached\">not reached</th>"
		"<th class=\"not-tried\">not tried</th></tr>\n",
		mutants_wanted(r->mutants), r->mutants->n, r->corpus->n);
	for (i = 0; i <= n; i++) {
		const struct counts *c = i < n ? &files[i] : &all;

		fputs("<tr><td>", out);
		put_html(out, c->file);
		fprintf(out, "</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td></tr>\n",
			c->of[KILLED], c->of[SURVIVED], c->of[NOT_REACHED],
			c->of[NOT_TRIED] + c->of[UNCLEAR]);
	}
	fputs("</table></div>\n", out);
	free(files);
}

int findings_html(const struct findings *r, const char *kernel, const char *dir, FILE *out)
{
	size_t first, end;
	int err = 0;

	fprintf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		"<title>fusescen mutate</title>\n<style>\n%s</style></head><body>\n", style);
	put_summary(r, kernel, out);
	for (first = 0; first < r->mutants->n; first = end) {
		for (end = first; end < r->mutants->n && !strcmp(r->mutants->at[end].file,
				r->mutants->at[first].file); end++)
			;
		err |= put_file(r, dir, first, end, out);
	}
	fputs("</body></html>\n", out);
	return err;
}
