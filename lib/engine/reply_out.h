/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reply of a request: put together, written, logged and judged. */
#ifndef ENGINE_REPLY_OUT_H
#define ENGINE_REPLY_OUT_H

#include "engine/engine_impl.h"

/* Keep what the backend replied, for the request cannot go on at once. */
void reply_keep(struct request *r, const struct iovec *iov, int n);

/* How the write of a reply went. */
struct written {
	int err;		/* what write(2) gave */
	bool is_good;		/* the reply was no error */
	size_t len;
	bool is_unaltered;	/* it was the backend's, as it is */
};

/*
 * r is SENDING.  iov: what the backend replied, where r has not kept it;
 * NULL: nothing.  Lock not held.
 */
struct written reply_write(struct engine *e, struct request *r,
			   const struct iovec *iov, int n);

#endif
