/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counting.  Requests are counted by workers, replies by workers, delay threads
 * and the backend's own threads; the main thread of a server reads the counts.
 *
 * A request that waits for its reply has a place in a table of atomics, found
 * by its unique.  The kernel counts uniques up (fs/fuse/fuse_i.h:
 * FUSE_REQ_ID_STEP), so places are taken in turn, and a place is occupied only
 * if another request has been open for as many requests as the table has
 * places; then the next few places are tried.  A request that finds no place is
 * counted as if it had been answered at once.
 */
#include "config.h"

#include "transport/stats.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/histogram.h"
#include "base/iov.h"
#include "base/mem.h"
#include "base/units.h"
#include "wire/message.h"

#define PLACES		4096u
#define TRIES		8u

struct counters {
	_Atomic uint64_t count, answered, errors, in, out;
	struct histogram times;
};

struct place {
	_Atomic uint64_t unique;	/* 0: free */
	/* Written by the thread that took the place, before the request goes
	 * on. */
	_Atomic uint64_t came_ns;
	_Atomic uint32_t row;
};

struct stats {
	const struct protocol *protocol;
	struct counters *rows;		/* as its ops, and one for the unknown */
	struct place *places;
};

static void add(_Atomic uint64_t *to, uint64_t n)
{
	atomic_fetch_add_explicit(to, n, memory_order_relaxed);
}

static uint64_t value(const _Atomic uint64_t *of)
{
	return atomic_load_explicit(of, memory_order_relaxed);
}

struct stats *stats_new(const struct protocol *p)
{
	struct stats *s = xcalloc(1, sizeof(*s));

	s->protocol = p;
	s->rows = xcalloc(p->n_ops + 1, sizeof(*s->rows));
	s->places = xcalloc(PLACES, sizeof(*s->places));
	return s;
}

void stats_free(struct stats *s)
{
	if (!s)
		return;
	free(s->rows);
	free(s->places);
	free(s);
}

static struct place *place_at(struct stats *s, uint64_t unique, unsigned try)
{
	return &s->places[((unique >> 1) + try) % PLACES];
}

static struct place *find(struct stats *s, uint64_t unique)
{
	unsigned i;

	for (i = 0; i < TRIES; i++) {
		struct place *p = place_at(s, unique, i);

		if (atomic_load_explicit(&p->unique, memory_order_acquire) ==
		    unique)
			return p;
	}
	return NULL;
}

static bool enter(struct stats *s, uint64_t unique, uint32_t row)
{
	unsigned i;

	for (i = 0; i < TRIES; i++) {
		struct place *p = place_at(s, unique, i);
		uint64_t free_ = 0;

		if (!atomic_compare_exchange_strong(&p->unique, &free_, unique))
			continue;
		atomic_store_explicit(&p->row, row, memory_order_relaxed);
		atomic_store_explicit(&p->came_ns, clock_ns(),
				      memory_order_release);
		return true;
	}
	return false;
}

void stats_request(struct stats *s, const void *msg, size_t len)
{
	struct wire_in_header h;
	const struct op *op;
	struct place *old;
	uint32_t row;

	if (!s || len < sizeof(h))
		return;
	memcpy(&h, msg, sizeof(h));
	op = op_by_code(s->protocol, h.opcode);
	row = (uint32_t)(op ? (size_t)(op - s->protocol->ops) : s->protocol->n_ops);
	add(&s->rows[row].count, 1);
	add(&s->rows[row].in, len);
	if (op && (op->reply == REPLY_NONE || op->opcode == OP_INTERRUPT)) {
		add(&s->rows[row].answered, 1);
		return;
	}
	/* RESEND (7.40): the same request again, under another unique. */
	old = h.unique & WIRE_UNIQUE_RESEND ?
		find(s, h.unique & ~WIRE_UNIQUE_RESEND) : NULL;
	if (old) {
		add(&s->rows[row].answered, 1);
		atomic_store(&old->unique, 0);
	}
	if (!enter(s, h.unique, row))
		add(&s->rows[row].answered, 1);
}

/* fs/fuse/dev.c: ENOENT, the request has been aborted or answered; with any
 * other error it still waits. */
void stats_reply(struct stats *s, const struct iovec *iov, int n, int err)
{
	struct wire_out_header h;
	struct counters *row;
	struct place *p;
	uint64_t unique, came_ns;

	if (!s || (err && err != ENOENT) || n < 1 || iov[0].iov_len < sizeof(h))
		return;
	memcpy(&h, iov[0].iov_base, sizeof(h));
	p = h.unique ? find(s, h.unique) : NULL;
	if (!p)
		return;
	row = &s->rows[atomic_load_explicit(&p->row, memory_order_relaxed)];
	came_ns = atomic_load_explicit(&p->came_ns, memory_order_acquire);
	unique = h.unique;
	/* Of two copies of a reply one ends it. */
	if (!atomic_compare_exchange_strong(&p->unique, &unique, 0))
		return;
	histogram_add(&row->times, clock_ns() - came_ns);
	add(&row->answered, 1);
	add(&row->out, iov_size(iov, n));
	if (h.error)
		add(&row->errors, 1);
}

int stats_get(const struct stats *s, size_t i, struct op_stats *out)
{
	static const unsigned shares[] = { 500, 900, 990, 1000 };
	uint64_t ns[ARRAY_SIZE(shares)];
	const struct protocol *p = s->protocol;
	const struct counters *row;
	size_t at;

	for (at = 0; at <= p->n_ops; at++)
		if (value(&s->rows[at].count) && !i--)
			break;
	if (at > p->n_ops)
		return -1;
	row = &s->rows[at];
	histogram_shares(&row->times, shares, ns, ARRAY_SIZE(shares));
	*out = (struct op_stats){
		.op = at < p->n_ops ? p->ops[at].name : "unknown",
		.errors = value(&row->errors),
		.in = value(&row->in), .out = value(&row->out),
		.in_flight = value(&row->answered),
		.p50_ns = ns[0], .p90_ns = ns[1], .p99_ns = ns[2],
		.max_ns = ns[3],
	};
	/* The answered ones are read first, so that a request that comes
	 * meanwhile is counted as in flight. */
	out->count = value(&row->count);
	out->in_flight = out->count > out->in_flight ?
		out->count - out->in_flight : 0;
	return 0;
}
