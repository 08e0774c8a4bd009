/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clients: processes (and threads in them) that make the calls under test,
 * and nothing else does.  They are forked before any thread exists and before
 * /dev/fuse is open, chroot into the sandbox, and share the loaded scenario, so
 * a command is just a step's number.  Results come back through shared memory
 * and one pipe that a listener thread of the conductor reads.
 *
 *	conductor                      actor process (one per spec.process)
 *	actor_command(step) ──socket──► thread of the actor: EV_CALL, the call,
 *	listener thread     ◄──pipe──── EV_RETURN with the outcome
 */
#ifndef ACT_ACTORS_H
#define ACT_ACTORS_H

#include <sys/types.h>

#include "act/stress.h"
#include "engine/evlog.h"

/* What the call suspend() writes to; what may wake the machine in place of the
 * alarm (fusescen/vm/worker.c). */
#define SUSPEND_SERIAL	"/sys/class/tty/ttyS1/power/wakeup"
#define SUSPEND_FILE	"/sys/power/state"
#define SUSPEND_ALARM	"/sys/class/rtc/rtc0/wakealarm"

struct actors;
struct namespaces;

/* What is left to an actor when it makes its first call. */
struct actor_limits {
	uint64_t capabilities;		/* bit n: capability n, if we have it */
	bool calls[N_CALLS];		/* it may make the system calls of these */
};

/* As much as the scenario's steps need, and no more. */
void actor_limits_of(const struct scenario *sc, struct actor_limits *out);

/* Fork all actors.  root is the directory they chroot into (mount NAME is /NAME
 * there), ns what actors may be in (NULL: none is), groups the directory of their control
 * groups (-1: they have none), seq the shared counter (a MAP_SHARED page).  To be called before any
 * thread exists.  NULL: *err is an errno, *what says which call failed. */
struct actors *actors_spawn(const struct scenario *sc, const char *root,
			    const struct actor_limits *limits,
			    const struct namespaces *ns, int groups,
			    _Atomic uint64_t *seq, int *err, const char **what);
/* Start the listener; from now on events arrive in log. */
void actors_listen(struct actors *as, struct evlog *log);

/* Start step's call on its actor.  False: the actor is dead or still in a call. */
bool actor_command(struct actors *as, const struct step *step);

/* Forget what the last stress step did, before the first actor_stress(). */
void actors_stress_begin(struct actors *as, const struct stress *stress);
/* Start actor's share of a stress step.  As actor_command(). */
bool actor_stress(struct actors *as, int actor, const struct step *step);
/* What an actor has done in a stress step so far.  Before the actor is back,
 * only the call that it sleeps in is certain. */
const struct stress_seat *actor_seat(struct actors *as, int actor);

/* How an actor is right now. */
struct actor_look {
	bool alive;
	pid_t pid, tid;		/* as the conductor's namespace and the wire see them */
	pid_t own_pid;		/* in a pid namespace of its own; 0: in none */
	bool in_call;
	const struct step *step;	/* of the current or last call, or stress */
	uint64_t calls;		/* calls returned so far: a generation */
};
void actor_look(struct actors *as, int actor, struct actor_look *out);
/* Has an actor said something that is not in the log and in actor_look() yet?  A
 * listener that gets no CPU reads late; until then an actor that is back, and
 * sleeps until its next call, looks as if it slept in the last one. */
bool actors_have_unread(struct actors *as);
/* Bytes of addresses that the actors of a scenario share with us. */
size_t actors_memory(const struct scenario *sc);
/* Outcome of the last call that returned; NULL if none did.  Stable until the
 * actor's next command. */
const struct outcome *actor_outcome(struct actors *as, int actor);
/* What the first call lacked that lacked something (outcome.lack), and its
 * step; NULL. */
const char *actors_lack(struct actors *as, const struct step **step);
/* The byte a bare size is filled with: the first letter of the actor's name. */
uint8_t actor_letter(const struct scenario *sc, int actor);

/* 0 or errno. */
int actor_signal(struct actors *as, int actor, int sig);

/* Kill all actors and reap them until deadline_ns.  Returns how many are left
 * (in state D); their pids are in stuck[] (may be NULL, max of them). */
unsigned actors_kill(struct actors *as, uint64_t deadline_ns, pid_t *stuck, unsigned max);
/* After actors_kill(); joins the listener. */
void actors_free(struct actors *as);

#endif
