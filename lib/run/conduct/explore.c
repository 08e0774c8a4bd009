/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One order of an explore step.  At a quiet point everybody is idle, or waits for
 * one of the holds, or for somebody else in the kernel; then all moves are known,
 * and the next one is made: that of the schedule, or the default.
 *
 * A quiet point is certain, and needs no proof, if each call that has begun has
 * returned or waits with its own request at a gate.  Only where a call is blocked
 * without one does it take a proof (run/conduct/proof.h).
 *
 * Conductor only.
 */
#include "config.h"

#include "run/conduct/explore.h"

#include <errno.h>
#include <string.h>

#include "act/procstat.h"
#include "base/units.h"
#include "explore/chance.h"
#include "run/conduct/proof.h"
#include "run/conduct/steps.h"
#include "run/conduct/wait.h"
#include "wire/proto.h"

#define NEWS_NS		(300 * NS_PER_US)	/* then a proof is tried */
#define MOVE_NS		(5 * NS_PER_S)		/* for all that follows a move */

struct drive {
	struct run *r;
	const struct explore *ex;
	const struct schedule *schedule;
	struct trail *trail;
	size_t next_call[SCHEDULE_PARTS];
	size_t next_other;
	int last;			/* part of the last BEGIN */
	moves_t released;		/* holds that will not hold again */
	size_t seen_events;
	struct chance chance;		/* if the schedule has a seed */
};

static bool is_in_call(struct run *r, int actor)
{
	struct actor_look look;

	actor_look(r->actors, actor, &look);
	return look.in_call;
}

/* In a call, and not because its own request is held: it may go on by itself. */
static bool may_go_on(struct run *r, int actor)
{
	struct actor_look look;

	actor_look(r->actors, actor, &look);
	return look.in_call && !engine_holds_pid(r->engine, (uint32_t)look.tid);
}

static bool anybody_may_go_on(const struct drive *d)
{
	for (size_t i = 0; i < d->ex->n_parts; i++) {
		if (may_go_on(d->r, d->ex->parts[i].actor))
			return true;
	}
	return server_notes_running(d->r->server) > 0;
}

/* Has the mount's server read what there is, and done it? */
static bool is_served(struct run *r, int mount)
{
	struct engine_load load;
	uint64_t go, handed;

	engine_let_go(r->engine, mount, &go, &handed);
	if (go != handed || server_readable(r->server, mount) ||
	    !proof_rings_asleep(r, mount))
		return false;
	engine_load(r->engine, mount, &load);
	return load.busy == server_backend_waiting(r->server, mount);
}

static bool all_served(struct run *r)
{
	for (size_t i = 0; i < r->sc->n_mounts; i++) {
		if (!is_served(r, (int)i))
			return false;
	}
	return true;
}

/* Wait until nothing moves any more.  False: it does not end. */
static bool wait_quiet(struct drive *d)
{
	uint64_t deadline = clock_ns() + MOVE_NS;
	struct run *r = d->r;
	size_t seen;

	if (deadline > r->deadline_ns)
		deadline = r->deadline_ns;
	for (;;) {
		seen = evlog_count(r->log);
		if (all_served(r) && !anybody_may_go_on(d) &&
		    !actors_have_unread(r->actors))
			return true;
		if (clock_ns() >= deadline)
			return false;
		if (!evlog_wait_news(r->log, &seen, clock_ns() + NEWS_NS) &&
		    proof_quiet(r, true))
			return true;
	}
}

/* ---- moves -------------------------------------------------------------------- */

static unsigned n_holds(const struct drive *d)
{
	return d->schedule ? d->schedule->n_holds : 0;
}

/* Gates of holds come after those of the scenario (schedule_extend()). */
static int gate_of(const struct drive *d, unsigned hold)
{
	return (int)(d->r->sc->n_gates - SCHEDULE_HOLDS + hold);
}

static moves_t held_now(const struct drive *d)
{
	moves_t held = 0;

	for (unsigned i = 0; i < n_holds(d); i++) {
		if (engine_held(d->r->engine, gate_of(d, i)))
			held |= MOVE_RELEASE(i);
	}
	return held;
}

static moves_t enabled_now(const struct drive *d)
{
	moves_t enabled = held_now(d);

	for (size_t i = 0; i < d->ex->n_parts; i++) {
		if (d->next_call[i] < d->ex->parts[i].n_calls &&
		    !is_in_call(d->r, d->ex->parts[i].actor))
			enabled |= MOVE_BEGIN(i);
	}
	if (d->next_other < d->ex->n_others)
		enabled |= MOVE_OTHER;
	return enabled;
}

/* It may fail for good: in this order the file may be gone. */
static bool do_change(struct drive *d, const struct step *step, size_t other)
{
	struct event ev = event_of(EV_STEP);

	ev.step = step;
	evlog_add(d->r->log, &ev);
	d->trail->other_errs[other] = server_change(d->r->server, &step->server);
	return d->r->trail || !d->trail->other_errs[other];
}

static bool do_other(struct drive *d)
{
	size_t i = d->next_other++;
	const struct step *step = &d->ex->others[i];
	struct run *r = d->r;

	switch (step->kind) {
	case STEP_NOTIFY:
		server_notify(r->server, &step->notify);
		return true;
	case STEP_SET:
		engine_set_state(r->engine, step->set.list, step->set.n);
		return true;
	default:
		return do_change(d, step, i);
	}
}

static bool do_move(struct drive *d, unsigned move)
{
	struct run *r = d->r;

	if (move < SCHEDULE_PARTS) {
		d->last = (int)move;
		return actor_command(r->actors, &d->ex->parts[move].calls[d->next_call[move]++]);
	}
	if (move == SCHEDULE_PARTS + SCHEDULE_HOLDS)
		return do_other(d);
	engine_release(r->engine, gate_of(d, move - SCHEDULE_PARTS), NULL, 0,
		       COUNT_ALL, true);
	return true;
}

/* ---- the trail ------------------------------------------------------------------ */

/* How many requests like it came before, as rules count them. */
static unsigned count_before(struct run *r, const struct event *ev, size_t end)
{
	unsigned n = 0;

	for (size_t i = 0; i < end; i++) {
		const struct event *other = evlog_at(r->log, i);

		n += other->kind == EV_REQUEST && other->op == ev->op &&
			other->mount == ev->mount && other->path &&
			!strcmp(other->path, ev->path) &&
			(ev->actor == NONE || other->actor == ev->actor);
	}
	return n;
}

static bool is_part(const struct drive *d, int actor)
{
	for (size_t i = 0; i < d->ex->n_parts; i++) {
		if (d->ex->parts[i].actor == actor)
			return true;
	}
	return actor == NONE;
}

/* Requests that can be held: those with a path, for which somebody waits. */
static void note_requests(struct drive *d, unsigned move)
{
	size_t end = evlog_count(d->r->log);

	for (; d->seen_events < end; d->seen_events++) {
		const struct event *ev = evlog_at(d->r->log, d->seen_events);
		struct request_name name;

		if (ev->kind != EV_REQUEST || !ev->op || !ev->path ||
		    ev->op->reply == REPLY_NONE || !is_part(d, ev->actor) ||
		    strlen(ev->path) >= NAME_PATH || strlen(ev->op->name) >= NAME_OP)
			continue;
		memset(&name, 0, sizeof(name));
		strcpy(name.op, ev->op->name);
		strcpy(name.path, ev->path);
		name.mount = ev->mount;
		name.actor = ev->actor;
		name.nth = count_before(d->r, ev, d->seen_events) + 1;
		trail_add_request(d->trail, &name, move);
	}
}

static void note_move(struct drive *d, unsigned move, moves_t enabled)
{
	struct trail *t = d->trail;
	struct trail_move *m = &t->moves[t->n_moves];

	note_requests(d, t->n_moves);
	*m = (struct trail_move){
		.move = (uint8_t)move, .enabled = enabled,
		.held = (uint8_t)(held_now(d) >> SCHEDULE_PARTS),
		.notifying = server_notes_running(d->r->server) > 0,
		.end_seq = evlog_next_seq(d->r->log),
	};
	for (size_t i = 0; i < d->ex->n_parts; i++) {
		if (may_go_on(d->r, d->ex->parts[i].actor))
			m->asleep |= 1u << i;
	}
	t->n_moves++;
}

/* ---- the whole ------------------------------------------------------------------ */

/* So many moves there are, if each hold holds once. */
static unsigned length_of(const struct drive *d)
{
	size_t n = d->ex->n_others + n_holds(d);

	for (size_t i = 0; i < d->ex->n_parts; i++)
		n += d->ex->parts[i].n_calls;
	return (unsigned)n;
}

static unsigned choose_move(struct drive *d, moves_t enabled, unsigned at)
{
	const struct schedule *s = d->schedule;

	if (s && at < s->n_moves)
		return s->moves[at];
	if (s && s->seed)
		return chance_move(&d->chance, enabled, at);
	return schedule_default(enabled, d->last);
}

static enum trail_end walk(struct drive *d)
{
	const struct schedule *s = d->schedule;
	moves_t enabled;

	if (s && s->seed)
		chance_begin(&d->chance, s->seed, length_of(d));

	if (!wait_quiet(d))
		return TRAIL_LATE;
	d->seen_events = evlog_count(d->r->log);
	while ((enabled = enabled_now(d))) {
		unsigned i = d->trail->n_moves;
		unsigned move = choose_move(d, enabled, i);

		if (i == SCHEDULE_MOVES)
			return TRAIL_FULL;
		if (!(enabled & (moves_t)1 << move))
			return TRAIL_DIVERGED;
		if (!do_move(d, move))
			return TRAIL_NONE;
		if (!wait_quiet(d))
			return TRAIL_LATE;
		note_move(d, move, enabled);
	}
	return TRAIL_WHOLE;
}

static bool all_idle(struct run *r, const void *arg)
{
	const struct explore *ex = arg;

	for (size_t i = 0; i < ex->n_parts; i++) {
		if (is_in_call(r, ex->parts[i].actor))
			return false;
	}
	return true;
}

static bool is_of(const struct explore *ex, const struct step *step)
{
	for (size_t i = 0; i < ex->n_parts; i++) {
		const struct explore_part *part = &ex->parts[i];

		if (step >= part->calls && step < part->calls + part->n_calls)
			return true;
	}
	return false;
}

/* What a call must give in every order, if it says so. */
static bool judge_call(struct run *r, const struct event *ev)
{
	const struct call_use *use = ev->call;
	const struct expectation *e = &use->expect;
	auto_buf struct buf got = BUF_INIT;

	if (e->kind == EXPECT_ANY ||
	    outcome_meets(ev->outcome, e, use->call,
			  actor_letter(r->sc, use->actor), NULL))
		return true;
	buf_printf(&got, "%s = ", use->text);
	outcome_print(&got, ev->outcome, use->call, e);
	run_fail(r, e->loc.line ? e->loc : ev->step->loc, xstrdup(ev->step->text),
		 xasprintf("%s = %s", use->text, *e->text ? e->text : "success"),
		 buf_steal(&got), NULL);
	return false;
}

static bool judge_calls(struct run *r, const struct explore *ex)
{
	const struct event **events;
	bool good = true;
	size_t n, i;

	events = evlog_sorted(r->log, &n);
	for (i = 0; i < n && good; i++)
		if (events[i]->kind == EV_RETURN && is_of(ex, events[i]->step))
			good = judge_call(r, events[i]);
	free(events);
	return good;
}

static bool end_well(struct run *r, const struct step *step, enum trail_end end)
{
	switch (end) {
	case TRAIL_WHOLE:
		return judge_calls(r, step->explore);
	case TRAIL_STUCK:
		run_fail(r, step->loc, xstrdup("a call does not return in this order"),
			 xstrdup("all return once nothing is held"),
			 xstrdup("nothing is held, and somebody still waits"),
			 run_situation(r));
		return false;
	case TRAIL_LATE:
		run_fail(r, step->loc, xstrdup("a move does not come to an end"),
			 xstrdup("everything idle or blocked"),
			 xstrdup("something still moves"), run_situation(r));
		return false;
	case TRAIL_DIVERGED:
		run_error(r, xstrdup("the schedule could not be kept to"));
		return false;
	case TRAIL_FULL:
		run_error(r, xasprintf("more than %u moves", SCHEDULE_MOVES));
		return false;
	case TRAIL_NONE:
		break;
	}
	run_error(r, xstrdup("a move could not be made"));
	return false;
}

/* The kernel makes EIO of a WRITE of which nothing was taken. */
static void note_fault(struct trail *t, unsigned i, const struct explore_fault *fault)
{
	t->faults[i] = fault->is_short ? EIO : fault->error;
	t->short_write |= fault->is_short;
	if (fault->op->opcode == OP_WRITE)
		t->write_faults[i] = t->faults[i];
}

/* What was drawn may not have come, and is not to be held behind the step. */
static void end_holds(struct drive *d)
{
	for (unsigned i = 0; i < n_holds(d); i++) {
		unsigned fault = d->schedule->holds[i].fault;

		if (fault)
			note_fault(d->trail, i, &d->ex->faults[fault - 1]);
		else if (d->schedule->seed)
			engine_release(d->r->engine, gate_of(d, i), NULL, 0, COUNT_ALL, true);
	}
}

bool step_explore(struct run *r, const struct step *step)
{
	struct trail *own = r->trail ? NULL : trail_new();
	struct drive d = {
		.r = r, .ex = step->explore, .schedule = r->schedule,
		.trail = own ? own : r->trail, .last = NONE,
	};
	enum trail_end end = walk(&d);

	end_holds(&d);

	/* what seems to be asleep for good is given time to show that it is not */
	if (end == TRAIL_WHOLE && !run_wait(r, 0, all_idle, step->explore))
		end = TRAIL_STUCK;
	d.trail->end = end;
	if (own)
		trail_free(own);
	return end_well(r, step, end);
}
