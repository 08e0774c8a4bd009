/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process that outlives a server that was killed, and removes what that
 * server left behind: its mount and its control socket.
 */
#ifndef RUN_SERVE_WATCHDOG_H
#define RUN_SERVE_WATCHDOG_H

#include <stdint.h>
#include <sys/types.h>

struct watchdog {
	pid_t pid;
	int fd;			/* the server's end; -1: there is none */
};

/* Before the server has threads, /dev/fuse or anything else that the other must
 * not keep open; close_fd is closed there.  0, or errno. */
int watchdog_start(struct watchdog *w, int close_fd);
/* What to remove from now on: the mount at dir, as long as it belongs to this
 * connection, and the socket.  NULL: none. */
void watchdog_tell(struct watchdog *w, const char *dir, uint32_t connection,
		   const char *socket);
/* Nothing is left to remove: end the watchdog. */
void watchdog_dismiss(struct watchdog *w);

#endif
