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
#ifndef ATTACH_CUSTOM_IO_SLOTS_H
#define ATTACH_CUSTOM_IO_SLOTS_H

#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct fuse_session;

/* There is no tap any more, or it knows nothing of this: the slot is to read or write
 * by itself.  Neither this nor the next is an errno. */
#define SLOT_PLAIN	(-4096)
/* There is nothing to read: to be asked again when fd or *wake is readable. */
#define SLOT_WAIT	(-4097)

/* libfuse cancels its workers while they read.  They can be cancelled between
 * these calls, never in one. */
struct slot_end {
	/* Without waiting: bytes; -1 and errno; one of the two above. */
	ssize_t (*read)(void *ctx, int fd, void *buf, size_t len, int *wake);
	/* Bytes; -errno; SLOT_PLAIN. */
	ssize_t (*reply)(void *ctx, const struct iovec *iov, int n);
};

/* The slot's number, and in *tag a number that no other taking of any slot
 * has; -1 and *why, a constant text. */
int slot_take(struct fuse_session *se, int fd, const struct slot_end *end,
	      void *ctx, uint64_t *tag, const char **why);
/* Returns when nobody is inside.  last() is called then, before anybody writes
 * by itself. */
void slot_leave(unsigned slot, void (*last)(void *ctx), void *ctx);
/* The reply to this request is to be written to fd, whoever gives it: a handler that
 * is still at work when the tap leaves.  The slot closes fd, then or when it is
 * taken anew. */
void slot_redirect(unsigned slot, uint64_t unique, int fd);
/* What the slot leads to if it was taken under that tag, or NULL.  With one,
 * the caller is inside until slot_exit(). */
void *slot_enter(unsigned slot, uint64_t tag);
void slot_exit(unsigned slot);

#endif
