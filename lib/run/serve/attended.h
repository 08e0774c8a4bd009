/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an attached session has beside its tap, if the caller wants it: a control
 * socket, served by a thread of ours in somebody else's process, and a log as a
 * file.  Called by whoever attaches and detaches.
 */
#ifndef RUN_SERVE_ATTENDED_H
#define RUN_SERVE_ATTENDED_H

#include "attach/attach.h"
#include "run/run.h"

struct attended;

/* Make the socket and the file, which may fail: NULL and *why, which the caller
 * frees.  Paths may be NULL. */
struct attended *attended_new(const char *control, const char *log, char **why);
/* Before the loop runs: r, which has its engine and its log, and the tap are
 * borrowed. */
void attended_start(struct attended *at, struct run *r, struct attachment *tap,
		    uint64_t start_ns);
/* No more commands; those that wait are replied to. */
void attended_stop(struct attended *at);
/* Write the rest of the log: NULL, or why it is not whole, which the caller
 * frees. */
char *attended_close_log(struct attended *at);
/* After attachment_end() was true, or when nothing was started.  NULL is fine. */
void attended_free(struct attended *at);

#endif
