/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The requests of one mount between being read and being answered, found by
 * their unique, and how many of them are in each state.  Callers hold
 * engine->lock.
 */
#ifndef ENGINE_INFLIGHT_H
#define ENGINE_INFLIGHT_H

#include "engine/request.h"

struct inflight {
	struct hash_table by_unique;
	uint64_t counts[N_REQUEST_STATES];	/* request_is_counted() */
};

void inflight_init(struct inflight *t);
void inflight_fini(struct inflight *t);		/* and all that is in it */

void inflight_add(struct inflight *t, struct request *r);
/* r is over, and the caller's to free. */
void inflight_remove(struct inflight *t, struct request *r);
/* The one the kernel waits for under this unique, or NULL. */
struct request *inflight_find(const struct inflight *t, uint64_t unique);
/* The kernel has sent r again under another unique. */
void inflight_set_resent(struct inflight *t, struct request *r);
/* fn may change the state. */
void inflight_each(struct inflight *t, enum request_state state,
		   void (*fn)(void *ctx, struct request *r), void *ctx);

#endif
