/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of a ring.  One thread at a time. */
#ifndef LOAD_STEPS_RING_H
#define LOAD_STEPS_RING_H

#include "load/read/loader.h"

int load_step_ring(struct loader *ld, const struct ynode *n, struct step *out);

#endif
