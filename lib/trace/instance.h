/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tracing instance of our own (tracefs: instances/NAME): events that are on in
 * it are on for nobody else, and its buffers hold nobody else's.  The tracefs it
 * is in is mounted nowhere.  A small process removes it as soon as whoever made
 * it has freed it or has died, of whatever.  One thread.
 */
#ifndef TRACE_INSTANCE_H
#define TRACE_INSTANCE_H

#include <sys/types.h>

struct instance {
	int dir;		/* of the instance */
	int alive;		/* our end of the pipe that the remover watches */
	pid_t remover;
};

/* 0, or errno and *what = what cannot be done (constant text).  Forks: before
 * there are threads, and before what must not be kept open is. */
int instance_make(struct instance *in, const char **what);
/* Everything below dir must be closed.  Returns once it is removed. */
void instance_remove(struct instance *in);

/* Write text to, or read all of, a file below dir: 0 or errno. */
int instance_write(const struct instance *in, const char *file, const char *text);
int instance_read(const struct instance *in, const char *file, char **text);

#endif
