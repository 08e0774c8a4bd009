/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server of a scenario with the fuzzer in the kernel's place: a socket for each
 * mount.  What it replies is read, so that its workers never wait for us.
 */
#ifndef TESTS_FUZZ_KERNEL_H
#define TESTS_FUZZ_KERNEL_H

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/units.h"
#include "server/server.h"
#include "tests/fuzz/hostile.h"
#include "tests/fuzz/scenario.h"

#define KERNEL_MOUNTS	4u
#define KERNEL_END_MS	5000u

/* An operation that there is not: the tap itself answers it, so that whatever
 * was sent before it to a mount with one worker has been taken. */
#define KERNEL_LAST_OPCODE	0x7fffu
#define KERNEL_LAST_UNIQUE	0x7ffffffffffffff0ull
#define KERNEL_LAST_MS		20

struct kernel {
	const struct scenario *sc;
	_Atomic uint64_t seq;
	struct evlog *log;
	struct server *server;
	struct engine *engine;
	int fds[KERNEL_MOUNTS];
	size_t n_fds;
};

/* Read what there is, after ms at the latest.  Is the reply to "unique" there? */
static inline bool kernel_read(int fd, int ms, uint64_t unique)
{
	static uint8_t got[2u << 20];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct wire_out_header h;
	ssize_t n;

	while (poll(&p, 1, ms) > 0) {
		n = recv(fd, got, sizeof(got), MSG_DONTWAIT);
		if (n <= 0)
			return true;	/* nothing comes any more */
		if ((size_t)n < sizeof(h))
			continue;
		memcpy(&h, got, sizeof(h));
		if (unique && h.unique == unique)
			return true;
	}
	return false;
}

/* False: the connection has ended. */
static inline bool kernel_send(int fd, const void *msg, size_t len)
{
	while (send(fd, msg, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		if (errno != EAGAIN)
			return errno != EPIPE && errno != ECONNRESET;
		if (kernel_read(fd, 1, 0))
			return false;
	}
	return true;
}

static inline void kernel_init(struct kernel *k, size_t mount)
{
	const struct {
		struct wire_in_header h;
		struct wire_init_in in;
	} msg = {
		.h = { .len = sizeof(msg), .unique = KERNEL_LAST_UNIQUE,
		       .opcode = k->sc->mounts[mount].kind == MOUNT_CUSE ?
				OP_CUSE_INIT : OP_INIT },
		.in = { .major = WIRE_MAJOR, .minor = WIRE_MINOR,
			.max_readahead = 128 << 10,
			.flags = UINT32_MAX, .flags2 = UINT32_MAX },
	};

	kernel_send(k->fds[mount], &msg, sizeof(msg));
	kernel_read(k->fds[mount], KERNEL_LAST_MS, KERNEL_LAST_UNIQUE);
}

static inline void kernel_start(struct kernel *k, const struct scenario *sc)
{
	*k = (struct kernel){ .sc = sc };
	k->log = evlog_new(&k->seq);
	k->server = server_new(k->sc, k->log);
	k->engine = engine_new(k->sc, k->log, &server_hooks, k->server);
	server_set_engine(k->server, k->engine);
	for (; k->n_fds < k->sc->n_mounts && k->n_fds < KERNEL_MOUNTS; k->n_fds++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ||
		    server_attach_sim(k->server, (int)k->n_fds, pair[1]))
			die_bug("no socket");
		k->fds[k->n_fds] = pair[0];
	}
}

/* Until each mount has taken what was sent to it, unless a rule keeps its worker
 * from that. */
static inline void kernel_settle(struct kernel *k)
{
	const struct wire_in_header last = {
		.len = sizeof(last), .opcode = KERNEL_LAST_OPCODE,
		.unique = KERNEL_LAST_UNIQUE,
	};

	for (size_t i = 0; i < k->n_fds; i++) {
		if (kernel_send(k->fds[i], &last, sizeof(last)))
			kernel_read(k->fds[i], KERNEL_LAST_MS, KERNEL_LAST_UNIQUE);
	}
}

/* The threads end; the log stays for whoever wants to look at it. */
static inline void kernel_stop(struct kernel *k)
{
	unsigned left;

	engine_finish(k->engine, false);
	for (size_t i = 0; i < k->n_fds; i++)
		kernel_read(k->fds[i], 0, 0);
	left = server_stop(k->server, false,
			   clock_ns() + KERNEL_END_MS * NS_PER_MS);
	if (left)
		die_bug("%u threads of the server do not end", left);
	for (size_t i = 0; i < k->n_fds; i++)
		close(k->fds[i]);
}

static inline void kernel_free(struct kernel *k)
{
	engine_free(k->engine);
	server_free(k->server);
	evlog_free(k->log);
}

#endif
