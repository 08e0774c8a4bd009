/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inside of the backend in memory: its state, its operations, and what its
 * files share.  Only the files of this folder include it.  Operations run on the
 * session's threads, and all but a lock that waits answer before they return.
 */
#ifndef BACKEND_MEMORY_MEMORY_IMPL_H
#define BACKEND_MEMORY_MEMORY_IMPL_H

#include "transport/fuselib.h"
#include "backend/backend.h"
#include "backend/file_ops.h"
#include "backend/memory/lock_table.h"
#include "backend/memory/node.h"

/* The files, which several mounts may have in common.  Each kernel that knows an
 * inode counts among its lookups. */
struct memory_store {
	struct inode_table nodes;
	struct lock_table *locks;
	_Atomic uint64_t last_fh;	/* file handles are just numbers */
	unsigned mounts;		/* the conductor's */
};

/* One mount of them. */
struct memfs {
	struct backend backend;		/* first */
	struct memory_store *store;
	double entry_timeout, attr_timeout, negative_timeout;
};

/*
 * ops.c has what is about names and attributes, data.c the bytes of files, dir.c the
 * listing of directories, xattr_ops.c extended attributes, and lock_ops.c locks and
 * what ends them.
 */
#define DECLARE(name, ...)	void memfs_op_##name(fuse_req_t req, __VA_ARGS__);
FILE_OP_LIST(DECLARE)
NEW_FILE_OP_LIST(DECLARE)
DECLARE(access, fuse_ino_t ino, int mask)
DECLARE(releasedir, fuse_ino_t ino, struct fuse_file_info *fi)
DECLARE(getlk, fuse_ino_t ino, struct fuse_file_info *fi, struct flock *lk)
DECLARE(setlk, fuse_ino_t ino, struct fuse_file_info *fi, struct flock *lk,
	int sleep)
DECLARE(flock, fuse_ino_t ino, struct fuse_file_info *fi, int op)
#undef DECLARE

/* The answers to what libfuse does not know (struct own_op). */
int memfs_syncfs(struct backend *b, const struct wire_in_header *h,
		 const void *args, void *out);
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
/* Make a file of the scenario's, under names, for writing; 0 or errno. */
int memfs_make(struct memfs *fs, const struct file_spec *spec);
/* Open the inode, which is locked: number the handle, and truncate if the flags
 * say so. */
void memfs_open(struct memfs *fs, struct inode *i, struct fuse_file_info *fi);
/* Remove setuid and setgid, unless root writes. */
void memfs_kill_ids(fuse_req_t req, struct inode *i);

#endif
