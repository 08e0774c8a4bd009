/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes of the files behind the kernel's back, as another client of the server
 * would make them.  Called by the conductor, beside the threads that serve
 * requests: all under the names lock, so that a change is whole.
 */
#include "config.h"

#include "backend/memory/memory.h"

#include <errno.h>
#include <string.h>

#include "backend/memory/memory_impl.h"
#include "backend/memory/tree.h"
#include "base/lock.h"
#include "base/units.h"

#define STEP	65536u

static struct timespec time_of(uint64_t ns)
{
	return (struct timespec){
		.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S),
	};
}

/* ---- of one inode, which is locked ---- */

static int write_to(struct inode *i, const struct file_change *c)
{
	auto_free uint8_t *step = xmalloc(STEP);
	uint64_t at, n;

	if (i->type != S_IFREG)
		return i->type == S_IFDIR ? EISDIR : EINVAL;
	for (at = 0; at < c->data.len; at += n) {
		n = c->data.len - at < STEP ? c->data.len - at : STEP;
		data_copy(&c->data, at, step, n, 0);
		if (sparse_write(&i->data, c->offset + at, step, n) != (ssize_t)n)
			return ENOSPC;
		if (c->offset + at + n > i->size)
			i->size = c->offset + at + n;
	}
	inode_touch(i, true);
	return 0;
}

static int resize(struct inode *i, const struct file_change *c)
{
	if (i->type != S_IFREG)
		return i->type == S_IFDIR ? EISDIR : EINVAL;
	inode_resize(i, c->size);
	inode_touch(i, true);
	return 0;
}

static int set_mode(struct inode *i, const struct file_change *c)
{
	i->mode = i->type | (c->mode & 07777);
	inode_touch(i, false);
	return 0;
}

static int set_owner(struct inode *i, const struct file_change *c)
{
	if (c->uid != UINT32_MAX)
		i->uid = backend_uid(c->uid);
	if (c->gid != UINT32_MAX)
		i->gid = backend_gid(c->gid);
	inode_touch(i, false);
	return 0;
}

static int set_times(struct inode *i, const struct file_change *c)
{
	if (c->atime_ns != UINT64_MAX)
		i->atime = time_of(c->atime_ns);
	if (c->mtime_ns != UINT64_MAX)
		i->mtime = time_of(c->mtime_ns);
	inode_touch(i, false);
	return 0;
}

static int set_xattr(struct inode *i, const struct file_change *c)
{
	auto_free uint8_t *value = xmalloc(c->value.len + 1);
	int err;

	data_copy(&c->value, 0, value, c->value.len, 0);
	err = xattr_set(&i->xattrs, c->name, value, c->value.len, 0);
	if (!err)
		inode_touch(i, false);
	return err;
}

static int remove_xattr(struct inode *i, const struct file_change *c)
{
	int err = xattr_remove(&i->xattrs, c->name);

	if (!err)
		inode_touch(i, false);
	return err;
}

static int change_inode(struct inode_table *t, const struct file_change *c,
			int (*fn)(struct inode *i, const struct file_change *c))
{
	struct inode *i;
	int err = tree_walk(t, c->path, &i);

	if (err)
		return err;
	auto_write_lock(&i->lock);
	return fn(i, c);
}

/* ---- of names ---- */

/* The directory of a path, and the last name in it. */
static int find_parent(struct inode_table *t, const char *path, uint64_t *dir,
		       const char **name)
{
	const char *slash = strrchr(path, '/');
	/* of a file in the root, "/" */
	auto_free char *parent = xstrndup(path, (size_t)(slash - path) + (slash == path));
	struct inode *i;
	int err;

	*name = slash + 1;
	if (!**name)
		return EBUSY;		/* the root */
	err = tree_walk(t, parent, &i);
	if (!err)
		*dir = atomic_load(&i->ino);
	return err;
}

static int remove_name(struct inode_table *t, const struct file_change *c)
{
	const char *name;
	struct inode *i;
	uint64_t dir = 0;
	int err = find_parent(t, c->path, &dir, &name);

	if (!err)
		err = tree_walk(t, c->path, &i);
	if (err)
		return err;
	return i->type == S_IFDIR ? tree_rmdir(t, dir, name) :
		tree_unlink(t, dir, name);
}

static int move_name(struct inode_table *t, const struct file_change *c)
{
	const char *name, *to_name;
	uint64_t dir = 0, to = 0;
	int err = find_parent(t, c->path, &dir, &name);

	if (!err)
		err = find_parent(t, c->to, &to, &to_name);
	return err ? err : tree_rename(t, dir, name, to, to_name, 0);
}

static int add_name(struct inode_table *t, const struct file_change *c)
{
	const char *to_name;
	struct inode *i;
	uint64_t to = 0;
	int err = tree_walk(t, c->path, &i);

	if (!err)
		err = find_parent(t, c->to, &to, &to_name);
	return err ? err : tree_link(t, atomic_load(&i->ino), to, to_name, &i);
}

/* Directories that the loader has added above a file may be there already. */
static bool is_there(struct memfs *fs, const struct file_spec *f)
{
	struct inode *i;

	return !f->loc.line && !tree_walk(&fs->store->nodes, f->path, &i);
}

static int make(struct memfs *fs, const struct file_change *c)
{
	size_t i;
	int err = 0;

	for (i = 0; i < c->n_files && !err; i++)
		if (!is_there(fs, &c->files[i]))
			err = memfs_make(fs, &c->files[i]);
	return err;
}

int memfs_change(struct memfs *fs, const struct file_change *c)
{
	struct inode_table *t = &fs->store->nodes;

	auto_write_lock(&t->names);
	switch (c->kind) {
	case CHANGE_MAKE:
		return make(fs, c);
	case CHANGE_WRITE:
		return change_inode(t, c, write_to);
	case CHANGE_TRUNCATE:
		return change_inode(t, c, resize);
	case CHANGE_REMOVE:
		return remove_name(t, c);
	case CHANGE_RENAME:
		return move_name(t, c);
	case CHANGE_LINK:
		return add_name(t, c);
	case CHANGE_CHMOD:
		return change_inode(t, c, set_mode);
	case CHANGE_CHOWN:
		return change_inode(t, c, set_owner);
	case CHANGE_UTIMES:
		return change_inode(t, c, set_times);
	case CHANGE_SETXATTR:
		return change_inode(t, c, set_xattr);
	case CHANGE_REMOVEXATTR:
		return change_inode(t, c, remove_xattr);
	}
	return EINVAL;
}
