/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program on a served mount, under strace: what strace and the server write is taken
 * in while both go on, and the program ends by itself, by a signal, or when its time is
 * over.  Main thread only, of a process of its own.
 */
#ifndef FUSESCEN_RECORD_TRACED_H
#define FUSESCEN_RECORD_TRACED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "fusescen.h"

/* Requests by the process or thread that caused them. */
struct requests_of {
	unsigned long pid;
	uint64_t n;
};

struct recorded {
	struct buf calls;		/* lines of strace */
	uint64_t calls_dropped;		/* bytes of it that there was no room for */
	struct requests_of *by;	size_t n_by;
	uint64_t requests;
	int status;			/* of the program, as a shell has it */
	bool was_late;			/* its time was over */
};

/* dir is an empty directory of ours.  The server's log goes to recorder_log(). */
char *recorder_log(const char *dir);

struct recorder;
/* Before the server is started, whose log has to find a reader.  NULL after a message. */
struct recorder *recorder_new(const char *dir);
/* Runs the program, in the working directory, until it and its children have ended, or
 * so many milliseconds (0: any time).  -1 after a message. */
int recorder_run(struct recorder *r, fusescen_run *server, char **command,
		 unsigned time_ms, struct recorded *out);
/* Stops the server, if there is one, takes in the rest of its log, and frees r. */
void recorder_finish(struct recorder *r, fusescen_run *server, struct recorded *out);

#endif
