/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schedules: their default, their rules, their text.  Pure functions. */
#include "config.h"

#include "explore/schedule.h"

#include <stdio.h>
#include <string.h>

#include "wire/protocol.h"

static unsigned lowest(moves_t set)
{
	return (unsigned)__builtin_ctz(set);
}

unsigned schedule_default(moves_t enabled, int last)
{
	moves_t begins = enabled & MOVES_BEGIN;
	moves_t later = last == NONE ? begins :
		begins & ~(MOVE_BEGIN(last + 1) - 1);

	if (later)
		return lowest(later);
	if (begins)
		return lowest(begins);
	return enabled & MOVE_OTHER ? lowest(MOVE_OTHER) : lowest(enabled);
}

const struct step *schedule_step(const struct scenario *sc)
{
	for (size_t i = 0; i < sc->n_steps; i++) {
		if (sc->steps[i].kind == STEP_EXPLORE)
			return &sc->steps[i];
	}
	return NULL;
}

bool request_names_same(const struct request_name *a, const struct request_name *b)
{
	return !strcmp(a->op, b->op) && !strcmp(a->path, b->path) &&
		a->mount == b->mount && a->actor == b->actor && a->nth == b->nth;
}

/* ---- rules ------------------------------------------------------------------ */

static struct reply_spec reply_of(const struct explore_fault *fault)
{
	static const uint8_t none_taken[8];	/* struct fuse_write_out */

	if (fault->is_short)
		return (struct reply_spec){
			.present = true, .has_raw = true, .raw = none_taken,
			.raw_len = sizeof(none_taken), .expect_write = NONE,
		};
	return (struct reply_spec){
		.present = true, .has_error = true, .error = fault->error,
		.expect_write = NONE,
	};
}

static struct rule rule_of(const struct scenario *sc, const struct hold *h,
			   struct arena *a, int gate)
{
	struct rule r = {
		.text = "explore", .file = { .mount = h->name.mount,
					     .path = h->name.path },
		.actor = h->name.actor, .nth_from = h->name.nth,
		.nth_to = h->name.nth + 1, .gate = gate, .hold_after = h->after,
		.answer_gate = NONE,
	};
	const struct op *op = op_by_name(sc->protocol, h->name.op,
					 strlen(h->name.op));

	if (h->fault) {
		r.gate = NONE;
		r.reply = reply_of(&schedule_step(sc)->explore->faults[h->fault - 1]);
	}
	r.ops = ARENA_ARRAY(a, const struct op *, 1);
	r.ops[0] = op;
	r.n_ops = 1;
	return r;
}

void schedule_extend(const struct scenario *sc, const struct schedule *s,
		     struct arena *a, struct scenario *out)
{
	struct rule *rules = ARENA_ARRAY(a, struct rule, sc->n_rules + s->n_holds);
	const char **gates = ARENA_ARRAY(a, const char *,
					 sc->n_gates + SCHEDULE_HOLDS);
	unsigned i;

	*out = *sc;
	for (i = 0; i < s->n_holds; i++)
		rules[i] = rule_of(sc, &s->holds[i], a, (int)(sc->n_gates + i));
	if (sc->n_rules)
		memcpy(rules + s->n_holds, sc->rules, sc->n_rules * sizeof(*rules));
	if (sc->n_gates)
		memcpy(gates, sc->gates, sc->n_gates * sizeof(*gates));
	for (i = 0; i < SCHEDULE_HOLDS; i++)
		gates[sc->n_gates + i] = arena_printf(a, "hold%u", i + 1);
	out->rules = rules;
	out->n_rules = sc->n_rules + s->n_holds;
	out->gates = gates;
	out->n_gates = sc->n_gates + SCHEDULE_HOLDS;
}

/* ---- text ------------------------------------------------------------------- */

static const char *actor_of(const struct scenario *sc, int actor)
{
	return actor == NONE ? "-" : sc->actors[actor].name;
}

static void print_move(struct buf *b, const struct scenario *sc, unsigned move)
{
	const struct explore *ex = schedule_step(sc)->explore;

	if (move < SCHEDULE_PARTS)
		buf_puts(b, sc->actors[ex->parts[move].actor].name);
	else if (move < SCHEDULE_PARTS + SCHEDULE_HOLDS)
		buf_printf(b, "!%u", move - SCHEDULE_PARTS + 1);
	else
		buf_addc(b, '@');
}

static void print_hold(struct buf *b, const struct scenario *sc, const struct hold *h)
{
	if (h->fault)
		buf_printf(b, "+fault%u", h->fault);
	else
		buf_puts(b, h->after ? "+after" : "+before");
	buf_printf(b, ":%s:%u:%s:%s:%s",
		   actor_of(sc, h->name.actor), h->name.nth, h->name.op,
		   sc->mounts[h->name.mount].name, h->name.path);
}

void schedule_print(struct buf *b, const struct scenario *sc, const struct schedule *s)
{
	for (unsigned i = 0; i < s->n_moves; i++) {
		if (i)
			buf_addc(b, ' ');
		print_move(b, sc, s->moves[i]);
		for (unsigned k = 0; k < s->n_holds; k++) {
			if (s->holds[k].move == i)
				print_hold(b, sc, &s->holds[k]);
		}
	}
}

static int find_actor(const struct scenario *sc, const char *name)
{
	for (size_t i = 0; i < sc->n_actors; i++) {
		if (!strcmp(sc->actors[i].name, name))
			return (int)i;
	}
	return NONE;
}

static int find_mount(const struct scenario *sc, const char *name)
{
	for (size_t i = 0; i < sc->n_mounts; i++) {
		if (!strcmp(sc->mounts[i].name, name))
			return (int)i;
	}
	return NONE;
}

static bool parse_move(const struct scenario *sc, const char *word, uint8_t *out)
{
	const struct explore *ex = schedule_step(sc)->explore;
	int actor = find_actor(sc, word);
	unsigned n;

	if (!strcmp(word, "@") && ex->n_others) {
		*out = SCHEDULE_PARTS + SCHEDULE_HOLDS;
		return true;
	}
	if (sscanf(word, "!%u", &n) == 1 && n - 1 < SCHEDULE_HOLDS) {
		*out = (uint8_t)(SCHEDULE_PARTS + n - 1);
		return true;
	}
	for (size_t i = 0; actor != NONE && i < ex->n_parts; i++) {
		if (ex->parts[i].actor == actor) {
			*out = (uint8_t)i;
			return true;
		}
	}
	return false;
}

/* "after:b:1:OPEN:fs:/f" */
static bool parse_hold(const struct scenario *sc, char *text, struct hold *out)
{
	char *part[6], *at = text;
	int i;

	out->fault = 0;
	for (i = 0; i < 6; i++) {
		part[i] = i == 5 ? at : strsep(&at, ":");
		if (!part[i])
			return false;
	}
	out->after = !strcmp(part[0], "after");
	if (sscanf(part[0], "fault%u", &out->fault) == 1 &&
	    (!out->fault || out->fault > schedule_step(sc)->explore->n_faults))
		return false;
	out->name.actor = strcmp(part[1], "-") ? find_actor(sc, part[1]) : NONE;
	out->name.mount = find_mount(sc, part[4]);
	if ((!out->after && !out->fault && strcmp(part[0], "before")) ||
	    (out->name.actor == NONE && strcmp(part[1], "-")) ||
	    sscanf(part[2], "%u", &out->name.nth) != 1 || !out->name.nth ||
	    !op_by_name(sc->protocol, part[3], strlen(part[3])) ||
	    out->name.mount == NONE || strlen(part[3]) >= NAME_OP ||
	    strlen(part[5]) >= NAME_PATH)
		return false;
	strcpy(out->name.op, part[3]);
	strcpy(out->name.path, part[5]);
	return true;
}

static bool parse_word(const struct scenario *sc, char *word, struct schedule *out)
{
	char *hold, *rest = word;

	strsep(&rest, "+");
	if (out->n_moves == SCHEDULE_MOVES ||
	    !parse_move(sc, word, &out->moves[out->n_moves]))
		return false;
	while ((hold = strsep(&rest, "+"))) {
		struct hold *h = &out->holds[out->n_holds];

		if (out->n_holds == SCHEDULE_HOLDS || !parse_hold(sc, hold, h))
			return false;
		h->move = out->n_moves;
		out->n_holds++;
	}
	out->n_moves++;
	return true;
}

bool schedule_parse(const struct scenario *sc, const char *text, struct schedule *out)
{
	auto_free char *copy = xstrdup(text);
	char *at = copy, *word;

	memset(out, 0, sizeof(*out));
	while ((word = strsep(&at, " \n"))) {
		if (*word && !parse_word(sc, word, out))
			return false;
	}
	return true;
}
