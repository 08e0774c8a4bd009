/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes the mirror, over a directory of the host or over a tmpfs that is
 * mounted nowhere and ends with it, and looks into it.  The table by which
 * libfuse calls it is here too.  The conductor calls these functions.
 */
#include "config.h"

#include "backend/mirror/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/mem.h"
#include "base/units.h"
#include "backend/host_paths.h"
#include "backend/mirror/mirror_impl.h"
#include "backend/unsupported_ops.h"

#define FILL_STEP	65536u

static struct mirror *mirror(struct backend *b)
{
	return (struct mirror *)b;	/* which starts with it */
}

/* As in memory.c, the double does not lose the last nanosecond. */
static double seconds(uint64_t ns)
{
	return ns ? ns / 1e9 + 4e-10 : 0;
}

/* Every node that the kernel knows is an open descriptor. */
static void raise_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
}

/* ---- a tmpfs of its own --------------------------------------------------- */

static int make_tmpfs(uint64_t size)
{
	auto_close int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);
	auto_free char *bytes = xasprintf("%llu", (unsigned long long)size);

	if (fs < 0 ||
	    fsconfig(fs, FSCONFIG_SET_STRING, "size", bytes, 0) ||
	    fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755", 0) ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
}

static int fill(int fd, const struct file_spec *spec)
{
	auto_free uint8_t *step = xmalloc(FILL_STEP);
	const struct data_spec *data = &spec->data;
	uint64_t at, n;

	for (at = 0; at < data->len; at += n) {
		n = data->len - at < FILL_STEP ? data->len - at : FILL_STEP;
		data_copy(data, at, step, n, 0);
		if (pwrite(fd, step, n, (off_t)at) != (ssize_t)n)
			return errno ? errno : ENOSPC;
	}
	return spec->size > data->len && ftruncate(fd, (off_t)spec->size) ?
		errno : 0;
}

/* Makes the name in a directory that exists; 0 or errno. */
static int make_node(int dir, const char *name, const struct file_spec *spec)
{
	auto_close int fd = -1;

	switch (spec->type) {
	case NODE_FILE:
		fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    0600);
		return fd < 0 ? errno : fill(fd, spec);
	case NODE_DIR:
		return *name && mkdirat(dir, name, 0755) ? errno : 0;
	case NODE_SYMLINK:
		return symlinkat(spec->target, dir, name) ? errno : 0;
	case NODE_FIFO:
		return mknodat(dir, name, S_IFIFO | 0600, 0) ? errno : 0;
	}
	return 0;
}

static int dress(const struct mirror *m, int fd, const struct file_spec *spec)
{
	struct mirror_path path = mirror_path(fd), number = mirror_number(fd);
	size_t i;

	if (fchownat(fd, "", spec->uid, spec->gid, AT_EMPTY_PATH))
		return errno;
	if (spec->type == NODE_SYMLINK)
		return 0;
	for (i = 0; i < spec->n_xattrs; i++)
		if (setxattr(path.s, spec->xattrs[i].name, spec->xattrs[i].value,
			     spec->xattrs[i].len, 0))
			return errno;
	return fchmodat(m->proc, number.s, spec->mode, 0) ? errno : 0;
}

/* The node of the path is kept for good, with its spec. */
static int enter_file(struct mirror *m, const struct file_spec *spec)
{
	auto_close int fd = mirror_walk(m, spec->path);
	struct mirror_node *node;
	struct stat st;

	if (fd < 0 || fstatat(fd, "", &st, AT_EMPTY_PATH))
		return errno;
	node = mirror_enter(m, steal_fd(&fd), &st);
	node->spec = spec;
	mirror_put(node);
	return 0;
}

/* Parents come before children. */
int mirror_make_file(struct mirror *m, const struct file_spec *spec)
{
	auto_free char *parent = xstrdup(spec->path);
	char *slash = strrchr(parent, '/');
	auto_close int dir = -1;
	auto_close int fd = -1;
	int err;

	*slash = '\0';
	dir = mirror_walk(m, parent);
	if (dir < 0)
		return errno;
	err = make_node(dir, slash + 1, spec);
	if (err)
		return err;
	fd = mirror_walk(m, spec->path);
	if (fd < 0)
		return errno;
	err = dress(m, fd, spec);
	return err ? err : enter_file(m, spec);
}

/* ---- making -------------------------------------------------------------- */

static int open_root(const struct mount_spec *spec)
{
	if (spec->backing.kind == BACKING_TMPFS)
		return make_tmpfs(spec->backing.size);
	return host_path_open(spec->backing.allowed, spec->backing.dir, O_DIRECTORY);
}

static const char *root_name(const struct mount_spec *spec)
{
	return spec->backing.kind == BACKING_TMPFS ? "a tmpfs" :
		spec->backing.dir;
}

/* The root has number 1 and is never forgotten. */
static int enter_root(struct mirror *m)
{
	auto_close int fd = open_root(m->spec);
	struct stat st;

	if (fd < 0 || fstatat(fd, "", &st, AT_EMPTY_PATH))
		return errno;
	mirror_enter(m, steal_fd(&fd), &st);
	return 0;
}

static void mirror_free(struct backend *b)
{
	struct mirror *m = mirror(b);

	mirror_tables_free(m);
	if (m->proc >= 0)
		close(m->proc);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

static int fail(struct mirror *m, struct diags *dg, struct loc loc, int err,
		const char *what)
{
	diag_errno(dg, loc, err, "mirror %s on %s", what, m->spec->name);
	mirror_free(&m->backend);
	return -1;
}

static struct mirror *new_mirror(const struct mount_spec *spec)
{
	struct mirror *m = xcalloc(1, sizeof(*m));

	m->backend.ops = &mirror_backend;
	m->spec = spec;
	m->is_root = geteuid() == 0;
	m->entry_timeout = seconds(mount_entry_ns(spec));
	m->attr_timeout = seconds(mount_attr_ns(spec));
	m->negative_timeout = seconds(mount_negative_ns(spec));
	m->proc = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	mutex_init(&m->lock);
	return m;
}

static struct backend *mirror_make(const struct mount_spec *spec,
				  struct diags *dg)
{
	struct mirror *m = new_mirror(spec);
	size_t i;
	int err;

	raise_limit();
	err = m->proc < 0 ? ENOENT : 0;
	if (err && fail(m, dg, spec->loc, err, "without /proc"))
		return NULL;
	err = enter_root(m);
	if (err && fail(m, dg, spec->loc, err, root_name(spec)))
		return NULL;
	for (i = 0; i < spec->n_files; i++) {
		err = mirror_make_file(m, &spec->files[i]);
		if (err && fail(m, dg, spec->files[i].loc, err,
				spec->files[i].path))
			return NULL;
	}
	return &m->backend;
}

/* The same directory, with nodes of its own: to the host they are two clients. */
static struct backend *mirror_share(struct backend *of, const struct mount_spec *spec,
				    struct diags *dg)
{
	struct mirror_node *root = mirror_get(mirror(of), 1);
	const struct mount_spec *owner = mirror(of)->spec;
	struct mirror *m = new_mirror(spec);
	auto_close int fd = fcntl(root->fd, F_DUPFD_CLOEXEC, 0);
	struct stat st;
	size_t i;
	int err = 0;

	mirror_put(root);
	if (m->proc < 0 || fd < 0 || fstatat(fd, "", &st, AT_EMPTY_PATH))
		err = errno;
	else
		mirror_enter(m, steal_fd(&fd), &st);
	for (i = 0; i < owner->n_files && !err; i++)
		err = enter_file(m, &owner->files[i]);
	if (err && fail(m, dg, spec->loc, err, "the files of another mount"))
		return NULL;
	return &m->backend;
}

/* ---- looking in ---------------------------------------------------------- */

static const struct file_spec *mirror_spec(struct backend *b, uint64_t nodeid)
{
	struct mirror *m = mirror(b);
	struct mirror_node *node = mirror_get(m, nodeid);
	const struct file_spec *spec;

	if (!node)
		return NULL;
	spec = node->spec;
	mirror_put(node);
	return spec;
}

static uint64_t mirror_find(struct backend *b, const char *path)
{
	auto_close int fd = mirror_walk(mirror(b), path);
	struct stat st;

	if (fd < 0 || fstatat(fd, "", &st, AT_EMPTY_PATH))
		return 0;
	return mirror_known(mirror(b), &st);
}

static ssize_t mirror_peek(struct backend *b, const char *path, uint64_t offset,
			   void *p, size_t len, uint64_t *size)
{
	auto_close int at = mirror_walk(mirror(b), path);
	auto_close int fd = -1;
	struct stat st;
	ssize_t n;

	if (at < 0 || fstatat(at, "", &st, AT_EMPTY_PATH))
		return -errno;
	*size = (uint64_t)st.st_size;
	if (!S_ISREG(st.st_mode))
		return -EISDIR;
	fd = mirror_reopen(mirror(b), at, O_RDONLY);
	if (fd < 0)
		return -errno;
	n = pread(fd, p, len, (off_t)offset);
	return n < 0 ? -errno : n;
}

/* ---- for libfuse --------------------------------------------------------- */

static void op_init(void *userdata, struct fuse_conn_info *conn)
{
	struct mirror *m = userdata;

	/* The tap shows libfuse only what the kernel and the scenario agreed
	 * on. */
	m->writeback = conn->capable & FUSE_CAP_WRITEBACK_CACHE;
}

#define ROW(name, ...)	.name = mirror_op_##name,

/* There are no lock operations, so the kernel keeps the locks among the clients
 * of the mount itself. */
static const struct fuse_lowlevel_ops mirror_ops = {
	.init = op_init,
	PASSED_FILE_OP_LIST(ROW)
	ROW(fsyncdir)
	.releasedir = mirror_op_release,
	.ioctl = unsupported_ioctl, .poll = unsupported_poll,
};

static const struct own_op own_ops[] = {
	{ OP_SYNCFS, mirror_syncfs },
	{ OP_STATX, mirror_statx },
	{ OP_COPY_FILE_RANGE_64, mirror_copy_64 },
	{ 0, NULL },
};

/* The root is never forgotten. */
static int mirror_directory(struct backend *b)
{
	struct mirror_node *root = mirror_get(mirror(b), FUSE_ROOT_ID);
	int fd = root->fd;

	mirror_put(root);
	return fd;
}

const struct backend_ops mirror_backend = {
	.make = mirror_make,
	.share = mirror_share,
	.change = mirror_change,
	.free = mirror_free,
	.lowlevel = &mirror_ops,
	.own_ops = own_ops,
	.spec = mirror_spec,
	.find = mirror_find,
	.peek = mirror_peek,
	.directory = mirror_directory,
};
