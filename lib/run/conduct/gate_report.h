/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For a failure that is about a gate: which rules hold requests there, and
 * which requests they almost held.  Conductor only, over a snapshot of the
 * log. */
#ifndef RUN_CONDUCT_GATE_REPORT_H
#define RUN_CONDUCT_GATE_REPORT_H

#include "run/run.h"

/* A line for each of them, how many requests it took, and after that the
 * requests it nearly took: "#12 WRITE /data: offset is 8K, not 0". */
void gate_report_print(struct run *r, int gate, struct buf *out);

/* The place of the rule that held a request here last; line 0: no rule did. */
struct loc gate_report_last(struct run *r, int gate);

#endif
