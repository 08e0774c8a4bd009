/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mounts of a scenario: channel, workers, libfuse session and backend of
 * each, all under one engine.  Lives in the conductor's process.
 *
 * Threads: per mount spec.workers readers, and one per notification that is
 * being written (its write(2) may block in the kernel until a request we hold
 * is answered).  The functions here are called by the conductor (main thread)
 * and never block on the kernel under test, except where said.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <sys/types.h>

#include "engine/engine.h"

struct namespaces;
struct server;
struct stats;

/* Build the backends of sc->mounts, without contact to the kernel yet.  NULL with a
 * diagnostic when a file of a mount cannot be made. */
struct server *server_new(const struct scenario *sc, struct evlog *log);
/* The hooks for engine_new(); ctx is the server. */
extern const struct engine_hooks server_hooks;
void server_set_engine(struct server *s, struct engine *e);
/* Stops everything that still runs (server_stop) and frees. */
void server_free(struct server *s);

/*
 * From now on the server's threads open, make, rename and remove files only in the
 * directories of its backends, below those that the scenario was allowed, and
 * below `mounts` (NULL: none), where its own mounts will be; if the kernel has
 * Landlock.  Not so the caller's thread, which goes on to mount and unmount.  To be
 * called once, before engine_new() and server_mount().
 */
void server_confine(struct server *s, const char *mounts);

/* For serving rather than judging, before server_mount(): count what passes (s
 * is borrowed), and call worker_left(ctx) on a worker's thread when it leaves,
 * because the kernel or we have ended its connection. */
void server_watch(struct server *s, struct stats *stats,
		  void (*worker_left)(void *ctx), void *ctx);

/* Open the device, mount at dir (a CUSE device: make its node appear there once
 * there is one), clone the workers' descriptors, start them.
 * Does not wait for INIT, nor for a mount(2) that waits for INIT (sync_init).  0, or
 * errno and *what = a constant text saying which call failed. */
int server_mount(struct server *s, int mount, const char *dir, const char **what);
/* Does mount(2) of a mount with sync_init wait for INIT?  And its errno, when it has
 * ended.  The threads in it, at most max are stored: how many. */
bool server_is_mounting(struct server *s, int mount);
int server_mount_error(struct server *s, int mount);
unsigned server_mounting_tids(struct server *s, pid_t *tids, unsigned max);
/* Instead of the kernel: messages come and go on fd (SOCK_SEQPACKET), which the
 * server closes.  For tests of the engine without /dev/fuse. */
int server_attach_sim(struct server *s, int mount, int fd);

/* dir is where fusectl is mounted (borrowed).  NULL: it is not mounted; then
 * server_waiting() fails with ENOENT.
 * To be called before server_mount(). */
void server_set_fusectl(struct server *s, const char *dir);
/* Those that mounts with other ones are in; to be set before them. */
void server_set_namespaces(struct server *s, const struct namespaces *ns);
/* Also write notifications of which the kernel is known to warn.  Before server_mount(). */
void server_allow_hazards(struct server *s);
/* The number of a mount's connection, which is its device's too.  False: it has
 * none that is known. */
bool server_connection(struct server *s, int mount, uint32_t *out);
/* Requests the kernel counts as waiting on this connection: 0 or errno. */
int server_waiting(struct server *s, int mount, uint64_t *out);
/* Abort the connection: by fusectl, by MNT_FORCE, or by closing the channel; the
 * log tells.  0 or errno. */
int server_abort(struct server *s, int mount);
/* Set what this file of fusectl holds for the connection: 0 or errno, ENOENT where
 * fusectl is not mounted. */
int server_control(struct server *s, int mount, const char *file, uint64_t value);
/* What the file has now: 0 or errno. */
int server_control_shows(struct server *s, int mount, const char *file, uint64_t *out);
/* Give the kernel a command by a queue's thread: what it says at once, 0 or errno;
 * ENOTCONN: the reply to INIT has not been written, or did not agree. */
int server_ring(struct server *s, const struct ring_step *r);
/* A read(2) or ioctl(2) on a descriptor that no worker has: 0 or errno.  Does not
 * wait for anything. */
int server_device(struct server *s, const struct device_step *d);
/* The server stops reading: on return no worker is in read(2) any more, so that
 * what comes now stays unread until engine_resume().  0, or EBUSY when a worker
 * would not come. */
int server_stall(struct server *s, int mount);
/* The server dies: every descriptor of the channel is closed. */
void server_die(struct server *s, int mount);
/* Is a rule's abort or death under way? */
bool server_is_ending(struct server *s);
/* umount2(MNT_DETACH): 0 or errno (EINVAL: the mount was not there any more).
 * Afterwards the mount is gone from the tree; the kernel may still write back,
 * on a thread of its own. */
int server_umount(struct server *s, int mount);
/* Leave the mount to its namespace: server_stop() will not unmount it. */
void server_abandon(struct server *s, int mount);
/* Is the mount still in the tree, where it was mounted? */
bool server_is_mounted(struct server *s, int mount);
/* Is a request waiting to be read? */
bool server_readable(struct server *s, int mount);
/* Thread ids of the mount's workers that run (at most max are stored): how
 * many.  One that sleeps with nothing to read sleeps in read(2), or is stalled. */
unsigned server_worker_tids(struct server *s, int mount, pid_t *tids, unsigned max);
/* The same of the threads of its ring's queues: they sleep unless something comes. */
unsigned server_ring_tids(struct server *s, int mount, pid_t *tids, unsigned max);
/* How many of the workers take requests of any kind. */
unsigned server_handlers(struct server *s, int mount);
/* -1: the mount does not use io_uring, or was ended before it could. */
struct ring_state {
	bool by_hand;		/* the script has registered what there is */
	unsigned queues;	/* that are registered; 0: none, or not yet */
	int err;		/* why not; 0: nobody has tried, or they are */
	bool refused;		/* it was the kernel that did not take one */
	unsigned strays;	/* requests that came by the device, and ought not to */
	const struct op *stray;	/* one of them; NULL: unknown */
};
int server_ring_state(struct server *s, int mount, struct ring_state *out);

/* Begin a notification on its own thread.  Its EV_NOTE_START and EV_NOTE_DONE
 * events carry spec; spec is borrowed for the run. */
void server_notify(struct server *s, const struct notify_spec *spec);
/* The same, and call done(ctx, errno) on that thread when its write(2) has
 * returned; NOTE_REFUSED (backend/notifier.h): it is not to be written. */
void server_notify_then(struct server *s, const struct notify_spec *spec,
			void (*done)(void *ctx, int err), void *ctx);
/* Thread id of a running notification by its name (`as:`), 0 if none runs. */
pid_t server_note_tid(struct server *s, int note);
/* Thread ids of all that are being written now, named or not, at most max; and
 * how many there are. */
unsigned server_note_tids(struct server *s, pid_t *tids, unsigned max);
unsigned server_notes_running(struct server *s);

/* Change the mount's files behind the kernel's back: 0 or errno. */
int server_change(struct server *s, const struct file_change *c);
/* How many requests wait in the mount's backend for another one. */
unsigned server_backend_waiting(struct server *s, int mount);
/* What the backend has: size, and up to len bytes at offset into p;
 * returns bytes copied or -errno. */
ssize_t server_peek(struct server *s, int mount, const char *path,
		    uint64_t offset, void *p, size_t len, uint64_t *size);

/* The limit of ours that the mount's backend has reached, so that it refused
 * something; NULL. */
const struct limit *server_limit_reached(struct server *s, int mount);

/* End of a run: abort every connection that is left (unless `gently`: only
 * unmount), join workers and notifiers within deadline_ns; those that do not
 * come are left behind and counted.  Idempotent. */
unsigned server_stop(struct server *s, bool gently, uint64_t deadline_ns);

#endif
