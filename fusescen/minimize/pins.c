/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items of lists are what stays or goes: a step, a check, a rule.  Pure functions. */
#include "config.h"

#include "fusescen/minimize/pins.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "load/yaml/ywrite.h"

struct finder {
	struct arena *arena;
	struct pins pins;
	const struct failure *failure;
	const char **leave;
	const char *expected;		/* the part of it that is a result */
};

static void pin(struct finder *f, const struct ynode *n)
{
	ARENA_PUSH(f->arena, f->pins.at, f->pins.n, n);
}

static bool contains(const struct ynode *outer, const struct ynode *n)
{
	if (outer == n)
		return true;
	for (size_t i = 0; outer->kind != Y_SCALAR && i < outer->n_items; i++)
		if (contains(outer->items[i], n))
			return true;
	return false;
}

bool pins_hold(const struct pins *p, const struct ynode *n)
{
	for (size_t i = 0; i < p->n; i++)
		if (contains(n, p->at[i]))
			return true;
	return false;
}

bool pins_cover(const struct pins *p, const struct ynode *n)
{
	for (size_t i = 0; i < p->n; i++)
		if (contains(p->at[i], n))
			return true;
	return false;
}

/* ---- the step or check that fails ------------------------------------------------------ */

static bool is_at(const struct ynode *n, const struct failure *f)
{
	return n->loc.line == f->line && n->loc.col <= f->col &&
		f->col < n->loc.col + (n->loc.len ? n->loc.len : 1);
}

/* The innermost item of a list with the place in it. */
static const struct ynode *find_failing(const struct ynode *n, const struct ynode *item,
					const struct failure *f)
{
	const struct ynode *found;

	for (size_t i = 0; n->kind != Y_SCALAR && i < n->n_items; i++) {
		found = find_failing(n->items[i],
				     n->kind == Y_LIST ? n->items[i] : item, f);
		if (found)
			return found;
	}
	return item && is_at(n, f) ? item : NULL;
}

/* ---- where its expectation comes from ---------------------------------------------------- */

static bool is_errno(const char *word, size_t n)
{
	if (n < 3 || word[0] != 'E')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isupper((unsigned char)word[i]) && !isdigit((unsigned char)word[i]))
			return false;
	return true;
}

/* 0 and 1 are everywhere. */
static bool is_telling_number(const char *word, size_t n)
{
	return isdigit((unsigned char)word[0]) && !(n == 1 && word[0] < '2');
}

/* Does the expectation have this text as a word, and one that says something? */
static bool is_expected(const struct finder *f, const struct ynode *n, bool with_numbers)
{
	return has_word(f->expected, n->text) &&
		(is_errno(n->text, n->len) ||
		 (with_numbers && is_telling_number(n->text, n->len)));
}

/* Replies, and what the server does by itself. */
static const char *const answers[] = { "reply", "answer", "server", "notify", NULL };

static bool is_answer(const char *key)
{
	for (size_t i = 0; answers[i]; i++)
		if (!strcmp(answers[i], key))
			return true;
	return false;
}

static bool gives_expected(const struct finder *f, const struct ynode *n, bool in_answer)
{
	bool found = n->kind == Y_SCALAR && is_expected(f, n, in_answer);

	for (size_t i = 0; !found && n->kind == Y_LIST && i < n->n_items; i++)
		found = gives_expected(f, n->items[i], in_answer);
	for (size_t i = 0; !found && n->kind == Y_MAP && i + 1 < n->n_items; i += 2)
		found = gives_expected(f, n->items[i + 1],
				       in_answer || is_answer(n->items[i]->text));
	return found;
}

static void pin_sources(struct finder *f, const struct ynode *root, const char *section)
{
	const struct ynode *list = ynode_get(root, section);

	for (size_t i = 0; list && list->kind == Y_LIST && i < list->n_items; i++)
		if (gives_expected(f, list->items[i], false))
			pin(f, list->items[i]);
}

/* ---- what the user wants ------------------------------------------------------------------ */

static bool is_to_be_left(const struct finder *f, const struct ynode *n)
{
	auto_buf struct buf text = BUF_INIT;

	ynode_write_flow(&text, n);
	for (size_t i = 0; f->leave && f->leave[i]; i++)
		if (strstr(buf_str(&text), f->leave[i]))
			return true;
	return false;
}

/* The innermost items that have such a text. */
static bool pin_left(struct finder *f, const struct ynode *n)
{
	bool found = false;

	for (size_t i = 0; n->kind != Y_SCALAR && i < n->n_items; i++) {
		const struct ynode *item = n->items[i];
		bool inside = is_to_be_left(f, item) && pin_left(f, item);

		if (n->kind == Y_LIST && !inside && is_to_be_left(f, item)) {
			pin(f, item);
			inside = true;
		}
		found |= inside;
	}
	return found;
}

/* What is no item of a list: a key of a mapping with its value. */
static void pin_sections(struct finder *f, const struct ynode *root)
{
	for (size_t i = 0; i + 1 < root->n_items; i += 2)
		if (is_to_be_left(f, root->items[i + 1]) && !pin_left(f, root->items[i + 1]))
			pin(f, root->items[i + 1]);
}

/* What the server tells the kernel about itself and its files. */
static const char *const told[] = {
	"init", "options", "timeouts", "open", "backing", "entry_timeout", "attr_timeout",
	"reply", "answer", "max_read", "unprivileged", "fuseblk", NULL
};

static void pin_told(struct finder *f, const struct ynode *n)
{
	for (size_t i = 0; n->kind == Y_MAP && i + 1 < n->n_items; i += 2)
		for (size_t k = 0; told[k]; k++)
			if (!strcmp(told[k], n->items[i]->text))
				pin(f, n->items[i + 1]);
	for (size_t i = 0; n->kind != Y_SCALAR && i < n->n_items; i++)
		pin_told(f, n->items[i]);
}

struct pins pins_find(struct arena *a, const struct ynode *root,
		      const struct failure *failure, const char **leave, bool is_bold)
{
	struct finder f = { .arena = a, .failure = failure, .leave = leave };
	const struct ynode *failing = failure && failure->line ?
		find_failing(root, NULL, failure) : NULL;
	const char *p;

	if (ynode_get(root, "fusescen"))
		pin(&f, ynode_get(root, "fusescen"));
	if (failing)
		pin(&f, failing);
	if (failure) {
		f.expected = failure->expected;
		while ((p = strstr(f.expected, " = ")))
			f.expected = p + 3;
	}
	if (failure && !is_bold) {
		pin_sources(&f, root, "rules");
		pin_sources(&f, root, "steps");
		pin_told(&f, root);
	}
	pin_sections(&f, root);
	return f.pins;
}
