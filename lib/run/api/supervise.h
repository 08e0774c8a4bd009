/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The other side of a run: fork it, wait for it, kill it when it outlives its
 * time.  Lives in the caller's process.
 */
#ifndef RUN_API_SUPERVISE_H
#define RUN_API_SUPERVISE_H

#include <sys/types.h>

#include "run/run.h"
#include "run/report_file.h"

struct supervised {
	bool uses_uring;	/* set beforehand: hold run/uring_switch.h */
	pid_t pid;
	int pidfd;		/* readable when the run's process has ended */
	int out_fd;
	uint64_t start_ns;
	uint64_t kill_at_ns;	/* UINT64_MAX: never */
};

/* A process that ends with its report on out_fd, and that gets death_signal when
 * the thread that started it ends; made by fork().  No time limit.  0, or -1 and
 * errno. */
int supervise_fork(struct supervised *s, int death_signal, pid_t (*make)(void),
		   void (*body)(void *ctx, int out_fd), void *ctx);
/*
 * A run: 0, or -1 and errno.  Its process, not this one, calls get(ctx) for the
 * scenario and keeps it to its end.  opts->timeout_ns must be given.  apart: in a
 * pid namespace of its own, if that can be (sandbox_fork()).
 */
int supervise_start(struct supervised *s, const struct run_options *opts, bool apart,
		    const struct scenario *(*get)(void *ctx), void *ctx);
/* Ask one without a time limit to end; it has some seconds for that. */
void supervise_end_soon(struct supervised *s);
/* Waits (bounded) and fills *out, which is always complete; frees what s holds. */
void supervise_finish(struct supervised *s, struct transported *out);

#endif
