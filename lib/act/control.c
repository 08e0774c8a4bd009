/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the conductor does with actors: it commands them, looks at them, signals
 * and kills them.  All functions here may be called from any thread of the
 * conductor's process, and none blocks for longer than its deadline.
 */
#include "config.h"

#include "act/actors.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "act/procstat.h"
#include "act/actors_impl.h"
#include "base/lock.h"
#include "base/namespaces.h"
#include "base/units.h"
#include "model/privileges.h"

uint8_t actor_letter(const struct scenario *sc, int actor)
{
	const char *name = sc->actors[actor].name;

	for (; *name; name++) {
		if (isalpha((unsigned char)*name))
			return (uint8_t)*name;
	}
	return 'x';
}

static void note_call(void *ctx, struct loc loc, const struct call_use *use)
{
	struct actor_limits *limits = ctx;

	(void)loc;
	limits->calls[use->call->id] = true;
}

void actor_limits_of(const struct scenario *sc, struct actor_limits *out)
{
	*out = (struct actor_limits){
		.capabilities = privileges_kept(sc, HOLDER_ACTOR),
	};
	scenario_each_call(sc, note_call, out);
}

/* ---- commands and looks ------------------------------------------------------------ */

static bool command(struct actors *as, int actor, const struct step *step)
{
	struct actor *a = &as->actors[actor];
	bool sent = false;

	auto_lock(&as->lock);
	if (!a->proc->dead && !a->in_call) {
		slot_at(as->slots, (size_t)actor)->step = step;
		sent = send(a->command_fd, "", 1, MSG_NOSIGNAL) == 1;
	}
	if (sent) {
		a->in_call = true;
		a->step = step;
	}
	return sent;
}

bool actor_command(struct actors *as, const struct step *step)
{
	return command(as, step->call.actor, step);
}

void actors_stress_begin(struct actors *as, const struct stress *stress)
{
	struct stress_start *start = slots_start(as->slots, as->sc->n_actors);
	size_t i;

	for (i = 0; i < stress->n_parts; i++)
		memset(slot_seat(slot_at(as->slots, (size_t)stress->parts[i].actor)),
		       0, sizeof(struct stress_seat));
	memset(start, 0, sizeof(*start));
	atomic_store(&start->missing, (uint32_t)stress->n_parts);
	/* for those whose comrades never come */
	atomic_store(&start->end_ns, clock_ns() + stress->time_ns);
	atomic_store(&start->late_ns, clock_ns() + stress->time_ns);
	atomic_store(&start->overlaps, 0);
}

bool actor_stress(struct actors *as, int actor, const struct step *step)
{
	return command(as, actor, step);
}

const struct stress_seat *actor_seat(struct actors *as, int actor)
{
	return slot_seat(slot_at(as->slots, (size_t)actor));
}

void actor_look(struct actors *as, int actor, struct actor_look *out)
{
	const struct actor *a = &as->actors[actor];

	auto_lock(&as->lock);
	*out = (struct actor_look){
		.alive = !a->proc->dead,
		.pid = a->proc->pid,
		.tid = a->tid,
		.own_pid = as->sc->actors[actor].namespaces & NS_PID ?
			atomic_load(&slot_at(as->slots, (size_t)actor)->own_pid) : 0,
		.in_call = a->in_call,
		.step = a->step,
		.calls = a->calls,
	};
}

const struct outcome *actor_outcome(struct actors *as, int actor)
{
	struct actor_look look;

	actor_look(as, actor, &look);
	if (!look.calls)
		return NULL;
	return &slot_at(as->slots, (size_t)actor)->outcome;
}

const char *actors_lack(struct actors *as, const struct step **step)
{
	auto_lock(&as->lock);
	*step = as->lack_step;
	return as->lack;
}

int actor_signal(struct actors *as, int actor, int sig)
{
	const struct actor *a = &as->actors[actor];
	int err = 0;

	/* under the lock it cannot be reaped, so the ids are still its own */
	auto_lock(&as->lock);
	if (a->proc->dead)
		err = ESRCH;
	else if (sig == SIGKILL ? kill(a->proc->pid, sig) :
		 (int)syscall(SYS_tgkill, a->proc->pid, a->tid, sig))
		err = errno;
	return err;
}

/* ---- the end -------------------------------------------------------------------- */

static void kill_all(struct actors *as)
{
	size_t i;

	auto_lock(&as->lock);
	for (i = 0; i < as->n_procs; i++) {
		if (!as->procs[i].dead)
			kill(as->procs[i].pid, SIGKILL);
	}
}

static void note_stuck(unsigned *n, pid_t pid, pid_t *stuck, unsigned max)
{
	if (stuck && *n < max)
		stuck[*n] = pid;
	(*n)++;
}

/* A child of an exec or fork call that has outlived its actor's process. */
static pid_t orphan_of(struct actors *as, size_t actor)
{
	pid_t pid = atomic_load(&slot_at(as->slots, actor)->helper);
	struct thread_look look;

	if (!pid || !as->actors[actor].proc->dead || thread_look(pid, &look) ||
	    look.state == 'Z' || look.state == 'X')
		return 0;
	return pid;
}

/* With the lock held: count the processes that are left.  As long as one of
 * them has the event pipe open, there may also be orphans. */
static unsigned count_stuck(struct actors *as, pid_t *stuck, unsigned max)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < as->n_procs; i++) {
		if (!as->procs[i].dead)
			note_stuck(&n, as->procs[i].pid, stuck, max);
	}
	for (i = 0; i < as->sc->n_actors && !as->all_gone; i++) {
		pid_t pid = orphan_of(as, i);

		if (pid)
			note_stuck(&n, pid, stuck, max);
	}
	return n;
}

/* Until something changed or the deadline. */
static void await_change(struct actors *as, uint64_t deadline_ns)
{
	if (as->listening) {
		cond_wait_until(&as->changed, &as->lock, deadline_ns);
		return;
	}
	mutex_unlock(&as->lock);
	listen_once(as, deadline_ns);
	mutex_lock(&as->lock);
}

/* With the lock held: are all deaths logged?  The listener logs one after it
 * has noted it. */
static bool all_logged(const struct actors *as)
{
	size_t i;

	for (i = 0; i < as->n_procs; i++)
		if (!as->procs[i].logged)
			return false;
	return true;
}

unsigned actors_kill(struct actors *as, uint64_t deadline_ns, pid_t *stuck, unsigned max)
{
	unsigned n;

	if (as->events_fd < 0)
		return 0;
	kill_all(as);
	auto_lock(&as->lock);
	for (;;) {
		n = count_stuck(as, stuck, max);
		if ((!n && as->all_gone && all_logged(as)) ||
		    clock_ns() >= deadline_ns)
			break;
		await_change(as, deadline_ns);
	}
	return n;
}
