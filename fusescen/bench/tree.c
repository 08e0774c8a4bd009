/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Main thread only. */
#include "config.h"

#include "fusescen/bench/tree.h"

#include <stdbool.h>
#include <string.h>

#include "fusescen/util/errors.h"
#include "load/yaml/source.h"
#include "load/yaml/ytree.h"

/* ---- a file ------------------------------------------------------------------ */

static void init(struct tree *t, const char *path)
{
	*t = (struct tree){ .dg = diags_new(path, NULL, 0), .arena = arena_new() };
}

static int parse(struct tree *t)
{
	diags_set_text(t->dg, t->text, t->len);
	t->root = ytree_parse_aliases(t->arena, t->dg, t->text, t->len);
	if (t->root && t->root->kind != Y_MAP)
		return tree_expected(t, t->root, "a mapping");
	return t->root && !diags_count(t->dg) ? 0 : -1;
}

int tree_open(struct tree *t, const char *path)
{
	init(t, path);
	return source_read(t->dg, path, &t->text, &t->len) ? -1 : parse(t);
}

int tree_open_text(struct tree *t, const char *path, const char *text)
{
	init(t, path);
	t->text = xstrdup(text);
	t->len = strlen(text);
	return parse(t);
}

void tree_print(const struct tree *t)
{
	auto_buf struct buf b = BUF_INIT;

	diags_print(t->dg, &b);
	if (b.len)
		put_error_text(buf_str(&b));
}

void tree_close(struct tree *t)
{
	diags_free(t->dg);
	arena_free(t->arena);
	free(t->text);
}

/* ---- nodes ------------------------------------------------------------------- */

const char *tree_text(const struct ynode *n)
{
	return n && n->kind == Y_SCALAR ? n->text : NULL;
}

size_t tree_entries(const struct ynode *n)
{
	return n->kind == Y_MAP ? n->n_items / 2 : 0;
}

size_t tree_items(const struct ynode *n)
{
	return n->kind == Y_LIST ? n->n_items : 0;
}

int tree_expected(struct tree *t, const struct ynode *n, const char *what)
{
	if (n->kind == Y_SCALAR && n->len)
		return diag(t->dg, n->loc, "expected %s, got \"%.80s\"", what,
			    n->text);
	return diag(t->dg, n->loc, "expected %s, got %s", what, ynode_describe(n));
}

int tree_unknown(struct tree *t, const struct ynode *n, const char *what,
		 const char *const *words)
{
	if (n->kind != Y_SCALAR)
		return tree_expected(t, n, what);
	return diag_unknown(t->dg, n->loc, what, n->text, n->len,
			    words_array(words));
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

int tree_check_keys(struct tree *t, const struct ynode *map, const char *what,
		    const char *const *words)
{
	int bad = 0;

	for (size_t i = 0; i < tree_entries(map); i++)
		if (!is_one_of(map->items[2 * i]->text, words))
			bad = tree_unknown(t, map->items[2 * i], what, words);
	return bad;
}

/* ---- a part of it ------------------------------------------------------------ */

static void make_blank(char *from, char *to)
{
	for (; from < to; from++)
		if (*from != '\n')
			*from = ' ';
}

/* The anchor goes too, because it is for aliases elsewhere in the file. */
char *tree_cut(const struct tree *t, const struct ynode *n)
{
	char *cut = xstrndup(t->text, t->len), *from = cut + n->from;

	if (*from == '&')
		from += strcspn(from, " \t\n");
	make_blank(cut, from);
	make_blank(cut + n->to, cut + t->len);
	return cut;
}
