/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * FUSE over io_uring (7.42): the kernel has a queue for each processor, and puts
 * a request into a free entry of the queue of the processor that its caller is on.
 * An entry is two buffers of ours.  A reply is put into the same buffers, and
 * committing them gives the entry back.
 *
 *	uring_new()			workers may sleep in uring_take()
 *	uring_start()			right after the reply to INIT
 *	uring_take() .. uring_commit()	any thread, for each request
 *	uring_close()			everybody leaves
 *
 * Each queue has an io_uring and a thread of its own, which alone submits: the
 * kernel copies requests and replies in that thread, so it must never be busy with
 * anything else.  It hands requests to whoever is in uring_take(), and whoever is
 * in uring_commit() waits for it.
 *
 * Thread-safe.
 */
#ifndef TRANSPORT_URING_H
#define TRANSPORT_URING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct jobs;
struct ring_step;
struct uring;
struct uring_entry;

struct uring_config {
	struct jobs *jobs;	/* for its threads: JOB_RING about this mount */
	int about;
	int fd;			/* /dev/fuse; borrowed */
	unsigned depth;		/* entries of each queue */
	size_t payload;		/* bytes of an entry for names and data */
	bool by_hand;		/* uring_command() registers entries */
	bool unprivileged;	/* commands are given without CAP_SYS_ADMIN */
	/* Reply to a request by uring_put(), on the queue's thread, which must not
	 * wait for anything.  False: it goes the usual way.  May be NULL. */
	bool (*answer)(void *arg, const void *msg, size_t len, struct uring_entry *e);
	void *arg;
};

/* Why there can be no io_uring in this process; NULL: there can be. */
const char *uring_missing(void);

struct uring *uring_new(void);
/* What uring_start() says of what, if the kernel did not take an entry. */
#define URING_REGISTERING	"REGISTER"
/* Make the queues and register all of their entries.  0 or errno, and then *what
 * says of what; nothing is registered any more.  ESHUTDOWN: uring_close() was first. */
int uring_start(struct uring *u, const struct uring_config *c, const char **what);
/* Queues that are registered; 0: not started. */
unsigned uring_queues(const struct uring *u);

/* Wait for a request and return its length and its queue; -EINTR after
 * uring_poke(), 0 once uring_close() has been called, -ENODEV when the kernel has
 * ended the connection. */
ssize_t uring_take(struct uring *u, void *buf, size_t size, int *queue);
/* Commit a message as the reply to the request that came with this unique: what
 * the kernel says at once (0 or errno).  It does not say what it thinks of the
 * reply. */
int uring_commit(struct uring *u, uint64_t unique, const struct iovec *iov, int n);
/* Put a whole message into an entry, for "answer" above. */
void uring_put(struct uring_entry *e, const struct iovec *iov, int n);
/* Have the thread of that queue (of the first one, if there is no such) give the
 * kernel this command: what it says at once; ENOTCONN: not started. */
int uring_command(struct uring *u, const struct ring_step *command);
/* Is there a request that nobody has taken yet? */
bool uring_readable(struct uring *u);
/* Wake everybody in uring_take(). */
void uring_poke(struct uring *u);
/* Give back all entries and end the threads.  Returns when this is done, or after some
 * seconds, and is not called on one of them.  Idempotent. */
void uring_close(struct uring *u);
void uring_free(struct uring *u);

#endif
