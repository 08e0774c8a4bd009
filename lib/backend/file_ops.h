/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The operations that a backend with files answers, and their parameters behind the
 * request.  A backend declares its functions by this list, and fills its struct
 * fuse_lowlevel_ops by it; what only one backend has, that one adds.
 */
#ifndef BACKEND_FILE_OPS_H
#define BACKEND_FILE_OPS_H

#include "transport/fuselib.h"

#define FILE_OP_LIST(X)							\
	X(lookup, fuse_ino_t dir, const char *name)			\
	X(forget, fuse_ino_t ino, uint64_t n)				\
	X(forget_multi, size_t count, struct fuse_forget_data *forgets)	\
	X(getattr, fuse_ino_t ino, struct fuse_file_info *fi)		\
	X(setattr, fuse_ino_t ino, struct stat *attr, int set,		\
	  struct fuse_file_info *fi)					\
	X(readlink, fuse_ino_t ino)					\
	X(mknod, fuse_ino_t dir, const char *name, mode_t mode,		\
	  dev_t rdev)							\
	X(mkdir, fuse_ino_t dir, const char *name, mode_t mode)		\
	X(symlink, const char *target, fuse_ino_t dir,			\
	  const char *name)						\
	X(unlink, fuse_ino_t dir, const char *name)			\
	X(rmdir, fuse_ino_t dir, const char *name)			\
	X(rename, fuse_ino_t dir, const char *name, fuse_ino_t to_dir,	\
	  const char *to_name, unsigned flags)				\
	X(link, fuse_ino_t ino, fuse_ino_t to_dir, const char *name)	\
	X(create, fuse_ino_t dir, const char *name, mode_t mode,	\
	  struct fuse_file_info *fi)					\
	X(statfs, fuse_ino_t ino)					\
	X(setxattr, fuse_ino_t ino, const char *name,			\
	  const char *value, size_t len, int flags)			\
	X(getxattr, fuse_ino_t ino, const char *name, size_t size)	\
	X(listxattr, fuse_ino_t ino, size_t size)			\
	X(removexattr, fuse_ino_t ino, const char *name)		\
	X(open, fuse_ino_t ino, struct fuse_file_info *fi)		\
	X(read, fuse_ino_t ino, size_t size, off_t at,			\
	  struct fuse_file_info *fi)					\
	X(write, fuse_ino_t ino, const char *p, size_t size, off_t at,	\
	  struct fuse_file_info *fi)					\
	X(flush, fuse_ino_t ino, struct fuse_file_info *fi)		\
	X(release, fuse_ino_t ino, struct fuse_file_info *fi)		\
	X(fsync, fuse_ino_t ino, int datasync,				\
	  struct fuse_file_info *fi)					\
	X(fallocate, fuse_ino_t ino, int mode, off_t at, off_t len,	\
	  struct fuse_file_info *fi)					\
	X(lseek, fuse_ino_t ino, off_t at, int whence,			\
	  struct fuse_file_info *fi)					\
	X(copy_file_range, fuse_ino_t ino, off_t at,			\
	  struct fuse_file_info *fi, fuse_ino_t to, off_t to_at,	\
	  struct fuse_file_info *to_fi, size_t len, int flags)		\
	X(opendir, fuse_ino_t ino, struct fuse_file_info *fi)		\
	X(readdir, fuse_ino_t ino, size_t size, off_t at,		\
	  struct fuse_file_info *fi)					\
	X(readdirplus, fuse_ino_t ino, size_t size, off_t at,		\
	  struct fuse_file_info *fi)

/* The same for an operation that an older libfuse does not pass on. */
#define NEW_FILE_OP_LIST(X)						\
	X(tmpfile, fuse_ino_t dir, mode_t mode, struct fuse_file_info *fi)

#if FUSE_VERSION >= FUSE_MAKE_VERSION(3, 17)
#define PASSED_FILE_OP_LIST(X)	FILE_OP_LIST(X) NEW_FILE_OP_LIST(X)
#else
#define PASSED_FILE_OP_LIST(X)	FILE_OP_LIST(X)
#endif

#endif
