/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A server is built from a scenario, and freed.  Nothing here has to do with the
 * kernel yet, or any more.  Called by the conductor.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/random.h>

#include "base/confine.h"
#include "base/lock.h"
#include "base/units.h"
#include "backend/cuse/device.h"
#include "engine/init.h"
#include "server/backends.h"
#include "transport/uring.h"

#define MAX_WRITE	(1ull << 20)
#define MINOR_MASK	0xfffffu	/* <linux/kdev_t.h>: 20 bits */

/* The kernel refuses a read(2) with less room than max_write and headers. */
static size_t buffer_size(const struct mount_spec *spec)
{
	uint64_t max = init_max_write(spec);

	/* A rule may agree on more than the scenario's own reply. */
	if (max < MAX_WRITE)
		max = MAX_WRITE;
	return (max + BUFFER_EXTRA + 4095) & ~4095ull;
}

/*
 * Names and numbers of devices are the machine's, and free again when a device
 * is gone; but its node is still there for the run's clients, and must not
 * lead to a device of another run.  So both are made of the run's id.
 */
static int build_device(struct served_mount *m, struct diags *dg)
{
	uint32_t minor = (m->server->id + m->index) & MINOR_MASK;
	struct fuse_session *se;

	m->node = xasprintf("%s.%016" PRIx64, m->spec->dev_name, m->server->id);
	se = cusedev_session(m->backend, m->node, minor);
	if (!se)
		return diag(dg, m->spec->loc, "device \"%s\" cannot be made",
			    m->spec->dev_name);
	m->session = session_around(se, m->backend, mount_reply, m);
	return 0;
}

static struct backend *make_backend(struct server *s, const struct mount_spec *spec,
				    struct diags *dg)
{
	const struct backend_ops *how = backend_for(spec);
	unsigned shared = spec->backing.shared;

	return shared ? how->share(s->mounts[shared - 1].backend, spec, dg) :
		how->make(spec, dg);
}

static int build_mount(struct server *s, size_t i)
{
	struct diags *dg = s->sc->diags;
	struct served_mount *m = &s->mounts[i];

	m->server = s;
	m->index = (int)i;
	m->spec = &s->sc->mounts[i];
	m->control = (struct control_files){ .abort = -1, .waiting = -1 };
	m->spare = -1;
	m->buf_size = buffer_size(m->spec);
	mutex_init(&m->mutex);
	cond_init(&m->device_changed);
	m->backend = make_backend(s, m->spec, dg);
	if (!m->backend)
		return -1;
	if (m->spec->kind == MOUNT_CUSE)
		return build_device(m, dg);
	m->session = session_new(m->backend, mount_reply, m);
	return 0;
}

struct server *server_new(const struct scenario *sc, struct evlog *log)
{
	struct server *s = xcalloc(1, sizeof(*s));
	int err = 0;

	s->sc = sc;
	s->log = log;
	if (getrandom(&s->id, sizeof(s->id), 0) != sizeof(s->id))
		die_bug("server: getrandom");
	s->mounts = xcalloc(sc->n_mounts ? sc->n_mounts : 1, sizeof(*s->mounts));
	jobs_init(&s->jobs);
	jobs_catch_wake();
	for (; s->n_mounts < sc->n_mounts && !err; s->n_mounts++)
		err = build_mount(s, s->n_mounts);
	if (!err)
		return s;
	server_free(s);
	return NULL;
}

void server_set_engine(struct server *s, struct engine *e)
{
	s->engine = e;
}

void server_set_namespaces(struct server *s, const struct namespaces *ns)
{
	s->namespaces = ns;
}

void server_allow_hazards(struct server *s)
{
	s->allows_hazards = true;
}

void server_set_fusectl(struct server *s, const char *dir)
{
	s->fusectl = dir;
}

/* ---- what it may open -------------------------------------------------------- */

static int allow_path(int set, const char *path)
{
	auto_close int fd = open(path, O_PATH | O_CLOEXEC);

	return fd < 0 ? errno : confine_files_allow(set, fd);
}

static int allow_backend(int set, struct backend *b)
{
	return b->ops->directory ? confine_files_allow(set, b->ops->directory(b)) : 0;
}

void server_confine(struct server *s, const char *mounts)
{
	const char *const *host = s->sc->allow_host;
	auto_close int set = confine_files_new();
	size_t i;
	int err = 0;

	if (set < 0)
		return;
	allow_path(set, "/dev/null");	/* transport/drain.c */
	/* lower mounts, which may have backing files of others */
	if (mounts)
		err = allow_path(set, mounts);
	for (i = 0; i < s->n_mounts && !err; i++)
		err = allow_backend(set, s->mounts[i].backend);
	for (; host && *host && !err; host++)
		allow_path(set, *host);	/* or there is no such directory */
	if (!err)
		jobs_confine(&s->jobs, steal_fd(&set));
}

void server_watch(struct server *s, struct stats *stats,
		  void (*worker_left)(void *ctx), void *ctx)
{
	s->stats = stats;
	s->worker_left = worker_left;
	s->worker_left_ctx = ctx;
}

static void free_mount(struct served_mount *m)
{
	unsigned i;

	session_free(m->session);
	if (m->backend)
		m->backend->ops->free(m->backend);
	spare_close(m);
	for (i = 0; i < m->n_channels; i++)
		channel_free(m->channels[i]);
	uring_free(m->ring);
	backings_free(m);
	pthread_cond_destroy(&m->device_changed);
	pthread_mutex_destroy(&m->mutex);
	control_close(&m->control);
	free(m->control_dir);
	free(m->node);
	free(m->dir);
}

void server_free(struct server *s)
{
	size_t i;

	if (!s)
		return;
	/* A thread that stayed in the kernel may come back to all of this. */
	if (s->left_behind || server_stop(s, false, clock_ns() + NS_PER_S))
		return;
	/* The engine may be gone already; what the sessions still say when they
	 * end goes nowhere. */
	s->engine = NULL;
	for (i = 0; i < s->n_mounts; i++)
		free_mount(&s->mounts[i]);
	jobs_fini(&s->jobs);
	free(s->mounts);
	free(s);
}
