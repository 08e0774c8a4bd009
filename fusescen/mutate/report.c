/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of a kernel's source and of scenarios are escaped on their way out.  Main
 * thread only. */
#include "config.h"

#include "fusescen/mutate/report.h"

#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "fusescen/util/escape.h"

#define CASES_SHOWN	5

static void count(struct counts *c, enum finding_kind kind)
{
	c->of[kind]++;
}

static size_t tried(const struct counts *c)
{
	return c->of[KILLED] + c->of[SURVIVED] + c->of[NOT_REACHED];
}

struct counts *report_files(const struct findings *r, struct counts *all, size_t *n)
{
	struct counts *files = NULL;
	size_t i;

	*all = (struct counts){ .file = "all" };
	*n = 0;
	for (i = 0; i < r->mutants->n; i++) {
		const struct mutant *m = &r->mutants->at[i];

		if (!m->is_wanted)
			continue;
		if (!*n || strcmp(files[*n - 1].file, m->file)) {
			files = xgrow(files, *n, sizeof(*files));
			files[(*n)++] = (struct counts){ .file = m->file };
		}
		count(&files[*n - 1], r->of[i].kind);
		count(all, r->of[i].kind);
	}
	return files;
}

size_t report_count(const struct findings *r, enum finding_kind kind)
{
	struct counts all;
	size_t n;

	free(report_files(r, &all, &n));
	return all.of[kind];
}

static size_t count_equivalent(const struct findings *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->mutants->n; i++)
		n += r->mutants->at[i].equivalent != NULL;
	return n;
}

/* ---- for people ------------------------------------------------------------------ */

static void put_counts(const struct counts *c, FILE *out)
{
	size_t n = tried(c);

	fprintf(out, "%-28s %6zu %8zu %11zu", c->file, c->of[KILLED], c->of[SURVIVED],
		c->of[NOT_REACHED]);
	if (n)
		fprintf(out, " %6zu %%\n", c->of[KILLED] * 100 / n);
	else
		fprintf(out, "      -\n");
}

static void put_table(const struct findings *r, FILE *out)
{
	struct counts all, *files;
	size_t n, i;

	files = report_files(r, &all, &n);
	fprintf(out, "\n%-28s %6s %8s %11s %8s\n", "", "killed", "survived",
		"not reached", "killed");
	for (i = 0; i < n; i++)
		put_counts(&files[i], out);
	put_counts(&all, out);
	if (all.of[NOT_TRIED])
		fprintf(out, "\n%zu not tried\n", all.of[NOT_TRIED]);
	free(files);
}

static void put_mutant(const struct mutant *m, FILE *out)
{
	fprintf(out, "\n%s:%u: %s  [%s]\n    ", m->file, m->line, m->function, m->id);
	put_plain(out, m->text);
	fprintf(out, "\n    %s: ", m->operator);
	put_plain(out, m->what);
	fputc('\n', out);
}

static void put_reaching(const struct findings *r, size_t mutant, FILE *out)
{
	const struct finding *f = &r->of[mutant];
	const struct subject **list;
	size_t n, reaching, i;

	list = corpus_nearest(r->corpus, r->mutants, &r->mutants->at[mutant],
			      CASES_SHOWN, &n, &reaching);
	fprintf(out, "    not noticed by %u of %u cases that reach it:\n", f->tried,
		f->reaching);
	for (i = 0; i < n; i++) {
		fputs("        ", out);
		put_plain(out, list[i]->name);
		fputc('\n', out);
	}
	free(list);
}

static void put_kind(const struct findings *r, enum finding_kind kind, FILE *out)
{
	size_t i;

	if (!report_count(r, kind))
		return;
	fprintf(out, "\n%s:\n", finding_words[kind]);
	for (i = 0; i < r->mutants->n; i++) {
		if (!r->mutants->at[i].is_wanted || r->of[i].kind != kind)
			continue;
		put_mutant(&r->mutants->at[i], out);
		if (kind == SURVIVED)
			put_reaching(r, i, out);
	}
}

void findings_text(const struct findings *r, const char *kernel, FILE *out)
{
	size_t equivalent = count_equivalent(r);

	put_kind(r, SURVIVED, out);
	put_kind(r, NOT_REACHED, out);
	put_table(r, out);
	fprintf(out, "\n%s: %zu of %zu mutants", kernel, mutants_wanted(r->mutants),
		r->mutants->n);
	if (equivalent)
		fprintf(out, ", without %zu that are said to change nothing", equivalent);
	fprintf(out, "; %zu cases\n", r->corpus->n);
}

/* ---- for programs ---------------------------------------------------------------- */

static void json_counts(struct json_writer *w, const struct counts *c)
{
	static const char *const keys[N_FINDING_KINDS] = {
		"not_tried", "not_reached", "survived", "killed", "unclear",
	};
	size_t i;

	json_begin(w, NULL, '{');
	json_put_text(w, "file", c->file);
	for (i = 0; i < N_FINDING_KINDS; i++)
		json_put_u64(w, keys[i], c->of[i]);
	json_end(w);
}

static void json_mutant(struct json_writer *w, const struct findings *r, size_t i)
{
	const struct mutant *m = &r->mutants->at[i];
	const struct finding *f = &r->of[i];

	json_break(w, 0);
	json_begin(w, NULL, '{');
	json_put_text(w, "id", m->id);
	json_put_text(w, "file", m->file);
	json_put_u64(w, "line", m->line);
	json_put_text(w, "function", m->function);
	json_put_text(w, "operator", m->operator);
	json_put_text(w, "what", m->what);
	json_put_text(w, "text", m->text);
	json_put_text(w, "equivalent", m->equivalent);
	json_put_text(w, "result", m->equivalent ? NULL : finding_words[f->kind]);
	json_put_text(w, "by", f->by);
	json_put_text(w, "how", f->how);
	json_put_u64(w, "tried", f->tried);
	json_put_u64(w, "reaching", f->reaching);
	json_put_u64(w, "ms", f->ms);
	json_end(w);
}

void findings_json(const struct findings *r, const char *kernel, FILE *out)
{
	auto_buf struct buf b = BUF_INIT;
	struct json_writer w = { .out = &b };
	struct counts all, *files;
	size_t n, i;

	files = report_files(r, &all, &n);
	json_begin(&w, NULL, '{');
	json_put_text(&w, "kernel", kernel);
	json_put_u64(&w, "mutants_of_kernel", r->mutants->n);
	json_put_u64(&w, "cases", r->corpus->n);
	json_begin(&w, "files", '[');
	for (i = 0; i < n; i++)
		json_counts(&w, &files[i]);
	json_end(&w);
	json_begin(&w, "mutants", '[');
	for (i = 0; i < r->mutants->n; i++)
		if (r->mutants->at[i].is_wanted || r->mutants->at[i].equivalent)
			json_mutant(&w, r, i);
	json_break(&w, 0);
	json_end(&w);
	json_end(&w);
	fprintf(out, "%s\n", buf_str(&b));
	free(files);
}
