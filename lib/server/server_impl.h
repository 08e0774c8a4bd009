/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inside of a server: one struct end per mount, under one struct server.
 * Included by the files that make up the server alone.
 *
 * What is set before a mount's workers start stays as it is until they are
 * joined; what changes meanwhile is atomic or says which lock it is under.
 */
#ifndef SERVER_SERVER_IMPL_H
#define SERVER_SERVER_IMPL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "transport/channel.h"
#include "backend/cuse/device.h"
#include "backend/backend.h"
#include "transport/jobs.h"
#include "server/mount.h"
#include "server/server.h"
#include "backend/session.h"
#include "transport/stats.h"

#define WORKERS_MAX	16
#define BUFFER_EXTRA	8192u		/* headers; WIRE_MIN_READ too */

/* A backing file that was registered on a mount. */
struct backing {
	struct backing *next;
	int mount;			/* the lower one */
	const char *path;		/* the scenario's */
	int32_t id;
};

struct end {
	struct server *server;
	int index;
	const struct mount_spec *spec;
	struct fs_end *fs;		/* MOUNT_FUSE */
	struct cusedev *dev;		/* MOUNT_CUSE */
	struct session *session;
	struct channel *channels[WORKERS_MAX];	/* one per worker */
	unsigned n_channels;		/* 0: not mounted yet */
	size_t buf_size;		/* of a worker's buffer */
	char *dir;			/* where it is mounted; NULL: nowhere */
	char *node;			/* MOUNT_CUSE: its real name under /dev */
	char *control_dir;		/* NULL: not to be had */
	struct control_files control;	/* under mutex, and kept open */
	atomic_bool device_made;	/* control_dir is there only from then on */
	uint32_t number;		/* of the connection, where control is */
	atomic_bool ended;		/* we aborted, unmounted or closed it */
	atomic_bool mounted;		/* and not unmounted by us */
	atomic_int umount_err;
	atomic_bool lost;		/* the kernel ended it, and that was logged */
	pthread_mutex_t mutex;
	struct backing *backings;	/* under mutex */
};

struct server {
	const struct scenario *sc;
	struct evlog *log;
	struct engine *engine;
	const char *fusectl;
	struct stats *stats;		/* NULL: nobody counts */
	void (*ended)(void *ctx);	/* server_watch(); NULL: nobody asks */
	void *ended_ctx;
	struct end *ends;
	size_t n_ends;
	uint64_t id;			/* nobody else's: names devices */
	struct jobs jobs;
	atomic_uint controls;		/* aborts and deaths by rule, under way */
	unsigned left;			/* threads that server_stop() left behind */
};

/* worker.c: start one per channel. */
void workers_start(struct end *end);
unsigned workers_running(struct end *end);
/* Close every channel; workers leave. */
void workers_close(struct end *end);
/* The tap is stalled: bring those that sleep in read(2) to it.  False: at the
 * deadline some still did something else. */
bool workers_stall(struct end *end, uint64_t deadline_ns);
unsigned workers_tids(struct end *end, pid_t *tids, unsigned max);

/* backing.c: 0 or errno; may block in the lower mount. */
int backing_register(struct end *upper, const struct file_ref *file, int32_t *id);
void backings_free(struct end *end);

/* server.c: write a reply to where its request came in; 0 or errno. */
int end_send(struct end *end, struct channel *chan, const struct iovec *iov, int n);
/* server.c: a line in the event log. */
void end_log(struct end *end, enum event_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
