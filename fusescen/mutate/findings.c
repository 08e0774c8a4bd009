/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Main thread only. */
#include "config.h"

#include "fusescen/mutate/findings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/json.h"

const char *const finding_words[N_FINDING_KINDS] = {
	[NOT_TRIED] = "not tried",
	[NOT_REACHED] = "not reached",
	[SURVIVED] = "survived",
	[KILLED] = "killed",
	[UNCLEAR] = "unclear",
};

/* All numbers of JSON are doubles, so a key is a text. */
static char *key_text(uint64_t key)
{
	return xasprintf("%016" PRIx64, key);
}

static bool has_key(const json_t *j, const char *name, uint64_t key)
{
	auto_free char *text = key_text(key);
	const char *own = json_text_of(j, name);

	return own && !strcmp(own, text);
}

static unsigned number_of(const json_t *j, const char *name)
{
	double d = json_number_value(json_object_get(j, name));

	return d >= 0 && d < 4e9 ? (unsigned)d : 0;
}

static uint64_t table_key(const struct mutants *m)
{
	uint64_t key = m->n;
	size_t i;

	for (i = 0; i < m->n; i++)
		key = key * 31 + strtoull(m->at[i].id, NULL, 16) + m->at[i].number;
	return key;
}

/* ---- reading --------------------------------------------------------------------- */

static void read_case(struct findings *r, const json_t *j)
{
	struct subject *s = corpus_find(r->corpus, json_text_of(j, "case"));
	const char *reached = json_text_of(j, "reached");
	unsigned verdict = number_of(j, "verdict");

	if (!s || !reached || !has_key(j, "key", s->key) || verdict >= N_VERDICTS)
		return;
	free(s->reached);
	s->reached = NULL;
	s->n_reached = 0;
	subject_reach(s, reached);
	s->verdict = (enum fusescen_verdict)verdict;
	s->ms = number_of(j, "ms");
	s->is_usable = json_is_true(json_object_get(j, "usable"));
	s->is_known = true;
}

static enum finding_kind kind_of(const char *word)
{
	size_t i;

	for (i = 0; word && i < N_FINDING_KINDS; i++)
		if (!strcmp(word, finding_words[i]))
			return (enum finding_kind)i;
	return NOT_TRIED;
}

static char *copy_of(const json_t *j, const char *name)
{
	const char *text = json_text_of(j, name);

	return text ? xstrdup(text) : NULL;
}

static void finding_fini(struct finding *f)
{
	free(f->by);
	free(f->how);
}

static void read_mutant(struct findings *r, const json_t *j)
{
	const struct mutant *m = mutants_by_id(r->mutants, json_text_of(j, "mutant"));
	const char *key = json_text_of(j, "key");
	struct finding *f;

	if (!m || !key)
		return;
	f = &r->of[m - r->mutants->at];
	finding_fini(f);
	*f = (struct finding){
		.kind = kind_of(json_text_of(j, "result")),
		.by = copy_of(j, "by"), .how = copy_of(j, "how"),
		.tried = number_of(j, "tried"), .reaching = number_of(j, "reaching"),
		.runs = number_of(j, "runs"), .ms = number_of(j, "ms"),
		.key = strtoull(key, NULL, 16),
	};
}

/* The last line may be cut: the writer was. */
static int read_line(struct findings *r, const char *path, const char *line,
		     const char *kernel, bool is_first)
{
	json_error_t error;
	auto_json json_t *j = json_loads(line, JSON_DECODE_INT_AS_REAL, &error);

	if (is_first && (!j || !json_text_of(j, "kernel") ||
			 strcmp(json_text_of(j, "kernel"), kernel) ||
			 !has_key(j, "table", table_key(r->mutants)))) {
		put_error("%s: is not about the mutants of kernel %s", path, kernel);
		return -1;
	}
	if (j && json_text_of(j, "case"))
		read_case(r, j);
	else if (j && json_text_of(j, "mutant"))
		read_mutant(r, j);
	return 0;
}

static int read_all(struct findings *r, const char *path, const char *kernel)
{
	auto_buf struct buf b = BUF_INIT;
	char *rest, *line;
	bool is_first = true;

	if (access(path, F_OK))
		return 0;
	if (file_read(path, &b)) {
		put_error("%s: %s", path, strerror(errno));
		return -1;
	}
	for (rest = b.data; rest && (line = strsep(&rest, "\n")); is_first = false)
		if (*line && read_line(r, path, line, kernel, is_first))
			return -1;
	return 0;
}

/* ---- writing --------------------------------------------------------------------- */

/* Ends the line, and lets it out: who kills us loses one line at most. */
static void put_line(struct findings *r, struct json_writer *w)
{
	json_end(w);
	if (r->file) {
		fprintf(r->file, "%s\n", buf_str(w->out));
		fflush(r->file);
	}
	buf_fini(w->out);
}

static void put_key(struct json_writer *w, const char *name, uint64_t key)
{
	auto_free char *text = key_text(key);

	json_put_text(w, name, text);
}

static void put_first(struct findings *r, const char *kernel)
{
	struct buf b = BUF_INIT;
	struct json_writer w = { .out = &b };

	json_begin(&w, NULL, '{');
	json_put_text(&w, "kernel", kernel);
	put_key(&w, "table", table_key(r->mutants));
	put_line(r, &w);
}

int findings_open(struct findings *r, const char *path, const char *kernel,
		 const struct mutants *m, struct corpus *c)
{
	*r = (struct findings){ .mutants = m, .corpus = c };
	r->of = xcalloc(m->n + 1, sizeof(*r->of));
	if (!path)
		return 0;
	if (read_all(r, path, kernel))
		return -1;
	r->file = fopen(path, "ae");
	if (!r->file) {
		put_error("%s: %s", path, strerror(errno));
		return -1;
	}
	fseek(r->file, 0, SEEK_END);
	if (ftell(r->file) == 0)
		put_first(r, kernel);
	else
		fputc('\n', r->file);	/* the last line may be cut */
	return 0;
}

void findings_add_case(struct findings *r, const struct subject *s)
{
	auto_buf struct buf reached = BUF_INIT;
	struct buf b = BUF_INIT;
	struct json_writer w = { .out = &b };
	size_t i;

	for (i = 0; i < s->n_reached; i++)
		buf_printf(&reached, "%u ", s->reached[i]);
	json_begin(&w, NULL, '{');
	json_put_text(&w, "case", s->name);
	put_key(&w, "key", s->key);
	json_put_u64(&w, "verdict", s->verdict);
	json_put_bool(&w, "usable", s->is_usable);
	json_put_u64(&w, "ms", s->ms);
	json_put_text(&w, "reached", buf_str(&reached));
	put_line(r, &w);
}

void findings_add(struct findings *r, size_t mutant, const struct finding *f)
{
	struct buf b = BUF_INIT;
	struct json_writer w = { .out = &b };

	finding_fini(&r->of[mutant]);
	r->of[mutant] = *f;
	json_begin(&w, NULL, '{');
	json_put_text(&w, "mutant", r->mutants->at[mutant].id);
	json_put_text(&w, "result", finding_words[f->kind]);
	json_put_text(&w, "by", f->by);
	json_put_text(&w, "how", f->how);
	json_put_u64(&w, "tried", f->tried);
	json_put_u64(&w, "reaching", f->reaching);
	json_put_u64(&w, "runs", f->runs);
	json_put_u64(&w, "ms", f->ms);
	put_key(&w, "key", f->key);
	put_line(r, &w);
}

int findings_close(struct findings *r)
{
	bool has_failed = r->file && (ferror(r->file) | fclose(r->file));
	size_t i;

	if (has_failed)
		put_error("the results cannot be written: %s", strerror(errno));
	for (i = 0; r->of && i < r->mutants->n; i++)
		finding_fini(&r->of[i]);
	free(r->of);
	r->of = NULL;
	return has_failed ? -1 : 0;
}
