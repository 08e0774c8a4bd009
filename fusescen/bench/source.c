/* SPDX-License-Identifier: GPL-2.0-or-later */
/* YAML trees and messages about them.  Main thread only. */
#include "config.h"

#include "fusescen/bench/source.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"

#define SOURCE_MAX	(4u << 20)
#define SHOWN_MAX	200	/* bytes of a line that are shown */
#define WORD_MAX	48	/* longer words have no near ones */

/* ---- messages -------------------------------------------------------------- */

static const char *find_line(const struct source *s, size_t line, int *len)
{
	const char *p = s->text, *nl;

	for (; line > 0 && p; line--) {
		nl = strchr(p, '\n');
		p = nl ? nl + 1 : NULL;
	}
	if (!p || !*p)
		return NULL;
	*len = (int)strcspn(p, "\r\n");
	if (*len > SHOWN_MAX)
		*len = SHOWN_MAX;
	return p;
}

/* Marks count lines and columns from 0. */
static void print_place(const struct source *s, yaml_mark_t at)
{
	int len;
	const char *line = find_line(s, at.line, &len);
	size_t i;

	if (!line)
		return;
	fprintf(stderr, "%5zu | %.*s\n      | ", at.line + 1, len, line);
	for (i = 0; i < at.column && i < (size_t)len; i++)
		fputc(line[i] == '\t' ? '\t' : ' ', stderr);
	fputs("^\n", stderr);
}

static void print_head(const struct source *s, yaml_mark_t at)
{
	fprintf(stderr, "%s:%zu:%zu: error: ", s->path, at.line + 1,
		at.column + 1);
}

int source_error(struct source *s, const yaml_node_t *at, const char *fmt, ...)
{
	va_list ap;

	print_head(s, at->start_mark);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	print_place(s, at->start_mark);
	s->errors++;
	return -1;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters differ (Levenshtein, one row). */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], nb = strlen(b), j;

	for (j = 0; j <= nb; j++)
		row[j] = j;
	for (; *a; a++) {
		size_t diagonal = row[0];

		row[0]++;
		for (j = 1; j <= nb; j++) {
			size_t above = row[j];

			diagonal += tolower((unsigned char)*a) !=
				tolower((unsigned char)b[j - 1]);
			row[j] = smaller(smaller(above, row[j - 1]) + 1, diagonal);
			diagonal = above;
		}
	}
	return row[nb];
}

int source_unknown(struct source *s, const yaml_node_t *at, const char *what,
		   const char *const *words)
{
	const char *text = source_text(at), *near = NULL;
	size_t len = text ? strlen(text) : 0, best = len / 3 + 2;

	if (!text)
		return source_error(s, at, "expected %s", what);
	for (; *words && len <= WORD_MAX; words++) {
		size_t d = strlen(*words) > WORD_MAX ? best :
			distance(text, *words);

		if (d < best && d < len) {
			best = d;
			near = *words;
		}
	}
	if (near)
		return source_error(s, at, "unknown %s \"%s\" (did you mean %s?)",
				    what, text, near);
	return source_error(s, at, "unknown %s \"%.80s\"", what, text);
}

/* ---- reading ----------------------------------------------------------------- */

static int read_all(struct source *s, FILE *f)
{
	s->text = xmalloc(SOURCE_MAX + 1);
	s->len = fread(s->text, 1, SOURCE_MAX + 1, f);
	if (ferror(f)) {
		put_error("%s: %s", s->path, strerror(errno));
		return -1;
	}
	if (s->len > SOURCE_MAX || memchr(s->text, '\0', s->len)) {
		put_error("%s: not a text, or too long a one", s->path);
		return -1;
	}
	s->text[s->len] = '\0';
	s->text = xrealloc(s->text, s->len + 1);
	return 0;
}

static int parse(struct source *s)
{
	yaml_parser_t p;
	int ok;

	if (!yaml_parser_initialize(&p))
		die_bug("out of memory (YAML)");
	yaml_parser_set_input_string(&p, (const unsigned char *)s->text, s->len);
	ok = yaml_parser_load(&p, &s->doc);
	if (!ok) {
		print_head(s, p.problem_mark);
		fprintf(stderr, "%s\n", p.problem ? p.problem : "not YAML");
		print_place(s, p.problem_mark);
		memset(&s->doc, 0, sizeof(s->doc));
		s->errors++;
	}
	yaml_parser_delete(&p);
	return ok ? 0 : -1;
}

int source_open(struct source *s, const char *path)
{
	FILE *f = fopen(path, "re");
	int err;

	memset(s, 0, sizeof(*s));
	s->path = path;
	if (!f) {
		put_error("%s: %s", path, strerror(errno));
		return -1;
	}
	err = read_all(s, f);
	fclose(f);
	return err ? err : parse(s);
}

int source_open_text(struct source *s, const char *path, const char *text)
{
	*s = (struct source){
		.path = path, .text = xstrdup(text), .len = strlen(text),
	};
	return parse(s);
}

void source_close(struct source *s)
{
	yaml_document_delete(&s->doc);
	free(s->text);
	s->text = NULL;
}

/* ---- looking ------------------------------------------------------------------- */

yaml_node_t *source_root(struct source *s)
{
	return yaml_document_get_root_node(&s->doc);
}

const char *source_text(const yaml_node_t *n)
{
	return n && n->type == YAML_SCALAR_NODE ?
		(const char *)n->data.scalar.value : NULL;
}

yaml_node_t *source_item(struct source *s, const yaml_node_t *list, size_t i)
{
	size_t n;

	if (!list || list->type != YAML_SEQUENCE_NODE)
		return NULL;
	n = (size_t)(list->data.sequence.items.top -
		     list->data.sequence.items.start);
	return i < n ? yaml_document_get_node(&s->doc,
		list->data.sequence.items.start[i]) : NULL;
}

int source_entry(struct source *s, const yaml_node_t *map, size_t i,
		 yaml_node_t **key, yaml_node_t **value)
{
	yaml_node_pair_t *pair;

	if (!map || map->type != YAML_MAPPING_NODE)
		return 0;
	pair = map->data.mapping.pairs.start + i;
	if (pair >= map->data.mapping.pairs.top)
		return 0;
	*key = yaml_document_get_node(&s->doc, pair->key);
	*value = yaml_document_get_node(&s->doc, pair->value);
	return 1;
}

yaml_node_t *source_get(struct source *s, const yaml_node_t *map,
			const char *key)
{
	yaml_node_t *k, *v;
	size_t i;

	for (i = 0; source_entry(s, map, i, &k, &v); i++)
		if (source_text(k) && strcmp(source_text(k), key) == 0)
			return v;
	return NULL;
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

int source_check_keys(struct source *s, const yaml_node_t *map, const char *what,
		      const char *const *words)
{
	yaml_node_t *key, *value;
	size_t i;
	int bad = 0;

	for (i = 0; source_entry(s, map, i, &key, &value); i++) {
		const char *text = source_text(key);

		if (!text || (words && !is_one_of(text, words)))
			bad = words ? source_unknown(s, key, what, words) :
				source_error(s, key, "expected %s", what);
		else if (source_get(s, map, text) != value)
			bad = source_error(s, key, "\"%s\" is there twice", text);
	}
	return bad;
}

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* libyaml counts columns in characters. */
static const char *find_mark(const struct source *s, yaml_mark_t m)
{
	const char *p = s->text, *nl;
	size_t i;

	for (i = 0; i < m.line && (nl = strchr(p, '\n')); i++)
		p = nl + 1;
	for (i = 0; i < m.column && *p; i++)
		do
			p++;
		while (is_tail(*p));
	return p;
}

/* Blanks that end where the text from..to ends. */
static char *blank(char *out, const char *from, const char *to)
{
	for (; from < to; from++)
		if (!is_tail(*from))
			*out++ = *from == '\n' ? '\n' : ' ';
	return out;
}

/* Without its anchor: that is for aliases elsewhere in the file. */
char *source_cut(const struct source *s, const yaml_node_t *n)
{
	const char *from = find_mark(s, n->start_mark);
	const char *to = find_mark(s, n->end_mark);
	char *cut = xmalloc(s->len + 2), *out;

	out = blank(cut, s->text, from);
	if (*from == '&') {
		const char *anchor = from;

		from += strcspn(from, " \t\r\n");
		out = blank(out, anchor, from);
	}
	memcpy(out, from, (size_t)(to - from));
	strcpy(out + (to - from), "\n");
	return cut;
}
