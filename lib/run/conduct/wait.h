/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for a condition, but no longer than there is something to wait for,
 * and saying how things stand when it did not come.  Conductor only.
 */
#ifndef RUN_CONDUCT_WAIT_H
#define RUN_CONDUCT_WAIT_H

#include "run/run.h"

/* Watches, from look to look, how long nothing has moved. */
struct patience {
	uint64_t quiet_since;		/* 0: something moved */
	unsigned runnable;		/* the most threads that wanted to run since */
};

/*
 * One more look.  True: nothing more will happen, because everything is quiet and
 * no timer runs.  A worker of the kernel that nobody sees from outside may not have
 * had a CPU yet; so everything must have been quiet for as long as it takes until
 * each thread that wants to run has had its turn, or for quiet_ns.
 */
bool patience_ends(struct run *r, struct patience *p);

/*
 * Wait until cond(r, arg) holds: true.  False when timeout_ns (0: the whole
 * run's) has passed, or when nothing more will happen (patience_ends()).  Which of
 * them it was, run_situation() says.
 */
bool run_wait(struct run *r, uint64_t timeout_ns,
	      bool (*cond)(struct run *r, const void *arg), const void *arg);

/* Why a wait ended badly, in words: what every actor, gate and notification is
 * doing.  The caller frees. */
char *run_situation(struct run *r);

#endif
