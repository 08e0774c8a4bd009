/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The call table.  How act/ reads it: args[i] belongs to params[i], in this
 * order; what the script left out has the parameter's default in args[i].num
 * (and n_args says how many were written).  Constant tables, thread-safe.
 */
#include "config.h"

#include "model/calls.h"

#include <stdio.h>
#include <string.h>

#include "wire/ops.h"

/* Parameters by kind.  *_OR: may be left out, then the default is used. */
#define PATH(n)			{ n, ARG_PATH, 0, NULL, 0, 0 }
#define PATH_OR(n)		{ n, ARG_PATH, 1, NULL, 0, 0 }
#define TEXT(n)			{ n, ARG_TEXT, 0, NULL, 0, 0 }
#define VAR(n)			{ n, ARG_VAR, 0, NULL, 0, 0 }
#define SIZE(n)			{ n, ARG_SIZE, 0, NULL, 0, 0 }
#define SIZE_OR(n, d)		{ n, ARG_SIZE, 1, NULL, d, 0 }
#define OFFSET_OR(n, d)	{ n, ARG_OFFSET, 1, NULL, d, 0 }
#define OFFSET(n)		{ n, ARG_OFFSET, 0, NULL, 0, 0 }
#define BYTES(n)		{ n, ARG_BYTES, 0, NULL, 0, 0 }
#define BYTES_OR(n)		{ n, ARG_BYTES, 1, NULL, 0, 0 }
#define MODE(n)			{ n, ARG_MODE, 0, NULL, 0, 0 }
#define MODE_OR(n, d)		{ n, ARG_MODE, 1, NULL, d, 0 }
#define INT(n)			{ n, ARG_INT, 0, NULL, 0, 0 }
#define INT_TO(n, most)		{ n, ARG_INT, 0, NULL, 0, most }
#define COMMAND(n)		{ n, ARG_COMMAND, 0, NULL, 0, 0 }
#define INT_OR(n, d)		{ n, ARG_INT, 1, NULL, d, 0 }
#define TIME(n)			{ n, ARG_TIME, 0, NULL, 0, 0 }
#define TIME_OR(n, d)		{ n, ARG_TIME, 1, NULL, d, 0 }
#define FLAGS(n, set)		{ n, ARG_FLAGS, 0, &set, 0, 0 }
#define FLAGS_OR(n, set, d)	{ n, ARG_FLAGS, 1, &set, d, 0 }
#define CHOICE(n, set)		{ n, ARG_CHOICE, 0, &set, 0, 0 }
#define CHOICE_OR(n, set, d)	{ n, ARG_CHOICE, 1, &set, d, 0 }

/* How many iovecs of equal size the bytes are spread over. */
#define PARTS			INT_OR("parts", 2)

#define CALL(word, res, fields_, help_, ...)				\
	[CALL_##word] = {						\
		.id = CALL_##word, .name = #word, .result = res,	\
		.fields = fields_, .help = help_,			\
		.params = { __VA_ARGS__ __VA_OPT__(,)			\
			    { NULL, ARG_NONE, 0, NULL, 0, 0 } },		\
	}

#define NUMBER(name, dim)	{ name, dim, NULL, false }
#define WORDS(name, dim, set)	{ name, dim, &set, false }

/* mode: permission bits, 07777; type: st_mode & S_IFMT, for which the script
 * writes file, dir, ...; times: whole seconds, and the rest of them */
#define STAT_FIELDS							\
	NUMBER("size", FD_SIZE), NUMBER("mode", FD_OCT),		\
	NUMBER("nlink", FD_NUM), NUMBER("uid", FD_NUM),			\
	NUMBER("gid", FD_NUM), NUMBER("blocks", FD_NUM),		\
	NUMBER("ino", FD_NUM), WORDS("type", FD_CHOICE, flags_filetype),	\
	NUMBER("atime", FD_TIME_S), NUMBER("mtime", FD_TIME_S),		\
	NUMBER("ctime", FD_TIME_S), NUMBER("atimensec", FD_NUM),	\
	NUMBER("mtimensec", FD_NUM), NUMBER("ctimensec", FD_NUM),	\
	NUMBER("blksize", FD_SIZE), NUMBER("rdev", FD_HEX)

const struct result_field stat_fields[] = {
	STAT_FIELDS,
	{ .name = NULL },
};

/* mask: what the filesystem says it has told, of what statx(2) knows today; to
 * the attributes the kernel adds some of its own */
const struct result_field statx_fields[] = {
	STAT_FIELDS,
	NUMBER("btime", FD_TIME_S), NUMBER("btimensec", FD_NUM),
	WORDS("mask", FD_FLAGS, flags_statx),
	{ "attributes", FD_FLAGS, &flags_statx_attr, true },
	{ "attributes_mask", FD_FLAGS, &flags_statx_attr, true },
	{ .name = NULL },
};

const struct result_field statfs_fields[] = {
	NUMBER("bsize", FD_SIZE),
	NUMBER("frsize", FD_SIZE),
	NUMBER("blocks", FD_NUM),
	NUMBER("bfree", FD_NUM),
	NUMBER("bavail", FD_NUM),
	NUMBER("files", FD_NUM),
	NUMBER("ffree", FD_NUM),
	NUMBER("namelen", FD_NUM),
	{ .name = NULL },
};

/* type: F_RDLCK, F_WRLCK or F_UNLCK; an open file's lock has a pid of -1, which is
 * nobody's. */
const struct result_field lock_fields[] = {
	WORDS("type", FD_CHOICE, flags_locktype),
	NUMBER("start", FD_SIZE),
	NUMBER("len", FD_SIZE),
	NUMBER("pid", FD_PROCESS),
	{ .name = NULL },
};

const struct call calls[N_CALLS] = {
	CALL(open, RES_VAR, NULL, "open a file",
	     PATH("path"), FLAGS("flags", flags_open), MODE_OR("mode", 0644)),
	CALL(openat, RES_VAR, NULL, "open a file below an open directory",
	     VAR("dir"), TEXT("name"), FLAGS("flags", flags_open),
	     MODE_OR("mode", 0644)),
	CALL(creat, RES_VAR, NULL, "create or truncate a file",
	     PATH("path"), MODE_OR("mode", 0644)),
	CALL(close, RES_ZERO, NULL, "close a descriptor",
	     VAR("fd")),
	CALL(dup, RES_VAR, NULL, "another descriptor of the same open file",
	     VAR("fd")),
	CALL(dup2, RES_VAR, NULL, "make target a descriptor of fd's open file",
	     VAR("fd"), VAR("target")),

	CALL(read, RES_COUNT, NULL, "read at the file position",
	     VAR("fd"), SIZE("size")),
	CALL(write, RES_COUNT, NULL, "write at the file position",
	     VAR("fd"), BYTES("bytes")),
	CALL(pread, RES_COUNT, NULL, "read at an offset",
	     VAR("fd"), SIZE("size"), OFFSET("offset")),
	CALL(pwrite, RES_COUNT, NULL, "write at an offset",
	     VAR("fd"), BYTES("bytes"), OFFSET("offset")),
	CALL(readv, RES_COUNT, NULL, "read into several buffers",
	     VAR("fd"), SIZE("size"), PARTS),
	CALL(writev, RES_COUNT, NULL, "write from several buffers",
	     VAR("fd"), BYTES("bytes"), PARTS),
	CALL(preadv, RES_COUNT, NULL, "readv at an offset",
	     VAR("fd"), SIZE("size"), OFFSET("offset"), PARTS),
	CALL(pwritev, RES_COUNT, NULL, "writev at an offset",
	     VAR("fd"), BYTES("bytes"), OFFSET("offset"), PARTS),
	CALL(preadv2, RES_COUNT, NULL,
	     "preadv with flags; offset -1: at the file position",
	     VAR("fd"), SIZE("size"), OFFSET("offset"),
	     FLAGS("flags", flags_rwf), PARTS),
	CALL(pwritev2, RES_COUNT, NULL,
	     "pwritev with flags; offset -1: at the file position",
	     VAR("fd"), BYTES("bytes"), OFFSET("offset"),
	     FLAGS("flags", flags_rwf), PARTS),
	CALL(lseek, RES_COUNT, NULL, "move the file position",
	     VAR("fd"), OFFSET("offset"), CHOICE("whence", flags_whence)),

	CALL(ftruncate, RES_ZERO, NULL, "set the size of an open file",
	     VAR("fd"), SIZE("length")),
	CALL(truncate, RES_ZERO, NULL, "set the size of a file",
	     PATH("path"), SIZE("length")),
	CALL(fallocate, RES_ZERO, NULL, "allocate, punch or zero a range",
	     VAR("fd"), FLAGS("mode", flags_fallocate), OFFSET("offset"),
	     SIZE("length")),

	CALL(fsync, RES_ZERO, NULL, "write back data and attributes",
	     VAR("fd")),
	CALL(fdatasync, RES_ZERO, NULL, "write back data",
	     VAR("fd")),
	CALL(sync_file_range, RES_ZERO, NULL,
	     "start or await writeback of a range",
	     VAR("fd"), OFFSET("offset"), SIZE("length"),
	     FLAGS("flags", flags_sync_range)),
	CALL(syncfs, RES_ZERO, NULL, "write back a whole filesystem",
	     VAR("fd")),

	CALL(sync, RES_ZERO, NULL, "write back all filesystems of the machine"),
	CALL(posix_fadvise, RES_ZERO, NULL, "say how a range will be used",
	     VAR("fd"), OFFSET("offset"), SIZE("length"),
	     CHOICE("advice", flags_fadvise)),
	CALL(readahead, RES_ZERO, NULL, "read a range into the page cache",
	     VAR("fd"), OFFSET("offset"), SIZE("length")),

	CALL(mmap, RES_VAR, NULL, "map a file; load, store, msync, munmap use it",
	     VAR("fd"), SIZE("length"), OFFSET("offset"),
	     FLAGS("prot", flags_prot), FLAGS("flags", flags_map)),
	CALL(munmap, RES_ZERO, NULL, "unmap a whole mapping",
	     VAR("map")),
	CALL(msync, RES_ZERO, NULL, "write back a whole mapping",
	     VAR("map"), FLAGS("flags", flags_msync)),
	/* length 0: to the end of the mapping */
	CALL(madvise, RES_ZERO, NULL, "say how a mapping will be used",
	     VAR("map"), CHOICE("advice", flags_madvise),
	     OFFSET_OR("offset", 0), SIZE_OR("length", 0)),
	CALL(load, RES_COUNT, NULL, "read bytes of a mapping; may get SIGBUS",
	     VAR("map"), OFFSET("offset"), SIZE_OR("size", 1)),
	CALL(store, RES_COUNT, NULL, "write bytes of a mapping; may get SIGBUS",
	     VAR("map"), OFFSET("offset"), BYTES("bytes")),
	CALL(pread_into, RES_COUNT, NULL, "pread into a mapping",
	     VAR("fd"), VAR("map"), OFFSET("at"), SIZE("size"), OFFSET("offset")),
	CALL(pwrite_from, RES_COUNT, NULL, "pwrite from a mapping",
	     VAR("fd"), VAR("map"), OFFSET("at"), SIZE("size"), OFFSET("offset")),

	CALL(stat, RES_FIELDS, stat_fields, "attributes of a file",
	     PATH("path")),
	CALL(lstat, RES_FIELDS, stat_fields, "attributes, of a link itself",
	     PATH("path")),
	CALL(fstat, RES_FIELDS, stat_fields, "attributes of an open file",
	     VAR("fd")),
	/* 0x7ff: STATX_BASIC_STATS */
	CALL(statx, RES_FIELDS, statx_fields, "attributes, only those asked for",
	     PATH("path"), FLAGS_OR("flags", flags_atflags, 0),
	     FLAGS_OR("mask", flags_statx, 0x7ff)),
	CALL(statfs, RES_FIELDS, statfs_fields, "state of the filesystem",
	     PATH("path")),
	CALL(access, RES_ZERO, NULL, "check permissions; mode 0: existence",
	     PATH("path"), FLAGS("mode", flags_access)),

	CALL(chmod, RES_ZERO, NULL, "set permission bits",
	     PATH("path"), MODE("mode")),
	CALL(fchmod, RES_ZERO, NULL, "set permission bits of an open file",
	     VAR("fd"), MODE("mode")),
	CALL(chown, RES_ZERO, NULL, "set owner and group; -1 keeps one",
	     PATH("path"), INT("uid"), INT("gid")),
	CALL(fchown, RES_ZERO, NULL, "set owner and group of an open file",
	     VAR("fd"), INT("uid"), INT("gid")),
	/* num is UTIME_NOW for "now", UTIME_OMIT for "omit" */
	CALL(utimensat, RES_ZERO, NULL, "set times since 1970, now or omit",
	     PATH("path"), TIME("atime"), TIME("mtime")),

	CALL(futimens, RES_ZERO, NULL, "set times of an open file",
	     VAR("fd"), TIME("atime"), TIME("mtime")),

	CALL(mkdir, RES_ZERO, NULL, "make a directory",
	     PATH("path"), MODE_OR("mode", 0755)),
	CALL(rmdir, RES_ZERO, NULL, "remove a directory",
	     PATH("path")),
	CALL(unlink, RES_ZERO, NULL, "remove a name",
	     PATH("path")),
	CALL(rename, RES_ZERO, NULL, "rename a file",
	     PATH("from"), PATH("to")),
	CALL(renameat2, RES_ZERO, NULL, "rename with flags",
	     PATH("from"), PATH("to"), FLAGS("flags", flags_rename)),
	CALL(link, RES_ZERO, NULL, "another name for a file",
	     PATH("from"), PATH("to")),
	CALL(symlink, RES_ZERO, NULL, "make a symbolic link",
	     TEXT("target"), PATH("path")),
	CALL(readlink, RES_COUNT, NULL, "read a symbolic link",
	     PATH("path")),
	/* mode carries the type too (0010644: a FIFO); none: a regular file */
	CALL(mknod, RES_ZERO, NULL, "make a special file",
	     PATH("path"), MODE("mode"), INT_OR("dev", 0)),
	CALL(readdir, RES_NAMES, NULL, "names in a directory but . and ..",
	     PATH("path")),

	/* one call of getdents64(2), . and .. included */
	CALL(getdents, RES_NAMES, NULL,
	     "the next entries of an open directory, as many as fit",
	     VAR("fd"), SIZE_OR("size", 32768), FLAGS_OR("show", flags_dirent, 0)),
	CALL(chdir, RES_ZERO, NULL, "what \"./name\" is relative to",
	     PATH("path")),
	CALL(fchdir, RES_ZERO, NULL, "the same, by an open directory",
	     VAR("fd")),
	CALL(bind, RES_VAR, NULL, "make a socket file, and listen at it",
	     PATH("path")),
	CALL(connect, RES_VAR, NULL, "connect to a socket file",
	     PATH("path")),

	CALL(getxattr, RES_COUNT, NULL, "read an attribute; size 0: its length",
	     PATH("path"), TEXT("name"), SIZE_OR("size", 65536)),
	CALL(setxattr, RES_ZERO, NULL, "set an attribute",
	     PATH("path"), TEXT("name"), BYTES("value"),
	     FLAGS_OR("flags", flags_setxattr, 0)),
	CALL(listxattr, RES_NAMES, NULL, "names of the attributes; size 0: their length",
	     PATH("path"), SIZE_OR("size", 65536)),
	CALL(removexattr, RES_ZERO, NULL, "remove an attribute",
	     PATH("path"), TEXT("name")),

	CALL(setlk, RES_ZERO, NULL, "set or clear a record lock, or fail",
	     VAR("fd"), CHOICE("type", flags_locktype), OFFSET("start"),
	     OFFSET("length"), CHOICE_OR("owner", flags_lockowner, 0),
	     CHOICE_OR("whence", flags_whence, SEEK_SET)),
	CALL(setlkw, RES_ZERO, NULL, "set a record lock, waiting for it",
	     VAR("fd"), CHOICE("type", flags_locktype), OFFSET("start"),
	     OFFSET("length"), CHOICE_OR("owner", flags_lockowner, 0),
	     CHOICE_OR("whence", flags_whence, SEEK_SET)),
	CALL(getlk, RES_FIELDS, lock_fields, "which lock is in the way",
	     VAR("fd"), CHOICE("type", flags_locktype), OFFSET("start"),
	     OFFSET("length"), CHOICE_OR("owner", flags_lockowner, 0),
	     CHOICE_OR("whence", flags_whence, SEEK_SET)),
	CALL(flock, RES_ZERO, NULL, "lock a whole open file",
	     VAR("fd"), FLAGS("operation", flags_flockop)),
	CALL(lease, RES_ZERO, NULL, "fcntl(F_SETLEASE)",
	     VAR("fd"), CHOICE("type", flags_leasetype)),
	CALL(fcntl_setfl, RES_ZERO, NULL, "fcntl(F_SETFL)",
	     VAR("fd"), FLAGS("flags", flags_open)),

	CALL(copy_file_range, RES_COUNT, NULL, "copy within the kernel; offset -1: at the position",
	     VAR("fd_in"), OFFSET("off_in"), VAR("fd_out"),
	     OFFSET("off_out"), SIZE("length"), INT_OR("flags", 0)),
	CALL(sendfile, RES_COUNT, NULL, "copy from a file; offset -1: at its position",
	     VAR("fd_out"), VAR("fd_in"), OFFSET("offset"), SIZE("length")),
	CALL(splice, RES_COUNT, NULL,
	     "move pages between files, through a pipe of its own",
	     VAR("fd_in"), OFFSET("off_in"), VAR("fd_out"),
	     OFFSET("off_out"), SIZE("length")),

	/* the argument points to a copy of bytes (left out: NULL), whose
	 * contents after the call are the result's data */
	CALL(ioctl, RES_COUNT, NULL, "ioctl of a number or _IOWR('f', 1, 8)",
	     VAR("fd"), COMMAND("command"), BYTES_OR("bytes")),
	CALL(ioctl_int, RES_COUNT, NULL, "ioctl whose argument is a number",
	     VAR("fd"), COMMAND("command"), INT("argument")),
	/* timeout -1: wait for ever */
	CALL(poll, RES_COUNT, NULL, "the events that are ready, 0 when none",
	     VAR("fd"), FLAGS("events", flags_poll_events),
	     TIME_OR("timeout", -1)),
	CALL(umount, RES_ZERO, NULL, "umount2(2) of a mount",
	     PATH("path"), FLAGS_OR("flags", flags_umount, 0)),
	CALL(remount, RES_ZERO, NULL, "mount(2) with MS_REMOUNT; with MS_BIND, of this place only",
	     PATH("path"), FLAGS("flags", flags_mount_ms)),
	CALL(mount_tmpfs, RES_ZERO, NULL, "mount a tmpfs of 16M there",
	     PATH("path")),
	CALL(mount_bind, RES_ZERO, NULL, "show what is at one place at another, too",
	     PATH("from"), PATH("to"), FLAGS_OR("flags", flags_mount_ms, 0)),
	CALL(mount_move, RES_ZERO, NULL, "move a mount to another place",
	     PATH("from"), PATH("to")),
	CALL(mount_overlay, RES_ZERO, NULL,
	     "mount an overlay of two directories; read-only without work",
	     PATH("path"), PATH("lower"), PATH("upper"), PATH_OR("work")),
	/* ids from .. from + count - 1 of the files are shown as to .. */
	CALL(mount_idmapped, RES_ZERO, NULL,
	     "mount_bind that shows the files of id as those of shown",
	     PATH("from"), PATH("to"), INT("id"), INT("shown"),
	     INT_OR("count", 1)),
	CALL(mountinfo, RES_COUNT, NULL, "what /proc/self/mountinfo says of a mount",
	     PATH("path"), CHOICE("field", flags_mountinfo)),
	CALL(drop_caches, RES_ZERO, NULL, "1: pages, 2: dentries, inodes, 3: both",
	     INT_TO("what", 3)),
	CALL(reclaim, RES_ZERO, NULL,
	     "take so much memory from the actor's control group",
	     SIZE("size")),
	CALL(suspend, RES_ZERO, NULL,
	     "suspend the machine to idle for two seconds (hazard: suspend)"),

	CALL(name_to_handle, RES_VAR, NULL, "a file handle for open_by_handle",
	     PATH("path")),
	CALL(open_by_handle, RES_VAR, NULL, "open by handle on path's mount",
	     PATH("path"), VAR("handle"), FLAGS("flags", flags_open)),
	CALL(setrlimit_fsize, RES_ZERO, NULL, "limit the size of files",
	     SIZE("size")),

	CALL(aio_write, RES_VAR, NULL, "io_submit of a pwrite",
	     VAR("fd"), BYTES("bytes"), OFFSET("offset")),
	CALL(aio_read, RES_VAR, NULL, "io_submit of a pread",
	     VAR("fd"), SIZE("size"), OFFSET("offset")),
	CALL(aio_fsync, RES_VAR, NULL, "io_submit of an fsync",
	     VAR("fd")),
	CALL(aio_fdsync, RES_VAR, NULL, "io_submit of an fdatasync",
	     VAR("fd")),
	CALL(aio_wait, RES_COUNT, NULL, "await one of these and take its result",
	     VAR("aio")),

	/* in a child; a signal s that ends it counts as 128 + s */
	CALL(exec, RES_COUNT, NULL, "run a file; its exit status",
	     PATH("path")),
	CALL(fexecve, RES_COUNT, NULL, "run an open file; its exit status",
	     VAR("fd")),

	CALL(inotify, RES_VAR, NULL, "watch a file or directory",
	     PATH("path"), FLAGS("events", flags_inotify)),
	CALL(inotify_read, RES_NAMES, NULL, "the events since the last time",
	     VAR("fd")),
	CALL(fanotify, RES_VAR, NULL, "watch a file or directory by fanotify(7)",
	     PATH("path"), FLAGS("events", flags_fanotify)),
	CALL(fanotify_read, RES_NAMES, NULL, "its events since the last time",
	     VAR("fd")),
	CALL(fork, RES_ZERO, NULL, "a child that exits at once, reaped"),
};

const struct call *call_by_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < N_CALLS; i++) {
		if (strlen(calls[i].name) == len &&
		    !memcmp(calls[i].name, name, len))
			return &calls[i];
	}
	return NULL;
}

static const char *call_word_at(const void *ctx, size_t i)
{
	(void)ctx;
	return i < N_CALLS ? calls[i].name : NULL;
}

struct words call_words(void)
{
	return (struct words){ call_word_at, NULL };
}
