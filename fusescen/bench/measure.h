/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the measurements of a bench file. */
#ifndef FUSESCEN_BENCH_MEASURE_H
#define FUSESCEN_BENCH_MEASURE_H

#include "fusescen/bench/results.h"

/* Measures in the place, round by round.  The results go into m, which is one
 * of r's.  Returns an exit status, after a message if it is not 0.  */
int measure_all(const struct results *r, struct measured *m, int signal_fd);

#endif
