/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Can the orders of a scenario be judged?  Pure, thread-safe. */
#ifndef RUN_EXPLORE_JUDGED_H
#define RUN_EXPLORE_JUDGED_H

#include "model/scenario.h"

/* Why not; NULL: they can. */
const char *why_not_judged(const struct scenario *sc);

#endif
