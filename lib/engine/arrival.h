/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A request that a worker has just read: what it is, which rule applies. */
#ifndef ENGINE_ARRIVAL_H
#define ENGINE_ARRIVAL_H

#include "engine/engine_impl.h"

/* The longest path that is put together. */
#define ARRIVAL_PATH	4096u

/* All of this belongs to the worker: it is in its buffer or on its stack. */
struct arrival {
	struct request *r;
	void *msg;
	size_t len;
	void *copy;			/* of msg, made beforehand; or NULL */
	struct decoded_request decoded;
	const char *why;		/* it could not be decoded; NULL: it could */
	bool is_malformed;		/* do not deliver it */
	char path_buf[ARRIVAL_PATH];
	const char *path;
};

/* Decode it. */
void arrival_init(struct arrival *a, const struct protocol *p, int mount,
		  void *chan, void *msg, size_t len);
/* A copy of a large message that a rule may keep, so that it need not be made
 * under the lock.  Lock not held. */
void arrival_copy_large(struct engine *e, struct arrival *a);
/* Find its path, actor and rule, log it.  Lock held. */
void arrival_examine(struct engine *e, struct arrival *a);
/* Free what the request has not taken over. */
void arrival_fini(struct arrival *a);

#endif
