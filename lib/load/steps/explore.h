/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The step "explore".  One thread at a time. */
#ifndef LOAD_STEPS_EXPLORE_H
#define LOAD_STEPS_EXPLORE_H

#include "load/read/loader.h"

int load_step_explore(struct loader *ld, const struct ynode *n, struct step *out);

#endif
