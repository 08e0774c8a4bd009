/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must add up at the end of a run that is explored.  Conductor only. */
#ifndef RUN_CONDUCT_ACCOUNTS_H
#define RUN_CONDUCT_ACCOUNTS_H

#include "run/run.h"

/* Behind everything else that is judged: actors end, so that all files are closed. */
void accounts_settle(struct run *r);

#endif
