/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What happens later to the requests of one mount: a queue by time, and a
 * thread of its own that runs what is due.  One per mount, so that a delivery
 * that blocks stops nobody else.
 */
#ifndef ENGINE_LATER_H
#define ENGINE_LATER_H

#include <pthread.h>

#include "engine/inflight.h"

struct later;

/* lock: engine->lock, which guards the queue.  take() is called with it held
 * when p is due, run() right after without it. */
struct later_hooks {
	void (*take)(void *ctx, struct pending *p);
	void (*run)(void *ctx, struct pending *p);
};
struct later *later_new(pthread_mutex_t *lock, const struct later_hooks *hooks,
			void *ctx);
/* Joins the thread; what is still queued is not run.  Lock not held. */
void later_free(struct later *l);

/* The rest: with the lock held.  due_ns: by clock_ns(); 0: at once.  What is
 * due at the same time goes in the order it was added. */
void later_add(struct later *l, struct pending *p, uint64_t due_ns);
/* Everything queued is due now. */
void later_hurry(struct later *l);

#endif
