/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue by time with its thread.  Added to by any thread under
 * engine->lock; the thread here takes from it. */
#include "config.h"

#include "engine/delay_queue.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/mem.h"
#include "base/units.h"

/* So long before something is due the thread sleeps no more: to be woken takes
 * about as long (tests/bench/delay.sh), and at times longer. */
#define AWAKE_NS	(60 * NS_PER_US)

struct delay_queue {
	pthread_mutex_t *lock;
	pthread_cond_t changed;
	struct request *first, *last;	/* by due_ns */
	const struct delay_queue_hooks *hooks;
	void *ctx;
	bool stop;
	pthread_t thread;
};

static void take_first(struct delay_queue *l)
{
	l->first = l->first->next;
	if (l->first)
		l->first->prev = NULL;
	else
		l->last = NULL;
}

/* Lock held, given up meanwhile. */
static void wait_awake(struct delay_queue *l, uint64_t due_ns)
{
	pthread_mutex_unlock(l->lock);
	while (clock_ns() < due_ns)
		;
	pthread_mutex_lock(l->lock);
}

/* Returns when something is nearly due, or earlier. */
static void wait_due(struct delay_queue *l)
{
	struct timespec ts;
	uint64_t until;
	int err;

	if (!l->first) {
		err = pthread_cond_wait(&l->changed, l->lock);
	} else {
		until = l->first->due_ns - AWAKE_NS;
		ts.tv_sec = (time_t)(until / NS_PER_S);
		ts.tv_nsec = (long)(until % NS_PER_S);
		err = pthread_cond_timedwait(&l->changed, l->lock, &ts);
	}
	if (err && err != ETIMEDOUT)
		die_bug("later: wait: %s", strerror(err));
}

static void *delay_queue_main(void *arg)
{
	struct delay_queue *l = arg;

	/* Of this thread alone: waits as long as is said, not 50 us more. */
	prctl(PR_SET_TIMERSLACK, 1UL);
	pthread_mutex_lock(l->lock);
	while (!l->stop) {
		struct request *p = l->first;
		uint64_t now = clock_ns();

		if (!p || p->due_ns > now + AWAKE_NS) {
			wait_due(l);
			continue;
		}
		if (p->due_ns > now) {
			wait_awake(l, p->due_ns);
			continue;
		}
		take_first(l);
		l->hooks->take(l->ctx, p);
		pthread_mutex_unlock(l->lock);
		l->hooks->run(l->ctx, p);
		pthread_mutex_lock(l->lock);
	}
	pthread_mutex_unlock(l->lock);
	return NULL;
}

struct delay_queue *delay_queue_new(pthread_mutex_t *lock, const struct delay_queue_hooks *hooks,
			void *ctx)
{
	struct delay_queue *l = xcalloc(1, sizeof(*l));
	pthread_condattr_t attr;
	sigset_t all, old;
	int err;

	l->lock = lock;
	l->hooks = hooks;
	l->ctx = ctx;
	if (pthread_condattr_init(&attr) ||
	    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) ||
	    pthread_cond_init(&l->changed, &attr))
		die_bug("later: no condition");
	pthread_condattr_destroy(&attr);
	/* Signals are the conductor's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&l->thread, NULL, delay_queue_main, l);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		die_bug("later: thread: %s", strerror(err));
	return l;
}

void delay_queue_free(struct delay_queue *l)
{
	int err;

	pthread_mutex_lock(l->lock);
	l->stop = true;
	pthread_cond_signal(&l->changed);
	pthread_mutex_unlock(l->lock);
	err = pthread_join(l->thread, NULL);
	if (err)
		die_bug("later: join: %s", strerror(err));
	pthread_cond_destroy(&l->changed);
	free(l);
}

void delay_queue_add(struct delay_queue *l, struct request *p, uint64_t due_ns)
{
	struct request *after = l->last;

	while (after && after->due_ns > due_ns)
		after = after->prev;
	p->due_ns = due_ns;
	p->prev = after;
	p->next = after ? after->next : l->first;
	if (p->next)
		p->next->prev = p;
	else
		l->last = p;
	if (after)
		after->next = p;
	else
		l->first = p;
	pthread_cond_signal(&l->changed);
}

void delay_queue_hurry(struct delay_queue *l)
{
	for (struct request *p = l->first; p; p = p->next)
		p->due_ns = 0;
	pthread_cond_signal(&l->changed);
}
