/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notifications on their way to the kernel, each on a thread of its own.
 * Started by the conductor, workers and delay threads.
 */
#ifndef BACKEND_NOTIFIER_H
#define BACKEND_NOTIFIER_H

#include "engine/engine.h"
#include "transport/channel.h"
#include "backend/backend.h"
#include "transport/jobs.h"

#define NOTE_REFUSED	(-1)	/* by us; the log says why */

/* What a notification needs: its channel, and the backend that knows the nodes
 * it names.  All are borrowed until the jobs have been joined. */
struct note_way {
	int mount;
	struct engine *engine;
	struct evlog *log;
	struct backend *backend;	/* NULL: only the wire knows */
	struct channel *channel;	/* NULL: there is none */
	/* Its replies come by io_uring: what then makes the kernel warn is not
	 * written. */
	bool spares_uring;
	/* Called when the notification's write(2) has returned, on its own
	 * thread, with errno or NOTE_REFUSED; may be NULL. */
	void (*done)(void *ctx, int err);
	void *ctx;
};

/* The mount that the notification is for. */
int notifier_mount(const struct notify_spec *spec);
/* spec is borrowed too. */
void notifier_start(struct jobs *js, const struct note_way *way,
		    const struct notify_spec *spec);
/* Write it on this thread, which is a worker's, and return when it is written. */
void notifier_run(struct jobs *js, const struct note_way *way,
		  const struct notify_spec *spec);
/* The thread id of the notification with this name (`as:`), 0 if it does not
 * run. */
pid_t notifier_tid(struct jobs *js, int note);
/* Thread ids of all of them, at most max. */
unsigned notifier_tids(struct jobs *js, pid_t *tids, unsigned max);
unsigned notifiers_running(struct jobs *js);

#endif
