/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whom commands are for: a server of ours (served.c), or a session of somebody else
 * (attended.c).  Called by the thread that serves the control socket.
 */
#ifndef RUN_SERVE_SERVED_H
#define RUN_SERVE_SERVED_H

#include "model/scenario.h"

/* NULL: it cannot be done there. */
struct serve_ops {
	const char *who;	/* "an attached session" */
	/* As server_notify_then(). */
	void (*notify_then)(void *of, const struct notify_spec *spec,
			    void (*done)(void *ctx, int err), void *ctx);
	int (*abort)(void *of);		/* 0 or errno */
	bool (*readable)(void *of);	/* is a request waiting to be read? */
	void (*quit)(void *of);		/* beyond what commands_quit() tells */
	int (*stall)(void *of);		/* 0 or errno */
	int (*change)(void *of, const struct file_change *c);	/* 0 or errno */
	bool (*has_file)(void *of, const char *path);
};

extern const struct serve_ops server_ops;

/* Borrowed, like a reference to the server itself. */
struct served {
	const struct serve_ops *ops;
	void *of;		/* their first argument */
};

#endif
