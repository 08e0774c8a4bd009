/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A libfuse session without a device: requests are passed in, and replies come
 * out through a function of the owner.  (A backend that answers by itself is
 * asked in the same way, without libfuse.)  The session adds what the backend
 * does not know and an older libfuse cannot express: the open flags that a
 * scenario gave a file.  (The tap adds the number of the backing file.)
 * Thread-safe: any worker may deliver.
 *
 * Not given to libfuse:
 *	NOTIFY_REPLY	the notification was not libfuse's either
 *	INTERRUPT	of a request that cannot wait inside.  libfuse would
 *			answer EAGAIN at the next request, and the kernel
 *			would send it again, for ever
 */
#ifndef BACKEND_SESSION_H
#define BACKEND_SESSION_H

#include <sys/types.h>
#include <sys/uio.h>

#include "backend/backend.h"

struct session;

/* Where replies go; ctx is what session_new() was given.  Bytes written, or
 * -errno. */
typedef ssize_t session_reply_fn(void *ctx, const struct iovec *iov, int n);

struct fuse_session;

/* A session of that backend, which stays the caller's and outlives it. */
struct session *session_new(struct backend *b, session_reply_fn *reply, void *ctx);
/* The same around a libfuse session made elsewhere, of which it takes
 * ownership. */
struct session *session_around(struct fuse_session *se, struct backend *b,
			       session_reply_fn *reply, void *ctx);
/* Nobody may be in session_deliver() any more. */
void session_free(struct session *s);
/* One request; msg may be changed. */
void session_deliver(struct session *s, void *msg, size_t len);

#endif
