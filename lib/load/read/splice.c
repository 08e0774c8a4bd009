/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mappings and lists of a case, where its scenario names them.  One thread at a time. */
#include "config.h"

#include "load/read/splice.h"

#include <string.h>

const struct ynode *case_variable(const struct ynode *row, const char *name, size_t len)
{
	size_t i;

	for (i = 0; row && i + 1 < row->n_items; i += 2)
		if (row->items[i]->len == len &&
		    !memcmp(row->items[i]->text, name, len))
			return row->items[i + 1];
	return NULL;
}

const struct ynode *case_meant(const struct ynode *row, const struct ynode *scalar)
{
	const char *s = scalar->text;
	size_t len = scalar->len;

	if (scalar->kind != Y_SCALAR || len < 4 || memcmp(s, "${", 2) ||
	    memchr(s, '}', len) != s + len - 1)
		return NULL;
	return case_variable(row, s + 2, len - 3);
}

/* What a scalar stands for: a mapping or a list, or NULL. */
static const struct ynode *meant(const struct loader *ld, const struct ynode *n)
{
	const struct ynode *value = case_meant(ld->vars, n);

	return value && value->kind != Y_SCALAR ? value : NULL;
}

struct filled {
	struct ynode **items;
	size_t n;
	bool changed;
};

/* Rows of a case have no variables in them. */
static void fill_in(struct loader *ld, struct ynode *item, bool in_list,
		    struct filled *out)
{
	const struct ynode *value = meant(ld, item);
	struct ynode *same = (struct ynode *)splice_case(ld, item);
	size_t i;

	out->changed |= value || same != item;
	if (value && in_list && value->kind == Y_LIST) {
		for (i = 0; i < value->n_items; i++)
			ARENA_PUSH(ld->arena, out->items, out->n, value->items[i]);
		return;
	}
	ARENA_PUSH(ld->arena, out->items, out->n, same);
}

const struct ynode *splice_case(struct loader *ld, const struct ynode *n)
{
	const struct ynode *value = meant(ld, n);
	struct filled filled = { NULL, 0, false };
	struct ynode *copy;
	size_t i;

	if (value || n->kind == Y_SCALAR)
		return value ? value : n;
	for (i = 0; i < n->n_items; i++)
		fill_in(ld, n->items[i], n->kind == Y_LIST, &filled);
	if (!filled.changed)
		return n;
	copy = ARENA_NEW(ld->arena, struct ynode);
	*copy = *n;
	copy->items = filled.items;
	copy->n_items = filled.n;
	return copy;
}
