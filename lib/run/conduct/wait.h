/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for a condition, but no longer than there is something to wait for,
 * and saying how things stand when it did not come.  Conductor only.
 */
#ifndef RUN_CONDUCT_WAIT_H
#define RUN_CONDUCT_WAIT_H

#include "run/run.h"

/*
 * Wait until cond(r, arg) holds: true.  False when timeout_ns (0: the whole
 * run's) has passed, or when nothing more will happen: everything has been
 * quiet for quiet_ns and no timer runs.
 */
bool run_wait(struct run *r, uint64_t timeout_ns,
	      bool (*cond)(struct run *r, const void *arg), const void *arg);

/* Why a wait ended badly, in words: what every actor, gate and notification is
 * doing.  The caller frees. */
char *run_situation(struct run *r);

#endif
