/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The life of a server for any program: `fusescen serve`.  The server is a
 * process of its own, forked by run/api/serve.c; its main thread prepares, then
 * serves the control socket until the end, and cleans up.
 */
#ifndef RUN_SERVE_SERVING_H
#define RUN_SERVE_SERVING_H

#include "run/run.h"

struct serving_options {
	const char *mountpoint;
	const char *control;	/* NULL: none */
	const char *log;	/* NULL: none */
	bool shared;		/* in the caller's mount namespace */
	bool allow_hazard;
	uint64_t seed;		/* 0: the scenario's */
	bool plain;		/* libfuse's own loop, see baseline_main() */
};

/* ready_fd gets "" (one NUL) once the mount is up, or why it is not, and is
 * closed.  Then the report goes to out_fd. */
void serving_main(const struct scenario *sc, const struct serving_options *opts,
		  int ready_fd, int out_fd);
/* The same for a server without rules, log and watchdog, in the caller's mount
 * namespace. */
void baseline_main(const struct scenario *sc, const char *mountpoint,
		   int ready_fd, int out_fd);
/* Both do this with ready_fd. */
void serving_tell_ready(int fd, const char *why);

#endif
