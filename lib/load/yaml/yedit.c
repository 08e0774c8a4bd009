/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies of the way from the root to what changes.  Pure functions. */
#include "config.h"

#include "load/yaml/yedit.h"

#include <string.h>

#include "base/buf.h"

static struct ynode *copy_empty(struct arena *a, const struct ynode *n)
{
	struct ynode *out = arena_memdup(a, n, sizeof(*n));

	out->items = NULL;
	out->n_items = 0;
	return out;
}

struct ynode *ynode_plain(struct arena *a, const char *text)
{
	struct ynode *n = ARENA_NEW(a, struct ynode);

	n->kind = Y_SCALAR;
	n->text = text;
	n->len = strlen(text);
	n->plain = true;
	return n;
}

/* ---- edits ---------------------------------------------------------------------------- */

static const struct yedit *edit_of(const struct ynode *n, const struct yedit *edits,
				   size_t n_edits)
{
	for (size_t i = 0; i < n_edits; i++)
		if (edits[i].node == n)
			return &edits[i];
	return NULL;
}

/* NULL: it is taken out. */
static struct ynode *edited(struct arena *a, struct ynode *n, const struct yedit *edits,
			    size_t n_edits)
{
	const struct yedit *e = edit_of(n, edits, n_edits);
	size_t step = n->kind == Y_MAP ? 2 : 1, i;
	bool changed = false;
	struct ynode *out;

	if (e)
		return (struct ynode *)e->by;
	if (n->kind == Y_SCALAR)
		return n;
	out = copy_empty(a, n);
	for (i = 0; i + step <= n->n_items; i += step) {
		struct ynode *old = n->items[i + step - 1];
		struct ynode *value = edited(a, old, edits, n_edits);
		struct ynode *key = step == 2 && value ?
			edited(a, n->items[i], edits, n_edits) : NULL;

		changed |= value != old || (step == 2 && key != n->items[i]);
		if (!value || (step == 2 && !key))
			continue;
		if (step == 2)
			ARENA_PUSH(a, out->items, out->n_items, key);
		ARENA_PUSH(a, out->items, out->n_items, value);
	}
	return changed ? out : n;
}

const struct ynode *ynode_edited(struct arena *a, const struct ynode *n,
				 const struct yedit *edits, size_t n_edits)
{
	return edited(a, (struct ynode *)n, edits, n_edits);
}

const struct ynode *ynode_without(struct arena *a, const struct ynode *map,
				  const char *key)
{
	const struct yedit edit = { ynode_get(map, key), NULL };

	return edit.node ? ynode_edited(a, map, &edit, 1) : map;
}

/* ---- cases ---------------------------------------------------------------------------- */

const struct ynode *ynode_case(const struct ynode *root, const char *name)
{
	const struct ynode *cases = ynode_get(root, "cases");

	for (size_t i = 0; cases && cases->kind == Y_LIST && i < cases->n_items; i++) {
		const struct ynode *n = ynode_get(cases->items[i], "case");

		if (n && n->kind == Y_SCALAR && !strcmp(n->text, name))
			return cases->items[i];
	}
	return NULL;
}

/* "${name}" at p: its value, and what follows; NULL: it is none. */
static const struct ynode *variable_at(const struct ynode *row, const char *p,
				       const char **after)
{
	const char *end = p[0] == '$' && p[1] == '{' ? strchr(p, '}') : NULL;
	auto_free char *name = end ? xstrndup(p + 2, (size_t)(end - p - 2)) : NULL;

	*after = end ? end + 1 : p;
	return name ? ynode_get(row, name) : NULL;
}

static struct ynode *fill_text(struct arena *a, struct ynode *n, const struct ynode *row)
{
	auto_buf struct buf b = BUF_INIT;
	const char *p = n->text, *after;
	struct ynode *out;
	bool changed = false;

	while (*p) {
		const struct ynode *value = variable_at(row, p, &after);

		if (value && value->kind == Y_SCALAR) {
			buf_add(&b, value->text, value->len);
			changed = true;
			p = after;
		} else {
			buf_addc(&b, *p++);
		}
	}
	if (!changed)
		return n;
	out = arena_memdup(a, n, sizeof(*n));
	out->text = arena_strndup(a, buf_str(&b), b.len);
	out->len = b.len;
	out->n_runs = 0;
	/* quotes were there for the braces */
	out->plain = out->len > 0;
	return out;
}

/* The value that it stands for as a whole; NULL: it does not. */
static const struct ynode *meant(const struct ynode *n, const struct ynode *row)
{
	const struct ynode *value;
	const char *after;

	if (n->kind != Y_SCALAR)
		return NULL;
	value = variable_at(row, n->text, &after);
	return value && !*after ? value : NULL;
}

static struct ynode *filled(struct arena *a, struct ynode *n, const struct ynode *row)
{
	const struct ynode *value = meant(n, row);
	struct ynode *out;

	if (value)
		return (struct ynode *)value;
	if (n->kind == Y_SCALAR)
		return fill_text(a, n, row);
	out = copy_empty(a, n);
	for (size_t i = 0; i < n->n_items; i++) {
		value = n->kind == Y_LIST ? meant(n->items[i], row) : NULL;
		if (value && value->kind == Y_LIST) {
			for (size_t j = 0; j < value->n_items; j++)
				ARENA_PUSH(a, out->items, out->n_items, value->items[j]);
			continue;
		}
		ARENA_PUSH(a, out->items, out->n_items, filled(a, n->items[i], row));
	}
	return out;
}

const struct ynode *ynode_filled(struct arena *a, const struct ynode *n,
				 const struct ynode *row)
{
	return filled(a, (struct ynode *)n, row);
}
