/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The event log.  Events live in an arena and never move; an array of
 * pointers keeps the order of appending.  Appended to by workers, notifiers,
 * the actors' listener and the conductor; one lock of its own, taken last.
 */
#include "config.h"

#include "engine/evlog.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/units.h"

#define MAX_BYTES	(64u << 20)
#define MAX_OUTCOME	(64u << 10)	/* of a call's data */

struct evlog {
	_Atomic uint64_t *seq;
	pthread_mutex_t lock;
	pthread_cond_t news;
	struct arena *arena;
	struct event **events;
	size_t n, cap;
	size_t lost;
	uint64_t pokes, pokes_taken;
	bool teardown;
};

static void lock(struct evlog *log)
{
	if (pthread_mutex_lock(&log->lock))
		die_bug("evlog: lock");
}

static void unlock(struct evlog *log)
{
	if (pthread_mutex_unlock(&log->lock))
		die_bug("evlog: unlock");
}

static const void *copy_bytes(struct arena *a, const void *p, size_t n)
{
	return p && n ? arena_memdup(a, p, n) : NULL;
}

static const char *copy_text(struct arena *a, const char *s)
{
	return s ? arena_strdup(a, s) : NULL;
}

static const struct outcome *copy_outcome(struct arena *a,
					  const struct outcome *o)
{
	struct outcome *copy = arena_memdup(a, o, sizeof(*o));

	if (copy->data_len > MAX_OUTCOME)
		copy->data_len = MAX_OUTCOME;
	copy->data = copy_bytes(a, o->data, copy->data_len);
	return copy;
}

/* Called with the lock held. */
static struct event *append(struct evlog *log, const struct event *ev)
{
	struct event *copy = arena_memdup(log->arena, ev, sizeof(*ev));

	copy->msg = copy_bytes(log->arena, ev->msg, ev->msg_len);
	copy->path = copy_text(log->arena, ev->path);
	copy->text = copy_text(log->arena, ev->text);
	copy->stress = copy_bytes(log->arena, ev->stress, sizeof(*ev->stress));
	if (ev->outcome)
		copy->outcome = copy_outcome(log->arena, ev->outcome);
	if (!copy->seq)
		copy->seq = evlog_next_seq(log);
	if (!copy->at_ns)
		copy->at_ns = clock_ns();
	copy->teardown = ev->teardown || log->teardown;
	if (log->n == log->cap) {
		log->cap = log->cap ? log->cap * 2 : 256;
		log->events = xrealloc(log->events,
				       log->cap * sizeof(*log->events));
	}
	log->events[log->n++] = copy;
	return copy;
}

static bool is_recorded(const struct event *ev)
{
	return ev->kind == EV_KERNEL_RETURN || ev->kind == EV_TRACE;
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* What was recorded comes last, by time. */
static int by_number(const void *a, const void *b)
{
	const struct event *x = *(const struct event *const *)a;
	const struct event *y = *(const struct event *const *)b;

	if (is_recorded(x) != is_recorded(y))
		return is_recorded(x) - is_recorded(y);
	if (is_recorded(x) && x->at_ns != y->at_ns)
		return compare(x->at_ns, y->at_ns);
	return compare(x->seq, y->seq);
}

/* From all[], ours first: what was recorded goes where its time says, behind all
 * that has happened until then, before the first that came later. */
static void merge(const struct event *const *all, size_t n,
		  const struct event **out)
{
	size_t ours = 0, n_ours = 0, recorded;

	while (n_ours < n && !is_recorded(all[n_ours]))
		n_ours++;
	for (recorded = n_ours; recorded < n; *out++ = all[recorded++])
		while (ours < n_ours && all[ours]->at_ns <= all[recorded]->at_ns)
			*out++ = all[ours++];
	while (ours < n_ours)
		*out++ = all[ours++];
}

struct evlog *evlog_new(_Atomic uint64_t *seq)
{
	struct evlog *log = xcalloc(1, sizeof(*log));
	pthread_condattr_t attr;

	log->seq = seq;
	log->arena = arena_new();
	if (pthread_mutex_init(&log->lock, NULL) ||
	    pthread_condattr_init(&attr) ||
	    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) ||
	    pthread_cond_init(&log->news, &attr))
		die_bug("evlog: no lock");
	pthread_condattr_destroy(&attr);
	return log;
}

void evlog_free(struct evlog *log)
{
	if (!log)
		return;
	pthread_cond_destroy(&log->news);
	pthread_mutex_destroy(&log->lock);
	arena_free(log->arena);
	free(log->events);
	free(log);
}

uint64_t evlog_next_seq(struct evlog *log)
{
	return atomic_fetch_add(log->seq, 1) + 1;
}

const struct event *evlog_add(struct evlog *log, const struct event *ev)
{
	struct event *copy = NULL;

	lock(log);
	if (log->n < EVLOG_MAX && arena_used(log->arena) < MAX_BYTES)
		copy = append(log, ev);
	else
		log->lost++;
	pthread_cond_broadcast(&log->news);
	unlock(log);
	return copy;
}

size_t evlog_lost(struct evlog *log)
{
	size_t n;

	lock(log);
	n = log->lost;
	unlock(log);
	return n;
}

void evlog_begin_teardown(struct evlog *log)
{
	lock(log);
	log->teardown = true;
	unlock(log);
}

size_t evlog_count(struct evlog *log)
{
	size_t n;

	lock(log);
	n = log->n;
	unlock(log);
	return n;
}

const struct event *evlog_at(struct evlog *log, size_t i)
{
	const struct event *ev;

	lock(log);
	ev = i < log->n ? log->events[i] : NULL;
	unlock(log);
	return ev;
}

const struct event **evlog_sorted(struct evlog *log, size_t *n)
{
	const struct event **all, **out;

	lock(log);
	*n = log->n;
	all = xmalloc((log->n + 1) * sizeof(*all));
	for (size_t i = 0; i < log->n; i++)
		all[i] = log->events[i];
	unlock(log);
	qsort(all, *n, sizeof(*all), by_number);
	out = xmalloc((*n + 1) * sizeof(*out));
	merge(all, *n, out);
	out[*n] = NULL;
	free(all);
	return out;
}

bool evlog_wait_news(struct evlog *log, size_t *seen, uint64_t deadline_ns)
{
	struct timespec ts = {
		.tv_sec = (time_t)(deadline_ns / NS_PER_S),
		.tv_nsec = (long)(deadline_ns % NS_PER_S),
	};
	uint64_t taken;
	bool news;
	int err = 0;

	lock(log);
	taken = log->pokes_taken;
	while (log->n <= *seen && log->pokes == taken && err != ETIMEDOUT) {
		err = pthread_cond_timedwait(&log->news, &log->lock, &ts);
		if (err && err != ETIMEDOUT)
			die_bug("evlog: wait: %s", strerror(err));
	}
	news = log->n > *seen || log->pokes != taken;
	if (log->n > *seen)
		*seen = log->n;
	log->pokes_taken = log->pokes;
	unlock(log);
	return news;
}

void evlog_poke(struct evlog *log)
{
	lock(log);
	log->pokes++;
	pthread_cond_broadcast(&log->news);
	unlock(log);
}
