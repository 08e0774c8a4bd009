/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The end of an attachment: what the tap still has is given to the session's loop,
 * or refused, and whoever has something of it answers without the tap.
 */
#include "config.h"

#include "attach/attach_impl.h"

#include <fcntl.h>
#include <unistd.h>

#include "attach/custom_io_slots.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/units.h"

#define PATIENCE_NS	(2 * NS_PER_S)	/* for handlers and a loop that runs */
#define NOBODY_NS	NS_PER_S	/* nobody comes to read: the loop is over */
#define NOTES_NS	NS_PER_S

static void pause_a_little(void)
{
	sleep_ns(NS_PER_MS);
}

void attachment_settle(struct attachment *a)
{
	uint64_t until = clock_ns() + PATIENCE_NS;
	struct engine_load load;

	engine_load(a->engine, ATTACHED_MOUNT, &load);
	while ((load.busy || notifiers_running(&a->jobs)) && clock_ns() < until) {
		pause_a_little();
		engine_load(a->engine, ATTACHED_MOUNT, &load);
	}
}

/* Does nobody take what is late, though no handler is busy? */
static bool is_abandoned(struct attachment *a, uint64_t open)
{
	auto_lock(&a->lock);
	return a->n_late && open <= a->n_late;
}

static void wait_taken(struct attachment *a)
{
	uint64_t now = clock_ns(), until = now + PATIENCE_NS, seen = now;
	struct engine_load load;

	for (; now < until && now - seen < NOBODY_NS; now = clock_ns()) {
		engine_load(a->engine, ATTACHED_MOUNT, &load);
		if (!load.open && !atomic_load(&a->has_late))
			return;
		if (!is_abandoned(a, load.open))
			seen = now;
		pause_a_little();
	}
}

static void fail_late(struct attachment *a)
{
	struct late *l, *next;

	mutex_lock(&a->lock);
	atomic_store(&a->ending, true);
	attachment_wake(a);
	l = a->first;
	a->first = NULL;
	mutex_unlock(&a->lock);
	for (; l; l = next) {
		next = l->next;
		attachment_refuse(a, l->msg);
		free(l);
	}
}

/* A handler that has a late request writes its reply to the descriptor of its own
 * thread, which need not be the one that the request was read from. */
static void redirect_reply(void *ctx, uint64_t unique, void *chan)
{
	struct attachment *a = ctx;
	int fd = channel_dup(chan);

	if (fd >= 0)
		slot_redirect(a->slot, unique, fd);
}

static void redirect_replies(void *ctx)
{
	struct attachment *a = ctx;

	if (a->workers)
		engine_each_delivered(a->engine, ATTACHED_MOUNT, redirect_reply, a);
}

static void restore_flags(struct attachment *a)
{
	auto_close int fd = channel_dup(a->main);

	if (fd >= 0 && a->flags >= 0)
		fcntl(fd, F_SETFL, a->flags);
}

bool attachment_end(struct attachment *a)
{
	engine_finish(a->engine, false);
	wait_taken(a);
	fail_late(a);
	slot_leave(a->slot, redirect_replies, a);
	restore_flags(a);
	return !jobs_join(&a->jobs, clock_ns() + NOTES_NS);
}

void attachment_free(struct attachment *a)
{
	engine_free(a->engine);
	while (a->workers) {
		struct worker_fd *w = a->workers;

		a->workers = w->next;
		channel_free(w->channel);
		free(w);
	}
	channel_free(a->main);
	jobs_fini(&a->jobs);
	pthread_mutex_destroy(&a->lock);
	close(a->wake);
	free(a);
}
