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

void inflight_init(struct inflight *t)
{
	*t = (struct inflight){ 0 };
	t->buckets = xcalloc(N_BUCKETS, sizeof(*t->buckets));
}

void inflight_fini(struct inflight *t)
{
	for (size_t i = 0; i < N_BUCKETS; i++) {
		for (struct request *r = t->buckets[i], *next; r; r = next) {
			next = r->hash_next;
			request_free(r);
		}
	}
	free(t->buckets);
}

void inflight_add(struct inflight *t, struct request *r)
{
	struct request **head = bucket(t, r->unique);

	r->hash_next = *head;
	*head = r;
	r->counts = t->counts;
	t->counts[r->state] += request_is_counted(r);
}

void inflight_remove(struct inflight *t, struct request *r)
{
	struct request **rr = bucket(t, r->unique);

	while (*rr != r)
		rr = &(*rr)->hash_next;
	*rr = r->hash_next;
	t->counts[r->state] -= request_is_counted(r);
}

struct request *inflight_find(const struct inflight *t, uint64_t unique)
{
	struct request *r = *bucket(t, unique);

	while (r && (r->unique != unique || !request_wants_reply(r)))
		r = r->hash_next;
	return r;
}

void inflight_set_resent(struct inflight *t, struct request *r)
{
	t->counts[r->state] -= request_is_counted(r);
	r->resent = true;
}

void inflight_each(struct inflight *t, enum request_state state,
		   void (*fn)(void *ctx, struct request *r), void *ctx)
{
	for (size_t i = 0; i < N_BUCKETS; i++) {
		for (struct request *r = t->buckets[i], *next; r; r = next) {
			next = r->hash_next;
			if (r->state == state)
				fn(ctx, r);
		}
	}
}
