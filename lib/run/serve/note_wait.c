/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notifications that commands wait for. */
#include "config.h"

#include "run/serve/note_wait.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

struct note_wait {
	atomic_uint users;
	atomic_bool done;
	int err;
	int wake_fd;
	struct arena *arena;
	struct eviction *eviction;
};

void note_wait_drop(struct note_wait *n)
{
	if (atomic_fetch_sub(&n->users, 1) > 1)
		return;
	if (n->arena)
		arena_free(n->arena);
	eviction_drop(n->eviction);
	free(n);
}

/* The notification's own thread. */
static void note_done(void *ctx, int err)
{
	struct note_wait *n = ctx;
	const uint64_t one = 1;

	n->err = err;
	atomic_store(&n->done, true);
	/* It counts; that it is full would do as well. */
	if (write(n->wake_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		die_bug("eventfd: %s", strerror(errno));
	note_wait_drop(n);
}

struct note_wait *note_wait_start(const struct served *served,
				  const struct notify_spec *spec, int wake_fd,
				  struct arena *arena, struct eviction *eviction)
{
	struct note_wait *n = xcalloc(1, sizeof(*n));

	atomic_init(&n->users, 2);
	n->wake_fd = wake_fd;
	n->arena = arena;
	n->eviction = eviction;
	if (eviction)
		eviction_hold(eviction);
	served->ops->notify_then(served->of, spec, note_done, n);
	return n;
}

bool note_wait_done(const struct note_wait *n, int *err)
{
	if (!atomic_load(&n->done))
		return false;
	*err = n->err;
	return true;
}
