/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions about one node.  Pure functions. */
#include "config.h"

#include "load/yaml/ynode.h"

#include <string.h>

const struct ynode *ynode_get(const struct ynode *map, const char *key)
{
	size_t i;

	if (!map || map->kind != Y_MAP)
		return NULL;
	for (i = 0; i + 1 < map->n_items; i += 2)
		if (!strcmp(map->items[i]->text, key))
			return map->items[i + 1];
	return NULL;
}

/* The columns of one byte of text: [*from, *to). */
static void byte_columns(const struct ynode *n, size_t at, uint32_t *from,
			 uint32_t *to)
{
	size_t lo = 0, hi = n->n_runs;
	const struct yrun *run;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (n->runs[mid].at <= at)
			lo = mid;
		else
			hi = mid;
	}
	run = &n->runs[lo];
	*from = run->col + (run->width ? 0 : (uint32_t)at - run->at);
	*to = *from + (run->width ? run->width : 1);
}

/* Of a node with runs. */
static struct loc runs_loc(const struct ynode *n, size_t at, size_t len)
{
	struct loc loc = n->loc;
	uint32_t unused, end;

	if (at >= n->len) {
		/* just behind the text: where the quote is, if there is one */
		byte_columns(n, n->len ? n->len - 1 : 0, &unused, &loc.col);
		loc.len = 0;
		return loc;
	}
	byte_columns(n, at, &loc.col, &end);
	if (len) {
		if (at + len > n->len)
			len = n->len - at;
		byte_columns(n, at + len - 1, &unused, &end);
	}
	loc.len = end - loc.col;
	return loc;
}

struct loc ynode_loc(const struct ynode *n, size_t at, size_t len)
{
	return n->n_runs && n->len ? runs_loc(n, at, len) : n->loc;
}

const char *ynode_describe(const struct ynode *n)
{
	switch (n->kind) {
	case Y_SCALAR:
		return n->len || !n->plain ? "text" : "nothing";
	case Y_LIST:
		return "a list";
	case Y_MAP:
		return "a mapping";
	}
	return "";
}
