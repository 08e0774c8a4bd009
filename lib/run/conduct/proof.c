/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Proofs by looking several times.  A thread that the kernel has blocked shows
 * the same switch counters at every look.  A thread that is merely slow,
 * because it does not get a CPU, is runnable, and a thread that is being served
 * has a request on its way.  Conductor only.
 */
#include "config.h"

#include "run/conduct/proof.h"

#include <string.h>

#include "act/procstat.h"
#include "base/limits.h"
#include "base/units.h"

#define LOOKS		3
#define LOOK_GAP_NS	(400 * NS_PER_US)

pid_t proof_thread(struct run *r, const struct subject *who)
{
	struct actor_look look;

	if (who->actor == NONE)
		return server_note_tid(r->server, who->note);
	actor_look(r->actors, who->actor, &look);
	return look.alive && look.in_call ? look.tid : 0;
}

/* Does the thread sleep, and by which counters? */
static bool asleep(pid_t tid, uint64_t *switches)
{
	struct thread_look look;

	if (thread_look(tid, &look))
		return false;
	*switches = look.switches;
	return look.state == 'S' || look.state == 'D';
}

/*
 * Sleeps that end by themselves, with nobody's help.  Where stacks cannot be read,
 * wchan has the first of them.
 */
static const char *const short_sleeps[] = {
	"synchronize_rcu", "wait_rcu_gp", "rcu_barrier", "synchronize_srcu",
	"balance_dirty_pages", "msleep", "do_nanosleep",
};

/* Does a thread that sleeps wait for somebody, rather than for a time? */
static bool needs_help(pid_t tid)
{
	auto_buf struct buf stack = BUF_INIT;
	size_t i;

	thread_stack(tid, &stack);
	for (i = 0; i < ARRAY_SIZE(short_sleeps); i++)
		if (strstr(buf_str(&stack), short_sleeps[i]))
			return false;
	return true;
}

/* Is the actor in a call that ends after a time of its own? */
static bool has_timer(struct run *r, int actor)
{
	const struct call_use *use;
	struct actor_look look;
	size_t i;

	actor_look(r->actors, actor, &look);
	if (!look.in_call || look.step->kind != STEP_CALL)
		return false;
	use = &look.step->call;
	for (i = 0; use->call->params[i].name; i++)
		if (!strcmp(use->call->params[i].name, "timeout"))
			return use->args[i].num > 0;
	return false;
}

/* Between the kernel and a worker there is also the thread of a queue. */
bool proof_rings_asleep(struct run *r, int mount)
{
	unsigned n = server_ring_tids(r->server, mount, NULL, 0), got, i;
	auto_free pid_t *tids = xcalloc(n ? n : 1, sizeof(*tids));
	uint64_t switches;

	got = server_ring_tids(r->server, mount, tids, n);
	for (i = 0; i < got && i < n; i++)
		if (!asleep(tids[i], &switches))
			return false;
	return true;
}

bool proof_all_read(struct run *r, int mount)
{
	pid_t tids[LIMIT_WORKERS + 1];
	uint64_t switches;
	size_t i, n;

	if (server_readable(r->server, mount) || !proof_rings_asleep(r, mount))
		return false;
	n = server_worker_tids(r->server, mount, tids, LIMIT_WORKERS + 1);
	for (i = 0; i < n; i++)
		if (!asleep(tids[i], &switches))
			return false;
	return true;
}

/*
 * Is nothing on its way between the kernel and our gates?  That is so if the
 * kernel counts exactly the requests that we have.  It does not count those that
 * wait for no reply, such as FORGET, and where it queues behind max_background it
 * counts more: then its queue must be empty and all workers must be asleep in
 * read(2).
 */
static bool mount_settled(struct run *r, int mount, bool timers)
{
	struct engine_load load;
	uint64_t waiting;

	engine_load(r->engine, mount, &load);
	if (load.busy != server_backend_waiting(r->server, mount) ||
	    (timers && load.delayed))
		return false;
	if (engine_is_stalled(r->engine, mount))
		return true;
	/* Nobody is left to read what may have been sent. */
	if (load.occupied && load.occupied == server_handlers(r->server, mount))
		return true;
	if (!r->names_unanswered &&
	    server_waiting(r->server, mount, &waiting) == 0 && waiting == load.open)
		return true;
	return proof_all_read(r, mount);
}

static bool all_asleep(const pid_t *tids, unsigned n, uint64_t *sum)
{
	uint64_t switches;
	unsigned i;

	for (i = 0; i < n; i++) {
		if (!asleep(tids[i], &switches))
			return false;
		*sum += switches + 1;
	}
	return true;
}

/* All notifications that are being written: do they sleep, and by which
 * counters? */
static bool notes_asleep(struct run *r, uint64_t *sum)
{
	unsigned n = server_notes_running(r->server);
	auto_free pid_t *tids = xcalloc(n, sizeof(*tids));

	return all_asleep(tids, server_note_tids(r->server, tids, n), sum);
}

/* The same for each mount(2) that waits for INIT. */
static bool mounts_asleep(struct run *r, uint64_t *sum)
{
	pid_t tids[LIMIT_MOUNTS];

	return all_asleep(tids, server_mounting_tids(r->server, tids, LIMIT_MOUNTS), sum);
}

/* All requests are where they stay, and we know of all calls that are over. */
static bool settled(struct run *r, bool timers)
{
	uint64_t notifying = 0, sum = 0;
	struct engine_load load;
	size_t i;

	if (actors_have_unread(r->actors))
		return false;
	for (i = 0; i < r->sc->n_mounts; i++) {
		engine_load(r->engine, (int)i, &load);
		notifying += load.notifying;
	}
	/* A worker that notifies may not be in write(2) yet. */
	if (notifying && (server_notes_running(r->server) < notifying ||
			  !notes_asleep(r, &sum)))
		return false;
	for (i = 0; i < r->sc->n_mounts; i++)
		if (!mount_settled(r, (int)i, timers))
			return false;
	return true;
}

/* One look at everything that could still move. */
struct view {
	size_t events;
	uint64_t switches;	/* of the thread in question */
	uint64_t waiting;	/* of all mounts */
};

static bool take_view(struct run *r, pid_t tid, bool timers, struct view *v)
{
	size_t i;

	memset(v, 0, sizeof(*v));
	if (!asleep(tid, &v->switches) || !settled(r, timers))
		return false;
	for (i = 0; i < r->sc->n_mounts; i++) {
		uint64_t waiting;

		if (server_waiting(r->server, (int)i, &waiting) == 0)
			v->waiting += waiting;
	}
	v->events = evlog_count(r->log);
	return true;
}

static bool same_view(const struct view *a, const struct view *b)
{
	return a->events == b->events && a->switches == b->switches &&
	       a->waiting == b->waiting;
}

static bool still_asleep(struct run *r, const struct subject *who, pid_t tid,
			 bool timers)
{
	struct view first, again;
	int i;

	if (!take_view(r, tid, timers, &first))
		return false;
	for (i = 1; i < LOOKS; i++) {
		sleep_ns(LOOK_GAP_NS);
		if (proof_thread(r, who) != tid ||
		    !take_view(r, tid, timers, &again) ||
		    !same_view(&first, &again))
			return false;
	}
	return needs_help(tid);
}

/* "in: [...]": one of the functions must be on the stack, if it can be read. */
static bool stack_has(struct run *r, const struct subject *who, const char *stack)
{
	size_t i;

	if (who->n_in == 0 || !r->has_stacks)
		return true;
	for (i = 0; i < who->n_in; i++)
		if (strstr(stack, who->in[i]))
			return true;
	return false;
}

enum proof proof_blocked(struct run *r, const struct subject *who, struct buf *stack)
{
	pid_t tid = proof_thread(r, who);

	if (!tid)
		return PROOF_RETURNED;
	if (!still_asleep(r, who, tid, true))
		return PROOF_NO;
	thread_stack(tid, stack);
	if (!stack_has(r, who, buf_str(stack))) {
		buf_clear(stack);
		return PROOF_NO;
	}
	return PROOF_YES;
}

/* Everybody in a call or a notification, asleep with the same counters. */
static bool take_all(struct run *r, bool timers, struct view *v)
{
	struct subject who = { .note = NONE };
	uint64_t switches, sum = 0;
	size_t i;
	pid_t tid;

	for (i = 0; i < r->sc->n_actors; i++) {
		who.actor = (int)i;
		tid = proof_thread(r, &who);
		if (tid && !asleep(tid, &switches))
			return false;
		sum += tid ? switches + 1 : 0;
	}
	if (!notes_asleep(r, &sum) || !mounts_asleep(r, &sum) || !settled(r, timers))
		return false;
	*v = (struct view){ evlog_count(r->log), sum, 0 };
	return true;
}

/* All of take_all()'s threads wait for somebody. */
static bool all_need_help(struct run *r)
{
	struct subject who = { .note = NONE };
	size_t i;
	pid_t tid;

	for (i = 0; i < r->sc->n_actors; i++) {
		who.actor = (int)i;
		tid = proof_thread(r, &who);
		if (tid && (has_timer(r, (int)i) || !needs_help(tid)))
			return false;
	}
	return true;
}

bool proof_quiet(struct run *r, bool timers)
{
	struct view first, again;
	int i;

	if (!take_all(r, timers, &first))
		return false;
	for (i = 1; i < LOOKS; i++) {
		sleep_ns(LOOK_GAP_NS);
		if (!take_all(r, timers, &again) || !same_view(&first, &again))
			return false;
	}
	return !timers || all_need_help(r);
}
