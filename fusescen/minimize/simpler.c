/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts within a text: a call that need not be started and awaited apart, a result that
 * need not be checked, a flag, a smaller number.  Pure functions. */
#include "config.h"

#include "fusescen/minimize/cuts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/units.h"
#include "fusescen/minimize/calls.h"

static struct ynode *with_text(struct arena *a, const struct ynode *n, char *text)
{
	struct ynode *out = arena_memdup(a, n, sizeof(*n));

	out->text = arena_strdup(a, text);
	out->len = strlen(text);
	out->n_runs = 0;
	return out;
}

/* Every text of the tree. */
static void each_text(struct cuts *c, const struct ynode *n,
		      void (*visit)(struct cuts *c, const struct ynode *n))
{
	if (n->kind == Y_SCALAR)
		visit(c, n);
	for (size_t i = 0; n->kind != Y_SCALAR && i < n->n_items; i++)
		each_text(c, n->items[i], visit);
}

/* ---- calls and results ---------------------------------------------------------------------- */

/* Made at once, where it began or where its result was taken; or not at all. */
static void cut_started(struct cuts *c, const struct ynode *begin, const struct ynode *end)
{
	const struct ynode *started = call_of(begin), *taken = call_of(end);
	auto_free char *whole = xasprintf("%.*s%s", (int)started->len - 4, started->text,
					  taken->text + 3);
	struct cut both = { NULL, 0, NULL, NULL }, first = both, last = both;

	cut_edit(c, &both, begin, NULL);
	cut_edit(c, &both, end, NULL);
	cut_add(c, &both);
	cut_edit(c, &first, started, with_text(c->arena, started, whole));
	cut_edit(c, &first, end, NULL);
	cut_add(c, &first);
	cut_edit(c, &last, begin, NULL);
	cut_edit(c, &last, taken, with_text(c->arena, taken, whole));
	cut_add(c, &last);
}

static void cut_result(struct cuts *c, const struct ynode *call)
{
	struct cut cut = { NULL, 0, NULL, NULL };
	const char *end = strrchr(call->text, ')');
	auto_free char *text = NULL;

	if (!end && call_is_taken(call))
		end = call->text + 2;
	if (!end || strncmp(end + 1, " = ", 3) != 0)
		return;
	text = xstrndup(call->text, (size_t)(end + 1 - call->text));
	cut_edit(c, &cut, call, with_text(c->arena, call, text));
	cut_add(c, &cut);
}

void cut_results(struct cuts *c)
{
	const struct ynode *steps = ynode_get(c->root, "steps");

	for (size_t i = 0; steps && steps->kind == Y_LIST && i < steps->n_items; i++) {
		const struct ynode *call = call_of(steps->items[i]);
		size_t end = call && call_is_started(call) ?
			call_find_taken(steps, i) : steps->n_items;

		if (end < steps->n_items)
			cut_started(c, steps->items[i], steps->items[end]);
		if (call)
			cut_result(c, call);
	}
}

/* ---- flags ---------------------------------------------------------------------------------- */

static size_t word_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

static void cut_flag(struct cuts *c, const struct ynode *n, const char *from, size_t len)
{
	struct cut cut = { NULL, 0, NULL, NULL };
	auto_free char *text = xasprintf("%.*s%s", (int)(from - n->text), n->text,
					 from + len);

	cut_edit(c, &cut, n, with_text(c->arena, n, text));
	cut_add(c, &cut);
}

/* A|B|C without each of them */
static void cut_flags(struct cuts *c, const struct ynode *n)
{
	for (const char *p = n->text; *p;) {
		size_t len = word_length(p);

		if (len && p[len] == '|')
			cut_flag(c, n, p, len + 1);
		else if (len && p > n->text && p[-1] == '|')
			cut_flag(c, n, p - 1, len + 1);
		p += len ? len : 1;
	}
}

/* held: {gate: G} is held: G */
static void cut_gate_mappings(struct cuts *c, const struct ynode *n)
{
	if (n->kind == Y_MAP && n->n_items == 2 && !strcmp(n->items[0]->text, "gate")) {
		struct cut cut = { NULL, 0, NULL, NULL };

		cut_edit(c, &cut, n, n->items[1]);
		cut_add(c, &cut);
	}
	for (size_t i = 0; n->kind != Y_SCALAR && i < n->n_items; i++)
		cut_gate_mappings(c, n->items[i]);
}

void cut_words(struct cuts *c)
{
	/* what a call asks for decides what it should get */
	if (c->is_bold)
		each_text(c, c->root, cut_flags);
	cut_gate_mappings(c, c->root);
}

/* ---- numbers -------------------------------------------------------------------------------- */

/* Simpler ones first. */
static const char *const simple[] = { "0", "1", "2", "16", "4K", "64K" };

static bool is_number(const char *p, size_t n, uint64_t *value)
{
	return isdigit((unsigned char)*p) && !parse_size(p, n, value);
}

static void put_everywhere(struct cuts *c, struct cut *cut, const struct ynode *n)
{
	for (size_t i = 0; n->kind != Y_SCALAR && i < n->n_items; i++)
		put_everywhere(c, cut, n->items[i]);
	if (n->kind == Y_SCALAR && has_word(n->text, cut->from) &&
	    n != ynode_get(c->root, "fusescen")) {
		auto_free char *text = words_replaced(n->text, cut->from, cut->to);

		cut_edit(c, cut, n, with_text(c->arena, n, text));
	}
}

static bool is_known(const struct cuts *c, const char *word)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->at[i].from && !strcmp(c->at[i].from, word))
			return true;
	return false;
}

/* Everywhere at once, so that what it stands for stays what it is. */
static void cut_number(struct cuts *c, const char *p, size_t n)
{
	const char *word = arena_strndup(c->arena, p, n);
	uint64_t value, less;

	if (!is_number(p, n, &value) || is_known(c, word))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(simple); i++) {
		struct cut cut = { .from = word, .to = simple[i] };

		if (parse_size(simple[i], strlen(simple[i]), &less) || less >= value)
			break;
		put_everywhere(c, &cut, c->root);
		cut_add(c, &cut);
	}
}

static void cut_numbers_of(struct cuts *c, const struct ynode *n)
{
	for (const char *p = n->text; *p;) {
		size_t len = word_length(p);

		if (len)
			cut_number(c, p, len);
		p += len ? len : 1;
	}
}

/* In one text alone. */
static void cut_own_numbers(struct cuts *c, const struct ynode *n)
{
	for (const char *p = n->text; *p;) {
		size_t len = word_length(p);
		uint64_t value, less;

		for (size_t i = 0; len && i < ARRAY_SIZE(simple) && is_number(p, len, &value); i++) {
			struct cut cut = { NULL, 0, NULL, NULL };
			auto_free char *text = xasprintf("%.*s%s%s", (int)(p - n->text),
							 n->text, simple[i], p + len);

			if (parse_size(simple[i], strlen(simple[i]), &less) || less >= value)
				break;
			cut_edit(c, &cut, n, with_text(c->arena, n, text));
			cut_add(c, &cut);
		}
		p += len ? len : 1;
	}
}

void cut_numbers(struct cuts *c)
{
	each_text(c, c->root, cut_numbers_of);
	if (c->is_bold)
		each_text(c, c->root, cut_own_numbers);
}
