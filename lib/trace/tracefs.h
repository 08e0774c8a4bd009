/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events of the kernel (tracepoints), read in binary out of an instance of
 * tracefs of our own; times are those of CLOCK_MONOTONIC.  Needs root.  One
 * thread.
 */
#ifndef TRACE_TRACEFS_H
#define TRACE_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TRACEFS_VALUES_MAX	8

struct tracefs;

/* NULL: *err = errno and *what = what cannot be done (constant text).  Forks;
 * before there are threads. */
struct tracefs *tracefs_new(int *err, const char **what);
/* Everything is off and removed on return. */
void tracefs_free(struct tracefs *t);

struct tracefs_wish {
	const char *group, *name;
	/* Fields to be read, NULL ends; each may have a "fl_" before it. */
	const char *fields[TRACEFS_VALUES_MAX + 1];
	const char *filter;	/* as the kernel takes it */
};

/* See an event from now on: its number (0, 1, ...), or -1, *err and *what. */
int tracefs_enable(struct tracefs *t, const struct tracefs_wish *wish, int *err,
		   const char **what);

struct tracefs_event {
	uint64_t at_ns;
	unsigned number;
	pid_t tid;		/* as the initial pid namespace sees it */
	uint64_t values[TRACEFS_VALUES_MAX];
};

/* Every event since the last time, by time; the caller frees the array.
 * *lost: there were more than could be kept. */
struct tracefs_event *tracefs_drain(struct tracefs *t, size_t *n, bool *lost);

/* NULL: events can be seen.  Otherwise why not (constant text).  Tries it. */
const char *tracefs_missing(void);

#endif
