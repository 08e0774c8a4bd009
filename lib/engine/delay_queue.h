/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The requests of one mount that wait, in the order in which they are due.  The
 * mount's delay thread takes them out.
 */
#ifndef ENGINE_DELAY_QUEUE_H
#define ENGINE_DELAY_QUEUE_H

#include <pthread.h>

#include "engine/request.h"

struct delay_queue;

/* lock: engine->lock, which guards the queue. */
struct delay_queue *delay_queue_new(pthread_mutex_t *lock);
/* What is still queued is left alone. */
void delay_queue_free(struct delay_queue *q);

/* The functions below are called with the lock held.  due_ns is a time of
 * clock_ns(), or 0 for at once.  Requests that are due at the same time go in
 * the order in which they were added. */
void delay_queue_add(struct delay_queue *q, struct request *r, uint64_t due_ns);
/* Every request in the queue is due now. */
void delay_queue_hurry(struct delay_queue *q);
/* Wait for the next one that is due, and take it; the lock is given up
 * meanwhile.  NULL: stopped. */
struct request *delay_queue_take(struct delay_queue *q);
void delay_queue_stop(struct delay_queue *q);

#endif
