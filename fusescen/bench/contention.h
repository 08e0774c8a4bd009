/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts how often a lock of the kernel was not free, on the whole machine. */
#ifndef FUSESCEN_BENCH_CONTENTION_H
#define FUSESCEN_BENCH_CONTENTION_H

struct contention;

/* tracefs is the directory where it is mounted.  Returns NULL if the kernel
 * does not have the tracepoint, and *why then says so (constant text).  */
struct contention *contention_new(const char *tracefs, const char **why);
void contention_free(struct contention *c);
/* Starts counting from zero. */
void contention_start(struct contention *c);
/* Stops, and stores events per second in the places of their values. */
void contention_stop(struct contention *c, double *values);

#endif
