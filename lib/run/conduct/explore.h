/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run of the step "explore" leaves behind.  Conductor only. */
#ifndef RUN_CONDUCT_EXPLORE_H
#define RUN_CONDUCT_EXPLORE_H

#include "run/run.h"

/* After the last step, while the server still has its files: what the calls gave
 * and what the files hold goes into the run's trail, if it has one. */
void explore_record(struct run *r);

#endif
