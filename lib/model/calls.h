/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The calls a client can make, as a table: name, parameters, what comes back.
 * The loader parses and checks by these rows, act/ runs them, `list calls` and
 * the manual print them.  Adding a call = one CALL_LIST line, one row here,
 * one function in act/.  Constant tables, thread-safe.
 */
#ifndef MODEL_CALLS_H
#define MODEL_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "wire/flags.h"

/* One name per call: the enum, the table and act/'s functions follow it. */
#define CALL_LIST(X)							\
	X(open) X(openat) X(creat) X(close) X(dup) X(dup2) X(read)	\
	X(write) X(pread) X(pwrite) X(readv) X(writev) X(preadv)	\
	X(pwritev) X(preadv2) X(pwritev2) X(lseek) X(ftruncate)		\
	X(truncate) X(fallocate) X(fsync) X(fdatasync)			\
	X(sync_file_range) X(syncfs) X(sync) X(posix_fadvise)		\
	X(readahead) X(mmap) X(munmap) X(msync) X(madvise) X(load)	\
	X(store) X(pread_into) X(pwrite_from) X(stat) X(lstat) X(fstat) X(statx) X(statfs)		\
	X(access) X(chmod) X(fchmod) X(chown) X(fchown) X(utimensat)	\
	X(futimens) X(mkdir) X(rmdir) X(unlink) X(rename) X(renameat2)	\
	X(link) X(symlink) X(readlink) X(mknod) X(readdir) X(getdents)	\
	X(chdir) X(fchdir) X(bind) X(connect) X(getxattr) X(setxattr)	\
	X(listxattr) X(removexattr) X(setlk) X(setlkw) X(getlk)		\
	X(flock) X(lease) X(fcntl_setfl) X(copy_file_range)		\
	X(sendfile) X(splice) X(ioctl) X(ioctl_int) X(poll) X(umount)	\
	X(remount) X(mount_tmpfs) X(mount_bind) X(mount_move)		\
	X(mount_overlay) X(mount_idmapped) X(mountinfo) X(drop_caches)	\
	X(reclaim) X(suspend)						\
	X(name_to_handle) X(open_by_handle) X(setrlimit_fsize)		\
	X(aio_write) X(aio_read) X(aio_fsync) X(aio_fdsync)		\
	X(aio_wait) X(inotify) X(inotify_read) X(fanotify)	\
	X(fanotify_read) X(exec)					\
	X(fexecve) X(fork)

enum call_id {
#define CALL_ENUM(name) CALL_##name,
	CALL_LIST(CALL_ENUM)
#undef CALL_ENUM
	N_CALLS
};

enum arg_type {
	ARG_NONE,
	ARG_PATH,	/* "/data" or "upper:/data": str, mount */
	ARG_TEXT,	/* a string taken as it is (symlink target, xattr name) */
	ARG_VAR,	/* a variable: fd, m, h (var) */
	ARG_FLAGS,	/* names out of call_param.flags (num) */
	ARG_SIZE,	/* num */
	ARG_OFFSET,	/* num, may be negative */
	ARG_MODE,	/* octal (num) */
	ARG_INT,	/* num */
	ARG_COMMAND,	/* num: 0x6601, _IOWR('f', 1, 8) */
	ARG_BYTES,	/* bytes to write: 4K, "text", 'c'*4K (data) */
	ARG_TIME,	/* ns (num), or "now" / "omit" (UTIME_NOW/UTIME_OMIT) */
	ARG_CHOICE,	/* one name out of call_param.flags (num): SEEK_SET, F_RDLCK */
};

struct call_param {
	const char *name;	/* NULL ends the list */
	enum arg_type type;
	uint8_t optional;	/* may be left out at the end */
	const struct flagset *flags;	/* ARG_FLAGS, ARG_CHOICE */
	int64_t dflt;		/* the value when left out */
	int64_t most;		/* ARG_INT: it is 1 to this; 0: any number */
};

enum call_result {
	RES_ZERO,	/* 0 */
	RES_COUNT,	/* bytes, an offset or a number; may carry data */
	RES_VAR,	/* a descriptor, mapping, handle: script names it, never its value */
	RES_FIELDS,	/* 0, and fields to look at: stat */
	RES_NAMES,	/* readdir, listxattr: names, as data of one name a line */
};

/* What a script can know of a pid: PROCESS_ACTOR + i is that of actor i. */
enum whose { PROCESS_NONE, PROCESS_OTHER, PROCESS_ACTOR };

/* What stat, statx, statfs, getlk show: names for `{size: 64K}` results. */
struct result_field {
	const char *name;
	int dim;	/* enum field_dim */
	const struct flagset *flags;	/* FD_FLAGS, FD_CHOICE */
	bool is_open;	/* FD_FLAGS: those that are not named do not matter */
};

#define CALL_PARAMS_MAX		6
#define CALL_FIELDS_MAX		24

struct call {
	enum call_id id;
	const char *name;
	struct call_param params[CALL_PARAMS_MAX + 1];
	enum call_result result;
	const struct result_field *fields;	/* RES_FIELDS, in result order */
	const char *help;
};

extern const struct call calls[N_CALLS];
extern const struct result_field stat_fields[];
extern const struct result_field statx_fields[];	/* those of stat, and more */
extern const struct result_field statfs_fields[];
extern const struct result_field lock_fields[];

const struct call *call_by_name(const char *name, size_t len);
struct words call_words(void);

/* Flag sets only calls use; wire/flags.h has those the wire carries too. */
extern const struct flagset flags_prot, flags_map, flags_msync, flags_rwf,
	flags_sync_range, flags_lockowner, flags_flockop, flags_atflags,
	flags_leasetype, flags_umount, flags_filetype, flags_fadvise, flags_madvise,
	flags_dirent, flags_inotify, flags_fanotify, flags_mount_ms,
	flags_mountinfo;
extern const struct flagset *const call_flagsets[];	/* NULL at the end */

#endif
