/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameter enable_uring of the fuse module, which is off unless somebody has
 * switched it on.  Whoever starts a run that uses io_uring holds the switch: root
 * has it on for as long, and nobody else needs to.  A process of its own puts it
 * back with the last run on the machine, so that this happens even if all others are
 * killed.  Thread-safe.
 */
#ifndef RUN_URING_SWITCH_H
#define RUN_URING_SWITCH_H

#include <stdbool.h>

/* Where it cannot be switched on, nothing happens: the run has a reason to skip. */
void uring_switch_hold(void);
void uring_switch_release(void);

/* Why requests cannot come by io_uring here; NULL: they can, or can while the
 * switch is held. */
const char *uring_switch_missing(bool is_root);

#endif
