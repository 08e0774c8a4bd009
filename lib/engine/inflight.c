/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of open requests of one mount.  Any thread, under engine->lock. */
#include "config.h"

#include "engine/inflight.h"

#define EXPECTED	512u	/* more than a kernel keeps in flight by itself */

static struct request *request_of(struct hash_link *l)
{
	return HASH_OF(l, struct request, link);
}

/* Uniques step by 2 (fs/fuse/fuse_i.h: FUSE_REQ_ID_STEP); an INTERRUPT has the
 * number between. */
static uint64_t hash_of(uint64_t unique)
{
	return unique >> 1;
}

void inflight_init(struct inflight *t)
{
	*t = (struct inflight){ 0 };
	hash_init(&t->by_unique, EXPECTED);
}

void inflight_fini(struct inflight *t)
{
	struct hash_link *l, *next;

	HASH_EACH(&t->by_unique, l, next)
		request_free(request_of(l));
	hash_fini(&t->by_unique);
}

void inflight_add(struct inflight *t, struct request *r)
{
	hash_add(&t->by_unique, &r->link, hash_of(r->unique));
	r->counts = t->counts;
	t->counts[r->state] += request_is_counted(r);
}

void inflight_remove(struct inflight *t, struct request *r)
{
	hash_remove(&t->by_unique, &r->link);
	t->counts[r->state] -= request_is_counted(r);
}

struct request *inflight_find(const struct inflight *t, uint64_t unique)
{
	struct hash_link *l = hash_first(&t->by_unique, hash_of(unique));

	for (; l; l = hash_next(l)) {
		struct request *r = request_of(l);

		if (r->unique == unique && request_wants_reply(r))
			return r;
	}
	return NULL;
}

void inflight_set_resent(struct inflight *t, struct request *r)
{
	t->counts[r->state] -= request_is_counted(r);
	r->resent = true;
}

void inflight_each(struct inflight *t, enum request_state state,
		   void (*fn)(void *ctx, struct request *r), void *ctx)
{
	struct hash_link *l, *next;

	HASH_EACH(&t->by_unique, l, next) {
		struct request *r = request_of(l);

		if (r->state == state)
			fn(ctx, r);
	}
}
