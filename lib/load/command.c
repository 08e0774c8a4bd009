/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One command: its key decides who reads its value.  One thread at a time. */
#include "config.h"

#include "load/command.h"

#include <ctype.h>
#include <string.h>

#include "load/read/guesses.h"
#include "load/read/values.h"
#include "load/steps/steps.h"

#define TAIL_DEFAULT	20u

/* ---- values ---------------------------------------------------------------- */

static int read_true(struct loader *ld, const struct ynode *n,
		     struct command *out)
{
	struct text t;

	(void)out;
	if (value_text(ld, n, "true", &t))
		return -1;
	return !strcmp(t.s, "true") ? 0 : value_expected(ld, &t, "true");
}

static int read_form(struct loader *ld, const struct ynode *n,
		     struct command *out)
{
	struct text t;

	if (value_text(ld, n, "true or text", &t))
		return -1;
	out->as_text = !strcmp(t.s, "text");
	return out->as_text || !strcmp(t.s, "true") ? 0 :
		value_expected(ld, &t, "true or text");
}

static int find_line(struct loader *ld, const struct text *t, size_t *out)
{
	const struct scenario *sc = ld->sc;
	unsigned long line = strtoul(t->s, NULL, 10);
	size_t i, found = 0;

	for (i = 0; i < sc->n_rules; i++) {
		if (sc->rules[i].loc.line != line)
			continue;
		*out = i;
		found++;
	}
	if (found == 1)
		return 0;
	return diag(ld->dg, text_loc(t, 0, t->len), found ?
		    "more than one rule begins on line %s; give them names" :
		    "no rule begins on line %s", t->s);
}

/* By its name, or by the line of the file it is on. */
static int read_rule(struct loader *ld, const struct ynode *n,
		     struct command *out)
{
	const struct scenario *sc = ld->sc;
	const char **names = NULL;
	size_t n_names = 0, i;
	struct text t;

	if (value_text(ld, n, "the name or the line of a rule", &t))
		return -1;
	if (isdigit((unsigned char)t.s[0]))
		return find_line(ld, &t, &out->rule);
	for (i = 0; i < sc->n_rules; i++) {
		if (!sc->rules[i].name)
			continue;
		ARENA_PUSH(ld->arena, names, n_names, sc->rules[i].name);
		if (strcmp(sc->rules[i].name, t.s))
			continue;
		out->rule = i;
		return 0;
	}
	return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "rule", t.s, t.len,
			    names_words(ld->arena, names, n_names));
}

static int read_tail(struct loader *ld, const struct ynode *n,
		     struct command *out)
{
	static const char what[] = "a number of events, or follow";
	struct text t;

	out->count = TAIL_DEFAULT;
	if (value_text(ld, n, what, &t))
		return -1;
	out->follow = !strcmp(t.s, "follow");
	if (out->follow || !strcmp(t.s, "true"))
		return 0;
	return value_limited(ld, n, 1, LIMIT_OF(CTL_TAIL), &out->count);
}

static int read_log(struct loader *ld, const struct ynode *n,
		    struct command *out)
{
	struct text t;

	if (value_text(ld, n, "all or rules", &t))
		return -1;
	out->all = !strcmp(t.s, "all");
	return out->all || !strcmp(t.s, "rules") ? 0 :
		value_expected(ld, &t, "all or rules");
}

static const struct own_word {
	const char *name;
	enum command_kind kind;
	int (*read)(struct loader *ld, const struct ynode *n,
		    struct command *out);
} own_words[] = {
	{ "enable", COMMAND_ENABLE, read_rule },
	{ "disable", COMMAND_DISABLE, read_rule },
	{ "gates", COMMAND_GATES, read_form },
	{ "rules", COMMAND_RULES, read_form },
	{ "states", COMMAND_STATES, read_form },
	{ "stats", COMMAND_STATS, read_form },
	{ "tail", COMMAND_TAIL, read_tail },
	{ "log", COMMAND_LOG, read_log },
	{ "abort", COMMAND_ABORT, read_true },
	{ "quit", COMMAND_QUIT, read_true },
};

/* ---- steps ------------------------------------------------------------------- */

/* The others need somebody who walks on. */
static bool is_served(const char *key)
{
	const struct keyword *k;

	for (k = step_keywords; k->name; k++)
		if (!strcmp(k->name, key))
			return step_is_served((enum step_kind)k->kind);
	return false;
}

static int unknown_command(struct loader *ld, const struct ynode *key)
{
	const struct keyword *k;
	const char **list = NULL;
	size_t n = 0, i;

	for (i = 0; i < ARRAY_SIZE(own_words); i++)
		ARENA_PUSH(ld->arena, list, n, own_words[i].name);
	for (k = step_keywords; k->name; k++)
		if (step_is_served((enum step_kind)k->kind))
			ARENA_PUSH(ld->arena, list, n, k->name);
	ARENA_PUSH(ld->arena, list, n, NULL);
	return diag_unknown(ld->dg, key->loc, "command", key->text, key->len,
			    words_array(list));
}

/* What the scenario does not have, nothing in it can be about; the loader has
 * added it to its own lists. */
static int check_step(struct loader *ld, const struct scenario *sc,
		      const struct ynode *value, const struct step *step)
{
	size_t i;

	if (step->kind == STEP_NOTIFY && step->notify.name != NONE)
		return diag(ld->dg, value->loc, "a notification from here has "
			    "no name");
	for (i = 0; step->kind == STEP_SET && i < step->set.n; i++)
		if ((size_t)step->set.list[i].value >= sc->n_words)
			return diag(ld->dg, value->loc, "no rule asks for "
				    "state %s to have that value",
				    sc->states[step->set.list[i].state].name);
	return 0;
}

static int read_step(struct loader *ld, const struct scenario *sc,
		     const struct ynode *n, struct command *out)
{
	out->kind = COMMAND_STEP;
	if (load_step(ld, n, &out->step))
		return -1;
	return check_step(ld, sc, n->items[1], &out->step);
}

/* ---- the whole --------------------------------------------------------------- */

static int read_command(struct loader *ld, const struct scenario *sc,
			const struct ynode *n, struct command *out)
{
	const struct ynode *key;
	size_t i;

	if (value_is_map(ld, n, "a command ({\"release\": \"gate\"})"))
		return -1;
	if (n->n_items != 2)
		return diag(ld->dg, n->loc, "expected one command, got %zu",
			    n->n_items / 2);
	key = n->items[0];
	for (i = 0; i < ARRAY_SIZE(own_words); i++) {
		if (strcmp(own_words[i].name, key->text))
			continue;
		out->kind = own_words[i].kind;
		return own_words[i].read(ld, n->items[1], out);
	}
	return is_served(key->text) ? read_step(ld, sc, n, out) :
		unknown_command(ld, key);
}

/* The loader adds names to lists; room as ARENA_PUSH expects it. */
static const char **copy_names(struct arena *a, const char *const *names,
			       size_t n)
{
	size_t room = 1;
	const char **out;

	while (room < n)
		room *= 2;
	out = ARENA_ARRAY(a, const char *, room);
	if (n)
		memcpy(out, names, n * sizeof(*out));
	return out;
}

int load_control(struct arena *a, struct diags *dg, const struct scenario *sc,
		 const char *text, size_t len, struct command *out)
{
	struct scenario own = *sc;
	struct loader ld = { .arena = a, .dg = dg, .sc = &own };
	const struct ynode *root;

	diags_set_guess(dg, guess_word);
	own.words = copy_names(a, sc->words, sc->n_words);
	own.notes = copy_names(a, sc->notes, sc->n_notes);
	*out = (struct command){ 0 };
	root = ytree_parse(a, dg, text, len);
	if (!root || read_command(&ld, sc, root, out))
		return -1;
	/* what has been held has been logged already */
	return own.request_data == sc->request_data ||
	       own.request_data <= LIMIT_CTL_DATA ? 0 :
		diag_limit(dg, root->loc, LIMIT_OF(CTL_DATA));
}
