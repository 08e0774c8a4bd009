/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a directory for raw files in one of the user's, of which nothing may be
 * left.  A process of its own, the keeper, makes it, and removes it when it is
 * told to or when the bench has died.  If the keeper was killed as well, the
 * next bench finds that nobody holds the lock of the directory, and removes it.
 * Main thread only.
 */
#ifndef FUSESCEN_BENCH_RAWDIR_H
#define FUSESCEN_BENCH_RAWDIR_H

#include <sys/types.h>

struct rawdir {
	int fd;			/* the directory; -1: there is none */
	int parent;
	char name[32];
	int keeper_fd;		/* our end of a socket to the process */
	pid_t keeper;
};

#define RAWDIR_INIT	{ .fd = -1, .parent = -1, .keeper_fd = -1, .keeper = -1 }

/* 0, or -1 and errno. */
int rawdir_open(struct rawdir *r, const char *parent);
void rawdir_close(struct rawdir *r);

#endif
