/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The step "stress".  Conductor only. */
#ifndef RUN_CONDUCT_STRESS_H
#define RUN_CONDUCT_STRESS_H

#include "run/run.h"

/* Have it done, tell the log what was done, judge it. */
bool step_stress(struct run *r, const struct step *step);

/* "1200 calls in 300 rounds, 640 overlapped, 9 of 12 pairs" */
void stress_print_count(struct buf *b, const struct stress_count *count);

#endif
