/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A call is left out of the story, and its move out of the schedule, which says each
 * move by now.  Then the order is run and judged anew, because other results may be
 * right without the call.
 */
#include "config.h"

#include "run/explore/shrink.h"

#include <string.h>

#include "run/explore/model.h"

#define SHRUNK_TIMES	3		/* so often it has to be wrong */

/* A call of the story: in the explore step, or (part NONE) a step by itself. */
struct place_of_call {
	int part;
	size_t at;
};

/* Without these, what was not wrong may look so. */
static bool is_needed(const struct step *step)
{
	if (step->kind != STEP_CALL)
		return true;
	switch (step->call.call->id) {
	case CALL_fsync: case CALL_fdatasync: case CALL_msync: case CALL_syncfs:
		return true;
	default:
		return false;
	}
}

/* ---- what a call gives to others -------------------------------------------------- */

struct looking {
	const struct scenario *sc;
	const struct call_use *made;	/* what they would need is its result */
	bool used;
};

static void look(void *ctx, struct loc loc, const struct call_use *use)
{
	struct looking *l = ctx;

	(void)loc;
	if (l->sc->actors[use->actor].process != l->sc->actors[l->made->actor].process)
		return;
	for (unsigned i = 0; use->call->params[i].name; i++) {
		l->used |= use->call->params[i].type == ARG_VAR &&
			use->args[i].var == l->made->result_var;
	}
}

/* Without it there would be a variable that nobody has set. */
static bool is_used(const struct scenario *sc, const struct step *step)
{
	struct looking l = { sc, &step->call, false };

	if (step->call.result_var != NONE)
		scenario_each_call(sc, look, &l);
	return l.used;
}

/* ---- without one call --------------------------------------------------------------- */

static const struct step *step_of(const struct scenario *sc,
				  const struct place_of_call *p)
{
	return p->part == NONE ? &sc->steps[p->at] :
		&schedule_step(sc)->explore->parts[p->part].calls[p->at];
}

static void *without(struct arena *a, const void *items, size_t n, size_t size,
		     size_t at)
{
	char *out = arena_alloc(a, n * size);

	memcpy(out, items, at * size);
	memcpy(out + at * size, (const char *)items + (at + 1) * size,
	       (n - at - 1) * size);
	return out;
}

static struct scenario *copy_without(const struct scenario *sc, struct arena *a,
				     const struct place_of_call *p)
{
	struct scenario *out = arena_memdup(a, sc, sizeof(*sc));
	struct explore *ex;
	struct step *step;

	if (p->part == NONE) {
		out->steps = without(a, sc->steps, sc->n_steps, sizeof(*sc->steps), p->at);
		out->n_steps--;
		return out;
	}
	out->steps = arena_memdup(a, sc->steps, sc->n_steps * sizeof(*sc->steps));
	step = (struct step *)schedule_step(out);
	ex = arena_memdup(a, step->explore, sizeof(*ex));
	step->explore = ex;
	ex->parts = arena_memdup(a, ex->parts, ex->n_parts * sizeof(*ex->parts));
	ex->parts[p->part].calls = without(a, ex->parts[p->part].calls,
					   ex->parts[p->part].n_calls,
					   sizeof(struct step), p->at);
	ex->parts[p->part].n_calls--;
	return out;
}

/* ---- the schedule ---------------------------------------------------------------- */

/* The move that begins the call. */
static unsigned move_of(const struct trail *t, const struct place_of_call *p)
{
	size_t n = 0;
	unsigned i;

	for (i = 0; i < t->n_moves; i++) {
		if (t->moves[i].move == (uint8_t)p->part && n++ == p->at)
			break;
	}
	return i;
}

/* Of the requests that the call made: those by which a name counts. */
static unsigned counted(const struct trail *t, unsigned move,
			const struct request_name *name)
{
	unsigned n = 0;

	for (unsigned i = 0; i < t->n_requests; i++) {
		const struct request_name *other = &t->requests[i].name;

		n += t->requests[i].move == move && !strcmp(other->op, name->op) &&
			!strcmp(other->path, name->path) &&
			other->mount == name->mount && other->nth < name->nth &&
			(name->actor == NONE || other->actor == name->actor);
	}
	return n;
}

/* False: the call brings what is held. */
static bool leave_out(struct schedule *s, const struct trail *t, unsigned move)
{
	for (unsigned i = 0; i < s->n_holds; i++) {
		struct hold *h = &s->holds[i];

		if (h->move == move)
			return false;
		h->move -= h->move > move;
		h->name.nth -= counted(t, move, &h->name);
	}
	if (move < s->n_moves) {
		memmove(s->moves + move, s->moves + move + 1, s->n_moves - move - 1);
		s->n_moves--;
	}
	return true;
}

static struct schedule all_moves(const struct wrong_order *w)
{
	struct schedule s = w->schedule;

	s.n_moves = w->trail->n_moves;
	for (unsigned i = 0; i < s.n_moves; i++)
		s.moves[i] = w->trail->moves[i].move;
	return s;
}

/* ---- trying ------------------------------------------------------------------------ */

/* If it is still wrong without the call, w is what is left. */
static void try_without(const struct search *s, struct wrong_order *w,
			const struct place_of_call *p)
{
	const struct search *from = w->own ? w->own : s;
	struct wrong_order small = { .schedule = all_moves(w), .trail = trail_new() };
	struct search *own = xcalloc(1, sizeof(*own));

	if (!w->arena)
		w->arena = arena_new();
	search_init(own, copy_without(from->sc, w->arena, p));
	own->options = s->options;
	if ((p->part == NONE || leave_out(&small.schedule, w->trail,
					  move_of(w->trail, p))) &&
	    search_try(own, &small, SHRUNK_TIMES)) {
		small.own = own;
		small.times = w->times;
		/* what is left still points to what it was made of */
		small.arena = steal_ptr(&w->arena);
		search_free_order(w);
		*w = small;
		return;
	}
	trail_free(small.trail);
	search_fini(own);
	free(own);
}

static void try_call(const struct search *s, struct wrong_order *w,
		     const struct place_of_call *p)
{
	const struct scenario *sc = w->own ? w->own->sc : s->sc;
	const struct step *step = step_of(sc, p);

	if (!is_needed(step) && !is_used(sc, step))
		try_without(s, w, p);
}

static void shrink_part(const struct search *s, struct wrong_order *w, int part)
{
	size_t n = schedule_step(w->own ? w->own->sc : s->sc)->explore->parts[part].n_calls;

	while (n--)
		try_call(s, w, &(struct place_of_call){ part, n });
}

void shrink(const struct search *s, struct wrong_order *w)
{
	size_t n = s->sc->n_steps;

	if (w->summary)
		return;
	for (size_t i = schedule_step(s->sc)->explore->n_parts; i--;)
		shrink_part(s, w, (int)i);
	/* those behind the explore step first; what opens a file comes last */
	while (n--)
		try_call(s, w, &(struct place_of_call){ NONE, n });
}
