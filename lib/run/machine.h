/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs beside each other on one machine.  A scenario that changes something for
 * the whole machine (drop_caches) must be alone, whoever has started the others.
 * Conductor only.
 */
#ifndef RUN_MACHINE_H
#define RUN_MACHINE_H

#include "model/scenario.h"

/* Does the scenario change something for the whole machine? */
bool machine_is_touched(const struct scenario *sc);
/* Wait until the run may begin.  It may go on until the descriptor that is put
 * into *fd is closed (-1: this machine has no /dev/fuse).  False at the
 * deadline: others are in the way. */
bool machine_enter(bool alone, uint64_t deadline_ns, int *fd);

#endif
