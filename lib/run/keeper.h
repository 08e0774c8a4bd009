/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process that undoes something when a run has ended, even if the run and whoever
 * started it are killed.  It must be outside the run's pid namespace
 * (scenario_stays_outside()).  Conductor only.
 */
#ifndef RUN_KEEPER_H
#define RUN_KEEPER_H

#include <sys/types.h>

struct keeper {
	int alive;		/* it waits for the end of this; -1: there is none */
	pid_t pid;
};

#define KEEPER_NONE	{ -1, -1 }

/* It calls undo(what), on memory of its own.  Fork it before anything is changed; it
 * inherits all descriptors.  0, or -1 and errno. */
int keeper_start(struct keeper *k, void (*undo)(const void *what), const void *what);
/* Returns when it has undone it. */
void keeper_end(struct keeper *k);

#endif
