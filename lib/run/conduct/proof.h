/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Proof instead of patience: is a call blocked in the kernel, is everything
 * quiet, is a lock shared or exclusive.  Called by the conductor; none of these
 * waits longer than a few milliseconds.
 */
#ifndef RUN_CONDUCT_PROOF_H
#define RUN_CONDUCT_PROOF_H

#include "run/run.h"

enum proof {
	PROOF_NO,		/* no, or not yet */
	PROOF_YES,
	PROOF_RETURNED,		/* it cannot be any more: the call is back */
};

/*
 * Blocked: the thread sleeps in the call it was in, its switch counters stand
 * still over several looks, no request is on its way between the kernel and
 * the gates, and no timer of ours is pending.  On PROOF_YES the kernel stack is
 * appended to stack (may stay empty where it may not be read).
 */
enum proof proof_blocked(struct run *r, const struct subject *who, struct buf *stack);

/* Every actor is idle, dead or blocked, every notification blocked, nothing is
 * on its way.  timers: delays that still run count as being on the way. */
bool proof_quiet(struct run *r, bool timers);

/* Do the threads of its ring, if it has one, have nothing to do? */
bool proof_rings_asleep(struct run *r, int mount);
/* Have the mount's workers read all that the kernel has sent, and sleep? */
bool proof_all_read(struct run *r, int mount);

/* Thread of a subject now, 0 when it is in no call. */
pid_t proof_thread(struct run *r, const struct subject *who);

#endif
