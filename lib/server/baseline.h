/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A mount's backend under libfuse's own multithreaded loop, without the
 * tap: what measurements are compared with.  Main thread of a process that does
 * nothing else.
 */
#ifndef SERVER_BASELINE_H
#define SERVER_BASELINE_H

#include "model/scenario.h"

struct baseline;

/* What such a server cannot do. */
void baseline_refuse(struct diags *dg, const struct scenario *sc);
/* Mounted and served; NULL: *why says why not, to be freed. */
struct baseline *baseline_start(const struct scenario *sc, const char *dir,
			  char **why);
/* Unmount.  True: its threads have ended, and it is freed; false: somebody still
 * uses it, and only the end of the process ends that. */
bool baseline_stop(struct baseline *bl, uint64_t deadline_ns);

#endif
