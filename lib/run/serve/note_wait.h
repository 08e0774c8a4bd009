/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A notification that a command waits for.  It is shared with the thread that writes
 * it, and the last of the two to use it frees it.  Main thread of the server.
 */
#ifndef RUN_SERVE_NOTE_WAIT_H
#define RUN_SERVE_NOTE_WAIT_H

#include "run/evict.h"
#include "run/serve/served.h"

struct note_wait;

/*
 * Have it written.  When it has returned, wake_fd (an eventfd) is written.  As long as
 * it is being written, the arena (NULL: none), which is its own from now on, and the
 * eviction (NULL: none), of which it has a share from now on, are kept.
 */
struct note_wait *note_wait_start(const struct served *served,
				  const struct notify_spec *spec, int wake_fd,
				  struct arena *arena, struct eviction *eviction);
/* Has it returned?  Then *err is the errno of its write(2), or 0. */
bool note_wait_done(const struct note_wait *n, int *err);
/* The command waits no longer. */
void note_wait_drop(struct note_wait *n);

#endif
