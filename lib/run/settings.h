/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The settings of the whole machine that a scenario asks for, while its run is alone
 * on it (run/machine.h).  A process of their own puts them back, so that this happens
 * even if the run and whoever started it are killed.  Conductor only.
 */
#ifndef RUN_SETTINGS_H
#define RUN_SETTINGS_H

#include "model/scenario.h"
#include "run/keeper.h"

/*
 * While the process still sees the machine's /proc and /sys, and has its capabilities.
 * The keeper inherits the lock that keeps others out, and has it until all is as it
 * was.  NULL, or why one cannot be set, to be freed; then all is as it was.
 */
char *settings_apply(const struct scenario *sc, struct keeper *kept);

/* Can all of them be written?  If not, the run will be skipped, and need not be alone. */
bool settings_exist(const struct scenario *sc);

#endif
