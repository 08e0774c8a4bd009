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

/* Where one goes, and who knows the nodes it names; all borrowed until the
 * jobs have been joined. */
struct note_way {
	int mount;
	struct engine *engine;
	struct evlog *log;
	struct backend *backend;	/* NULL: only the wire knows */
	struct channel *channel;	/* NULL: there is none */
	/* Called when its write(2) has returned, on the notification's own
	 * thread; NULL: nobody waits. */
	void (*done)(void *ctx, int err);
	void *ctx;
};

/* The mount it is for. */
int notifier_mount(const struct notify_spec *spec);
/* spec is borrowed too. */
void notifier_start(struct jobs *js, const struct note_way *way,
		    const struct notify_spec *spec);
/* Thread id of a running one by its name (`as:`), 0 if none runs. */
pid_t notifier_tid(struct jobs *js, int note);
unsigned notifiers_running(struct jobs *js);

#endif
