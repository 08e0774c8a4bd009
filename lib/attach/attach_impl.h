/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An attachment, for the two files that make it: attachment.c for its life, and
 * ending.c for its end. */
#ifndef ATTACH_ATTACH_IMPL_H
#define ATTACH_ATTACH_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "attach/attach.h"
#include "backend/notifier.h"

#define ATTACHED_MOUNT	0		/* the only one */

/* A request that left a gate or a delay, for the next who reads. */
struct late {
	struct late *next;
	size_t len;
	uint8_t msg[];
};

/* A descriptor of a worker's own. */
struct worker_fd {
	struct worker_fd *next;
	struct channel *channel;
	bool gone;			/* its thread has ended */
};

struct attachment {
	struct engine *engine;
	struct evlog *log;
	const char *name;		/* of the scenario's mount */
	struct jobs jobs;		/* notifications */
	unsigned slot;
	uint64_t tag;
	int fd;				/* the session's */
	int flags;			/* its own, before us */
	bool is_socket;
	struct channel *main;
	int wake;			/* eventfd: readable while readers are to come */
	pthread_mutex_t lock;		/* the rest; taken last */
	struct late *first, **last;
	size_t n_late;
	struct worker_fd *workers;
	atomic_bool has_late;		/* is there a first? */
	atomic_bool ending;		/* nobody is to wait any more */
	atomic_bool dead;		/* a rule has ended the connection */
	atomic_bool quits;		/* the loop is to end */
	struct stats *stats;		/* NULL: nobody counts */
};

/* Lock held. */
void attachment_wake(struct attachment *a);
/* Answer a request that no handler is to see. */
void attachment_refuse(struct attachment *a, const void *msg);

#endif
