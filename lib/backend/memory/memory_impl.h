/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inside of memfs: its state, what its files share, and the operations
 * that memfs_ops names.  Only the files of this folder include it.  Operations
 * run on the session's threads and answer before they return, but for a lock that waits.
 */
#ifndef BACKEND_MEMORY_MEMORY_IMPL_H
#define BACKEND_MEMORY_MEMORY_IMPL_H

#include "transport/fuselib.h"
#include "backend/backend.h"
#include "backend/memory/lock_table.h"
#include "backend/memory/node.h"

struct memfs {
	struct backend backend;		/* first */
	struct inode_table nodes;
	struct lock_table *locks;
	double entry_timeout, attr_timeout, negative_timeout;
	_Atomic uint64_t last_fh;	/* file handles are just numbers */
};

#define OP(name, ...)							\
	void memfs_op_##name(fuse_req_t req, fuse_ino_t ino, ##__VA_ARGS__)

/* ops.c: names and attributes */
OP(lookup, const char *name);
void memfs_op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t n);
void memfs_op_forget_multi(fuse_req_t req, size_t count,
			   struct fuse_forget_data *forgets);
OP(getattr, struct fuse_file_info *fi);
OP(setattr, struct stat *attr, int set, struct fuse_file_info *fi);
OP(readlink);
OP(mknod, const char *name, mode_t mode, dev_t rdev);
OP(mkdir, const char *name, mode_t mode);
void memfs_op_symlink(fuse_req_t req, const char *target, fuse_ino_t ino,
		      const char *name);
OP(unlink, const char *name);
OP(rmdir, const char *name);
OP(rename, const char *name, fuse_ino_t to_dir, const char *to_name,
   unsigned flags);
OP(link, fuse_ino_t to_dir, const char *name);
OP(create, const char *name, mode_t mode, struct fuse_file_info *fi);
OP(tmpfile, mode_t mode, struct fuse_file_info *fi);
OP(statfs);
OP(access, int mask);

/* xattr_ops.c: extended attributes */
OP(setxattr, const char *name, const char *value, size_t len, int flags);
OP(getxattr, const char *name, size_t size);
OP(listxattr, size_t size);
OP(removexattr, const char *name);

/* data.c: the bytes of files */
OP(open, struct fuse_file_info *fi);
OP(read, size_t size, off_t at, struct fuse_file_info *fi);
OP(write, const char *p, size_t size, off_t at, struct fuse_file_info *fi);
OP(fsync, int datasync, struct fuse_file_info *fi);
OP(fallocate, int mode, off_t at, off_t len, struct fuse_file_info *fi);
OP(lseek, off_t at, int whence, struct fuse_file_info *fi);
OP(copy_file_range, off_t at, struct fuse_file_info *fi, fuse_ino_t to,
   off_t to_at, struct fuse_file_info *to_fi, size_t len, int flags);

/* dir.c: listing directories */
OP(opendir, struct fuse_file_info *fi);
OP(readdir, size_t size, off_t at, struct fuse_file_info *fi);
OP(readdirplus, size_t size, off_t at, struct fuse_file_info *fi);
OP(releasedir, struct fuse_file_info *fi);

/* lock_ops.c: locks, and what ends them */
OP(getlk, struct fuse_file_info *fi, struct flock *lk);
OP(setlk, struct fuse_file_info *fi, struct flock *lk, int sleep);
OP(flock, struct fuse_file_info *fi, int op);
OP(flush, struct fuse_file_info *fi);
OP(release, struct fuse_file_info *fi);

#undef OP

/* The answers to what libfuse does not know (struct own_op). */
int memfs_statx(struct backend *b, const struct wire_in_header *h,
		const void *args, void *out);
int memfs_copy_64(struct backend *b, const struct wire_in_header *h,
		  const void *args, void *out);

/* ---- shared ---- */

static inline struct memfs *memfs_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

/* The inode, locked; or NULL, and the request has been answered with ESTALE. */
struct inode *memfs_lock(fuse_req_t req, uint64_t ino, bool write);
double memfs_attr_timeout(const struct memfs *fs, const struct inode *i);
/* What a LOOKUP tells; takes the inode's lock. */
void memfs_entry(struct memfs *fs, struct inode *i, struct fuse_entry_param *e);
/* Open the inode, which is locked: number the handle, and truncate if the flags
 * say so. */
void memfs_open(struct memfs *fs, struct inode *i, struct fuse_file_info *fi);
/* Remove setuid and setgid, unless root writes. */
void memfs_kill_ids(fuse_req_t req, struct inode *i);

#endif
