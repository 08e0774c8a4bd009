/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The conductor's side of the actors, shared by spawn.c (their beginning and
 * end), control.c (what the conductor asks for) and listen.c (what the actors
 * say).
 *
 * lock protects everything marked so.  It is never held while something is
 * appended to the log.  Before actors_listen() there is but one thread.
 */
#ifndef ACT_ACTORS_IMPL_H
#define ACT_ACTORS_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "act/actors.h"
#include "act/calls/slot.h"

struct proc {
	pid_t pid;
	int pidfd;		/* readable when all its threads are gone; or -1 */
	int first;		/* its first actor */
	bool dead;		/* lock: reaped; pid means nothing any more */
	bool logged;		/* lock: ... and its death and calls' ends are logged */
};

struct actor {
	int command_fd;		/* our end of its socket */
	struct proc *proc;
	pid_t tid;
	bool ready;
	bool in_call;		/* lock */
	const struct step *step;	/* lock: of the current or last call */
	uint64_t calls;		/* lock: returned so far */
};

struct actors {
	const struct scenario *sc;
	_Atomic uint64_t *seq;
	void *slots;
	void *io;		/* their buffers */
	size_t io_size;
	const char *lack;	/* lock: the first that an outcome had */
	const struct step *lack_step;
	struct actor *actors;	/* sc->n_actors */
	struct proc *procs;
	size_t n_procs;
	int events_fd;		/* read end of the event pipe */
	atomic_bool reading;	/* a message has left the pipe, and is being noted */
	bool all_gone;		/* lock: nobody has its write end any more */
	int stop_fd;		/* eventfd: ends the listener */
	struct evlog *log;	/* NULL until actors_listen() */
	bool listening;
	pthread_t listener;
	pthread_mutex_t lock;
	pthread_cond_t changed;	/* logged or all_gone; CLOCK_MONOTONIC */
	int fail_err;		/* an actor could not start */
	const char *fail_what;
};

/* Wait for messages and deaths until the deadline, and take note of them.
 * False: asked to stop.  Called by the listener, or before there is one. */
bool listen_once(struct actors *as, uint64_t deadline_ns);
/* The listener. */
void *listen_main(void *as);

#endif
