/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The event log.  Events live in an arena and never move; an array of
 * pointers keeps the order of appending.  In a log of recent events each has its
 * own piece of memory, and the array is a ring.  Appended to by workers,
 * notifiers, the actors' listener and the conductor; one lock of its own, taken
 * last.
 */
#include "config.h"

#include "engine/evlog.h"

#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/lock.h"
#include "base/mem.h"

/* This stands before each event of a log of recent events. */
struct holders {
	alignas(max_align_t) atomic_uint n;
	size_t size;		/* of all of it */
};

struct evlog {
	_Atomic uint64_t *seq;
	pthread_mutex_t lock;
	pthread_cond_t news;
	struct arena *arena;		/* NULL: recent events only */
	struct event **events;
	size_t n, cap;			/* ever; room */
	size_t first;			/* recent: the oldest there is */
	size_t bytes;			/* recent: of those there are */
	size_t lost;
	size_t call_data;		/* bytes kept of what a call read */
	uint64_t pokes, pokes_taken;
	uint64_t teardown_seq;		/* what comes behind it is teardown; 0: not yet */
};

/* ---- copies -------------------------------------------------------------- */

/* Where the parts of a copy go, one behind the other; at NULL, they are only
 * counted. */
struct space {
	char *at;
	size_t used;
	size_t most;		/* of a call's data */
};

static void *put_part(struct space *s, const void *p, size_t n)
{
	void *to = NULL;

	if (!p || !n)
		return NULL;
	if (s->at)
		to = memcpy(s->at + s->used, p, n);
	s->used += (n + alignof(max_align_t) - 1) &
		~(alignof(max_align_t) - 1);
	return to;
}

static const char *put_text(struct space *s, const char *text)
{
	return text ? put_part(s, text, strlen(text) + 1) : NULL;
}

static const struct outcome *put_outcome(struct space *s,
					 const struct outcome *from)
{
	struct outcome copy = *from;

	if (copy.data_len > s->most)
		copy.data_len = s->most;
	copy.data = put_part(s, from->data, copy.data_len);
	return put_part(s, &copy, sizeof(copy));
}

/* What is printed of a notification, and the place it stands at. */
static const struct notify_spec *put_notify(struct space *s,
					    const struct notify_spec *from)
{
	const struct notify_spec copy = {
		.loc = from->loc, .note = from->note, .code = from->code,
		.name = from->name, .mount = from->mount,
		.file = {
			.mount = from->file.mount,
			.path = put_text(s, from->file.path),
		},
		.child = put_text(s, from->child),
	};

	return put_part(s, &copy, sizeof(copy));
}

/*
 * With all that it points to, but for what outlives every log: the tables of
 * the protocol, the scenario's calls, steps and tracepoints.  (Notifications are
 * not all the scenario's: a command has its own.)  A request stays the one
 * that the log has.
 */
static struct event *event_copy(struct space *s, const struct event *ev)
{
	struct event copy = *ev;

	copy.msg = put_part(s, ev->msg, ev->msg_len);
	copy.path = put_text(s, ev->path);
	copy.text = put_text(s, ev->text);
	copy.stress = put_part(s, ev->stress, sizeof(*ev->stress));
	if (ev->outcome)
		copy.outcome = put_outcome(s, ev->outcome);
	if (ev->notify)
		copy.notify = put_notify(s, ev->notify);
	return put_part(s, &copy, sizeof(copy));
}

static size_t event_size(const struct evlog *log, const struct event *ev)
{
	struct space s = { .most = log->call_data };

	event_copy(&s, ev);
	return s.used;
}

/* ---- events of their own ------------------------------------------------ */

void evlog_drop(const struct event *ev)
{
	if (!ev || !ev->holders ||
	    atomic_fetch_sub(&ev->holders->n, 1) > 1)
		return;
	/* A request refers to no other event, so this goes one deep. */
	evlog_drop(ev->request);
	free(ev->holders);
}

static const struct event *hold(const struct event *ev)
{
	if (ev && ev->holders)
		atomic_fetch_add(&ev->holders->n, 1);
	return ev;
}

static struct event *new_recent(const struct evlog *log,
				const struct event *ev)
{
	size_t size = sizeof(struct holders) + event_size(log, ev);
	struct holders *h = xmalloc(size);
	struct space s = { (char *)(h + 1), 0, log->call_data };
	struct event *copy = event_copy(&s, ev);

	atomic_init(&h->n, 1);
	h->size = size;
	copy->holders = h;
	hold(copy->request);
	return copy;
}

static struct event *new_in_arena(const struct evlog *log,
				  const struct event *ev)
{
	struct space s = {
		.at = arena_alloc(log->arena, event_size(log, ev)),
		.most = log->call_data,
	};

	return event_copy(&s, ev);
}

/* ---- the order ----------------------------------------------------------- */

static void forget_first(struct evlog *log)
{
	struct event *ev = log->events[log->first++ % LIMIT_SERVED_EVENTS];

	log->bytes -= ev->holders->size;
	evlog_drop(ev);
}

static void put_recent(struct evlog *log, struct event *ev)
{
	while (log->first < log->n &&
	       (log->n - log->first == LIMIT_SERVED_EVENTS ||
		log->bytes + ev->holders->size > LIMIT_SERVED_BYTES))
		forget_first(log);
	log->bytes += ev->holders->size;
	log->events[log->n++ % LIMIT_SERVED_EVENTS] = ev;
}

static void put(struct evlog *log, struct event *ev)
{
	if (log->n == log->cap) {
		log->cap = log->cap ? log->cap * 2 : 256;
		log->events = xrealloc(log->events,
				       log->cap * sizeof(*log->events));
	}
	log->events[log->n++] = ev;
}

/* Called with the lock held. */
static struct event *append(struct evlog *log, const struct event *ev)
{
	struct event *copy = log->arena ? new_in_arena(log, ev) :
		new_recent(log, ev);

	if (!copy->seq)
		copy->seq = evlog_next_seq(log);
	if (!copy->at_ns)
		copy->at_ns = clock_ns();
	/* A reply has its number before it is written, and comes here after. */
	copy->teardown = ev->teardown ||
		(log->teardown_seq && copy->seq > log->teardown_seq);
	if (log->arena)
		put(log, copy);
	else
		put_recent(log, copy);
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

/* all[] has our own events first, then those that the kernel recorded.  Each of
 * the latter is put behind our last event that is not later than it. */
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

static struct evlog *make(_Atomic uint64_t *seq)
{
	struct evlog *log = xcalloc(1, sizeof(*log));

	log->seq = seq;
	log->call_data = LIMIT_LOG_RESULT;
	mutex_init(&log->lock);
	cond_init(&log->news);
	return log;
}

struct evlog *evlog_new(_Atomic uint64_t *seq)
{
	struct evlog *log = make(seq);

	log->arena = arena_new();
	return log;
}

struct evlog *evlog_new_recent(_Atomic uint64_t *seq)
{
	struct evlog *log = make(seq);

	log->events = xcalloc(LIMIT_SERVED_EVENTS, sizeof(*log->events));
	return log;
}

void evlog_free(struct evlog *log)
{
	if (!log)
		return;
	pthread_cond_destroy(&log->news);
	pthread_mutex_destroy(&log->lock);
	while (!log->arena && log->first < log->n)
		forget_first(log);
	arena_free(log->arena);
	free(log->events);
	free(log);
}

uint64_t evlog_next_seq(struct evlog *log)
{
	return atomic_fetch_add(log->seq, 1) + 1;
}

void evlog_keep_data(struct evlog *log, size_t n)
{
	if (n > log->call_data)
		log->call_data = n;
}

/* Called with the lock held. */
static bool has_room(const struct evlog *log)
{
	return !log->arena || (log->n < LIMIT_LOG_EVENTS &&
			       arena_used(log->arena) < LIMIT_LOG_BYTES);
}

static const struct event *add(struct evlog *log, const struct event *ev,
			       bool held)
{
	struct event *copy = NULL;

	auto_lock(&log->lock);
	if (has_room(log))
		copy = append(log, ev);
	else
		log->lost++;
	if (held)
		hold(copy);
	pthread_cond_broadcast(&log->news);
	return copy;
}

const struct event *evlog_add(struct evlog *log, const struct event *ev)
{
	return add(log, ev, false);
}

const struct event *evlog_add_held(struct evlog *log, const struct event *ev)
{
	return add(log, ev, true);
}

const struct event *evlog_next(struct evlog *log, size_t *next, size_t *missed)
{
	const struct event *ev = NULL;

	auto_lock(&log->lock);
	if (*next < log->first) {
		*missed += log->first - *next;
		*next = log->first;
	}
	if (*next < log->n)
		ev = hold(log->events[log->arena ? *next :
				      *next % LIMIT_SERVED_EVENTS]);
	if (ev)
		(*next)++;
	return ev;
}

const struct limit *evlog_limit_reached(struct evlog *log)
{
	if (!evlog_lost(log))
		return NULL;
	return evlog_count(log) >= LIMIT_LOG_EVENTS ? LIMIT_OF(LOG_EVENTS) :
		LIMIT_OF(LOG_BYTES);
}

size_t evlog_lost(struct evlog *log)
{
	auto_lock(&log->lock);
	return log->lost;
}

void evlog_begin_teardown(struct evlog *log)
{
	auto_lock(&log->lock);
	log->teardown_seq = evlog_next_seq(log);
}

size_t evlog_count(struct evlog *log)
{
	auto_lock(&log->lock);
	return log->n;
}

const struct event *evlog_at(struct evlog *log, size_t i)
{
	auto_lock(&log->lock);
	return i < log->n ? log->events[i] : NULL;
}

size_t evlog_more(struct evlog *log, size_t *next, const struct event **out,
		  size_t max)
{
	size_t n = 0;

	auto_lock(&log->lock);
	while (n < max && *next < log->n)
		out[n++] = log->events[(*next)++];
	return n;
}

const struct event **evlog_sorted(struct evlog *log, size_t *n)
{
	const struct event **all, **out;

	mutex_lock(&log->lock);
	*n = log->arena ? log->n : 0;
	all = xmalloc((*n + 1) * sizeof(*all));
	for (size_t i = 0; i < *n; i++)
		all[i] = log->events[i];
	mutex_unlock(&log->lock);
	qsort(all, *n, sizeof(*all), by_number);
	out = xmalloc((*n + 1) * sizeof(*out));
	merge(all, *n, out);
	out[*n] = NULL;
	free(all);
	return out;
}

bool evlog_wait_news(struct evlog *log, size_t *seen, uint64_t deadline_ns)
{
	bool in_time = true, news;
	uint64_t taken;

	auto_lock(&log->lock);
	taken = log->pokes_taken;
	while (log->n <= *seen && log->pokes == taken && in_time)
		in_time = cond_wait_until(&log->news, &log->lock, deadline_ns);
	news = log->n > *seen || log->pokes != taken;
	if (log->n > *seen)
		*seen = log->n;
	log->pokes_taken = log->pokes;
	return news;
}

void evlog_poke(struct evlog *log)
{
	auto_lock(&log->lock);
	log->pokes++;
	pthread_cond_broadcast(&log->news);
}
