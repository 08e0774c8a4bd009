/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What happens later to the requests of one mount: a queue by time, and a
 * thread of its own that runs what is due.  One per mount, so that a delivery
 * that blocks stops nobody else.
 */
#ifndef ENGINE_DELAY_QUEUE_H
#define ENGINE_DELAY_QUEUE_H

#include <pthread.h>

#include "engine/inflight.h"

struct delay_queue;

/* lock: engine->lock, which guards the queue.  take() is called with it held
 * when p is due, run() right after without it. */
struct delay_queue_hooks {
	void (*take)(void *ctx, struct request *p);
	void (*run)(void *ctx, struct request *p);
};
struct delay_queue *delay_queue_new(pthread_mutex_t *lock, const struct delay_queue_hooks *hooks,
			void *ctx);
/* Joins the thread; what is still queued is not run.  Lock not held. */
void delay_queue_free(struct delay_queue *l);

/* The rest: with the lock held.  due_ns: by clock_ns(); 0: at once.  What is
 * due at the same time goes in the order it was added. */
void delay_queue_add(struct delay_queue *l, struct request *p, uint64_t due_ns);
/* Everything queued is due now. */
void delay_queue_hurry(struct delay_queue *l);

#endif
