/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of open requests of one mount.  Any thread, under engine->lock. */
#include "config.h"

#include "engine/inflight.h"

#include "base/mem.h"

#define N_BUCKETS	512u	/* more than a kernel keeps in flight by itself */

static struct request **bucket(const struct inflight *t, uint64_t unique)
{
	/* Uniques step by 2 (fs/fuse/fuse_i.h: FUSE_REQ_ID_STEP). */
	return &t->buckets[(unique >> 1) % N_BUCKETS];
}

static bool is_counted(const struct request *p)
{
	return p->counted && !p->stale;
}

static void request_free(struct request *p)
{
	evlog_drop(p->ev);
	free(p->own_head);
	free(p->msg);
	free(p->backend_reply);
	free(p);
}

void inflight_init(struct inflight *t)
{
	*t = (struct inflight){ 0 };
	t->buckets = xcalloc(N_BUCKETS, sizeof(*t->buckets));
}

void inflight_fini(struct inflight *t)
{
	for (size_t i = 0; i < N_BUCKETS; i++) {
		for (struct request *p = t->buckets[i], *next; p; p = next) {
			next = p->hash_next;
			request_free(p);
		}
	}
	free(t->buckets);
}

void inflight_add(struct inflight *t, struct request *p)
{
	struct request **head = bucket(t, p->unique);

	p->hash_next = *head;
	*head = p;
	p->stage = STAGE_BUSY;
	t->counts[STAGE_BUSY] += is_counted(p);
}

void inflight_move(struct inflight *t, struct request *p, enum stage to)
{
	t->counts[p->stage] -= is_counted(p);
	p->stage = to;
	t->counts[p->stage] += is_counted(p);
}

void inflight_end(struct inflight *t, struct request *p)
{
	struct request **pp = bucket(t, p->unique);

	while (*pp != p)
		pp = &(*pp)->hash_next;
	*pp = p->hash_next;
	t->counts[p->stage] -= is_counted(p);
	request_free(p);
}

struct request *inflight_find(const struct inflight *t, uint64_t unique)
{
	struct request *p = *bucket(t, unique);

	while (p && (p->unique != unique || !p->counted))
		p = p->hash_next;
	return p;
}

void inflight_set_stale(struct inflight *t, struct request *p)
{
	t->counts[p->stage] -= is_counted(p);
	p->stale = true;
}

void inflight_each(struct inflight *t, enum stage stage,
		   void (*fn)(void *ctx, struct request *p), void *ctx)
{
	for (size_t i = 0; i < N_BUCKETS; i++) {
		for (struct request *p = t->buckets[i], *next; p; p = next) {
			next = p->hash_next;
			if (p->stage == stage)
				fn(ctx, p);
		}
	}
}
