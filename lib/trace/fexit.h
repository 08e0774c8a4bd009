/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What functions of the kernel return, seen by a small BPF program at their
 * exits: kernel 5.17 or later with BTF, and root.  Only tasks in the caller's
 * mount namespace are seen, which for a run is all that belongs to it (its
 * actors, their children, itself) and nobody else.  One thread.
 *
 * This takes libbpf.  In a build without it nothing can be watched, and these
 * functions say so (fexit_none.c).
 */
#ifndef TRACE_FEXIT_H
#define TRACE_FEXIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct fexit;

struct fexit_error {
	const char *what;	/* cannot be done: constant text */
	int err;		/* an errno that says more, or 0 */
	char complaint[160];	/* of libbpf, or "" */
};

/* NULL: *e says why. */
struct fexit *fexit_new(struct fexit_error *e);
/* Detaches everything. */
void fexit_free(struct fexit *f);

/* Watch a function from now on: its number (0, 1, ...), or -1 and *e. */
int fexit_attach(struct fexit *f, const char *function, struct fexit_error *e);

struct fexit_return {
	uint64_t at_ns;		/* CLOCK_MONOTONIC */
	unsigned function;	/* its number */
	pid_t tid;		/* as the initial pid namespace sees it */
	int64_t value;		/* a pointer: 0, its error, or 1 */
};

/* Every return since the last time, by time; the caller frees the array.
 * *lost: there were more, which found no room. */
struct fexit_return *fexit_drain(struct fexit *f, size_t *n, bool *lost);

/* NULL: functions of fs/fuse can be watched.  Otherwise why not (constant
 * text).  Tries it. */
const char *fexit_missing(void);

#endif
