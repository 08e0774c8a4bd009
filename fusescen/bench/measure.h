/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The measurements of a bench file. */
#ifndef FUSESCEN_BENCH_MEASURE_H
#define FUSESCEN_BENCH_MEASURE_H

#include "fusescen/bench/results.h"

/* In the place, round by round, into m, which is one of r's.  An exit status,
 * after a message if not 0. */
int measure_all(const struct results *r, struct measured *m, int signal_fd);

#endif
