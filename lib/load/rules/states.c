/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* State variables by name.  One thread at a time. */
#include "config.h"

#include "load/rules/states.h"

#include "load/read/splice.h"
#include "load/read/values.h"

static int state_word(struct loader *ld, const struct ynode *n, int *out)
{
	struct text t;

	if (value_text(ld, n, "a word", &t))
		return -1;
	*out = names_intern(ld, n->loc, &ld->sc->words, &ld->sc->n_words, t.s,
			    t.len);
	return *out == NONE ? -1 : 0;
}

/* A rule for the first value that another case gives has its meaning there. */
static int other_cases(struct loader *ld, const struct ynode *n, struct state_var *var)
{
	const struct ynode *value;
	int bad = 0, word;
	size_t i;

	for (i = 0; ld->cases && i < ld->cases->n_items; i++) {
		value = case_meant(ld->cases->items[i], n);
		if (!value || value->kind != Y_SCALAR)
			continue;
		bad |= state_word(ld, value, &word);
		ARENA_PUSH(ld->arena, var->others, var->n_others, word);
	}
	return bad;
}

/* A list: the first value, and those that come from outside (fusescen ctl). */
static int read_values(struct loader *ld, const struct ynode *n,
		       struct state_var *var)
{
	int bad = 0, word;
	size_t i;

	if (n->kind != Y_LIST)
		return state_word(ld, n, &var->initial) | other_cases(ld, n, var);
	if (!n->n_items)
		return diag(ld->dg, n->loc, "a state needs a first value");
	bad = state_word(ld, n->items[0], &var->initial);
	for (i = 1; i < n->n_items; i++) {
		bad |= state_word(ld, n->items[i], &word);
		ARENA_PUSH(ld->arena, var->others, var->n_others, word);
	}
	return bad;
}

int load_states(struct loader *ld, const struct ynode *n)
{
	struct scenario *sc = ld->sc;
	int bad = 0;
	size_t i;

	if (!n)
		return 0;
	if (value_is_map(ld, n, "states (name: initial value)"))
		return -1;
	for (i = 0; i + 1 < n->n_items; i += 2) {
		const struct ynode *key = n->items[i];
		struct state_var var = { .loc = key->loc, .name = key->text };

		if (!is_name(key->text, key->len))
			bad |= diag(ld->dg, key->loc, "expected the name of a "
				    "state, got \"%s\"", key->text);
		if (sc->n_states == LIMIT_NAMES)
			return diag_limit(ld->dg, key->loc, LIMIT_OF(NAMES));
		bad |= read_values(ld, n->items[i + 1], &var);
		ARENA_PUSH(ld->arena, sc->states, sc->n_states, var);
	}
	return bad;
}

int load_assigns(struct loader *ld, const struct ynode *n, bool gives,
		 struct assign **out, size_t *n_out)
{
	int bad = 0;
	size_t i;

	if (value_is_map(ld, n, "{state: value}"))
		return -1;
	for (i = 0; i + 1 < n->n_items; i += 2) {
		const struct ynode *key = n->items[i];
		struct assign a = { state_find(ld->sc, key->text, key->len),
				    NONE };

		if (a.state == NONE) {
			bad |= diag_unknown(ld->dg, key->loc, "state",
					    key->text, key->len,
					    state_words(ld->sc));
			continue;
		}
		if (state_word(ld, n->items[i + 1], &a.value)) {
			bad = -1;
			continue;
		}
		ARENA_PUSH(ld->arena, *out, *n_out, a);
		ARENA_PUSH(ld->arena, ld->state_uses, ld->n_state_uses,
			   ((struct state_use){ n->items[i + 1]->loc, a,
						gives }));
	}
	return bad;
}

/* The values a state gets: those of "states:" and what "set:" gives it. */
static bool is_given(const struct loader *ld, struct assign a)
{
	const struct state_var *var = &ld->sc->states[a.state];
	size_t i;

	if (var->initial == a.value)
		return true;
	for (i = 0; i < var->n_others; i++)
		if (var->others[i] == a.value)
			return true;
	for (i = 0; i < ld->n_state_uses; i++) {
		const struct state_use *u = &ld->state_uses[i];

		if (u->gives && u->assign.state == a.state &&
		    u->assign.value == a.value)
			return true;
	}
	return false;
}

int load_states_end(struct loader *ld)
{
	int bad = 0;
	size_t i;

	for (i = 0; i < ld->n_state_uses && !loader_is_enough(ld); i++) {
		const struct state_use *u = &ld->state_uses[i];

		if (!u->gives && !is_given(ld, u->assign))
			bad |= diag(ld->dg, u->loc, "state \"%s\" never "
				    "becomes \"%s\"",
				    ld->sc->states[u->assign.state].name,
				    ld->sc->words[u->assign.value]);
	}
	return bad;
}
