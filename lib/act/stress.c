/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rounds of a stress step.  Runs on the actors' threads; stress_print_call()
 * on any.  An actor writes its own seat only; of the others' it reads which
 * call is under way, which is what "overlap" means here: each says so before
 * it begins and takes it back after the return, so of two calls that are under
 * way at the same time at least the later one sees the other.
 */
#include "config.h"

#include "act/stress.h"

#include <errno.h>
#include <linux/futex.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>

#include "act/calls/calls.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/units.h"

/* An actor that died before the start is not waited for longer than this. */
#define MUSTER_NS	NS_PER_S
#define LATE_TIMES	20	/* the time of a step, if its calls do not meet */

/* One actor in its rounds. */
struct runner {
	struct call_cx *cx;
	struct slot *slot;
	struct stress_seat *seat;
	struct stress_start *start;
	const struct stress_part *part;
	const struct stress *stress;
	_Atomic unsigned *others[64];	/* what they have under way */
	size_t n_others;
	uint64_t dice;
	uint64_t round;
};

static uint64_t draw(struct runner *r, uint64_t n)
{
	r->dice = random_mix(r->dice);
	return n > 1 ? r->dice % n : 0;
}

/* ---- a call ------------------------------------------------------------------ */

/* The script's call with numbers in place of choices.  Always all are drawn,
 * so that what is attempted does not depend on what came of it. */
static void fill_in(struct runner *r, const struct stress_call *call,
		    struct call_use *use)
{
	uint64_t turn = r->seat->sites[call->site].drawn;
	size_t i;

	*use = call->use;
	for (i = 0; i < CALL_PARAMS_MAX; i++) {
		const struct draw *d = &use->args[i].draw;

		if (d->n)
			use->args[i].num = d->start + d->step *
				(int64_t)(d->in_order ? turn % d->n : draw(r, d->n));
	}
}

/* Has every variable that it takes a value?  Not if the call that should have
 * given it failed, as it may have been allowed to. */
static bool has_variables(struct runner *r, const struct call_use *use)
{
	struct var v;
	size_t i;

	for (i = 0; use->call->params[i].name; i++) {
		if (use->call->params[i].type != ARG_VAR)
			continue;
		vars_get(r->cx->vars, use->args[i].var, &v);
		if (v.kind == VAR_UNSET)
			return false;
	}
	return true;
}

static struct stress_made *begin(struct runner *r, const struct stress_call *call,
				 const struct call_use *use)
{
	struct stress_seat *seat = r->seat;
	struct stress_site *site = &seat->sites[call->site];
	struct stress_made *made = &seat->recent[seat->n_recent % STRESS_RECENT];
	uint64_t overlapped = 0;
	size_t i;

	*made = (struct stress_made){ .call = call, .round = r->round };
	for (i = 0; i < CALL_PARAMS_MAX; i++)
		made->nums[i] = use->args[i].num;
	made->begin_ns = clock_ns();
	made->begin_seq = atomic_fetch_add(r->cx->seq, 1) + 1;
	seat->n_recent++;
	atomic_store(&seat->now, call->site + 1);
	for (i = 0; i < r->n_others; i++) {
		unsigned other = atomic_load(r->others[i]);

		if (other)
			overlapped |= 1ull << (other - 1);
	}
	site->overlapped |= overlapped;
	if (overlapped) {
		seat->overlaps++;
		atomic_fetch_add(&r->start->overlaps, 1);
	}
	seat->calls++;
	return made;
}

static void count_value(struct stress_site *site, int64_t value)
{
	if (!site->successes || value < site->least)
		site->least = value;
	if (!site->successes || value > site->greatest)
		site->greatest = value;
	site->successes++;
}

/* Which number a variable got says nothing. */
static int64_t value_of(const struct call_use *use, const struct outcome *o)
{
	int field = stress_field(use);

	if (field != NONE)
		return (int64_t)o->fields[field];
	return use->call->result == RES_VAR ? 0 : o->ret;
}

static void count_result(struct stress_site *site, const struct call_use *use,
			 const struct outcome *o)
{
	int what = o->signal ? -o->signal : o->ret < 0 ? o->err : 0;
	int64_t value = what ? 0 : value_of(use, o);
	size_t i;

	if (!what)
		count_value(site, value);
	for (i = 0; i < STRESS_RESULTS; i++) {
		struct stress_result *res = &site->results[i];

		if (res->times && (res->what != what || res->value != value))
			continue;
		res->what = what;
		res->value = value;
		res->times++;
		return;
	}
	site->others++;
}

static void keep_outcome(struct stress_made *made, const struct outcome *o)
{
	made->outcome = *o;
	if (made->outcome.data_len > STRESS_DATA)
		made->outcome.data_len = STRESS_DATA;
	if (made->outcome.data_len)
		memcpy(made->data, o->data, made->outcome.data_len);
	made->outcome.data = made->data;
}

static bool is_legal(struct runner *r, const struct call_use *use,
		     const struct outcome *o)
{
	const struct expectation *e =
		outcome_which(o, &use->expect, use->call, r->cx->letter, NULL);
	bool kept;

	if (!e || !e->trend)
		return e != NULL;
	kept = outcome_keeps_trend(o, e, r->seat->has_last, &r->seat->last);
	r->seat->has_last = true;
	return kept;
}

static void make(struct runner *r, const struct stress_call *call)
{
	static const struct var unset = { .kind = VAR_UNSET };
	struct stress_site *site = &r->seat->sites[call->site];
	struct stress_made *made;
	struct call_use use;

	fill_in(r, call, &use);
	site->drawn++;
	/* what an earlier round left there does not belong to this one */
	vars_set(r->cx->vars, use.result_var, &unset);
	if (!has_variables(r, &use)) {
		site->left_out++;
		return;
	}
	r->cx->use = &use;
	made = begin(r, call, &use);
	call_run(r->cx);
	atomic_store(&r->seat->now, 0);
	made->end_seq = r->cx->end_seq;
	made->end_ns = r->cx->end_ns;
	keep_outcome(made, &r->slot->outcome);
	count_result(site, &use, &r->slot->outcome);
	if (!is_legal(r, &use, &r->slot->outcome)) {
		r->seat->failed = true;
		atomic_store(&r->start->stop, true);
	}
}

/* ---- rounds -------------------------------------------------------------------- */

static bool goes_on(const struct runner *r)
{
	return !atomic_load(&r->start->stop);
}

/* A slow machine gets more time to bring about what the step asks for. */
static bool has_time(const struct runner *r)
{
	const struct stress_start *start = r->start;
	bool has_met = atomic_load(&start->overlaps) >= r->stress->overlaps;

	return clock_ns() < atomic_load(has_met ? &start->end_ns : &start->late_ns);
}

static void do_round(struct runner *r)
{
	size_t t, c;

	for (t = 0; t < r->part->n_turns; t++) {
		const struct stress_turn *turn = &r->part->turns[t];
		const struct stress_way *way = &turn->ways[draw(r, turn->n_ways)];

		for (c = 0; c < way->n_calls; c++) {
			make(r, &way->calls[c]);
			if (!goes_on(r))
				return;
		}
	}
	r->seat->rounds++;
}

/* All begin together: the last to come sets the time and wakes the others. */
static void muster(struct runner *r)
{
	_Atomic uint32_t *missing = &r->start->missing;
	uint64_t give_up = clock_ns() + MUSTER_NS;
	const struct timespec nap = { 0, (long)(10 * NS_PER_MS) };
	uint32_t left = atomic_fetch_sub(missing, 1) - 1;

	if (!left) {
		uint64_t now = clock_ns();

		atomic_store(&r->start->end_ns, now + r->stress->time_ns);
		atomic_store(&r->start->late_ns,
			     now + LATE_TIMES * r->stress->time_ns);
		syscall(SYS_futex, missing, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
		return;
	}
	while ((left = atomic_load(missing)) && clock_ns() < give_up)
		syscall(SYS_futex, missing, FUTEX_WAIT, left, &nap, NULL, 0);
}

static void find_others(struct runner *r, void *slots)
{
	size_t i;

	for (i = 0; i < r->stress->n_parts; i++) {
		int actor = r->stress->parts[i].actor;
		struct stress_seat *seat = slot_seat(slot_at(slots, (size_t)actor));

		if (seat != r->seat)
			r->others[r->n_others++] = &seat->now;
	}
}

static const struct stress_part *part_of(const struct stress *st, int actor)
{
	const struct stress_part *part = st->parts;

	while (part->actor != actor)
		part++;
	return part;
}

void stress_run(struct call_cx *cx, void *slots, size_t n_actors, int actor,
		const struct step *step)
{
	struct runner r = {
		.cx = cx,
		.slot = cx->slot,
		.seat = slot_seat(cx->slot),
		.start = slots_start(slots, n_actors),
		.stress = step->stress,
		.part = part_of(step->stress, actor),
	};
	uint64_t number = (uint64_t)(step - cx->sc->steps);

	r.dice = random_mix(random_mix(cx->sc->seed ^ random_mix(number)) +
			    (uint64_t)actor);
	find_others(&r, slots);
	muster(&r);
	while (r.round < r.stress->rounds && goes_on(&r) && has_time(&r)) {
		r.round++;
		do_round(&r);
	}
	cx->end_ns = clock_ns();
	cx->end_seq = atomic_fetch_add(cx->seq, 1) + 1;
}

/* ---- in words ------------------------------------------------------------------ */

int stress_field(const struct call_use *use)
{
	const struct expectation *e = &use->expect;

	if (use->call->result != RES_FIELDS)
		return NONE;
	if (e->trend && !e->n_fields)
		return e->trend_field;
	return !e->trend && e->n_fields == 1 ? e->fields[0].field : NONE;
}

void stress_print_call(struct buf *b, const struct stress_made *made)
{
	const struct call_use *use = &made->call->use;
	size_t at = 0, i;

	for (i = 0; i < CALL_PARAMS_MAX; i++) {
		const struct draw *d = &use->args[i].draw;

		if (!d->n)
			continue;
		buf_add(b, use->text + at, d->at - at);
		print_size(b, (uint64_t)made->nums[i]);
		at = d->at + d->len;
	}
	buf_puts(b, use->text + at);
}
