/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attributes of files and filesystems, and extended attributes.  Result fields
 * are in the order of the table of calls.  Runs on the actors' threads. */
#include "config.h"

#include "act/calls/calls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/units.h"

/* The indexes of stat_fields, statx_fields and statfs_fields (model/calls.c).  */
enum stat_field {
	STAT_SIZE, STAT_MODE, STAT_NLINK, STAT_UID, STAT_GID, STAT_BLOCKS,
	STAT_INO, STAT_TYPE, STAT_ATIME, STAT_MTIME, STAT_CTIME,
	STAT_ATIMENSEC, STAT_MTIMENSEC, STAT_CTIMENSEC, STAT_BLKSIZE, STAT_RDEV,
	STATX_FIELD_BTIME, STATX_FIELD_BTIMENSEC, STATX_FIELD_MASK,
	STATX_FIELD_ATTRIBUTES, STATX_FIELD_ATTRIBUTES_MASK,
};

enum statfs_field {
	STATFS_BSIZE, STATFS_FRSIZE, STATFS_BLOCKS, STATFS_BFREE,
	STATFS_BAVAIL, STATFS_FILES, STATFS_FFREE, STATFS_NAMELEN,
};

static void give_stat(struct call_cx *cx, int ret, const struct stat *st)
{
	uint64_t *f = cx->slot->outcome.fields;

	give(cx, ret);
	if (ret)
		return;
	f[STAT_SIZE] = (uint64_t)st->st_size;
	f[STAT_MODE] = st->st_mode & 07777;
	f[STAT_NLINK] = st->st_nlink;
	f[STAT_UID] = st->st_uid;
	f[STAT_GID] = st->st_gid;
	f[STAT_BLOCKS] = (uint64_t)st->st_blocks;
	f[STAT_INO] = st->st_ino;
	f[STAT_TYPE] = st->st_mode & S_IFMT;
	f[STAT_ATIME] = (uint64_t)st->st_atim.tv_sec;
	f[STAT_MTIME] = (uint64_t)st->st_mtim.tv_sec;
	f[STAT_CTIME] = (uint64_t)st->st_ctim.tv_sec;
	f[STAT_ATIMENSEC] = (uint64_t)st->st_atim.tv_nsec;
	f[STAT_MTIMENSEC] = (uint64_t)st->st_mtim.tv_nsec;
	f[STAT_CTIMENSEC] = (uint64_t)st->st_ctim.tv_nsec;
	f[STAT_BLKSIZE] = (uint64_t)st->st_blksize;
	f[STAT_RDEV] = st->st_rdev;
}

void run_stat(struct call_cx *cx)
{
	struct stat st;

	give_stat(cx, stat(arg_path(cx, 0), &st), &st);
}

void run_lstat(struct call_cx *cx)
{
	struct stat st;

	give_stat(cx, lstat(arg_path(cx, 0), &st), &st);
}

void run_fstat(struct call_cx *cx)
{
	struct stat st;

	give_stat(cx, fstat(arg_fd(cx, 0), &st), &st);
}

void run_statx(struct call_cx *cx)
{
	uint64_t *f = cx->slot->outcome.fields;
	struct statx st;
	int ret = statx(AT_FDCWD, arg_path(cx, 0), arg_int(cx, 1),
			(unsigned)arg_num(cx, 2), &st);

	give(cx, ret);
	if (ret)
		return;
	f[STAT_SIZE] = st.stx_size;
	f[STAT_MODE] = st.stx_mode & 07777;
	f[STAT_NLINK] = st.stx_nlink;
	f[STAT_UID] = st.stx_uid;
	f[STAT_GID] = st.stx_gid;
	f[STAT_BLOCKS] = st.stx_blocks;
	f[STAT_INO] = st.stx_ino;
	f[STAT_TYPE] = st.stx_mode & S_IFMT;
	f[STAT_ATIME] = (uint64_t)st.stx_atime.tv_sec;
	f[STAT_MTIME] = (uint64_t)st.stx_mtime.tv_sec;
	f[STAT_CTIME] = (uint64_t)st.stx_ctime.tv_sec;
	f[STAT_ATIMENSEC] = st.stx_atime.tv_nsec;
	f[STAT_MTIMENSEC] = st.stx_mtime.tv_nsec;
	f[STAT_CTIMENSEC] = st.stx_ctime.tv_nsec;
	f[STAT_BLKSIZE] = st.stx_blksize;
	f[STAT_RDEV] = makedev(st.stx_rdev_major, st.stx_rdev_minor);
	f[STATX_FIELD_BTIME] = (uint64_t)st.stx_btime.tv_sec;
	f[STATX_FIELD_BTIMENSEC] = st.stx_btime.tv_nsec;
	f[STATX_FIELD_ATTRIBUTES] = st.stx_attributes;
	f[STATX_FIELD_ATTRIBUTES_MASK] = st.stx_attributes_mask;
	/* What statx(2) adds by itself (the number of the mount, alignments)
	 * differs between kernels and says nothing about the filesystem. */
	f[STATX_FIELD_MASK] = st.stx_mask & (STATX_BASIC_STATS | STATX_BTIME);
}

void run_statfs(struct call_cx *cx)
{
	uint64_t *f = cx->slot->outcome.fields;
	struct statfs st;
	int ret = statfs(arg_path(cx, 0), &st);

	give(cx, ret);
	if (ret)
		return;
	f[STATFS_BSIZE] = (uint64_t)st.f_bsize;
	f[STATFS_FRSIZE] = (uint64_t)st.f_frsize;
	f[STATFS_BLOCKS] = st.f_blocks;
	f[STATFS_BFREE] = st.f_bfree;
	f[STATFS_BAVAIL] = st.f_bavail;
	f[STATFS_FILES] = st.f_files;
	f[STATFS_FFREE] = st.f_ffree;
	f[STATFS_NAMELEN] = (uint64_t)st.f_namelen;
}

void run_access(struct call_cx *cx)
{
	give(cx, access(arg_path(cx, 0), arg_int(cx, 1)));
}

void run_chmod(struct call_cx *cx)
{
	give(cx, chmod(arg_path(cx, 0), (mode_t)arg_num(cx, 1)));
}

void run_fchmod(struct call_cx *cx)
{
	give(cx, fchmod(arg_fd(cx, 0), (mode_t)arg_num(cx, 1)));
}

void run_chown(struct call_cx *cx)
{
	give(cx, chown(arg_path(cx, 0), (uid_t)arg_num(cx, 1),
		       (gid_t)arg_num(cx, 2)));
}

void run_fchown(struct call_cx *cx)
{
	give(cx, fchown(arg_fd(cx, 0), (uid_t)arg_num(cx, 1),
			(gid_t)arg_num(cx, 2)));
}

/* The argument is nanoseconds since 1970, or one of the two words. */
static struct timespec arg_timespec(const struct call_cx *cx, unsigned i)
{
	int64_t ns = arg_num(cx, i);

	if (ns == UTIME_NOW || ns == UTIME_OMIT)
		return (struct timespec){ .tv_nsec = (long)ns };
	return (struct timespec){
		.tv_sec = ns / (int64_t)NS_PER_S,
		.tv_nsec = ns % (int64_t)NS_PER_S,
	};
}

void run_utimensat(struct call_cx *cx)
{
	struct timespec times[2] = { arg_timespec(cx, 1), arg_timespec(cx, 2) };

	give(cx, utimensat(AT_FDCWD, arg_path(cx, 0), times, 0));
}

void run_futimens(struct call_cx *cx)
{
	struct timespec times[2] = { arg_timespec(cx, 1), arg_timespec(cx, 2) };

	give(cx, futimens(arg_fd(cx, 0), times));
}

void run_getxattr(struct call_cx *cx)
{
	size_t size = arg_size(cx, 2);
	uint8_t *buf = io_for_read(cx, size);
	ssize_t n;

	if (!buf)
		return;
	n = getxattr(arg_path(cx, 0), arg_text(cx, 1), buf, size);
	give(cx, n);
	if (n > 0 && size)
		give_data(cx, buf, (size_t)n);
}

void run_setxattr(struct call_cx *cx)
{
	const uint8_t *value = io_for_write(cx, 2);

	if (value)
		give(cx, setxattr(arg_path(cx, 0), arg_text(cx, 1), value,
				  cx->use->args[2].data.len, arg_int(cx, 3)));
}

void run_removexattr(struct call_cx *cx)
{
	give(cx, removexattr(arg_path(cx, 0), arg_text(cx, 1)));
}
