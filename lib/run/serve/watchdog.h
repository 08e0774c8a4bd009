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
	char *socket, *mount;	/* what it was told */
};

#define WATCHDOG_INIT	{ .pid = -1, .fd = -1 }

/* 0, or errno. */
int watchdog_start(struct watchdog *w);
/* What to remove from now on: the socket; the mount at dir, as long as it
 * belongs to this connection. */
void watchdog_tell_socket(struct watchdog *w, const char *path);
void watchdog_tell_mount(struct watchdog *w, const char *dir, uint32_t connection);
/* Somebody has killed it (poll(2) says so of its fd): another one, which is
 * told the same. */
void watchdog_renew(struct watchdog *w);
/* Nothing is left to remove: end the watchdog. */
void watchdog_dismiss(struct watchdog *w);

#endif
