/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts that take something out, the largest first.  Pure functions. */
#include "config.h"

#include "fusescen/minimize/cuts.h"

#include <string.h>

#include "base/buf.h"
#include "load/yaml/ywrite.h"

#define DESCRIBED_MAX	70	/* bytes of what is left out */
#define PAIRS_MAX	40	/* items, of which each pair is tried */

void cut_edit(struct cuts *c, struct cut *cut, const struct ynode *n,
	      const struct ynode *by)
{
	const struct yedit edit = { n, by };

	ARENA_PUSH(c->arena, cut->edits, cut->n, edit);
}

/* A word may be replaced everywhere, also in what has to stay. */
static bool is_allowed(const struct cuts *c, const struct cut *cut)
{
	for (size_t i = 0; i < cut->n; i++) {
		const struct ynode *n = cut->edits[i].node;

		if (pins_hold(c->pins, n) && !(cut->from && cut->edits[i].by))
			return false;
		if (!cut->from && pins_cover(c->pins, n))
			return false;
	}
	return cut->n > 0;
}

void cut_add(struct cuts *c, const struct cut *cut)
{
	if (is_allowed(c, cut))
		ARENA_PUSH(c->arena, c->at, c->n, *cut);
}

char *cut_describe(const struct cut *cut)
{
	auto_buf struct buf was = BUF_INIT, is = BUF_INIT;

	if (cut->from)
		return xasprintf("%s in place of %s", cut->to, cut->from);
	ynode_write_flow(&was, cut->edits[0].node);
	if (was.len > DESCRIBED_MAX) {
		was.len = DESCRIBED_MAX;
		buf_puts(&was, "...");
	}
	if (cut->n > 1)
		return xasprintf("without %s and %zu more", buf_str(&was), cut->n - 1);
	if (!cut->edits[0].by)
		return xasprintf("without %s", buf_str(&was));
	ynode_write_flow(&is, cut->edits[0].by);
	return xasprintf("%s in place of %s", buf_str(&is), buf_str(&was));
}

/* ---- names -------------------------------------------------------------------------------- */

/* Items of the sections that are lists, and files, mounts and states. */
static bool is_mapping_of_names(const char *key)
{
	return !strcmp(key, "files") || !strcmp(key, "mounts") ||
		!strcmp(key, "devices") || !strcmp(key, "states");
}

static bool mentions(const struct ynode *n, const char *name)
{
	if (n->kind == Y_SCALAR)
		return has_word(n->text, name);
	for (size_t i = 0; i < n->n_items; i++)
		if (mentions(n->items[i], name))
			return true;
	return false;
}

static void put_mentions(struct cuts *c, struct cut *cut, const struct ynode *n,
			 const char *name, const char *also)
{
	for (size_t i = 0; n->kind == Y_MAP && i + 1 < n->n_items; i += 2) {
		const struct ynode *value = n->items[i + 1];

		if (is_mapping_of_names(n->items[i]->text) && value->kind == Y_MAP) {
			for (size_t k = 0; k + 1 < value->n_items; k += 2)
				if (has_word(value->items[k]->text, name))
					cut_edit(c, cut, value->items[k + 1], NULL);
			put_mentions(c, cut, value, name, also);
		} else if (value->kind == Y_LIST) {
			for (size_t k = 0; k < value->n_items; k++)
				if (mentions(value->items[k], name) &&
				    (!also || mentions(value->items[k], also)))
					cut_edit(c, cut, value->items[k], NULL);
		} else {
			put_mentions(c, cut, value, name, also);
		}
	}
}

static void cut_name(struct cuts *c, const char *name, const char *also)
{
	struct cut cut = { NULL, 0, NULL, NULL };

	put_mentions(c, &cut, c->root, name, also);
	cut_add(c, &cut);
}

/* A list of names, some of which are keys of what they are like. */
static void cut_listed_names(struct cuts *c, const struct ynode *list)
{
	for (size_t i = 0; list && list->kind == Y_LIST && i < list->n_items; i++) {
		const struct ynode *n = list->items[i];

		if (n->kind == Y_MAP && n->n_items)
			n = n->items[0];
		if (n->kind == Y_SCALAR)
			cut_name(c, n->text, NULL);
	}
}

static void cut_keys(struct cuts *c, const struct ynode *map)
{
	for (size_t i = 0; map && map->kind == Y_MAP && i + 1 < map->n_items; i += 2)
		cut_name(c, map->items[i]->text, NULL);
}

static void cut_files(struct cuts *c, const struct ynode *mounts)
{
	for (size_t i = 0; mounts && mounts->kind == Y_MAP && i + 1 < mounts->n_items; i += 2)
		cut_keys(c, ynode_get(mounts->items[i + 1], "files"));
}

static void cut_gates(struct cuts *c, const struct ynode *rules)
{
	for (size_t i = 0; rules && rules->kind == Y_LIST && i < rules->n_items; i++) {
		const struct ynode *hold = ynode_get(rules->items[i], "hold");

		if (hold && hold->kind == Y_MAP)
			hold = ynode_get(hold, "gate");
		if (hold && hold->kind == Y_SCALAR)
			cut_name(c, hold->text, NULL);
	}
}

/* "app: fd = open(...)", and what app does with fd. */
static void cut_variables(struct cuts *c, const struct ynode *steps)
{
	for (size_t i = 0; steps && steps->kind == Y_LIST && i < steps->n_items; i++) {
		const struct ynode *item = steps->items[i], *call;
		size_t n;

		if (item->kind != Y_MAP || item->n_items != 2)
			continue;
		call = item->items[1];
		n = call->kind == Y_SCALAR ? strcspn(call->text, " (.") : 0;
		if (n && !strncmp(call->text + n, " = ", 3))
			cut_name(c, arena_strndup(c->arena, call->text, n),
				 item->items[0]->text);
	}
}

static void cut_names(struct cuts *c)
{
	const struct ynode *mounts = ynode_get(c->root, "mounts");

	cut_listed_names(c, ynode_get(c->root, "actors"));
	cut_keys(c, mounts);
	cut_keys(c, ynode_get(c->root, "states"));
	cut_gates(c, ynode_get(c->root, "rules"));
	cut_files(c, mounts);
	cut_variables(c, ynode_get(c->root, "steps"));
}

/* ---- parts of lists and mappings ---------------------------------------------------------- */

static void cut_chunks(struct cuts *c, const struct ynode *n)
{
	size_t step = n->kind == Y_MAP ? 2 : 1, count = n->n_items / step;

	for (size_t size = count > 1 ? (count + 1) / 2 : count; size;
	     size = size > 1 ? (size + 1) / 2 : 0) {
		for (size_t from = 0; from < count; from += size) {
			struct cut cut = { NULL, 0, NULL, NULL };

			for (size_t i = from; i < from + size && i < count; i++)
				if (!pins_hold(c->pins, n->items[i * step + step - 1]))
					cut_edit(c, &cut, n->items[i * step + step - 1], NULL);
			cut_add(c, &cut);
		}
	}
}

/* From the outside to the inside. */
static void cut_level(struct cuts *c, const struct ynode *n, unsigned level, bool *deeper)
{
	if (n->kind == Y_SCALAR)
		return;
	if (!level) {
		*deeper = true;
		cut_chunks(c, n);
	}
	for (size_t i = 0; level && i < n->n_items; i++)
		cut_level(c, n->items[i], level - 1, deeper);
}

static void cut_parts(struct cuts *c)
{
	bool deeper = true;

	for (unsigned level = 0; deeper; level++) {
		deeper = false;
		cut_level(c, c->root, level, &deeper);
	}
}

/* ---- two at a time ------------------------------------------------------------------------- */

static void cut_pairs(struct cuts *c)
{
	static const char *const sections[] = { "rules", "steps", "expect" };
	const struct ynode *items[PAIRS_MAX];
	size_t n = 0, i, k;

	for (i = 0; i < ARRAY_SIZE(sections); i++) {
		const struct ynode *list = ynode_get(c->root, sections[i]);

		for (k = 0; list && list->kind == Y_LIST && k < list->n_items; k++) {
			if (n == PAIRS_MAX)
				return;
			items[n++] = list->items[k];
		}
	}
	for (i = 0; i < n; i++)
		for (k = i + 1; k < n; k++) {
			struct cut cut = { NULL, 0, NULL, NULL };

			cut_edit(c, &cut, items[i], NULL);
			cut_edit(c, &cut, items[k], NULL);
			cut_add(c, &cut);
		}
}

/* ---- the table ------------------------------------------------------------------------------ */

const struct cut_kind cut_kinds[] = {
	{ "names", cut_names },
	{ "parts", cut_parts },
	{ "results", cut_results },
	{ "words", cut_words },
	{ "numbers", cut_numbers },
	{ "pairs", cut_pairs },
};
const size_t n_cut_kinds = ARRAY_SIZE(cut_kinds);
