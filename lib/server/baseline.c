/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fuse_session_loop_mt() for as many threads as the mount has workers, each with
 * a cloned descriptor, as ours have.  The loop has a thread of its own.
 */
#include "config.h"

#include "server/baseline.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/units.h"
#include "backend/memory/memory.h"
#include "server/backends.h"
#include "server/mount.h"
#include "transport/fuselib.h"

/* As far as libfuse's FUSE_CAP_* are the kernel's FUSE_* (fuse_common.h). */
#define SAME_FLAGS	((1ull << 19) - 1)

struct baseline {
	struct fuse_lowlevel_ops ops;
	const struct mount_spec *spec;
	struct backend *backend;
	struct fuse_session *se;
	char *dir;
	pthread_t thread;		/* the loop's */
};

/* ---- what it can do -------------------------------------------------------------- */

void baseline_refuse(struct diags *dg, const struct scenario *sc)
{
	const struct mount_spec *m = &sc->mounts[0];
	const char *who = "libfuse's own loop";
	size_t i;

	if (sc->n_rules)
		diag(dg, sc->rules[0].loc, "%s has no rules", who);
	if (sc->n_expect)
		diag(dg, sc->expect[0].loc, "%s has no log to be judged", who);
	if ((m->init_on | m->init_off) & ~SAME_FLAGS || m->n_init)
		diag(dg, m->loc, "%s does not know all of this mount's \"init\"",
		     who);
	for (i = 0; i < m->n_files; i++)
		if (m->files[i].open_flags)
			diag(dg, m->files[i].loc, "%s does not give open flags",
			     who);
}

/* ---- the filesystem --------------------------------------------------------------- */

/* The null backing answers without libfuse, so the memory filesystem stands in
 * for it: written data is discarded, and only holes are read. */
static void drop(fuse_req_t req, fuse_ino_t ino, const char *p, size_t size,
		 off_t at, struct fuse_file_info *fi)
{
	(void)ino;
	(void)p;
	(void)at;
	(void)fi;
	fuse_reply_write(req, size);
}

/* The flags that the scenario asks for beside libfuse's own.  A backend
 * looks at what is offered to know what it will get. */
static void init(void *userdata, struct fuse_conn_info *conn)
{
	const struct backend *b = userdata;
	uint64_t on = b->baseline->init_on, off = b->baseline->init_off;

	if (!(on & FUSE_CAP_WRITEBACK_CACHE))
		off |= FUSE_CAP_WRITEBACK_CACHE;
	conn->capable &= ~(unsigned)off;
	conn->want &= conn->capable;
	conn->want |= (unsigned)on & conn->capable;
	if (b->ops->lowlevel->init)
		b->ops->lowlevel->init(userdata, conn);
}

static bool make_backend(struct baseline *bl, struct diags *dg)
{
	bool is_null = bl->spec->backing.kind == BACKING_NULL;
	const struct backend_ops *kind =
		is_null ? &memory_backend : backend_for(bl->spec);

	bl->backend = kind->make(bl->spec, dg);
	if (!bl->backend)
		return false;
	bl->backend->baseline = bl->spec;
	bl->ops = *kind->lowlevel;
	bl->ops.init = init;
	/* ENOSYS, once: the kernel asks for security.capability before every
	 * write unless handle_killpriv_v2 is agreed on, as ours do with mirrors
	 * and libfuse 3.14 does not know. */
	bl->ops.getxattr = NULL;
	if (is_null) {
		bl->ops.write = drop;
		bl->ops.write_buf = NULL;
	}
	return true;
}

static bool make_session(struct baseline *bl)
{
	bool is_mirror = bl->spec->backing.kind == BACKING_MIRROR ||
		bl->spec->backing.kind == BACKING_TMPFS;
	auto_free char *opts = xasprintf("-o%s%sfsname=fusescen",
		bl->spec->options & MOPT_NO_ALLOW_OTHER ? "" : "allow_other,",
		bl->spec->options & MOPT_DEFAULT_PERMISSIONS || is_mirror ?
		"default_permissions," : "");
	char name[] = "fusescen", *argv[] = { name, opts, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(2, argv);

	bl->se = fuse_session_new(&args, &bl->ops, sizeof(bl->ops), bl->backend);
	fuse_opt_free_args(&args);
	return bl->se && fuse_session_mount(bl->se, bl->dir) == 0;
}

/* Once INIT has been answered: the same limits as our own servers have. */
static void relax(const char *dir)
{
	uint32_t number;
	struct stat st;

	if (stat(dir, &st) == 0 && mount_connection(dir, &number) == 0)
		mount_relax_writeback(number);
}

/* ---- the loop ------------------------------------------------------------------------ */

static void *loop(void *arg)
{
	struct baseline *bl = arg;
	struct fuse_loop_config *cfg = fuse_loop_cfg_create();

	fuse_loop_cfg_set_clone_fd(cfg, 1);
	fuse_loop_cfg_set_max_threads(cfg, bl->spec->workers);
	fuse_session_loop_mt(bl->se, cfg);
	fuse_loop_cfg_destroy(cfg);
	return NULL;
}

static void baseline_free(struct baseline *bl)
{
	if (bl->se)
		fuse_session_destroy(bl->se);
	if (bl->backend)
		bl->backend->ops->free(bl->backend);
	free(bl->dir);
	free(bl);
}

struct baseline *baseline_start(const struct scenario *sc, const char *dir, char **why)
{
	struct baseline *bl = xcalloc(1, sizeof(*bl));
	struct buf b = BUF_INIT;

	bl->spec = &sc->mounts[0];
	bl->dir = xstrdup(dir);
	if (!make_backend(bl, sc->diags)) {
		diags_print(sc->diags, &b);
		*why = buf_steal(&b);
		baseline_free(bl);
		return NULL;
	}
	if (!make_session(bl)) {
		*why = xstrdup("libfuse cannot mount it");
		baseline_free(bl);
		return NULL;
	}
	if (pthread_create(&bl->thread, NULL, loop, bl))
		die_bug("pthread_create");
	relax(dir);
	return bl;
}

/* The loop ends when the kernel has let go of the mount. */
bool baseline_stop(struct baseline *bl, uint64_t deadline_ns)
{
	const struct timespec until = {
		.tv_sec = (time_t)(deadline_ns / NS_PER_S),
		.tv_nsec = (long)(deadline_ns % NS_PER_S),
	};

	umount2(bl->dir, MNT_DETACH);
	if (pthread_clockjoin_np(bl->thread, NULL, CLOCK_MONOTONIC, &until))
		return false;
	baseline_free(bl);
	return true;
}
