/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The server: its mounts are built, mounted, aborted, unmounted and stopped
 * here, and the tap's hooks lead to them.  Called by the conductor; hooks by
 * workers and the tap's own threads.
 */
#include "config.h"

#include "server/server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <time.h>

#include "base/errnos.h"
#include "base/units.h"
#include "engine/init.h"
#include "backend/cuse/devnode.h"
#include "backend/notifier.h"
#include "server/server_impl.h"

#define MAX_WRITE	(1ull << 20)
#define MINOR_MASK	0xfffffu	/* <linux/kdev_t.h>: 20 bits */
#define UMOUNT_WAIT_NS	(300 * NS_PER_MS)

void end_log(struct end *end, enum event_kind kind, const char *fmt, ...)
{
	auto_buf struct buf text = BUF_INIT;
	struct event ev = event_of(kind);
	va_list ap;

	ev.mount = end->index;
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	ev.text = buf_str(&text);
	evlog_add(end->server->log, &ev);
}

static struct end *end_of(struct server *s, int mount)
{
	return &s->ends[mount];
}

/* ---- the tap's hooks, and the sessions' ---- */

/*
 * The first thing a device's kernel side takes is the reply to CUSE_INIT.  It
 * makes the device inside of that write, or ends the connection
 * (fs/fuse/cuse.c, cuse_process_init_reply()), perhaps because the name
 * belongs to another device: so look at the connection, not only for a node.
 */
static void show_device(struct end *end)
{
	int err;

	if (!end->dir || !channel_connected(end->channels[0]) ||
	    atomic_exchange(&end->device_made, true))
		return;
	err = devnode_bind(end->node, end->dir);
	if (err)
		end_log(end, EV_MOUNT, "%s: /dev/%s cannot be shown: %s",
			end->spec->name, end->node, errno_name(err));
}

int end_send(struct end *end, struct channel *chan, const struct iovec *iov, int n)
{
	int err = channel_send(chan ? chan : end->channels[0], iov, n);

	stats_reply(end->server->stats, iov, n, err);
	if (!err && end->spec->kind == MOUNT_CUSE &&
	    !atomic_load(&end->device_made))
		show_device(end);
	return err;
}

static void hook_deliver(void *ctx, int mount, void *msg, size_t len)
{
	session_deliver(end_of(ctx, mount)->session, msg, len);
}

/*
 * Closing a descriptor first ends the requests that were read from it, then, if
 * it was the last one, the connection (fs/fuse/dev.c, fuse_dev_release()).
 * Between the two a caller is back whose next request would be aborted too.
 */
static void end_connection(struct server *s, int mount, bool dies)
{
	atomic_fetch_add(&s->controls, 1);
	if (dies)
		server_die(s, mount);
	else
		server_abort(s, mount);
	atomic_fetch_sub(&s->controls, 1);
}

static int hook_send(void *ctx, int mount, struct outgoing *out)
{
	struct end *end = end_of(ctx, mount);

	switch (out->kind) {
	case OUT_REPLY:
		return end_send(end, out->reply.chan, out->reply.iov,
				out->reply.n);
	case OUT_NOTIFICATION:
		server_notify(ctx, out->notification);
		break;
	case OUT_BACKING:
		return backing_register(end, out->backing.file,
					&out->backing.id);
	case OUT_ABORT:
	case OUT_CLOSE:
		end_connection(ctx, mount, out->kind == OUT_CLOSE);
		break;
	}
	return 0;
}

const struct engine_hooks server_hooks = {
	.deliver = hook_deliver,
	.send = hook_send,
};

static ssize_t session_reply(void *ctx, const struct iovec *iov, int n)
{
	struct end *end = ctx;
	struct engine *e = end->server->engine;

	/* Without a tap (none yet, or no more) nobody is there to be told. */
	return e ? engine_reply(e, end->index, iov, n) : 0;
}

static const struct file_spec *session_spec(void *ctx, uint64_t nodeid)
{
	struct end *end = ctx;

	return end->fs ? end->fs->kind->spec(end->fs, nodeid) : NULL;
}

static const struct session_owner session_owner = {
	.reply = session_reply,
	.spec = session_spec,
};

/* ---- making ---- */

/* The kernel refuses a read(2) with less room than max_write and headers. */
static size_t buffer_size(const struct mount_spec *spec)
{
	uint64_t max = init_max_write(spec);

	/* A rule may agree on more than the scenario's own reply. */
	if (max < MAX_WRITE)
		max = MAX_WRITE;
	return (max + BUFFER_EXTRA + 4095) & ~4095ull;
}

static int build_files(struct end *end, struct diags *dg)
{
	const struct mount_spec *spec = end->spec;

	end->fs = fs_kind_of(spec->backing.kind)->make(spec, dg);
	if (!end->fs)
		return -1;
	end->session = session_new_fs(end->fs, &session_owner, end);
	return 0;
}

/*
 * Names and numbers of devices are the machine's, and free again when a device
 * is gone; but its node is still there for the run's clients, and must not
 * lead to a device of another run.  So both are made of the run's id.
 */
static int build_device(struct end *end, struct diags *dg)
{
	uint32_t minor = (end->server->id + end->index) & MINOR_MASK;
	struct fuse_session *se;

	end->node = xasprintf("%s.%016" PRIx64, end->spec->dev_name,
			      end->server->id);
	end->dev = cusedev_new(&end->spec->content);
	se = cusedev_session(end->dev, end->node, minor);
	if (!se)
		return diag(dg, end->spec->loc, "device \"%s\" cannot be made",
			    end->spec->dev_name);
	end->session = session_new(se, (struct fs_end *)end->dev,
				   &session_owner, end);
	return 0;
}

static int build_end(struct server *s, size_t i)
{
	struct end *end = &s->ends[i];

	end->server = s;
	end->index = (int)i;
	end->spec = &s->sc->mounts[i];
	end->control = (struct control_files){ .abort = -1, .waiting = -1 };
	end->buf_size = buffer_size(end->spec);
	if (pthread_mutex_init(&end->mutex, NULL))
		die_bug("server: pthread_mutex_init");
	return end->spec->kind == MOUNT_CUSE ? build_device(end, s->sc->diags)
					     : build_files(end, s->sc->diags);
}

struct server *server_new(const struct scenario *sc, struct evlog *log)
{
	struct server *s = xcalloc(1, sizeof(*s));
	int err = 0;

	s->sc = sc;
	s->log = log;
	if (getrandom(&s->id, sizeof(s->id), 0) != sizeof(s->id))
		die_bug("server: getrandom");
	s->ends = xcalloc(sc->n_mounts ? sc->n_mounts : 1, sizeof(*s->ends));
	jobs_init(&s->jobs);
	jobs_catch_wake();
	for (; s->n_ends < sc->n_mounts && !err; s->n_ends++)
		err = build_end(s, s->n_ends);
	if (!err)
		return s;
	server_free(s);
	return NULL;
}

void server_set_engine(struct server *s, struct engine *e)
{
	s->engine = e;
}

void server_set_fusectl(struct server *s, const char *dir)
{
	s->fusectl = dir;
}

void server_watch(struct server *s, struct stats *stats,
		  void (*ended)(void *ctx), void *ctx)
{
	s->stats = stats;
	s->ended = ended;
	s->ended_ctx = ctx;
}

static void free_end(struct end *end)
{
	unsigned i;

	session_free(end->session);
	if (end->fs)
		end->fs->kind->free(end->fs);
	cusedev_free(end->dev);
	for (i = 0; i < end->n_channels; i++)
		channel_free(end->channels[i]);
	backings_free(end);
	pthread_mutex_destroy(&end->mutex);
	control_close(&end->control);
	free(end->control_dir);
	free(end->node);
	free(end->dir);
}

void server_free(struct server *s)
{
	size_t i;

	if (!s)
		return;
	/* A thread that stayed in the kernel may come back to all of this. */
	if (s->left || server_stop(s, false, clock_ns() + NS_PER_S))
		return;
	/* It may be gone already; the sessions' ends need it no more. */
	s->engine = NULL;
	for (i = 0; i < s->n_ends; i++)
		free_end(&s->ends[i]);
	jobs_fini(&s->jobs);
	free(s->ends);
	free(s);
}

/* ---- mounting ---- */

static int add_clones(struct end *end)
{
	unsigned want = end->spec->workers;
	struct channel *c;

	while (end->n_channels < want && end->n_channels < WORKERS_MAX) {
		c = channel_clone(end->channels[0],
				  end->spec->kind == MOUNT_CUSE);
		if (!c)
			return errno;
		end->channels[end->n_channels++] = c;
	}
	return 0;
}

/* NULL: its connection is controlled nowhere (yet). */
static const struct control_files *control_of(struct end *end)
{
	bool is_open;

	if (!end->control_dir ||
	    (end->spec->kind == MOUNT_CUSE && !atomic_load(&end->device_made)))
		return NULL;
	pthread_mutex_lock(&end->mutex);
	is_open = end->control.abort >= 0 ||
		!control_open(&end->control, end->control_dir);
	pthread_mutex_unlock(&end->mutex);
	return is_open ? &end->control : NULL;
}

/* A mount's files are opened at once, while the number is surely its own; a
 * device's name is nobody else's. */
static void find_control(struct end *end)
{
	auto_buf struct buf dir = BUF_INIT;

	if (end->spec->kind == MOUNT_CUSE) {
		control_dir_cuse(&dir, end->node);
	} else if (!mount_connection(end->dir, &end->number)) {
		mount_relax_writeback(end->number);
		if (end->server->fusectl)
			control_dir(&dir, end->server->fusectl, end->number);
	}
	if (dir.len)
		end->control_dir = buf_steal(&dir);
	if (end->spec->kind != MOUNT_CUSE && !control_of(end)) {
		free(end->control_dir);
		end->control_dir = NULL;
	}
}

static int mount_it(struct end *end, const char *dir, const char **what)
{
	int fd, err;

	*what = "realpath";
	end->dir = realpath(dir, NULL);
	if (!end->dir)
		return errno;
	*what = "mount";
	fd = channel_dup(end->channels[0]);
	err = fd < 0 ? ENODEV : mount_fuse(end->spec, fd, end->dir);
	if (fd >= 0)
		close(fd);
	atomic_store(&end->mounted, !err);
	return err;
}

int server_mount(struct server *s, int mount, const char *dir, const char **what)
{
	struct end *end = end_of(s, mount);
	bool cuse = end->spec->kind == MOUNT_CUSE;
	int err;

	*what = cuse ? "open /dev/cuse" : "open /dev/fuse";
	end->channels[0] = channel_open(cuse ? "/dev/cuse" : "/dev/fuse");
	if (!end->channels[0])
		return errno;
	end->n_channels = 1;
	if (cuse)
		end->dir = xstrdup(dir);
	err = cuse ? 0 : mount_it(end, dir, what);
	if (err)
		return err;
	find_control(end);
	*what = "clone /dev/fuse";
	err = add_clones(end);
	if (err)
		return err;
	end_log(end, EV_MOUNT, "%s: %s", end->spec->name,
		cuse ? "device opened" : "mounted");
	workers_start(end);
	return 0;
}

int server_attach_sim(struct server *s, int mount, int fd)
{
	struct end *end = end_of(s, mount);
	int err;

	end->channels[0] = channel_sim(fd);
	end->n_channels = 1;
	err = add_clones(end);
	if (err)
		return err;
	end_log(end, EV_MOUNT, "%s: attached", end->spec->name);
	workers_start(end);
	return 0;
}

/* ---- while it runs ---- */

int server_waiting(struct server *s, int mount, uint64_t *out)
{
	const struct control_files *control = control_of(end_of(s, mount));

	return control ? control_waiting(control, out) : ENOENT;
}

/* Somebody else may have unmounted it, and mounted something of theirs. */
static bool is_mounted(const struct end *end)
{
	uint32_t number;

	return !mount_connection(end->dir, &number) && number == end->number;
}

bool server_connection(struct server *s, int mount, uint32_t *out)
{
	*out = end_of(s, mount)->number;
	return *out != 0;
}

static int abort_end(struct end *end)
{
	const struct control_files *control = control_of(end);

	atomic_store(&end->ended, true);
	if (control)
		return control_abort(control);
	workers_close(end);
	return 0;
}

int server_abort(struct server *s, int mount)
{
	struct end *end = end_of(s, mount);

	end_log(end, EV_MOUNT, "%s: aborted", end->spec->name);
	return abort_end(end);
}

int server_stall(struct server *s, int mount)
{
	engine_stall(s->engine, mount);
	return workers_stall(end_of(s, mount), clock_ns() + NS_PER_S) ? 0 : EBUSY;
}

bool server_is_ending(struct server *s)
{
	return atomic_load(&s->controls) > 0;
}

void server_die(struct server *s, int mount)
{
	struct end *end = end_of(s, mount);

	atomic_store(&end->ended, true);
	end_log(end, EV_MOUNT, "%s: the server has died", end->spec->name);
	workers_close(end);
}

struct umounting {
	struct end *end;
};

/* generic_shutdown_super() writes back dirty pages, and so may wait for WRITE
 * replies; the mount is out of the tree before that. */
static void umount_job(struct job *job)
{
	struct end *end = ((struct umounting *)job->arg)->end;

	atomic_store(&end->umount_err,
		     umount2(end->dir, MNT_DETACH) ? errno : 0);
}

int server_umount(struct server *s, int mount)
{
	uint64_t until = clock_ns() + UMOUNT_WAIT_NS;
	struct end *end = end_of(s, mount);
	struct umounting *u;

	if (!atomic_exchange(&end->mounted, false) || !is_mounted(end))
		return EINVAL;
	atomic_store(&end->ended, true);
	atomic_store(&end->umount_err, 0);
	end_log(end, EV_MOUNT, "%s: unmounted", end->spec->name);
	u = xcalloc(1, sizeof(*u));
	u->end = end;
	jobs_start(&s->jobs, umount_job, u, end->index);
	jobs_wait(&s->jobs, umount_job, end->index, until);
	return atomic_load(&end->umount_err);
}

void server_abandon(struct server *s, int mount)
{
	atomic_store(&end_of(s, mount)->mounted, false);
}

bool server_is_mounted(struct server *s, int mount)
{
	return is_mounted(end_of(s, mount));
}

bool server_readable(struct server *s, int mount)
{
	const struct end *end = end_of(s, mount);

	return end->n_channels && channel_readable(end->channels[0]);
}

unsigned server_worker_tids(struct server *s, int mount, pid_t *tids, unsigned max)
{
	return workers_tids(end_of(s, mount), tids, max);
}

void server_notify_then(struct server *s, const struct notify_spec *spec,
			void (*done)(void *ctx, int err), void *ctx)
{
	struct end *end = end_of(s, notifier_mount(spec));
	const struct note_way way = {
		.mount = end->index, .engine = s->engine, .log = s->log,
		.fs = end->fs,
		.channel = end->n_channels ? end->channels[0] : NULL,
		.done = done, .ctx = ctx,
	};

	notifier_start(&s->jobs, &way, spec);
}

void server_notify(struct server *s, const struct notify_spec *spec)
{
	server_notify_then(s, spec, NULL, NULL);
}

pid_t server_note_tid(struct server *s, int note)
{
	return notifier_tid(&s->jobs, note);
}

unsigned server_notes_running(struct server *s)
{
	return notifiers_running(&s->jobs);
}

ssize_t server_peek(struct server *s, int mount, const char *path,
		    uint64_t offset, void *p, size_t len, uint64_t *size)
{
	struct end *end = end_of(s, mount);

	if (end->dev)
		return cusedev_peek(end->dev, offset, p, len, size);
	return end->fs->kind->peek(end->fs, path, offset, p, len, size);
}

/* ---- the end ---- */

/* Half of the time for workers to leave by themselves, then we see to it. */
unsigned server_stop(struct server *s, bool gently, uint64_t deadline_ns)
{
	uint64_t now = clock_ns();
	uint64_t half = now + (deadline_ns > now ? deadline_ns - now : 0) / 2;
	size_t i;

	for (i = 0; i < s->n_ends; i++) {
		struct end *end = &s->ends[i];

		if (!gently)
			abort_end(end);
		if (atomic_load(&end->mounted))
			server_umount(s, (int)i);
	}
	if (jobs_join(&s->jobs, half)) {
		for (i = 0; i < s->n_ends; i++) {
			abort_end(&s->ends[i]);
			workers_close(&s->ends[i]);
		}
	}
	s->left = jobs_join(&s->jobs, deadline_ns);
	/* While the tap is there to take the answers. */
	for (i = 0; i < s->n_ends; i++)
		if (s->ends[i].fs)
			s->ends[i].fs->kind->cancel(s->ends[i].fs);
	return s->left;
}
