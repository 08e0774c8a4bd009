/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The measurements of a bench file. */
#ifndef FUSESCEN_BENCH_MEASURE_H
#define FUSESCEN_BENCH_MEASURE_H

#include "fusescen/bench_results.h"

/* In the place, round by round.  An exit status, after a message if not 0. */
int measure_all(struct results *r, int signal_fd);

#endif
