/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the actors say, turned into events: one thread of the conductor that
 * polls the event pipe and a pidfd per process.  It is the only one that reads
 * the pipe and reaps.
 *
 * The order that others count on: an event is in the log before actor_look()
 * says that the call is over, and a process's last message is in the log
 * before its EV_EXIT.
 */
#include "config.h"

#include "act/actors_impl.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errnos.h"
#include "base/lock.h"
#include "base/units.h"

static const struct step *step_of(struct actors *as, int actor)
{
	const struct step *step;

	auto_lock(&as->lock);
	step = as->actors[actor].step;
	return step;
}

/* Of a stress step, the slot has the outcome that ended it. */
static void note_lack(struct actors *as, const struct step *step,
		      const struct outcome *o)
{
	if (!o->lack || as->lack)
		return;
	auto_lock(&as->lock);
	as->lack = o->lack;
	as->lack_step = step;
}

static void log_call(struct actors *as, const struct msg *m, enum event_kind kind)
{
	const struct step *step = step_of(as, m->actor);
	struct slot *slot = slot_at(as->slots, (size_t)m->actor);
	struct event ev = event_of(kind);

	ev.seq = m->seq;
	ev.at_ns = m->at_ns;
	ev.actor = m->actor;
	ev.call = &step->call;
	ev.step = step;
	ev.outcome = kind == EV_RETURN ? &slot->outcome : NULL;
	if (ev.outcome)
		note_lack(as, step, ev.outcome);
	ev.pid = (uint32_t)as->actors[m->actor].tid;
	/* the conductor logs what a stress step did */
	if (as->log && step->kind != STEP_STRESS)
		evlog_add(as->log, &ev);
}

/* A thread that waits for news was woken by the event, perhaps before this
 * point.  It is woken again, because what actor_look() says has changed too. */
static void call_over(struct actors *as, int actor)
{
	mutex_lock(&as->lock);
	as->actors[actor].in_call = false;
	as->actors[actor].calls++;
	mutex_unlock(&as->lock);
	if (as->log)
		evlog_poke(as->log);
}

static void on_message(struct actors *as, const struct msg *m)
{
	switch (m->kind) {
	case MSG_READY:
		/* its own number for itself may be another one */
		as->actors[m->actor].tid = m->actor == as->actors[m->actor].proc->first ?
			as->actors[m->actor].proc->pid : m->tid;
		as->actors[m->actor].ready = true;
		break;
	case MSG_FAILED:
		as->fail_err = m->err;
		as->fail_what = m->what;
		break;
	case MSG_CALL:
		log_call(as, m, EV_CALL);
		break;
	case MSG_RETURN:
		log_call(as, m, EV_RETURN);
		call_over(as, m->actor);
		break;
	}
}

static void everybody_gone(struct actors *as)
{
	auto_lock(&as->lock);
	as->all_gone = true;
	pthread_cond_broadcast(&as->changed);
}

/* All there is in the pipe.  It does not block. */
static void read_all(struct actors *as)
{
	struct msg m;
	ssize_t n;

	while (!as->all_gone) {
		n = read(as->events_fd, &m, sizeof(m));
		if (n == (ssize_t)sizeof(m))
			on_message(as, &m);
		else if (n == 0)
			everybody_gone(as);
		else if (n > 0)
			die_bug("event pipe: %zd bytes of a message", n);
		else if (errno == EAGAIN)
			return;
		else if (errno != EINTR)
			die_bug("event pipe: %s", strerror(errno));
	}
}

static void read_messages(struct actors *as)
{
	atomic_store(&as->reading, true);
	read_all(as);
	atomic_store(&as->reading, false);
}

/* In this order: what left the pipe in between is being read. */
bool actors_have_unread(struct actors *as)
{
	int waiting = 0;

	if (ioctl(as->events_fd, FIONREAD, &waiting))
		die_bug("event pipe: %s", strerror(errno));
	return waiting || atomic_load(&as->reading);
}

static void log_exit(struct actors *as, const struct proc *p, const siginfo_t *si)
{
	const char *sig = signal_name(si->si_status);
	struct event ev = event_of(EV_EXIT);
	char text[64];

	ev.actor = p->first;
	ev.pid = (uint32_t)p->pid;
	if (si->si_code == CLD_EXITED)
		snprintf(text, sizeof(text), "exited with status %d", si->si_status);
	else if (sig)
		snprintf(text, sizeof(text), "killed by %s", sig);
	else
		snprintf(text, sizeof(text), "killed by signal %d", si->si_status);
	ev.text = text;
	if (as->log)
		evlog_add(as->log, &ev);
}

/* The calls that p's actors were in end with it. */
static void end_calls(struct actors *as, const struct proc *p)
{
	size_t i;

	for (i = 0; i < as->sc->n_actors; i++) {
		struct actor *a = &as->actors[i];
		struct msg m = { .kind = MSG_RETURN, .actor = (int)i };
		bool in_call;

		mutex_lock(&as->lock);
		in_call = a->proc == p && a->in_call;
		mutex_unlock(&as->lock);
		if (!in_call)
			continue;
		slot_at(as->slots, i)->outcome = (struct outcome){
			.ret = -1, .killed = true,
		};
		log_call(as, &m, EV_RETURN);
		call_over(as, (int)i);
	}
}

static void reap(struct actors *as, struct proc *p)
{
	siginfo_t si = { 0 };

	/* A program that embeds us may ignore SIGCHLD; then the kernel does not
	 * tell how the process ended (ECHILD), only that it did. */
	if (waitid(P_PID, (id_t)p->pid, &si, WEXITED | WNOHANG) == 0 &&
	    si.si_pid == 0)
		return;
	mutex_lock(&as->lock);
	p->dead = true;
	mutex_unlock(&as->lock);
	read_messages(as);
	end_calls(as, p);
	log_exit(as, p, &si);
	mutex_lock(&as->lock);
	p->logged = true;
	pthread_cond_broadcast(&as->changed);
	mutex_unlock(&as->lock);
}

/* Without a pidfd a death is only seen by asking. */
static bool must_ask(const struct proc *p)
{
	return !p->dead && p->pidfd < 0;
}

static int poll_timeout(const struct actors *as, uint64_t deadline_ns)
{
	uint64_t now = clock_ns(), ms = 0, max = 1000;
	size_t i;

	for (i = 0; i < as->n_procs; i++) {
		if (must_ask(&as->procs[i]))
			max = 5;
	}
	if (deadline_ns > now)
		ms = (deadline_ns - now + NS_PER_MS - 1) / NS_PER_MS;
	return (int)(ms < max ? ms : max);
}

bool listen_once(struct actors *as, uint64_t deadline_ns)
{
	struct pollfd fds[2 + as->n_procs];
	size_t i, n = 2 + as->n_procs;

	/* poll(2) ignores entries with a negative descriptor */
	fds[0] = (struct pollfd){ as->stop_fd, POLLIN, 0 };
	fds[1] = (struct pollfd){ as->all_gone ? -1 : as->events_fd, POLLIN, 0 };
	for (i = 0; i < as->n_procs; i++) {
		int fd = as->procs[i].dead ? -1 : as->procs[i].pidfd;

		fds[2 + i] = (struct pollfd){ fd, POLLIN, 0 };
	}
	if (poll(fds, n, poll_timeout(as, deadline_ns)) < 0)
		return true;
	if (fds[1].revents)
		read_messages(as);
	for (i = 0; i < as->n_procs; i++) {
		if (fds[2 + i].revents || must_ask(&as->procs[i]))
			reap(as, &as->procs[i]);
	}
	return !fds[0].revents;
}

void *listen_main(void *arg)
{
	struct actors *as = arg;

	while (listen_once(as, UINT64_MAX))
		;
	return NULL;
}
