/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory filesystem as its owner sees it: made, filled from a scenario,
 * looked into; and the table that libfuse calls it by.  The conductor calls
 * what is here.
 */
#include "config.h"

#include "backend/memory/memory.h"

#include <errno.h>
#include <string.h>

#include "base/lock.h"
#include "backend/unsupported_ops.h"
#include "backend/memory/memory_impl.h"
#include "backend/memory/tree.h"

/* Files of a scenario were all made at the same moment: 2000-01-01 UTC. */
#define BIRTH_S		946684800

#define FILL_STEP	65536u

/* libfuse takes seconds as a double and cuts off what is below a nanosecond:
 * without the 0.4 ns some values would lose their last digit. */
static double seconds(uint64_t ns)
{
	return ns ? ns / 1e9 + 4e-10 : 0;
}

static void set_birth(struct inode *i)
{
	i->mtime = (struct timespec){ .tv_sec = BIRTH_S };
	i->atime = i->ctime = i->btime = i->mtime;
}

static struct memory_store *new_store(uint64_t limit)
{
	struct memory_store *store = xcalloc(1, sizeof(*store));
	struct inode *root;

	inode_table_init(&store->nodes, limit);
	store->locks = lock_table_new();
	root = inode_find(&store->nodes, NODE_ROOT);
	root->uid = backend_uid(0);
	root->gid = backend_gid(0);
	set_birth(root);
	return store;
}

static struct memfs *mount_store(struct memory_store *store, uint64_t entry_ns,
				 uint64_t attr_ns, uint64_t negative_ns)
{
	struct memfs *fs = xcalloc(1, sizeof(*fs));

	fs->backend.ops = &memory_backend;
	fs->store = store;
	fs->entry_timeout = seconds(entry_ns);
	fs->attr_timeout = seconds(attr_ns);
	fs->negative_timeout = seconds(negative_ns);
	store->mounts++;
	return fs;
}

struct memfs *memfs_new(uint64_t entry_ns, uint64_t attr_ns, uint64_t negative_ns,
			uint64_t limit)
{
	return mount_store(new_store(limit), entry_ns, attr_ns, negative_ns);
}

struct memfs *memfs_share(struct memfs *of, uint64_t entry_ns, uint64_t attr_ns,
			  uint64_t negative_ns)
{
	return mount_store(of->store, entry_ns, attr_ns, negative_ns);
}

void memfs_free(struct memfs *fs)
{
	struct memory_store *store;

	if (!fs)
		return;
	memfs_cancel(fs);
	store = fs->store;
	free(fs);
	if (--store->mounts)
		return;
	lock_table_free(store->locks);
	inode_table_fini(&store->nodes);
	free(store);
}

struct inode *memfs_lock(fuse_req_t req, uint64_t ino, bool write)
{
	struct inode *i = inode_lock(&memfs_of(req)->store->nodes, ino, write);

	if (!i)
		fuse_reply_err(req, ESTALE);
	return i;
}

double memfs_attr_timeout(const struct memfs *fs, const struct inode *i)
{
	if (i->spec && i->spec->attr_ns != UINT64_MAX)
		return seconds(i->spec->attr_ns);
	return fs->attr_timeout;
}

void memfs_entry(struct memfs *fs, struct inode *i, struct fuse_entry_param *e)
{
	memset(e, 0, sizeof(*e));
	auto_read_lock(&i->lock);
	inode_stat(i, &e->attr);
	e->ino = e->attr.st_ino;
	e->attr_timeout = memfs_attr_timeout(fs, i);
	e->entry_timeout = fs->entry_timeout;
	if (i->spec && i->spec->entry_ns != UINT64_MAX)
		e->entry_timeout = seconds(i->spec->entry_ns);
}

/* ---- files of a scenario ---- */

static const mode_t type_modes[] = {
	[NODE_FILE] = S_IFREG, [NODE_DIR] = S_IFDIR,
	[NODE_SYMLINK] = S_IFLNK, [NODE_FIFO] = S_IFIFO,
};

/* Of all directories above a path. */
static void set_birth_along(struct inode_table *t, const char *path)
{
	auto_free char *parent = xstrdup(path);
	struct inode *i;
	char *slash;

	while ((slash = strrchr(parent, '/'))) {
		slash[slash == parent] = '\0';
		if (!tree_walk(t, parent, &i))
			set_birth(i);
		if (slash == parent)
			break;
	}
}

static int fill(struct inode *i, const struct data_spec *data)
{
	auto_free uint8_t *step = xmalloc(FILL_STEP);
	uint64_t at;
	size_t n;

	for (at = 0; at < data->len; at += n) {
		n = data->len - at < FILL_STEP ? data->len - at : FILL_STEP;
		data_copy(data, at, step, n, 0);
		if (sparse_write(&i->data, at, step, n) != (ssize_t)n)
			return ENOSPC;
	}
	return 0;
}

/* The directory of a path, made if it does not exist.  *name is the path's last
 * part, within copy, or NULL for the root itself. */
static int make_parents(struct inode_table *t, char *copy, uint64_t *dir,
			const char **name)
{
	const struct inode_new what = { .mode = S_IFDIR | 0755 };
	char *save, *part = strtok_r(copy, "/", &save), *next;
	struct inode *i;
	int err;

	*dir = NODE_ROOT;
	while (part && (next = strtok_r(NULL, "/", &save))) {
		err = tree_lookup(t, *dir, part, &i);
		if (err == ENOENT)
			err = tree_create(t, *dir, part, &what, &i);
		if (err)
			return err;
		*dir = atomic_load(&i->ino);
		part = next;
	}
	*name = part;
	return 0;
}

/* A directory that an earlier file needed may be described later. */
static int make_node(struct inode_table *t, uint64_t dir, const char *name,
		     const struct file_spec *spec, struct inode **out)
{
	struct inode_new what = {
		.mode = type_modes[spec->type],
		.target = spec->type == NODE_SYMLINK ? spec->target : NULL,
	};
	int err;

	if (!name) {
		*out = inode_find(t, NODE_ROOT);
		return spec->type == NODE_DIR ? 0 : EISDIR;
	}
	err = tree_create(t, dir, name, &what, out);
	if (err != EEXIST || spec->type != NODE_DIR)
		return err;
	err = tree_lookup(t, dir, name, out);
	if (err)
		return err;
	return (*out)->type == S_IFDIR && !(*out)->spec ? 0 : EEXIST;
}

static int dress(struct inode *i, const struct file_spec *spec)
{
	size_t k;
	int err = 0;

	i->spec = spec;
	i->mode = i->type | (spec->mode & 07777);
	i->uid = backend_uid(spec->uid);
	i->gid = backend_gid(spec->gid);
	for (k = 0; k < spec->n_xattrs && !err; k++)
		err = xattr_set(&i->xattrs, spec->xattrs[k].name,
				spec->xattrs[k].value, spec->xattrs[k].len, 0);
	if (err || i->type != S_IFREG)
		return err;
	i->size = spec->size > spec->data.len ? spec->size : spec->data.len;
	return fill(i, &spec->data);
}

int memfs_make(struct memfs *fs, const struct file_spec *spec)
{
	auto_free char *copy = xstrdup(spec->path);
	struct inode_table *t = &fs->store->nodes;
	struct inode *i = NULL;
	const char *name;
	uint64_t dir;
	int err;

	err = make_parents(t, copy, &dir, &name);
	if (!err)
		err = make_node(t, dir, name, spec, &i);
	if (err)
		return err;
	auto_write_lock(&i->lock);
	return dress(i, spec);
}

int memfs_add(struct memfs *fs, const struct file_spec *spec)
{
	struct inode_table *t = &fs->store->nodes;
	struct inode *i;
	int err;

	auto_write_lock(&t->names);
	err = memfs_make(fs, spec);
	if (!err)
		err = tree_walk(t, spec->path, &i);
	if (err)
		return err;
	set_birth(i);
	/* Making a name has touched the directories above it. */
	set_birth_along(t, spec->path);
	return 0;
}

/* ---- looking in ---- */

uint64_t memfs_find(struct memfs *fs, const char *path)
{
	struct inode *i;
	uint64_t ino = 0;

	auto_read_lock(&fs->store->nodes.names);
	if (!tree_walk(&fs->store->nodes, path, &i))
		ino = atomic_load(&i->ino);
	return ino;
}

const struct file_spec *memfs_spec(struct memfs *fs, uint64_t nodeid)
{
	struct inode *i = inode_lock(&fs->store->nodes, nodeid, false);
	const struct file_spec *spec;

	if (!i)
		return NULL;
	spec = i->spec;
	inode_unlock(i);
	return spec;
}

ssize_t memfs_peek(struct memfs *fs, const char *path, uint64_t offset,
		   void *p, size_t len, uint64_t *size)
{
	uint64_t ino = memfs_find(fs, path);
	struct inode *i = ino ? inode_lock(&fs->store->nodes, ino, false) : NULL;
	ssize_t n = -EISDIR;

	if (!i)
		return -ENOENT;
	*size = i->size;
	if (i->type == S_IFREG) {
		n = 0;
		if (offset < i->size)
			n = len < i->size - offset ? len : i->size - offset;
		sparse_read(&i->data, offset, p, n);
	}
	inode_unlock(i);
	return n;
}

/* What room a served mount has is its user's business. */
const struct limit *memfs_limit_reached(struct memfs *fs)
{
	struct inode_table *t = &fs->store->nodes;

	if (atomic_load(&t->quota.full) && t->quota.limit == LIMIT_MEMORY_DATA)
		return LIMIT_OF(MEMORY_DATA);
	if (atomic_load(&t->inodes_full))
		return LIMIT_OF(MEMORY_INODES);
	return atomic_load(&t->xattrs_full) ? LIMIT_OF(MEMORY_XATTRS) : NULL;
}

/* ---- what libfuse does not know ---- */

const struct own_op memfs_own_ops[] = {
	{ OP_SYNCFS, memfs_syncfs },
	{ OP_STATX, memfs_statx },
	{ OP_COPY_FILE_RANGE_64, memfs_copy_64 },
	{ 0, NULL },
};

/* ---- for libfuse ---- */

static void op_destroy(void *userdata)
{
	memfs_cancel(userdata);
}

#define ROW(name, ...)	.name = memfs_op_##name,

const struct fuse_lowlevel_ops memfs_ops = {
	.destroy = op_destroy,
	PASSED_FILE_OP_LIST(ROW)
	ROW(access) ROW(releasedir) ROW(getlk) ROW(setlk) ROW(flock)
	.fsyncdir = memfs_op_fsync,
	.ioctl = unsupported_ioctl, .poll = unsupported_poll,
};
