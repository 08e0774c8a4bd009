/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that wait for something or prove it: held, blocked, inode_lock, wait,
 * notified, quiet, sleep.  Readers that fill in a step.  One thread at a time. */
#ifndef LOAD_STEPS_WAITS_H
#define LOAD_STEPS_WAITS_H

#include "load/read/loader.h"

int load_step_held(struct loader *ld, const struct ynode *n, struct step *out);
int load_step_blocked(struct loader *ld, const struct ynode *n,
		      struct step *out);
int load_step_quiet(struct loader *ld, const struct ynode *n, struct step *out);
int load_step_inode_lock(struct loader *ld, const struct ynode *n,
			 struct step *out);
int load_step_wait(struct loader *ld, const struct ynode *n, struct step *out);
int load_step_actor(struct loader *ld, const struct ynode *n, struct step *out);
int load_step_notified(struct loader *ld, const struct ynode *n,
		       struct step *out);
int load_step_mounted(struct loader *ld, const struct ynode *n, struct step *out);
int load_step_sleep(struct loader *ld, const struct ynode *n, struct step *out);

#endif
