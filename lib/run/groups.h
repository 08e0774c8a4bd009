/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Control groups (version 2) of the actors of a run that freezes them or says how much
 * memory they have: one for each process, below one of the run's.  A keeper removes
 * them.  Conductor only.
 */
#ifndef RUN_GROUPS_H
#define RUN_GROUPS_H

#include "model/scenario.h"
#include "run/keeper.h"

struct groups {
	int dir;		/* of the run's group; -1: it has none */
	struct keeper keeper;
};

#define GROUPS_NONE	{ -1, KEEPER_NONE }

/* Why it cannot be (constant text), or NULL. */
const char *groups_missing(bool with_memory);
/* While the process still has its capabilities, and before it has threads.  NULL, or
 * why that is not possible, to be freed; then nothing is left. */
char *groups_make(struct groups *g, const struct scenario *sc);
/* To be called when the actors have ended, before keepers that are older end. */
void groups_remove(struct groups *g);

/* 0 or errno. */
int groups_freeze(const struct groups *g, const struct scenario *sc, int actor, bool freeze);
bool groups_is_frozen(const struct groups *g, const struct scenario *sc, int actor);
/* Has the kernel killed an actor because its group had no memory left?  Its name, or
 * NULL. */
const char *groups_out_of_memory(const struct groups *g, const struct scenario *sc);

#endif
