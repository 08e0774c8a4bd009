/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tap under a libfuse session that is not ours: between the kernel and
 * somebody's own filesystem.  The session's loop reads and its handlers answer;
 * both pass the engine on their way.
 *
 *	/dev/fuse ──► attach ──► engine_request() ──► the session's own loop
 *	/dev/fuse ◄── attach ◄── engine_reply()   ◄── its handlers' answers
 *
 * Handlers run on the threads of that loop and nowhere else, for a filesystem
 * under fuse_session_loop() expects to be alone: what the tap delivers late (it
 * was held or delayed) is given to the next thread that comes to read.
 *
 * A reply goes out where its request came in; workers may have descriptors of
 * their own (clone_fd).  Each is duplicated, so that a held request can be
 * answered when the worker that read it has gone.
 *
 * Threads: the session's, the engine's delay thread, one per notification.
 */
#ifndef ATTACH_ATTACH_H
#define ATTACH_ATTACH_H

#include "engine/engine.h"
#include "transport/stats.h"

struct fuse_session;
struct attachment;

/* The session must have its descriptor, and no thread in its loop.  sc and log
 * are borrowed.  NULL and *why, a constant text. */
struct attachment *attachment_new(struct fuse_session *se,
				  const struct scenario *sc, struct evlog *log,
				  const char **why);
struct engine *attachment_engine(struct attachment *a);

/* ---- for commands from outside; any thread ---- */

/* Count what passes, before the loop runs; borrowed. */
void attachment_watch(struct attachment *a, struct stats *stats);
/* Begin a notification on a thread of its own, which calls done(ctx, errno). */
void attachment_notify(struct attachment *a, const struct notify_spec *spec,
		       void (*done)(void *ctx, int err), void *ctx);
/* Close every descriptor of the connection. */
void attachment_abort(struct attachment *a);
/* The loop is to end, as if the session had been unmounted. */
void attachment_quit(struct attachment *a);
/* Is a request waiting to be read? */
bool attachment_readable(struct attachment *a);

/* ---- the end ---- */

/* Wait until nothing is on its way through the tap, but not for long: what is
 * held stays so, and a handler, or the kernel with a notification, may take its
 * time. */
void attachment_settle(struct attachment *a);
/* No more rules.  What they hold goes on, if the loop still runs to take it, and
 * fails with EIO if not; then the session does without us.  False: the kernel
 * still has a notification in its hands, so that nothing may be freed. */
bool attachment_end(struct attachment *a);
/* After attachment_end() was true. */
void attachment_free(struct attachment *a);

#endif
