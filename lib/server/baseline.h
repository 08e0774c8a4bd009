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

/* Report what the scenario asks for and such a server cannot do. */
void baseline_refuse(struct diags *dg, const struct scenario *sc);
/* Mount and serve.  NULL: *why says why this failed; the caller frees it. */
struct baseline *baseline_start(const struct scenario *sc, const char *dir,
			  char **why);
/* Unmount.  True: the loop's threads have ended, and bl is freed.  False: a
 * process still uses the mount, and the loop ends only with our process. */
bool baseline_stop(struct baseline *bl, uint64_t deadline_ns);

#endif
