/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The step "stress": bounds, and for each actor what it does in a round:
 *
 *	CALL				one call
 *	[TURN, TURN, ...]		one after the other; a turn is
 *	    CALL
 *	    {any: [WAY, WAY, ...]}	one of these; a way is
 *		CALL or [CALL, ...]
 *
 * One thread at a time.
 */
#include "config.h"

#include "load/steps/stress.h"

#include "base/units.h"
#include "load/read/schema.h"
#include "load/read/values.h"
#include "load/calls/calls.h"

/* What is being filled in. */
struct filling {
	struct step *step;
	struct stress_part part;
	struct stress_turn turn;
	struct stress_way way;
};

/* ---- what an actor does -------------------------------------------------- */

static int read_call(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;
	struct stress *st = f->step->stress;
	struct stress_call call = { .site = (unsigned)st->n_sites };
	struct text t;

	if (load_listed_text(ld, n, &t))
		return -1;
	if (load_repeated_call(ld, f->part.actor, &t, &call.use))
		return -1;
	if (st->n_sites == LIMIT_STRESS_CALLS)
		return diag_limit(ld->dg, n->loc, LIMIT_OF(STRESS_CALLS));
	st->n_sites++;
	ARENA_PUSH(ld->arena, f->way.calls, f->way.n_calls, call);
	return 0;
}

static int read_way(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;
	int bad;

	f->way = (struct stress_way){ NULL, 0 };
	bad = n->kind == Y_LIST ?
		schema_each(ld, n, "a list of calls", read_call, f) :
		read_call(ld, n, f);
	if (!bad && !f->way.n_calls)
		return diag(ld->dg, n->loc, "which calls?");
	ARENA_PUSH(ld->arena, f->turn.ways, f->turn.n_ways, f->way);
	return bad;
}

static int read_any(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;

	if (schema_each(ld, n, "a list of calls to choose from", read_way, f))
		return -1;
	return f->turn.n_ways > 1 ? 0 :
		diag(ld->dg, n->loc, "\"any\" wants a choice of two or more");
}

static int read_turn(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "any", read_any, 0, true },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "a choice", keys, NULL, NULL };
	struct filling *f = p;
	int bad;

	f->turn = (struct stress_turn){ NULL, 0 };
	bad = n->kind == Y_MAP ? schema_read(ld, n, &schema, f) :
		n->kind == Y_SCALAR ? read_way(ld, n, f) :
		diag(ld->dg, n->loc, "expected a call or {any: [call, call]}, "
		     "got a list");
	ARENA_PUSH(ld->arena, f->part.turns, f->part.n_turns, f->turn);
	return bad;
}

/* ACTOR: CALL or [TURN, ...] */
static int read_part(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, void *p)
{
	int actor = actor_find(ld->sc, key->text, key->len);
	struct filling *f = p;
	struct stress *st = f->step->stress;
	int bad;

	if (actor == NONE)
		return 1;
	f->part = (struct stress_part){ .actor = actor };
	bad = value->kind == Y_LIST ?
		schema_each(ld, value, "a list of calls", read_turn, f) :
		read_turn(ld, value, f);
	if (!bad && !f->part.n_turns)
		return diag(ld->dg, value->loc, "what does %s do?", key->text);
	ARENA_PUSH(ld->arena, st->parts, st->n_parts, f->part);
	return bad;
}

/* ---- the step -------------------------------------------------------------- */

static int read_rounds(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;

	return value_limited(ld, n, 1, LIMIT_OF(STRESS_ROUNDS),
			     &f->step->stress->rounds);
}

static int read_time(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;
	uint64_t *ns = &f->step->stress->time_ns;

	if (value_time(ld, n, ns))
		return -1;
	if (!*ns)
		return diag(ld->dg, n->loc, "a step cannot end before it begins");
	return *ns <= LIMIT_STRESS_TIME ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(STRESS_TIME));
}

static int read_overlaps(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;

	return value_count(ld, n, 0, UINT32_MAX, &f->step->stress->overlaps);
}

static int read_timeout(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;

	return value_time(ld, n, &f->step->timeout_ns);
}

/* Only now that no list grows any more do calls have a place to point to. */
static void number_sites(struct loader *ld, struct stress *st)
{
	size_t i, t, w, c;

	st->sites = ARENA_ARRAY(ld->arena, struct stress_call *,
				st->n_sites);
	for (i = 0; i < st->n_parts; i++) {
		const struct stress_part *part = &st->parts[i];

		for (t = 0; t < part->n_turns; t++)
			for (w = 0; w < part->turns[t].n_ways; w++) {
				const struct stress_way *way = &part->turns[t].ways[w];

				for (c = 0; c < way->n_calls; c++)
					st->sites[way->calls[c].site] = &way->calls[c];
			}
	}
}

int load_step_stress(struct loader *ld, const struct ynode *n,
		     struct step *out)
{
	static const struct key keys[] = {
		{ "rounds", read_rounds, 0, true },
		{ "time", read_time, 0, true },
		{ "overlaps", read_overlaps, 0, false },
		{ "timeout", read_timeout, 0, false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = {
		"stress", keys, read_part, actors_as_keys,
	};
	struct filling f = { .step = out };
	struct stress *st = ARENA_NEW(ld->arena, struct stress);

	out->stress = st;
	st->overlaps = 1;
	if (schema_read(ld, n, &schema, &f))
		return -1;
	if (st->n_parts < 2)
		return diag(ld->dg, n->loc, "\"stress\" wants two actors or "
			    "more");
	number_sites(ld, st);
	return 0;
}
