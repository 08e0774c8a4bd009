/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events in words: "WRITE /data offset=0", "reply OPEN = EIO", "app fsync
 * returns", "inval = 0".  One thread at a time.
 */
#ifndef LOAD_CHECKS_PATTERNS_H
#define LOAD_CHECKS_PATTERNS_H

#include "load/read/lex.h"

/* The name of an event of the kernel, which the scenario is then to see. */
int load_tracepoint(struct loader *ld, const struct text *t, struct tok tok,
		    const struct tracepoint **out);
int load_pattern(struct loader *ld, const struct ynode *n, struct pattern *out);
/* A request or reply, and behind it one of its fields: "FLUSH /data lock_owner". */
int load_field_pattern(struct loader *ld, const struct ynode *n, struct pattern *out);
/* One that says which of the held requests are meant. */
int load_request_pattern(struct loader *ld, const struct ynode *n,
			 struct pattern *out);

#endif
