/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The life of a server's mounts: they are mounted, aborted, stalled, unmounted
 * and stopped.  Called by the conductor; a rule's abort and death also come
 * from workers and delay threads.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mount.h>

#include "base/lock.h"
#include "base/units.h"
#include "engine/init.h"

#define UMOUNT_WAIT_NS	(300 * NS_PER_MS)

void mount_log(struct served_mount *m, enum event_kind kind, const char *fmt,
	       ...)
{
	auto_buf struct buf text = BUF_INIT;
	struct event ev = event_of(kind);
	va_list ap;

	ev.mount = m->index;
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	ev.text = buf_str(&text);
	evlog_add(m->server->log, &ev);
}

/* ---- mounting ---- */

static int add_clones(struct served_mount *m)
{
	unsigned want = m->spec->workers;
	struct channel *c;

	while (m->n_channels < want && m->n_channels < LIMIT_WORKERS) {
		c = channel_clone(m->channels[0], m->spec->kind == MOUNT_CUSE);
		if (!c)
			return errno;
		m->channels[m->n_channels++] = c;
	}
	return 0;
}

/* Room for the longest message in either direction.  EPERM: the kernel gives this
 * user no pipes of that size. */
static int add_pipes(struct served_mount *m)
{
	uint32_t use = m->spec->splice;
	uint64_t pages = init_max_pages(m->spec);
	size_t in_size = init_max_write(m->spec) + BUFFER_EXTRA;
	size_t out_size = pages * 4096 + BUFFER_EXTRA;
	unsigned i;

	for (i = 0, errno = 0; i < m->n_channels; i++) {
		struct drain *in = use & SPLICE_READ ?
			drain_new(in_size, pages, NULL, NULL) : NULL;
		struct outlet *out = use & (SPLICE_WRITE | SPLICE_MOVE) ?
			outlet_new(out_size, use & SPLICE_MOVE) : NULL;

		channel_splice(m->channels[i], in, out);
		if ((use & SPLICE_READ && !in) ||
		    (use & (SPLICE_WRITE | SPLICE_MOVE) && !out))
			return errno ? errno : EPERM;
	}
	return 0;
}

const struct control_files *mount_control(struct served_mount *m)
{
	if (!m->control_dir ||
	    (m->spec->kind == MOUNT_CUSE && !atomic_load(&m->device_made)))
		return NULL;
	auto_lock(&m->mutex);
	if (m->control.abort < 0 && control_open(&m->control, m->control_dir))
		return NULL;
	return &m->control;
}

/* A mount's control files are opened at once, while the number is surely its
 * own; a device's name is nobody else's. */
static void find_control(struct served_mount *m)
{
	auto_buf struct buf dir = BUF_INIT;

	if (m->spec->kind == MOUNT_CUSE) {
		control_dir_cuse(&dir, m->node);
	} else if (m->connection || !mount_connection(m->dir, &m->connection)) {
		mount_relax_writeback(m->connection);
		if (m->server->fusectl)
			control_dir(&dir, m->server->fusectl, m->connection);
	}
	if (dir.len)
		m->control_dir = buf_steal(&dir);
	if (m->spec->kind != MOUNT_CUSE && !mount_control(m)) {
		free(m->control_dir);
		m->control_dir = NULL;
	}
}

/* Its device is opened with it. */
static int mount_elsewhere(struct served_mount *m)
{
	auto_close int fd = -1;
	int err = mount_apart(m->spec, m->server->namespaces, m->dir, &fd);

	if (err)
		return err;
	channel_free(m->channels[0]);
	m->channels[0] = channel_of(fd);
	atomic_store(&m->mounted, true);
	return m->channels[0] ? 0 : errno;
}

static int mount_it(struct served_mount *m, const char *dir, const char **what)
{
	int fd, err;

	*what = "realpath";
	m->dir = realpath(dir, NULL);
	if (!m->dir)
		return errno;
	*what = "mount";
	if (m->spec->sync_init)
		return sync_mount_start(m);
	if (m->spec->namespaces)
		return mount_elsewhere(m);
	fd = channel_dup(m->channels[0]);
	err = fd < 0 ? ENODEV : mount_fuse(m->spec, fd, m->dir);
	if (fd >= 0)
		close(fd);
	atomic_store(&m->mounted, !err);
	return err;
}

int server_mount(struct server *s, int mount, const char *dir, const char **what)
{
	struct served_mount *m = mount_of(s, mount);
	bool cuse = m->spec->kind == MOUNT_CUSE;
	int err;

	*what = cuse ? "open /dev/cuse" : "open /dev/fuse";
	m->channels[0] = channel_open(cuse ? "/dev/cuse" : "/dev/fuse");
	if (!m->channels[0])
		return errno;
	m->n_channels = 1;
	if (cuse)
		m->dir = xstrdup(dir);
	err = cuse ? 0 : mount_it(m, dir, what);
	if (err)
		return err;
	find_control(m);
	*what = "clone /dev/fuse";
	if (m->spec->transport == TRANSPORT_URING)
		*what = "io_uring";
	err = m->spec->transport == TRANSPORT_URING ? ring_add(m) : add_clones(m);
	if (err)
		return err;
	*what = "clone /dev/fuse";
	err = spare_open(m);
	if (err)
		return err;
	*what = "pipe of a server that splices";
	err = add_pipes(m);
	if (err)
		return err;
	if (!m->spec->sync_init)
		mount_log(m, EV_MOUNT, "%s: %s", m->spec->name,
			  cuse ? "device opened" : "mounted");
	if (cuse)
		device_await(m);
	workers_start(m);
	return 0;
}

int server_attach_sim(struct server *s, int mount, int fd)
{
	struct served_mount *m = mount_of(s, mount);
	int err;

	m->channels[0] = channel_sim(fd);
	m->n_channels = 1;
	err = add_clones(m);
	if (err)
		return err;
	mount_log(m, EV_MOUNT, "%s: attached", m->spec->name);
	workers_start(m);
	return 0;
}

/* ---- while it runs ---- */

void mount_set_over(struct served_mount *m)
{
	if (m->server->engine)
		engine_set_over(m->server->engine, m->index);
}

/*
 * MNT_FORCE aborts the connection (fs/fuse/inode.c, fuse_umount_begin()), and the
 * mount stays, because we hold it.  Not every thread may do this (confined ones may
 * not), and in a user namespace not on every kernel.
 */
static bool abort_by_force(struct served_mount *m)
{
	auto_close int held = -1;

	if (!atomic_load(&m->mounted) || !mount_is_there(m))
		return false;
	held = open(m->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return held >= 0 && umount2(m->dir, MNT_FORCE) && errno == EBUSY;
}

/* Without fusectl: how it was done instead. */
static const char *abort_otherwise(struct served_mount *m)
{
	atomic_store(&m->ended_by_us, true);
	if (abort_by_force(m))
		return "aborted by umount2(MNT_FORCE)";
	workers_close(m);
	ring_await_end(m);
	return "the device is closed";
}

static int abort_mount(struct served_mount *m)
{
	const struct control_files *control = mount_control(m);

	atomic_store(&m->ended_by_us, true);
	if (control)
		return control_abort(control);
	abort_otherwise(m);
	return 0;
}

int server_abort(struct server *s, int mount)
{
	struct served_mount *m = mount_of(s, mount);

	if (mount_control(m)) {
		mount_log(m, EV_MOUNT, "%s: aborted", m->spec->name);
		mount_set_over(m);
		return abort_mount(m);
	}
	mount_set_over(m);
	mount_log(m, EV_MOUNT, "%s: %s, as there is no fusectl to abort it by",
		  m->spec->name, abort_otherwise(m));
	return 0;
}

int server_control(struct server *s, int mount, const char *file, uint64_t value)
{
	struct served_mount *m = mount_of(s, mount);

	/* the number may be another connection's by then */
	if (!m->control_dir || !atomic_load(&m->mounted))
		return ENOENT;
	return control_set(m->control_dir, file, value);
}

int server_control_shows(struct server *s, int mount, const char *file, uint64_t *out)
{
	return control_get(mount_of(s, mount)->control_dir, file, out);
}

int server_stall(struct server *s, int mount)
{
	engine_stall(s->engine, mount);
	return workers_stall(mount_of(s, mount), clock_ns() + NS_PER_S) ? 0 : EBUSY;
}

void server_die(struct server *s, int mount)
{
	struct served_mount *m = mount_of(s, mount);

	atomic_store(&m->ended_by_us, true);
	mount_set_over(m);
	mount_log(m, EV_MOUNT, "%s: the server has died", m->spec->name);
	workers_close(m);
	ring_await_end(m);
}

int server_change(struct server *s, const struct file_change *c)
{
	struct backend *b = mount_of(s, c->mount)->backend;

	return b->ops->change ? b->ops->change(b, c) : EOPNOTSUPP;
}

struct umounting {
	struct served_mount *mount;
};

/* generic_shutdown_super() writes back dirty pages, and so may wait for WRITE
 * replies; the mount is out of the tree before that. */
static void detach(void *arg)
{
	struct served_mount *m = ((struct umounting *)arg)->mount;

	atomic_store(&m->umount_err, umount2(m->dir, MNT_DETACH) ? errno : 0);
}

int server_umount(struct server *s, int mount)
{
	uint64_t until = clock_ns() + UMOUNT_WAIT_NS;
	struct served_mount *m = mount_of(s, mount);
	struct umounting *u;

	if (!atomic_exchange(&m->mounted, false) || !mount_is_there(m))
		return EINVAL;
	atomic_store(&m->ended_by_us, true);
	mount_set_over(m);
	atomic_store(&m->umount_err, 0);
	mount_log(m, EV_MOUNT, "%s: unmounted", m->spec->name);
	u = xcalloc(1, sizeof(*u));
	u->mount = m;
	jobs_start(&s->jobs, JOB_UMOUNT, m->index, detach, u);
	jobs_wait(&s->jobs, JOB_UMOUNT, m->index, until);
	return atomic_load(&m->umount_err);
}

void server_abandon(struct server *s, int mount)
{
	atomic_store(&mount_of(s, mount)->mounted, false);
}

/* ---- the end ---- */

/* Workers have half of the time to leave by themselves; then their channels are
 * closed. */
unsigned server_stop(struct server *s, bool gently, uint64_t deadline_ns)
{
	uint64_t now = clock_ns();
	uint64_t half = now + (deadline_ns > now ? deadline_ns - now : 0) / 2;
	size_t i;

	for (i = 0; i < s->n_mounts; i++) {
		struct served_mount *m = &s->mounts[i];

		device_end(m);
		if (!gently || atomic_load(&m->mounting))
			abort_mount(m);
		jobs_wait(&s->jobs, JOB_MOUNT, m->index, half);
		if (atomic_load(&m->mounted))
			server_umount(s, (int)i);
	}
	if (jobs_join(&s->jobs, half)) {
		for (i = 0; i < s->n_mounts; i++) {
			abort_mount(&s->mounts[i]);
			workers_close(&s->mounts[i]);
		}
	}
	s->left_behind = jobs_join(&s->jobs, deadline_ns);
	/* Now, while the engine is there to take their replies. */
	for (i = 0; i < s->n_mounts; i++)
		backend_cancel(s->mounts[i].backend);
	return s->left_behind;
}
