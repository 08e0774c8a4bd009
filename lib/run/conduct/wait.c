/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting, with an eye on whether anything can still happen.  Conductor only. */
#include "config.h"

#include "run/conduct/wait.h"

#include "act/procstat.h"
#include "base/units.h"
#include "run/conduct/proof.h"
#include "run/conduct/traces.h"

#define LOOK_EVERY_NS	(20 * NS_PER_MS)

bool run_wait(struct run *r, uint64_t timeout_ns,
	      bool (*cond)(struct run *r, const void *arg), const void *arg)
{
	uint64_t now = clock_ns(), quiet_since = 0, deadline = r->deadline_ns;
	size_t seen;

	if (timeout_ns && now + timeout_ns < deadline)
		deadline = now + timeout_ns;
	for (;;) {
		uint64_t slice;

		traces_collect(r->traces);
		seen = evlog_count(r->log);
		if (cond(r, arg))
			return true;
		now = clock_ns();
		if (now >= deadline)
			return false;
		slice = now + LOOK_EVERY_NS < deadline ? now + LOOK_EVERY_NS : deadline;
		if (evlog_wait_news(r->log, &seen, slice)) {
			quiet_since = 0;
			continue;
		}
		/* A step with a timeout of its own wants patience. */
		if (timeout_ns || !proof_quiet(r, true))
			quiet_since = 0;
		else if (quiet_since == 0)
			quiet_since = clock_ns();
		else if (clock_ns() - quiet_since > r->quiet_ns)
			return cond(r, arg);
	}
}

static void situation_of(struct run *r, struct buf *b, const char *name,
			 const struct subject *who, const char *doing)
{
	pid_t tid = proof_thread(r, who);

	if (!tid)
		return;
	buf_printf(b, "%s is in %s: ", name, doing);
	if (engine_holds_pid(r->engine, (uint32_t)tid))
		buf_puts(b, "its request is held; ");
	if (!thread_stack(tid, b))
		buf_puts(b, "(kernel stack not readable)");
	buf_addc(b, '\n');
}

/* The call an actor is in: in a stress step, the one it began last. */
static void doing(struct run *r, int actor, struct buf *b)
{
	const struct stress_seat *seat = actor_seat(r->actors, actor);
	struct actor_look look;

	actor_look(r->actors, actor, &look);
	if (!look.step)
		buf_puts(b, "no call");
	else if (look.step->kind != STEP_STRESS)
		buf_puts(b, look.step->call.text);
	else if (seat->n_recent)
		stress_print_call(b, &seat->recent[(seat->n_recent - 1) %
						   STRESS_RECENT]);
	else
		buf_puts(b, "its first round");
}

char *run_situation(struct run *r)
{
	struct subject who = { .actor = NONE, .note = NONE };
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < r->sc->n_actors; i++) {
		auto_buf struct buf call = BUF_INIT;

		doing(r, (int)i, &call);
		who.actor = (int)i;
		situation_of(r, &b, r->sc->actors[i].name, &who, buf_str(&call));
	}
	who.actor = NONE;
	for (i = 0; i < r->sc->n_notes; i++) {
		who.note = (int)i;
		situation_of(r, &b, r->sc->notes[i], &who, "write(2) of its notification");
	}
	for (i = 0; i < r->sc->n_gates; i++) {
		unsigned held = engine_held(r->engine, (int)i);

		if (!held)
			continue;
		buf_printf(&b, "gate %s holds %u:\n", r->sc->gates[i], held);
		engine_print_held(r->engine, (int)i, HELD_PRINTED, &b);
	}
	if (!b.len)
		buf_puts(&b, "nobody is in a call, nothing is held\n");
	return buf_steal(&b);
}
