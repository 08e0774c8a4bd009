/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The other side of a run: fork it, wait for it, kill it when it outlives its
 * time.  Lives in the caller's process.
 */
#ifndef RUN_SUPERVISE_H
#define RUN_SUPERVISE_H

#include <sys/types.h>

#include "run/run.h"
#include "run/transport.h"

struct supervised {
	pid_t pid;
	int pidfd;		/* readable when the run's process has ended */
	int out_fd;
	uint64_t start_ns, kill_at_ns;
};

/*
 * 0, or -1 and errno.  The run's process, not this one, calls get(ctx) for the
 * scenario and keeps it to its end.  opts->timeout_ns must be given.
 */
int supervise_start(struct supervised *s, const struct run_options *opts,
		    const struct scenario *(*get)(void *ctx), void *ctx);
/* Waits (bounded) and fills *out, which is always complete; frees what s holds. */
void supervise_finish(struct supervised *s, struct transported *out);

#endif
