/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps: what the script does, in order.  One thread at a time. */
#ifndef LOAD_STEPS_STEPS_H
#define LOAD_STEPS_STEPS_H

#include "load/read/loader.h"

/* "steps:", may be NULL.  Rules and actors are known. */
/* One of them, not added to the scenario. */
int load_step(struct loader *ld, const struct ynode *n, struct step *out);
int load_steps(struct loader *ld, const struct ynode *n);

#endif
