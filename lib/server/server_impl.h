/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inside of a server: one struct served_mount for each mount or device of
 * the scenario, under one struct server.  Only the files of this folder include
 * it.
 *
 * What is set before a mount's workers start stays as it is until they are
 * joined; what changes meanwhile is atomic or says which lock it is under.
 */
#ifndef SERVER_SERVER_IMPL_H
#define SERVER_SERVER_IMPL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "backend/backend.h"
#include "backend/session.h"
#include "server/mount.h"
#include "server/server.h"
#include "transport/channel.h"
#include "transport/jobs.h"
#include "transport/stats.h"

#define BUFFER_EXTRA	8192u		/* headers; WIRE_MIN_READ too */

/* A backing file that was registered on a mount. */
struct backing {
	struct backing *next;
	int mount;			/* the lower one */
	const char *path;		/* the scenario's */
	int32_t id;
};

/* server/device.c */
enum device_state {
	DEVICE_NONE,		/* not yet, or never */
	DEVICE_AWAITED,
	DEVICE_MADE,		/* by the kernel */
	DEVICE_SHOWN,		/* to the run, if that can be */
};

struct served_mount {
	struct server *server;
	int index;
	const struct mount_spec *spec;
	struct backend *backend;
	struct session *session;
	/* One per worker.  With io_uring the first reads what comes by the device
	 * all the same, and the others take what comes by the ring. */
	struct channel *channels[LIMIT_WORKERS + 1];
	struct uring *ring;		/* NULL: no io_uring */
	atomic_int ring_err;		/* how its registration ended */
	atomic_bool ring_refused;	/* by the kernel */
	atomic_bool ring_ended;		/* the connection was, before it was there */
	atomic_uint strays;		/* requests that ought to have come by it */
	_Atomic uint32_t stray_opcode;	/* of one of them */
	unsigned n_channels;		/* 0: not mounted yet */
	int spare;			/* a clone that no worker has; -1; under mutex */
	size_t buf_size;		/* of a worker's buffer */
	char *dir;			/* where it is mounted; NULL: nowhere */
	char *node;			/* MOUNT_CUSE: its real name under /dev */
	char *control_dir;		/* NULL: not to be had */
	struct control_files control;	/* under mutex, and kept open */
	atomic_bool device_made;	/* control_dir is there only from then on */
	enum device_state device;	/* under mutex */
	pthread_cond_t device_changed;
	uint32_t connection;		/* its number, by which fusectl names it */
	atomic_bool ended_by_us;	/* aborted, unmounted or closed */
	atomic_bool mounted;		/* and not unmounted by us */
	atomic_bool mounting;		/* mount(2) waits for INIT */
	atomic_int mount_err;		/* how it ended */
	atomic_int umount_err;
	atomic_bool end_logged;		/* the kernel ended it */
	pthread_mutex_t mutex;
	struct backing *backings;	/* under mutex */
};

struct server {
	const struct scenario *sc;
	struct evlog *log;
	struct engine *engine;
	const char *fusectl;
	const struct namespaces *namespaces;	/* NULL: no mount is in others */
	bool allows_hazards;
	struct stats *stats;		/* NULL: nobody counts */
	void (*worker_left)(void *ctx);	/* server_watch(); NULL: nobody asks */
	void *worker_left_ctx;
	struct served_mount *mounts;
	size_t n_mounts;
	uint64_t id;			/* nobody else's: names devices */
	struct jobs jobs;
	atomic_uint endings;		/* aborts and deaths by rule, under way */
	unsigned left_behind;		/* threads that server_stop() did not join */
};

static inline struct served_mount *mount_of(struct server *s, int mount)
{
	return &s->mounts[mount];
}

/* spare.c: if a step wants one.  0 or errno. */
int spare_open(struct served_mount *m);
void spare_close(struct served_mount *m);

/* worker.c: start one per channel. */
void workers_start(struct served_mount *m);
unsigned workers_running(struct served_mount *m);
/* Close every channel; workers leave. */
void workers_close(struct served_mount *m);
/* The tap is stalled: wake the workers that sleep in read(2), so that they come
 * to it.  False: at the deadline some were still elsewhere. */
bool workers_stall(struct served_mount *m, uint64_t deadline_ns);
unsigned workers_tids(struct served_mount *m, pid_t *tids, unsigned max);

/* ring.c: make the channels of a ring's workers: 0 or errno. */
int ring_add(struct served_mount *m);
/* The reply to INIT was written: register what it agrees on. */
void ring_begin(struct served_mount *m, const struct iovec *iov, int n);
/* All descriptors have been closed: return when that has ended the connection, if it
 * does so soon. */
void ring_await_end(struct served_mount *m);
/* A message came by the ring: give its entry back, if it is to have no reply. */
void ring_end_unanswered(struct served_mount *m, struct channel *c, const void *msg,
			 size_t len);
/* A message came by the device: should it have? */
void ring_note_stray(struct served_mount *m, const void *msg, size_t len);

/* sync_mount.c: begin mount(2), which ends by itself; its connection is known then.
 * 0, or errno if there is none. */
int sync_mount_start(struct served_mount *m);

/* backing_files.c: 0 or errno; may block in the lower mount. */
int backing_register(struct served_mount *upper, const struct file_ref *file,
		     int32_t *id);
void backings_free(struct served_mount *m);

/* hooks.c: write a reply to where the request of this unique came in; 0 or errno. */
int mount_send(struct served_mount *m, struct channel *chan, uint64_t unique,
	       const struct iovec *iov, int n);
/* hooks.c: a session_reply_fn, whose ctx is the struct served_mount. */
ssize_t mount_reply(void *mount, const struct iovec *iov, int n);

/* lifecycle.c: a line in the event log. */
void mount_log(struct served_mount *m, enum event_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* lifecycle.c: the connection ends or has ended, by us or by the kernel. */
void mount_set_over(struct served_mount *m);
/* lifecycle.c: where the connection is controlled; NULL: nowhere (yet). */
const struct control_files *mount_control(struct served_mount *m);

/* device.c: from now on somebody waits to show the device; it has been made: show
 * it, and return when that is done; nobody need wait any more. */
void device_await(struct served_mount *m);
void device_show(struct served_mount *m);
void device_end(struct served_mount *m);

/* questions.c: is it in the tree, where it was mounted? */
bool mount_is_there(const struct served_mount *m);

#endif
