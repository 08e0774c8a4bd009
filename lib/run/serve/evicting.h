/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command "evict": rounds of notifications until the kernel has forgotten what is
 * to be forgotten, and a pause between two of them.  Main thread of the server.
 */
#ifndef RUN_SERVE_EVICTING_H
#define RUN_SERVE_EVICTING_H

#include "run/run.h"
#include "run/serve/served.h"

struct evicting;

/* NULL: it is done already, or cannot be done, and the reply is in out. */
struct evicting *evicting_start(struct run *r, const struct served *served, int wake_fd,
				const struct step *step, struct buf *out);
/* False: the reply is in out, and only evicting_drop() is left to do.  Else call it
 * again when wake_fd was written, or at e's deadline, and then `late` is true. */
bool evicting_poll(struct evicting *e, bool late, struct buf *out);
uint64_t evicting_deadline(const struct evicting *e);	/* clock_ns() */
void evicting_drop(struct evicting *e);

#endif
