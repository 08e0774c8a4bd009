/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A section begins with a key at the left edge, and lasts until the next one.  The text
 * was loaded before, so that it is known to be good.
 */
#include "config.h"

#include "run/explore/story_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "load/yaml/ytree.h"

/* These are made anew, or are about other orders. */
static const char *const left_out[] = {
	"rules", "steps", "expect", "fails", "cases", NULL
};

struct story {
	const char *text;
	struct arena *arena;
	const struct ynode *row;	/* variables; NULL: none */
};

static const struct ynode *find_row(const struct ynode *root, const char *name)
{
	const struct ynode *cases = root ? ynode_get(root, "cases") : NULL;

	for (size_t i = 0; cases && i < cases->n_items; i++) {
		const struct ynode *n = ynode_get(cases->items[i], "case");

		if (n && !strcmp(n->text, name))
			return cases->items[i];
	}
	return NULL;
}

static void story_open(struct story *s, const char *text, const char *case_name)
{
	struct diags *dg = diags_new("", NULL, 0);

	s->text = text;
	s->arena = arena_new();
	s->row = case_name ?
		find_row(ytree_parse(s->arena, dg, text, strlen(text)), case_name) : NULL;
	diags_free(dg);
}

/* ---- variables --------------------------------------------------------------------- */

static void put_node(struct buf *b, const struct ynode *n, bool inside)
{
	size_t i;

	switch (n->kind) {
	case Y_SCALAR:
		if (!inside || n->plain)
			buf_puts(b, n->text);
		else
			buf_printf(b, "'%s'", n->text);
		return;
	case Y_LIST:
		/* as an item of a list it stands for its own items */
		buf_puts(b, inside ? "[" : "");
		for (i = 0; i < n->n_items; i++) {
			buf_puts(b, i ? ", " : "");
			put_node(b, n->items[i], true);
		}
		buf_puts(b, inside ? "]" : "");
		return;
	case Y_MAP:
		buf_addc(b, '{');
		for (i = 0; i + 1 < n->n_items; i += 2) {
			buf_printf(b, "%s%s: ", i ? ", " : "", n->items[i]->text);
			put_node(b, n->items[i + 1], true);
		}
		buf_addc(b, '}');
		return;
	}
}

/* "${name}" at p: put its value, and return what follows; NULL: it is none. */
static const char *put_variable(const struct story *s, struct buf *b, const char *p)
{
	const char *end = p[0] == '$' && p[1] == '{' ? strchr(p, '}') : NULL;
	auto_free char *name = end ? xstrndup(p + 2, (size_t)(end - p - 2)) : NULL;
	const struct ynode *value = name && s->row ? ynode_get(s->row, name) : NULL;

	if (!value)
		return NULL;
	put_node(b, value, false);
	return end + 1;
}

static void put_text(const struct story *s, struct buf *b, const char *p,
		     const char *end)
{
	while (p < end) {
		const char *next = put_variable(s, b, p);

		if (!next)
			buf_addc(b, *p);
		p = next ? next : p + 1;
	}
}

/* ---- sections ------------------------------------------------------------------------ */

static const char *line_after(const char *p)
{
	const char *end = strchr(p, '\n');

	return end ? end + 1 : p + strlen(p);
}

static bool begins_section(const char *p)
{
	return isalpha((unsigned char)*p);
}

static bool is_left_out(const char *p)
{
	for (size_t i = 0; left_out[i]; i++) {
		size_t n = strlen(left_out[i]);

		if (!strncmp(p, left_out[i], n) && p[n] == ':')
			return true;
	}
	return false;
}

static const char *section_end(const char *p)
{
	do
		p = line_after(p);
	while (*p && !begins_section(p));
	return p;
}

static void put_sections(const struct story *s, struct buf *b, bool end)
{
	const char *p = s->text;

	while (*p && !begins_section(p))
		p = line_after(p);
	for (; *p; p = section_end(p)) {
		if (end ? !strncmp(p, "expect:", 7) : !is_left_out(p))
			put_text(s, b, p, section_end(p));
		if (b->len && b->data[b->len - 1] != '\n')
			buf_addc(b, '\n');
	}
}

void story_put_begin(struct buf *b, const char *text, const char *case_name)
{
	struct story s;

	story_open(&s, text, case_name);
	put_sections(&s, b, false);
	arena_free(s.arena);
}

void story_put_end(struct buf *b, const char *text, const char *case_name)
{
	struct story s;

	story_open(&s, text, case_name);
	put_sections(&s, b, true);
	arena_free(s.arena);
}
