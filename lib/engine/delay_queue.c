/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue by time.  Any thread adds to it under engine->lock; the mount's delay
 * thread takes from it. */
#include "config.h"

#include "engine/delay_queue.h"

#include "base/lock.h"
#include "base/mem.h"
#include "base/units.h"

/* The thread stops sleeping this long before a request is due, because waking
 * up takes about as long (tests/bench/delay.sh), and sometimes longer. */
#define AWAKE_NS	(60 * NS_PER_US)

struct delay_queue {
	pthread_mutex_t *lock;
	pthread_cond_t changed;
	struct request *first, *last;	/* by due_ns */
	bool stopped;
};

static struct request *take_first(struct delay_queue *q)
{
	struct request *r = q->first;

	q->first = q->first->next;
	if (q->first)
		q->first->prev = NULL;
	else
		q->last = NULL;
	return r;
}

/* Lock held, given up meanwhile. */
static void wait_awake(struct delay_queue *q, uint64_t due_ns)
{
	mutex_unlock(q->lock);
	while (clock_ns() < due_ns)
		;
	mutex_lock(q->lock);
}

/* Returns when something is nearly due, or earlier. */
static void wait_due(struct delay_queue *q)
{
	if (q->first)
		cond_wait_until(&q->changed, q->lock,
				q->first->due_ns - AWAKE_NS);
	else
		cond_wait(&q->changed, q->lock);
}

struct delay_queue *delay_queue_new(pthread_mutex_t *lock)
{
	struct delay_queue *q = xcalloc(1, sizeof(*q));

	q->lock = lock;
	cond_init(&q->changed);
	return q;
}

void delay_queue_free(struct delay_queue *q)
{
	pthread_cond_destroy(&q->changed);
	free(q);
}

void delay_queue_add(struct delay_queue *q, struct request *r, uint64_t due_ns)
{
	struct request *after = q->last;

	while (after && after->due_ns > due_ns)
		after = after->prev;
	r->due_ns = due_ns;
	r->prev = after;
	r->next = after ? after->next : q->first;
	if (r->next)
		r->next->prev = r;
	else
		q->last = r;
	if (after)
		after->next = r;
	else
		q->first = r;
	pthread_cond_signal(&q->changed);
}

void delay_queue_hurry(struct delay_queue *q)
{
	for (struct request *r = q->first; r; r = r->next)
		r->due_ns = 0;
	pthread_cond_signal(&q->changed);
}

struct request *delay_queue_take(struct delay_queue *q)
{
	while (!q->stopped) {
		uint64_t now = clock_ns();

		if (!q->first || q->first->due_ns > now + AWAKE_NS)
			wait_due(q);
		else if (q->first->due_ns > now)
			wait_awake(q, q->first->due_ns);
		else
			return take_first(q);
	}
	return NULL;
}

void delay_queue_stop(struct delay_queue *q)
{
	q->stopped = true;
	pthread_cond_signal(&q->changed);
}
