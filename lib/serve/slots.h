/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How libfuse calls us for somebody else's session.  A session's custom I/O is
 * given that session's userdata, which is not ours to read, so each session we
 * are under has functions of its own, a slot.  The table of slots is the one
 * thing in the library that is global and changes.
 *
 * Once custom I/O is set, libfuse has no way to take it back: a slot that was
 * left reads and writes as libfuse itself would.  It is given to another
 * session when its own is gone.
 *
 * Called by the threads of the session; slot_take() and slot_leave() by
 * whoever attaches and detaches.
 */
#ifndef SERVE_SLOTS_H
#define SERVE_SLOTS_H

#include <poll.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct fuse_session;

/* A thread of the session inside one of these.  libfuse cancels its workers
 * while they read; in here they can be cancelled only in slot_poll(). */
struct slot_call {
	unsigned slot;
	int cancel_state;
};

/* There is no tap any more: the slot is to read by itself. */
#define SLOT_PLAIN	(-2)

struct slot_end {
	/* Bytes; -1 and errno; SLOT_PLAIN. */
	ssize_t (*read)(void *ctx, const struct slot_call *call, int fd,
			void *buf, size_t len);
	/* Bytes, or -errno. */
	ssize_t (*reply)(void *ctx, const struct iovec *iov, int n);
};

/* The slot's number, and in *tag a number that no other taking of any slot
 * has; -1 and *why, a constant text. */
int slot_take(struct fuse_session *se, int fd, const struct slot_end *end,
	      void *ctx, uint64_t *tag, const char **why);
/* Returns when nobody is inside; end->read() must come back by then. */
void slot_leave(unsigned slot);
/* poll(2) without a timeout, in which the thread may be cancelled. */
int slot_poll(const struct slot_call *call, struct pollfd *p, nfds_t n);
/* What the slot leads to if it was taken under that tag, or NULL.  With one,
 * the caller is inside until slot_exit(). */
void *slot_enter(unsigned slot, uint64_t tag);
void slot_exit(unsigned slot);

#endif
