/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often a lock of the kernel was not free, on the whole machine. */
#ifndef FUSESCEN_BENCH_CONTENTION_H
#define FUSESCEN_BENCH_CONTENTION_H

struct contention;

/* tracefs: where it is mounted.  NULL: the kernel does not offer it, and *why
 * says so (constant text). */
struct contention *contention_new(const char *tracefs, const char **why);
void contention_free(struct contention *c);
/* Start counting, from zero. */
void contention_start(struct contention *c);
/* Stop, and put events per second in their places of values. */
void contention_stop(struct contention *c, double *values);

#endif
