/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules that hold requests at a gate, for who wonders what it holds.
 * Conductor only, over a snapshot of the log. */
#ifndef RUN_CONDUCT_GATE_REPORT_H
#define RUN_CONDUCT_GATE_REPORT_H

#include "run/run.h"

/* A line for each of them, how many requests it took, and after that the
 * requests it nearly took: "#12 WRITE /data: offset is 8K, not 0". */
void feeders_print(struct run *r, int gate, struct buf *out);

/* Where the rule stands that held a request here last; line 0: nobody did. */
struct loc feeders_last(struct run *r, int gate);

#endif
