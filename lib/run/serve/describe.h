/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The current state of a server as replies of the control protocol: for
 * programs (members of a JSON object) or for people (one member "text").  Main
 * thread of the server. */
#ifndef RUN_SERVE_DESCRIBE_H
#define RUN_SERVE_DESCRIBE_H

#include "run/run.h"
#include "transport/stats.h"

void describe_gates(struct run *r, bool as_text, struct buf *out);
void describe_rules(struct run *r, bool as_text, struct buf *out);
void describe_states(struct run *r, bool as_text, struct buf *out);
void describe_stats(struct run *r, const struct stats *stats, uint64_t start_ns,
		    bool as_text, struct buf *out);

#endif
