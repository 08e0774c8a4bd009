/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where messages come from and go to: a descriptor of /dev/fuse or /dev/cuse
 * (one per worker, cloned), a socket whose other end is a test that plays the
 * kernel, or the ring of io_uring that belongs to a connection.  A reply must go out
 * where its request came in.
 *
 * Thread-safe.  A read may last for ever: channel_close() tells readers to
 * leave and asks its caller to wake those who sleep in read(2), because the
 * kernel lets go of a descriptor only when nobody reads it any more.
 */
#ifndef TRANSPORT_CHANNEL_H
#define TRANSPORT_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "transport/drain.h"
#include "transport/outlet.h"

struct channel;
struct uring;

/* All four return NULL and errno when they fail. */
struct channel *channel_open(const char *device);
struct channel *channel_sim(int fd);
/* A second descriptor of a device or socket that others read: for sending. */
struct channel *channel_of(int fd);
/* One worker's share of a ring, which is borrowed.  It sends replies only. */
struct channel *channel_ring(struct uring *ring);
/* One more channel, for another worker.  For a device that has no clones
 * (CUSE), and for a simulated channel, it reads the same descriptor. */
struct channel *channel_clone(struct channel *main, bool shared);
void channel_free(struct channel *c);
/* A descriptor of /dev/fuse for the same connection; -1 and errno. */
int channel_clone_fd(int fd);

/* Read a whole message and return its length, 0 when channel_close() has been
 * called, or -errno.  If d is not NULL, the message goes through that pipe. */
ssize_t channel_read(struct channel *c, struct drain *d, void *buf, size_t size);
/* Write a whole message: 0 or errno. */
int channel_send(struct channel *c, const struct iovec *iov, int n);
/* The same as the reply to the request that came with this unique: on a ring that
 * says which entry it is. */
int channel_reply(struct channel *c, uint64_t unique, const struct iovec *iov, int n);
/* The queue that the message last read came by; -1: it came by the descriptor.
 * For the channel's own reader. */
int channel_queue(const struct channel *c);
bool channel_is_ring(const struct channel *c);
/* Is there something to read? */
bool channel_readable(struct channel *c);
/* Has the kernel not ended the connection? */
bool channel_connected(struct channel *c);

/* Readers leave from now on.  wake(arg) is called again and again while one of
 * them may still be in read(2); then the descriptor is closed.  Idempotent. */
void channel_close(struct channel *c, void (*wake)(void *arg), void *arg);

/* Backing files of passthrough (FUSE_DEV_IOC_BACKING_*): 0 or errno.  A
 * simulated channel gives numbers from 1 on. */
int channel_backing_open(struct channel *c, int fd, int32_t *id);
void channel_backing_close(struct channel *c, int32_t id);
/* From now on messages go through these, which the channel keeps; NULL: not that
 * way.  Before anybody reads or sends. */
void channel_splice(struct channel *c, struct drain *in, struct outlet *out);
/* From now on mount(2) with this device waits for INIT: 0, or -1 and errno. */
int channel_sync_init(struct channel *c);
/* The descriptor itself, which the channel keeps and may close. */
int channel_fd(const struct channel *c);
/* A second descriptor of the same channel, for a write(2) that may block while
 * the channel is being closed; -1 when it is closed. */
int channel_dup(struct channel *c);
bool channel_is_sim(const struct channel *c);

#endif
