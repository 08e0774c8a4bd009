/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests between the kernel and a server, counted by operation: how many,
 * their bytes, how many are open, and how long their replies take, measured
 * from the read(2) of the request to the write(2) of its reply.
 *
 * Any thread, no lock.  A server without stats (NULL) pays one comparison.
 */
#ifndef TRANSPORT_STATS_H
#define TRANSPORT_STATS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct protocol;
struct stats;

struct stats *stats_new(const struct protocol *p);
void stats_free(struct stats *s);

/* A message was read from the kernel. */
void stats_request(struct stats *s, const void *msg, size_t len);
/* A message was written to it, and write(2) gave err. */
void stats_reply(struct stats *s, const struct iovec *iov, int n, int err);

struct op_stats {
	const char *op;		/* its name, or "unknown" */
	uint64_t count;
	uint64_t errors;	/* answered with an error */
	uint64_t in, out;	/* bytes of whole messages */
	uint64_t in_flight;
	uint64_t p50_ns, p90_ns, p99_ns, max_ns;	/* 0: nothing answered */
};
/* The i-th operation that occurred, in the order of the protocol; 0 while there
 * is one, else -1. */
int stats_get(const struct stats *s, size_t i, struct op_stats *out);

#endif
