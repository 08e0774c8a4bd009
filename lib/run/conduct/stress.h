/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a stress step did, in words.  Conductor only. */
#ifndef RUN_CONDUCT_STRESS_H
#define RUN_CONDUCT_STRESS_H

#include "run/run.h"

/* "1200 calls in 300 rounds, 640 overlapped, 9 of 12 pairs" */
void stress_print_count(struct buf *b, const struct stress_count *count);

#endif
