/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notifications, in rules and in steps.  One thread at a time. */
#ifndef LOAD_RULES_NOTIFY_H
#define LOAD_RULES_NOTIFY_H

#include "load/read/loader.h"

/* before: where to put "before: true"; NULL where it has no meaning (a step).
 * timeout_ns: the same for "timeout". */
int load_notify(struct loader *ld, const struct ynode *n,
		struct notify_spec *out, bool *before, uint64_t *timeout_ns);

#endif
