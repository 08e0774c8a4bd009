/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The settings of the whole machine that a scenario asks for, while its run is alone
 * on it (run/machine.h).  A process of their own puts them back, so that this happens
 * even if the run and whoever started it are killed.  Conductor only.
 */
#ifndef RUN_SETTINGS_H
#define RUN_SETTINGS_H

#include "model/scenario.h"

struct settings_kept {
	int alive;		/* the keeper waits for its end; -1: there is none */
	pid_t keeper;
};

/*
 * While the process still sees the machine's /proc and /sys, and has its capabilities.
 * machine: the lock that keeps others out, which the keeper has until all is as it
 * was.  NULL, or why one cannot be set, to be freed; then all is as it was.
 */
char *settings_apply(const struct scenario *sc, int machine, struct settings_kept *kept);
/* Returns when all is as it was. */
void settings_restore(struct settings_kept *kept);

#endif
