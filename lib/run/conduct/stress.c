/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stress step on the side of the conductor: start all actors, wait until all
 * of them have finished, log what they counted, and judge.  Meanwhile the
 * engine does not log requests, because there may be any number of them.
 * Conductor only.
 */
#include "config.h"

#include "run/conduct/stress.h"

#include <inttypes.h>

#include "base/errnos.h"
#include "base/units.h"
#include "run/conduct/proof.h"
#include "run/conduct/steps.h"
#include "run/conduct/wait.h"

#define SETTLE_NS	(10 * NS_PER_S)	/* for RELEASEs and the like to come */

static struct event event_of_step(enum event_kind kind, const struct step *step)
{
	struct event ev = event_of(kind);

	ev.step = step;
	return ev;
}

/* ---- counting ---------------------------------------------------------------- */

/* Pairs (call, call it overlapped) of different actors that can be. */
static uint64_t possible_pairs(const struct stress *st)
{
	uint64_t pairs = 0;
	size_t i, k;

	for (i = 0; i < st->n_sites; i++)
		for (k = 0; k < st->n_sites; k++)
			pairs += st->sites[i]->use.actor != st->sites[k]->use.actor;
	return pairs;
}

static struct stress_count count_up(struct run *r, const struct stress *st)
{
	struct stress_count c = { .all_pairs = possible_pairs(st) };
	size_t i;

	for (i = 0; i < st->n_parts; i++) {
		const struct stress_seat *seat =
			actor_seat(r->actors, st->parts[i].actor);

		c.rounds += seat->rounds;
		c.calls += seat->calls;
		c.overlaps += seat->overlaps;
	}
	for (i = 0; i < st->n_sites; i++)
		c.pairs += (uint64_t)__builtin_popcountll(
			actor_seat(r->actors, st->sites[i]->use.actor)->
			sites[i].overlapped);
	return c;
}

static void add_count(struct stress_count *to, const struct stress_count *c)
{
	to->rounds += c->rounds;
	to->calls += c->calls;
	to->overlaps += c->overlaps;
	to->pairs += c->pairs;
	to->all_pairs += c->all_pairs;
}

void stress_print_count(struct buf *b, const struct stress_count *c)
{
	buf_printf(b, "%" PRIu64 " calls in %" PRIu64 " rounds, %" PRIu64
		   " overlapped, %" PRIu64 " of %" PRIu64 " pairs", c->calls,
		   c->rounds, c->overlaps, c->pairs, c->all_pairs);
}

/* ---- what goes into the log ------------------------------------------------------ */

/* As the log shows the result of a call. */
static void print_result(struct buf *b, const struct call_use *use,
			 const struct stress_result *res)
{
	struct field_expect shown = { .field = stress_field(use) };
	const struct expectation e = {
		.fields = &shown, .n_fields = shown.field != NONE,
	};
	struct outcome o = {
		.ret = res->what ? -1 : e.n_fields ? 0 : res->value,
		.err = res->what > 0 ? res->what : 0,
		.signal = res->what < 0 ? -res->what : 0,
	};

	if (e.n_fields)
		o.fields[shown.field] = (uint64_t)res->value;
	if (use->call->result == RES_NAMES && !res->what)
		buf_puts(b, "success");
	else
		outcome_print(b, &o, use->call, &e);
}

/* More results than can be counted apart. */
static void print_others(struct buf *b, const struct stress_site *site)
{
	buf_printf(b, ", others (%" PRIu64 ")", site->others);
	if (site->least == site->greatest)
		return;
	buf_puts(b, "; all from ");
	print_size(b, (uint64_t)site->least);
	buf_puts(b, " to ");
	print_size(b, (uint64_t)site->greatest);
}

/* "4K (180), -1 EIO (2)" */
static void print_results(struct buf *b, const struct call_use *use,
			  const struct stress_site *site)
{
	const char *before = "";
	size_t i;

	for (i = 0; i < STRESS_RESULTS && site->results[i].times; i++) {
		buf_puts(b, before);
		print_result(b, use, &site->results[i]);
		buf_printf(b, " (%" PRIu64 ")", site->results[i].times);
		before = ", ";
	}
	if (site->others)
		print_others(b, site);
	if (!site->drawn)
		buf_puts(b, "never made");
	if (site->left_out)
		buf_printf(b, "%sleft out (%" PRIu64 ")", before, site->left_out);
}

/* The whole, then each call. */
static void log_counts(struct run *r, const struct step *step,
		       const struct stress_count *count)
{
	const struct stress *st = step->stress;
	struct event ev = event_of_step(EV_STRESS, step);
	auto_buf struct buf text = BUF_INIT;
	size_t i;

	stress_print_count(&text, count);
	ev.text = buf_str(&text);
	ev.stress = count;
	evlog_add(r->log, &ev);
	ev.stress = NULL;
	for (i = 0; i < st->n_sites; i++) {
		const struct call_use *use = &st->sites[i]->use;
		const struct stress_site *site =
			&actor_seat(r->actors, use->actor)->sites[i];

		buf_clear(&text);
		print_results(&text, use, site);
		ev.actor = use->actor;
		ev.call = use;
		ev.text = buf_str(&text);
		ev.value = (int64_t)(site->drawn - site->left_out);
		evlog_add(r->log, &ev);
	}
}

static void log_made(struct run *r, const struct step *step, int actor,
		     const struct stress_made *made)
{
	struct event ev = event_of_step(EV_CALL, step);
	auto_buf struct buf text = BUF_INIT;

	stress_print_call(&text, made);
	ev.actor = actor;
	ev.call = &made->call->use;
	ev.text = buf_str(&text);
	ev.seq = made->begin_seq;
	ev.at_ns = made->begin_ns;
	evlog_add(r->log, &ev);
	if (!made->end_seq)
		return;
	ev.kind = EV_RETURN;
	ev.outcome = &made->outcome;
	ev.seq = made->end_seq;
	ev.at_ns = made->end_ns;
	evlog_add(r->log, &ev);
}

/* The last calls of everybody, where they belong: for whoever has to find out
 * what went wrong. */
static void log_recent(struct run *r, const struct step *step)
{
	size_t i;
	uint64_t k;

	for (i = 0; i < step->stress->n_parts; i++) {
		int actor = step->stress->parts[i].actor;
		const struct stress_seat *seat = actor_seat(r->actors, actor);

		k = seat->n_recent > STRESS_RECENT ?
			seat->n_recent - STRESS_RECENT : 0;
		for (; k < seat->n_recent; k++)
			log_made(r, step, actor, &seat->recent[k % STRESS_RECENT]);
	}
}

/* ---- judging ----------------------------------------------------------------------- */

static const struct stress_made *last_of(const struct stress_seat *seat)
{
	return &seat->recent[(seat->n_recent - 1) % STRESS_RECENT];
}

/* Why the last call of an actor was not legal. */
static struct failure fault(struct run *r, int actor, const struct stress_seat *seat)
{
	const struct stress_made *made = last_of(seat);
	const struct call_use *use = &made->call->use;
	const struct outcome *o = actor_outcome(r->actors, actor);
	const struct expectation *e;
	auto_buf struct buf call = BUF_INIT, got = BUF_INIT;
	uint8_t letter = actor_letter(r->sc, actor);

	stress_print_call(&call, made);
	e = outcome_which(o, &use->expect, use->call, letter, NULL);
	buf_printf(&got, "%s = ", buf_str(&call));
	if (e) {
		outcome_print(&got, o, use->call, e);
		buf_puts(&got, " after ");
		print_size(&got, seat->last);
	} else {
		outcome_print_miss(&got, o, &use->expect, use->call, letter);
	}
	return (struct failure){
		.loc = use->expect.loc,
		.what = xasprintf("%s: %s, round %" PRIu64 " of seed %" PRIu64,
				  r->sc->actors[actor].name, buf_str(&call),
				  made->round, r->sc->seed),
		.finding = {
			.expected = xasprintf("%s = %s", use->text,
					      *use->expect.text ?
					      use->expect.text : "success"),
			.actual = buf_steal(&got),
			.at_seq = made->end_seq,
		},
	};
}

/* Everybody whose call was not legal; nearly always one. */
static bool judge_calls(struct run *r, const struct stress *st)
{
	bool good = true;
	size_t i;

	for (i = 0; i < st->n_parts; i++) {
		int actor = st->parts[i].actor;
		const struct stress_seat *seat = actor_seat(r->actors, actor);
		struct failure f;

		if (!seat->failed)
			continue;
		f = fault(r, actor, seat);
		result_add(&r->result, &f);
		good = false;
	}
	return good;
}

/* So few calls that they could not, whatever the kernel does, are our shortage. */
static bool judge_overlaps(struct run *r, const struct step *step,
			   const struct stress_count *count)
{
	auto_buf struct buf got = BUF_INIT;

	if (count->overlaps >= step->stress->overlaps)
		return true;
	if (count->calls < step->stress->overlaps &&
	    count->rounds < step->stress->rounds * step->stress->n_parts) {
		run_error(r, xasprintf("the machine is too slow: %" PRIu64 " calls were "
				       "made, of which %" PRIu64 " had to overlap",
				       count->calls, step->stress->overlaps));
		return false;
	}
	stress_print_count(&got, count);
	run_fail(r, step->loc, xstrdup("the calls did not race as they should"),
		 xasprintf("overlaps: %" PRIu64, step->stress->overlaps),
		 buf_steal(&got), NULL);
	return false;
}

/* ---- doing it ------------------------------------------------------------------------ */

static bool all_back(struct run *r, const void *arg)
{
	const struct stress *st = arg;
	struct actor_look look;
	size_t i;

	for (i = 0; i < st->n_parts; i++) {
		actor_look(r->actors, st->parts[i].actor, &look);
		if (look.in_call)
			return false;
	}
	return true;
}

static bool settled(struct run *r, const void *arg)
{
	(void)arg;
	return proof_quiet(r, true);
}

/* An actor that cannot do its share, or died of it; NONE. */
static int find_dead(struct run *r, const struct stress *st)
{
	struct actor_look look;
	size_t i;

	for (i = 0; i < st->n_parts; i++) {
		actor_look(r->actors, st->parts[i].actor, &look);
		if (!look.alive)
			return st->parts[i].actor;
	}
	return NONE;
}

static bool start(struct run *r, const struct step *step)
{
	const struct stress *st = step->stress;
	bool good = find_dead(r, st) == NONE;
	size_t i;

	actors_stress_begin(r->actors, st);
	for (i = 0; i < st->n_parts && good; i++)
		good = actor_stress(r->actors, st->parts[i].actor, step);
	return good;
}

/* False: some did not come back. */
static bool race(struct run *r, const struct step *step)
{
	bool back;

	engine_set_mute(r->engine, true);
	back = start(r, step) &&
	       run_wait(r, step->timeout_ns, all_back, step->stress);
	if (back)
		run_wait(r, SETTLE_NS, settled, NULL);
	engine_set_mute(r->engine, false);
	return back && find_dead(r, step->stress) == NONE;
}

static bool stuck(struct run *r, const struct step *step)
{
	int dead = find_dead(r, step->stress);

	run_fail(r, step->loc, xasprintf("stress, seed %" PRIu64, r->sc->seed),
		 xstrdup("all actors come back"), dead == NONE ?
		 xstrdup("some have not returned") :
		 xasprintf("%s is dead", r->sc->actors[dead].name),
		 run_situation(r));
	return false;
}

bool step_stress(struct run *r, const struct step *step)
{
	bool back = race(r, step), good;
	struct stress_count count = count_up(r, step->stress);

	add_count(&r->stressed, &count);
	/* who stops at a failure may leave open what others wait for */
	good = judge_calls(r, step->stress) && (back || stuck(r, step));
	if (!good)
		log_recent(r, step);
	log_counts(r, step, &count);
	return good && judge_overlaps(r, step, &count);
}
