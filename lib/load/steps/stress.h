/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The step "stress": who repeats which calls.  One thread at a time. */
#ifndef LOAD_STEPS_STRESS_H
#define LOAD_STEPS_STRESS_H

#include "load/read/loader.h"

int load_step_stress(struct loader *ld, const struct ynode *n,
		     struct step *out);

#endif
