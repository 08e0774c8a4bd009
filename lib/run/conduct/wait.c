/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting, with an eye on whether anything can still happen.  Conductor only. */
#include "config.h"

#include "run/conduct/wait.h"

#include "act/procstat.h"
#include "base/limits.h"
#include "base/units.h"
#include "run/conduct/proof.h"
#include "run/conduct/traces.h"

#define LOOK_EVERY_NS	(20 * NS_PER_MS)
/* What the kernel puts off for a tick or two (fs/file_table.c: delayed_fput_work,
 * fs/namespace.c: delayed_mntput_work) comes within this time. */
#define PUT_OFF_NS	(40 * NS_PER_MS)
/* A thread's turn is 3 to 6 ms long (kernel/sched/fair.c: sysctl_sched_base_slice). */
#define TURN_NS		(15 * NS_PER_MS)

bool patience_ends(struct run *r, struct patience *p)
{
	uint64_t need = r->quiet_ns, now;
	unsigned runnable;

	if (!proof_quiet(r, true)) {
		*p = (struct patience){ 0 };
		return false;
	}
	now = clock_ns();
	if (!p->quiet_since)
		p->quiet_since = now;
	runnable = machine_runnable();
	if (runnable > p->runnable)
		p->runnable = runnable;
	if (runnable && PUT_OFF_NS + p->runnable * TURN_NS < need)
		need = PUT_OFF_NS + p->runnable * TURN_NS;
	r->gave_up = now - p->quiet_since > need;
	return r->gave_up;
}

bool run_wait(struct run *r, uint64_t timeout_ns,
	      bool (*cond)(struct run *r, const void *arg), const void *arg)
{
	uint64_t now = clock_ns(), deadline = r->deadline_ns;
	struct patience patience = { 0 };
	size_t seen;

	r->gave_up = false;
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
		if (evlog_wait_news(r->log, &seen, slice))
			patience = (struct patience){ 0 };
		/* A step with a timeout of its own wants patience. */
		else if (!timeout_ns && patience_ends(r, &patience))
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
	else if (engine_serves_pid(r->engine, (uint32_t)tid))
		buf_puts(b, "the filesystem has its request and lets it wait; ");
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

/* Servers whose workers all have something else to do than to read. */
static void workers_situation(struct run *r, struct buf *b)
{
	struct engine_load load;
	size_t i;

	for (i = 0; i < r->sc->n_mounts; i++) {
		unsigned n = server_handlers(r->server, (int)i);

		engine_load(r->engine, (int)i, &load);
		if (load.occupied && load.occupied == n)
			buf_printf(b, "%s reads nothing: %s of its handlers %s\n",
				   r->sc->mounts[i].name,
				   n == 1 ? "the only one" : "each",
				   load.notifying == n ? "waits for a notification that it writes" :
				   "is busy with its request");
	}
}

char *run_situation(struct run *r)
{
	struct subject who = { .actor = NONE, .note = NONE };
	struct buf b = BUF_INIT;
	size_t i, said;

	if (r->gave_up)
		buf_puts(&b, "nothing more can happen: everybody is idle or blocked, "
			 "and nothing is on its way\n");
	said = b.len;
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
	workers_situation(r, &b);
	for (i = 0; i < r->sc->n_mounts; i++)
		engine_print_dropped(r->engine, (int)i, HELD_PRINTED, &b);
	for (i = 0; i < r->sc->n_gates; i++) {
		unsigned held = engine_held(r->engine, (int)i);

		if (!held)
			continue;
		buf_printf(&b, "gate %s holds %u:\n", r->sc->gates[i], held);
		engine_print_held(r->engine, (int)i, HELD_PRINTED, &b);
	}
	if (b.len == said)
		buf_puts(&b, "nobody is in a call, nothing is held\n");
	return buf_steal(&b);
}
