/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations on names and attributes.  They run on the session's threads;
 * permissions are checked by the kernel (default_permissions).
 */
#include "config.h"

#include "backend/memory/memory_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include "base/lock.h"
#include "backend/memory/tree.h"

/* Tell the kernel of an inode.  Called with names locked, which is unlocked
 * here. */
static void reply_entry(fuse_req_t req, struct memfs *fs, int err,
			struct inode *i)
{
	struct fuse_entry_param e;

	if (!err) {
		inode_seen(i);
		memfs_entry(fs, i, &e);
	}
	rwlock_unlock(&fs->store->nodes.names);
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_entry(req, &e);
}

/* The kernel has taken the umask off unless dont_mask was negotiated. */
static struct inode_new what_new(fuse_req_t req, mode_t mode)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);

	return (struct inode_new){
		.mode = (mode & S_IFMT) | (mode & 07777 & ~ctx->umask),
		.uid = ctx->uid,
		.gid = ctx->gid,
	};
}

static void create_entry(fuse_req_t req, fuse_ino_t dir, const char *name,
			 const struct inode_new *what)
{
	struct memfs *fs = memfs_of(req);
	struct inode *i = NULL;
	int err;

	rwlock_write(&fs->store->nodes.names);
	err = tree_create(&fs->store->nodes, dir, name, what, &i);
	reply_entry(req, fs, err, i);
}

void memfs_op_lookup(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	struct memfs *fs = memfs_of(req);
	struct inode *i = NULL;
	int err;

	rwlock_read(&fs->store->nodes.names);
	err = tree_lookup(&fs->store->nodes, dir, name, &i);
	if (err == ENOENT && fs->negative_timeout > 0) {
		const struct fuse_entry_param nothing = {
			.entry_timeout = fs->negative_timeout,
		};

		rwlock_unlock(&fs->store->nodes.names);
		fuse_reply_entry(req, &nothing);
		return;
	}
	reply_entry(req, fs, err, i);
}

void memfs_op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t n)
{
	inode_forget(&memfs_of(req)->store->nodes, ino, n);
	fuse_reply_none(req);
}

void memfs_op_forget_multi(fuse_req_t req, size_t count,
			   struct fuse_forget_data *forgets)
{
	size_t k;

	for (k = 0; k < count; k++)
		inode_forget(&memfs_of(req)->store->nodes, forgets[k].ino,
			     forgets[k].nlookup);
	fuse_reply_none(req);
}

void memfs_op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct inode *i = memfs_lock(req, ino, false);
	double timeout;
	struct stat st;

	(void)fi;
	if (!i)
		return;
	inode_stat(i, &st);
	timeout = memfs_attr_timeout(memfs_of(req), i);
	inode_unlock(i);
	fuse_reply_attr(req, &st, timeout);
}

static struct wire_sx_time statx_time(struct timespec t)
{
	return (struct wire_sx_time){
		.tv_sec = t.tv_sec, .tv_nsec = (uint32_t)t.tv_nsec,
	};
}

/* All that there is, whatever was asked for: statx(2) allows that. */
int memfs_statx(struct backend *b, const struct wire_in_header *h,
		const void *args, void *reply)
{
	struct memfs *fs = (struct memfs *)b;	/* which starts with it */
	struct inode *i = inode_lock(&fs->store->nodes, h->nodeid, false);
	struct wire_statx_out *out = reply;
	struct stat st;

	(void)args;
	if (!i)
		return ESTALE;
	inode_stat(i, &st);
	out->stat = (struct wire_statx){
		.mask = STATX_BASIC_STATS | STATX_BTIME,
		.blksize = (uint32_t)st.st_blksize,
		.nlink = (uint32_t)st.st_nlink,
		.uid = st.st_uid, .gid = st.st_gid,
		.mode = (uint16_t)st.st_mode,
		.ino = st.st_ino,
		.size = (uint64_t)st.st_size,
		.blocks = (uint64_t)st.st_blocks,
		.atime = statx_time(i->atime), .btime = statx_time(i->btime),
		.ctime = statx_time(i->ctime), .mtime = statx_time(i->mtime),
		.rdev_major = major(st.st_rdev),
		.rdev_minor = minor(st.st_rdev),
	};
	backend_put_valid(out, memfs_attr_timeout(fs, i));
	inode_unlock(i);
	return 0;
}

static void drop_ids(struct inode *i)
{
	i->mode &= ~S_ISUID;
	/* S_ISGID without group execution once meant mandatory locking. */
	if (i->mode & S_IXGRP)
		i->mode &= ~S_ISGID;
}

void memfs_kill_ids(fuse_req_t req, struct inode *i)
{
	if (i->mode & (S_ISUID | S_ISGID) && fuse_req_ctx(req)->uid)
		drop_ids(i);
}

static void set_owner(struct inode *i, const struct stat *attr, int set)
{
	if (set & FUSE_SET_ATTR_UID)
		i->uid = attr->st_uid;
	if (set & FUSE_SET_ATTR_GID)
		i->gid = attr->st_gid;
	/* chown(2): for root too; with handle_killpriv it is ours to do. */
	if (set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID) &&
	    !(set & FUSE_SET_ATTR_MODE) && i->type == S_IFREG)
		drop_ids(i);
	if (set & FUSE_SET_ATTR_MODE)
		i->mode = i->type | (attr->st_mode & 07777);
	if (set & (FUSE_SET_ATTR_KILL_SUID | FUSE_SET_ATTR_KILL_SGID))
		drop_ids(i);
}

static void set_times(struct inode *i, const struct stat *attr, int set)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (set & FUSE_SET_ATTR_SIZE)
		i->mtime = now;
	if (set & FUSE_SET_ATTR_ATIME)
		i->atime = set & FUSE_SET_ATTR_ATIME_NOW ? now : attr->st_atim;
	if (set & FUSE_SET_ATTR_MTIME)
		i->mtime = set & FUSE_SET_ATTR_MTIME_NOW ? now : attr->st_mtim;
	i->ctime = set & FUSE_SET_ATTR_CTIME ? attr->st_ctim : now;
}

static int set_size(fuse_req_t req, struct inode *i, off_t size)
{
	if (i->type != S_IFREG)
		return i->type == S_IFDIR ? EISDIR : EINVAL;
	if (size < 0)
		return EFBIG;
	inode_resize(i, size);
	memfs_kill_ids(req, i);
	return 0;
}

void memfs_op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int set,
		      struct fuse_file_info *fi)
{
	struct inode *i = memfs_lock(req, ino, true);
	double timeout;
	struct stat st;
	int err = 0;

	(void)fi;
	if (!i)
		return;
	if (set & FUSE_SET_ATTR_SIZE)
		err = set_size(req, i, attr->st_size);
	if (!err) {
		set_owner(i, attr, set);
		set_times(i, attr, set);
	}
	inode_stat(i, &st);
	timeout = memfs_attr_timeout(memfs_of(req), i);
	inode_unlock(i);
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_attr(req, &st, timeout);
}

void memfs_op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	struct inode *i = memfs_lock(req, ino, false);

	if (!i)
		return;
	if (i->target)
		fuse_reply_readlink(req, i->target);
	else
		fuse_reply_err(req, EINVAL);
	inode_unlock(i);
}

void memfs_op_mknod(fuse_req_t req, fuse_ino_t dir, const char *name,
		    mode_t mode, dev_t rdev)
{
	struct inode_new what = what_new(req, mode);

	what.rdev = rdev;
	if (!(what.mode & S_IFMT))
		what.mode |= S_IFREG;
	create_entry(req, dir, name, &what);
}

void memfs_op_mkdir(fuse_req_t req, fuse_ino_t dir, const char *name, mode_t mode)
{
	struct inode_new what = what_new(req, S_IFDIR | (mode & 07777));

	create_entry(req, dir, name, &what);
}

void memfs_op_symlink(fuse_req_t req, const char *target, fuse_ino_t dir,
		      const char *name)
{
	struct inode_new what = what_new(req, S_IFLNK);

	if (strlen(target) >= PATH_MAX) {
		fuse_reply_err(req, ENAMETOOLONG);
		return;
	}
	what.mode = S_IFLNK | 0777;
	what.target = target;
	create_entry(req, dir, name, &what);
}

void memfs_op_unlink(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	struct memfs *fs = memfs_of(req);
	int err;

	rwlock_write(&fs->store->nodes.names);
	err = tree_unlink(&fs->store->nodes, dir, name);
	rwlock_unlock(&fs->store->nodes.names);
	fuse_reply_err(req, err);
}

void memfs_op_rmdir(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	struct memfs *fs = memfs_of(req);
	int err;

	rwlock_write(&fs->store->nodes.names);
	err = tree_rmdir(&fs->store->nodes, dir, name);
	rwlock_unlock(&fs->store->nodes.names);
	fuse_reply_err(req, err);
}

void memfs_op_rename(fuse_req_t req, fuse_ino_t dir, const char *name,
		     fuse_ino_t to_dir, const char *to_name, unsigned flags)
{
	struct memfs *fs = memfs_of(req);
	int err;

	rwlock_write(&fs->store->nodes.names);
	err = tree_rename(&fs->store->nodes, dir, name, to_dir, to_name, flags);
	rwlock_unlock(&fs->store->nodes.names);
	fuse_reply_err(req, err);
}

void memfs_op_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t to_dir,
		   const char *name)
{
	struct memfs *fs = memfs_of(req);
	struct inode *i = NULL;
	int err;

	rwlock_write(&fs->store->nodes.names);
	err = tree_link(&fs->store->nodes, ino, to_dir, name, &i);
	reply_entry(req, fs, err, i);
}

/* With names locked, which is given up. */
static void reply_create(fuse_req_t req, struct memfs *fs, struct inode *i,
			 struct fuse_file_info *fi)
{
	struct fuse_entry_param e;

	rwlock_write(&i->lock);
	memfs_open(fs, i, fi);
	inode_unlock(i);
	memfs_entry(fs, i, &e);
	rwlock_unlock(&fs->store->nodes.names);
	fuse_reply_create(req, &e, fi);
}

void memfs_op_create(fuse_req_t req, fuse_ino_t dir, const char *name,
		     mode_t mode, struct fuse_file_info *fi)
{
	struct inode_new what = what_new(req, S_IFREG | (mode & 07777));
	struct memfs *fs = memfs_of(req);
	struct inode *i;
	int err;

	rwlock_write(&fs->store->nodes.names);
	err = tree_create(&fs->store->nodes, dir, name, &what, &i);
	/* The kernel may not know yet that the name is there. */
	if (err == EEXIST && !(fi->flags & O_EXCL))
		err = tree_lookup(&fs->store->nodes, dir, name, &i);
	if (!err && i->type != S_IFREG)
		err = i->type == S_IFDIR ? EISDIR : EEXIST;
	if (err) {
		rwlock_unlock(&fs->store->nodes.names);
		fuse_reply_err(req, err);
		return;
	}
	inode_seen(i);
	reply_create(req, fs, i, fi);
}

void memfs_op_tmpfile(fuse_req_t req, fuse_ino_t dir, mode_t mode,
		      struct fuse_file_info *fi)
{
	struct inode_new what = what_new(req, S_IFREG | (mode & 07777));
	struct memfs *fs = memfs_of(req);
	struct inode *i;
	int err;

	rwlock_write(&fs->store->nodes.names);
	err = tree_create_nameless(&fs->store->nodes, dir, &what, &i);
	if (err) {
		rwlock_unlock(&fs->store->nodes.names);
		fuse_reply_err(req, err);
		return;
	}
	reply_create(req, fs, i, fi);
}

void memfs_op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct inode_table *t = &memfs_of(req)->store->nodes;
	uint64_t used = atomic_load(&t->quota.used), limit = t->quota.limit;
	uint64_t live = atomic_load(&t->live);
	struct statvfs st = {
		.f_bsize = SPARSE_PAGE,
		.f_frsize = SPARSE_PAGE,
		.f_blocks = limit / SPARSE_PAGE,
		.f_files = LIMIT_MEMORY_INODES,
		.f_namemax = 255,
	};

	(void)ino;
	st.f_bfree = used < limit ? (limit - used) / SPARSE_PAGE : 0;
	st.f_bavail = st.f_bfree;
	st.f_ffree = live < LIMIT_MEMORY_INODES ? LIMIT_MEMORY_INODES - live : 0;
	st.f_favail = st.f_ffree;
	fuse_reply_statfs(req, &st);
}

void memfs_op_access(fuse_req_t req, fuse_ino_t ino, int mask)
{
	struct inode *i = memfs_lock(req, ino, false);

	(void)mask;
	if (!i)
		return;
	inode_unlock(i);
	fuse_reply_err(req, 0);
}
