/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making the kernel forget files, for sure.  Conductor only. */
#ifndef RUN_CONDUCT_EVICT_H
#define RUN_CONDUCT_EVICT_H

#include "run/run.h"

struct evictions;

/* The step "evict".  False: the kernel would not forget, and that is a failure. */
bool evict_run(struct run *r, const struct step *step);
/* When no notification is under way any more. */
void evictions_free(struct evictions *list);

#endif
