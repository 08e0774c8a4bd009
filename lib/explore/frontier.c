/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue for each cost.  One thread at a time. */
#include "config.h"

#include "explore/frontier.h"

#include <limits.h>
#include <string.h>

#include "wire/ops.h"

#define COSTS	32		/* what costs more is as good as this */

struct queue {
	struct schedule *at;
	size_t first, n, room;
};

struct frontier {
	struct queue queues[COSTS];
	size_t queued, max_queued;
	uint64_t dropped;
};

struct frontier *frontier_new(size_t max_queued)
{
	struct frontier *f = xcalloc(1, sizeof(*f));

	f->max_queued = max_queued;
	return f;
}

void frontier_free(struct frontier *f)
{
	for (unsigned i = 0; i < COSTS; i++)
		free(f->queues[i].at);
	free(f);
}

/* Those taken are at its beginning; their room is used again when they are half. */
static void make_room(struct queue *q)
{
	if (q->first && q->first >= q->room / 2) {
		memmove(q->at, q->at + q->first, (q->n - q->first) * sizeof(*q->at));
		q->n -= q->first;
		q->first = 0;
	}
	if (q->n == q->room) {
		q->room = q->room ? q->room * 2 : 16;
		q->at = xreallocarray(q->at, q->room, sizeof(*q->at));
	}
}

void frontier_add(struct frontier *f, const struct schedule *s)
{
	struct queue *q = &f->queues[s->cost < COSTS ? s->cost : COSTS - 1];

	if (f->queued == f->max_queued) {
		f->dropped++;
		return;
	}
	make_room(q);
	q->at[q->n++] = *s;
	f->queued++;
}

static struct queue *nearest(const struct frontier *f)
{
	for (unsigned i = 0; i < COSTS; i++) {
		if (f->queues[i].first < f->queues[i].n)
			return (struct queue *)&f->queues[i];
	}
	return NULL;
}

bool frontier_take(struct frontier *f, struct schedule *out)
{
	struct queue *q = nearest(f);

	if (!q)
		return false;
	*out = q->at[q->first++];
	f->queued--;
	return true;
}

size_t frontier_queued(const struct frontier *f)
{
	return f->queued;
}

uint64_t frontier_dropped(const struct frontier *f)
{
	return f->dropped;
}

unsigned frontier_cost(const struct frontier *f)
{
	const struct queue *q = nearest(f);

	return q ? q->at[q->first].cost : UINT_MAX;
}

void frontier_each(const struct frontier *f,
		   void (*see)(void *ctx, const struct schedule *s), void *ctx)
{
	for (unsigned i = 0; i < COSTS; i++) {
		const struct queue *q = &f->queues[i];

		for (size_t k = q->first; k < q->n; k++)
			see(ctx, &q->at[k]);
	}
}

/* ---- what follows from a run ---------------------------------------------------- */

/* The first n moves of the trail, with the holds that they bring. */
static struct schedule beginning(const struct schedule *s, const struct trail *t,
				 unsigned n)
{
	struct schedule out;

	memset(&out, 0, sizeof(out));
	out.cost = s->cost;
	out.n_moves = n;
	for (unsigned i = 0; i < n; i++)
		out.moves[i] = t->moves[i].move;
	for (unsigned i = 0; i < s->n_holds; i++) {
		if (s->holds[i].move < n)
			out.holds[out.n_holds++] = s->holds[i];
	}
	return out;
}

static void other_moves(struct frontier *f, const struct schedule *s,
			const struct trail *t, unsigned at)
{
	moves_t rest = t->moves[at].enabled & ~((moves_t)1 << t->moves[at].move);

	for (; rest; rest &= rest - 1) {
		struct schedule child = beginning(s, t, at);

		child.moves[child.n_moves++] = (uint8_t)__builtin_ctz(rest);
		child.cost += COST_ORDER;
		frontier_add(f, &child);
	}
}

static void add_hold(struct frontier *f, const struct schedule *s,
		     const struct trail *t, const struct trail_request *q)
{
	for (int after = 0; after <= 1; after++) {
		struct schedule child = beginning(s, t, q->move + 1);

		child.holds[child.n_holds++] = (struct hold){
			.name = q->name, .after = after, .move = q->move,
		};
		child.cost += COST_HOLD;
		frontier_add(f, &child);
	}
}

static bool is_given(const struct schedule *s, unsigned fault)
{
	for (unsigned i = 0; i < s->n_holds; i++) {
		if (s->holds[i].fault == fault)
			return true;
	}
	return false;
}

/* Each fault once in an order. */
static void add_faults(struct frontier *f, const struct explore *ex,
		       const struct schedule *s, const struct trail *t,
		       const struct trail_request *q)
{
	for (unsigned i = 1; i <= ex->n_faults; i++) {
		struct schedule child;

		if (strcmp(ex->faults[i - 1].op->name, q->name.op) || is_given(s, i))
			continue;
		child = beginning(s, t, q->move + 1);
		child.holds[child.n_holds++] = (struct hold){
			.name = q->name, .fault = i, .move = q->move,
		};
		child.cost += COST_HOLD;
		frontier_add(f, &child);
	}
}

static bool is_held(const struct schedule *s, const struct request_name *name)
{
	for (unsigned i = 0; i < s->n_holds; i++) {
		if (request_names_same(&s->holds[i].name, name))
			return true;
	}
	return false;
}

/* Where the requests begin that no ancestor of s could have held: those of its last
 * move, behind the request that s itself holds there. */
static unsigned first_new(const struct schedule *s, const struct trail *t)
{
	unsigned i, first = 0;

	for (i = 0; i < t->n_requests; i++) {
		if (t->requests[i].move + 1 < s->n_moves ||
		    is_held(s, &t->requests[i].name))
			first = i + 1;
	}
	return first;
}

void frontier_expand(struct frontier *f, const struct explore *ex,
		     const struct schedule *s, const struct trail *t)
{
	unsigned i;

	for (i = first_new(s, t); i < t->n_requests && s->n_holds < SCHEDULE_HOLDS; i++) {
		add_hold(f, s, t, &t->requests[i]);
		add_faults(f, ex, s, t, &t->requests[i]);
	}
	for (i = s->n_moves; i < t->n_moves; i++)
		other_moves(f, s, t, i);
}
