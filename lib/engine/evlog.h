/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The event log: everything that happened in a run, in order.
 *
 * Sequence numbers come from one counter in memory shared with the actors'
 * processes, so that an actor numbers the return of a call at the moment it
 * returns.  A reply is numbered before it is written, a request after it was
 * read: if the kernel made B happen because of A, then A's number is smaller.
 * A reply is appended only once it is written: who sees it may rely on that.
 * Events may be appended out of order; evlog_sorted() gives them in order.
 *
 * What the kernel recorded of itself is read, and numbered, only later.  Its
 * place in the order is by time, which both sides take from CLOCK_MONOTONIC.
 *
 * All functions may be called from any thread of the conductor's process.
 * Lock order: engine->lock, then evlog's own.
 */
#ifndef ENGINE_EVLOG_H
#define ENGINE_EVLOG_H

#include <stdatomic.h>

#include "model/outcome.h"
#include "model/scenario.h"

enum event_kind {
	EV_REQUEST,		/* read from the channel */
	EV_REPLY,		/* was written; its number is of just before */
	EV_HELD,		/* now at a gate */
	EV_RELEASED,		/* let go, or answered from a step */
	EV_DELAYED,		/* waits for its time */
	EV_DROPPED,		/* its rule wants it unanswered */
	EV_CALL,		/* an actor starts a call */
	EV_RETURN,		/* ... and is back */
	EV_EXIT,		/* an actor's process has ended */
	EV_NOTE_START,		/* a notification is about to be written */
	EV_NOTE_DONE,		/* its write(2) has returned */
	EV_BLOCKED,		/* proven; text: the kernel stack */
	EV_STEP,		/* the conductor begins a step */
	EV_STATE,		/* a state variable changed */
	EV_MOUNT,		/* mounted, aborted, unmounted, died: text says */
	EV_STRESS,		/* of a stress step: all of it, or a call: text, value */
	EV_KERNEL,		/* a line of the kernel log */
	EV_KERNEL_RETURN,	/* a traced function returned; text: its name */
	EV_TRACE,		/* a tracepoint; msg: its fields' values, 8 bytes each */
	EV_INFO,		/* anything else worth a line: text */
};

struct event {
	uint64_t seq;
	uint64_t at_ns;		/* CLOCK_MONOTONIC */
	enum event_kind kind;
	bool teardown;		/* after the last step: not judged */
	int mount;		/* NONE */
	int actor;		/* NONE */
	/* requests, replies, held, released, delayed, dropped */
	const struct op *op;	/* NULL: unknown opcode */
	uint32_t opcode;
	uint64_t unique, nodeid;
	uint32_t pid;
	int queue;		/* of io_uring; NONE: by the device */
	const char *path;	/* NULL when not known */
	const void *msg;	/* the request (header too), data cut off; replies: their own body */
	size_t msg_len;
	uint64_t data_len;	/* bytes of data the message carried */
	bool has_data;		/* a reply: of those that carry data, be it none */
	int error;		/* reply, notification: errno */
	int write_errno;	/* what write(2) of a reply or notification gave */
	int gate, rule;		/* NONE, or index */
	const struct event *request;	/* of a reply, hold or release */
	/* calls */
	const struct call_use *call;
	const struct step *step;
	const struct outcome *outcome;
	/* notifications */
	int note;		/* index into scenario.notes or NONE */
	const struct notify_spec *notify;
	/* a stress step: the whole (NULL: a call of it) */
	const struct stress_count *stress;
	/* a kernel function's return; how often a stress step made a call */
	int64_t value;
	const struct tracepoint *tracepoint;
	const char *text;
	struct holders *holders;	/* the log's own */
};

/* An event that is about nothing yet: 0 would be the first mount, actor, gate. */
static inline struct event event_of(enum event_kind kind)
{
	return (struct event){
		.kind = kind, .mount = NONE, .actor = NONE, .gate = NONE,
		.rule = NONE, .note = NONE, .queue = NONE,
	};
}

struct evlog;

/* seq: the shared counter, borrowed; it must outlive the log.  Whoever takes a
 * number counts from 1: atomic_fetch_add(seq, 1) + 1. */
struct evlog *evlog_new(_Atomic uint64_t *seq);
/*
 * One for serving, not for judging: it keeps the last events only (at least
 * LIMIT_SERVED_EVENTS of ordinary size, LIMIT_SERVED_BYTES at most), so that it does not grow.
 * An event in it lives as long as it is one of those or somebody holds it.
 */
struct evlog *evlog_new_recent(_Atomic uint64_t *seq);
void evlog_free(struct evlog *log);

/* Take the next number now, for an event that is appended later. */
uint64_t evlog_next_seq(struct evlog *log);

/*
 * Append a copy of *ev and of what it points to (at most 64 KiB of an outcome's
 * data), except the scenario's calls and steps, and the request, which is an
 * event of this log.  seq and at_ns are filled in where 0.  The returned event lives as long as the log (a log of recent events:
 * unless it is held, nobody may look at it) and does not change.
 * After LIMIT_LOG_EVENTS events (or LIMIT_LOG_BYTES) further ones are counted, not kept, and
 * NULL comes back: evlog_lost().
 */
const struct event *evlog_add(struct evlog *log, const struct event *ev);
size_t evlog_lost(struct evlog *log);
/* Why there are such: LIMIT_LOG_EVENTS or LIMIT_LOG_BYTES; else NULL. */
const struct limit *evlog_limit_reached(struct evlog *log);
/* Before the first event: so much of what a call has read is kept with it,
 * LIMIT_LOG_RESULT at least. */
void evlog_keep_data(struct evlog *log, size_t n);

/* The same, and it is the caller's to drop. */
const struct event *evlog_add_held(struct evlog *log, const struct event *ev);
/* The caller has no use for the event any more; NULL is fine. */
void evlog_drop(const struct event *ev);
/* Reading along: the event appended as number *next (from 0), or the oldest
 * there still is, held for the caller; *next then is the following number.
 * NULL: none yet.  *missed counts those that were there no more. */
const struct event *evlog_next(struct evlog *log, size_t *next, size_t *missed);

/* From now on events are teardown. */
void evlog_begin_teardown(struct evlog *log);

/* Number of events so far; the i-th appended (stable; not of recent ones). */
size_t evlog_count(struct evlog *log);
const struct event *evlog_at(struct evlog *log, size_t i);
/* For a reader that looks at each event once: put the events appended as number
 * *next (from 0) and later into out[], at most max of them.  *next becomes the
 * number of the event after the last one. */
size_t evlog_more(struct evlog *log, size_t *next, const struct event **out,
		  size_t max);
/* All events so far by seq, those of the kernel by time between them; *n of
 * them; the caller frees the array.  Of recent ones it has none. */
const struct event **evlog_sorted(struct evlog *log, size_t *n);

/* Wait until there are more than *seen events (then *seen = how many there are
 * now and true), or the deadline (clock_ns()) has passed (false). */
bool evlog_wait_news(struct evlog *log, size_t *seen, uint64_t deadline_ns);
/* Something outside the log has changed: wake the thread that waits for news,
 * or the next one that will.  Its evlog_wait_news() returns true and leaves
 * *seen as it is. */
void evlog_poke(struct evlog *log);

#endif
