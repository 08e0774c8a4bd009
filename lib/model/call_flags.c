/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The flag sets and choices that only client calls use; what the wire carries
 * too is in wire/flags.c.  Values are the kernel's own, some by number because
 * libc learns them late.  A row may have no bits at all (F_RDLCK, PROT_NONE):
 * look names up by walking the rows.  Constant tables, thread-safe.
 */
#include "config.h"

#include "model/calls.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define ROW(word)	{ #word, word, 0, 0 }
#define ONE(name, value) { name, value, 0, ~0ull }	/* of a choice */

static const struct flag prot_rows[] = {
	ROW(PROT_NONE), ROW(PROT_READ), ROW(PROT_WRITE), ROW(PROT_EXEC),
	{ .name = NULL },
};
const struct flagset flags_prot = { "prot", "protection", prot_rows };

static const struct flag map_rows[] = {
	{ "MAP_SHARED_VALIDATE", 3, 0, 0 },
	ROW(MAP_SHARED), ROW(MAP_PRIVATE), ROW(MAP_POPULATE), ROW(MAP_LOCKED),
	ROW(MAP_NORESERVE),
	{ "MAP_SYNC", 0x80000, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_map = { "map", "mmap flag", map_rows };

static const struct flag msync_rows[] = {
	ROW(MS_ASYNC), ROW(MS_INVALIDATE), ROW(MS_SYNC),
	{ .name = NULL },
};
const struct flagset flags_msync = { "msync", "msync flag", msync_rows };

static const struct flag rwf_rows[] = {
	{ "RWF_HIPRI", 0x01, 0, 0 },
	{ "RWF_DSYNC", 0x02, 0, 0 },
	{ "RWF_SYNC", 0x04, 0, 0 },
	{ "RWF_NOWAIT", 0x08, 0, 0 },
	{ "RWF_APPEND", 0x10, 0, 0 },
	{ "RWF_NOAPPEND", 0x20, 0, 0 },
	{ "RWF_ATOMIC", 0x40, 0, 0 },
	{ "RWF_DONTCACHE", 0x80, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_rwf = { "rwf", "RWF flag", rwf_rows };

static const struct flag sync_range_rows[] = {
	{ "SYNC_FILE_RANGE_WRITE_AND_WAIT", 7, 0, 0 },
	ROW(SYNC_FILE_RANGE_WAIT_BEFORE), ROW(SYNC_FILE_RANGE_WRITE),
	ROW(SYNC_FILE_RANGE_WAIT_AFTER),
	{ .name = NULL },
};
const struct flagset flags_sync_range = {
	"sync_file_range", "sync_file_range flag", sync_range_rows,
};

static const struct flag flockop_rows[] = {
	ROW(LOCK_SH), ROW(LOCK_EX), ROW(LOCK_NB), ROW(LOCK_UN),
	{ .name = NULL },
};
const struct flagset flags_flockop = {
	"flock", "flock operation", flockop_rows,
};

static const struct flag atflags_rows[] = {
	ROW(AT_SYMLINK_NOFOLLOW), ROW(AT_SYMLINK_FOLLOW), ROW(AT_EMPTY_PATH),
	{ "AT_STATX_FORCE_SYNC", 0x2000, 0, 0 },
	{ "AT_STATX_DONT_SYNC", 0x4000, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_atflags = { "at", "AT flag", atflags_rows };

static const struct flag leasetype_rows[] = {
	ONE("F_RDLCK", F_RDLCK), ONE("F_WRLCK", F_WRLCK),
	ONE("F_UNLCK", F_UNLCK),
	{ .name = NULL },
};
const struct flagset flags_leasetype = {
	"leasetype", "lease type", leasetype_rows,
};

static const struct flag umount_rows[] = {
	ROW(MNT_FORCE), ROW(MNT_DETACH), ROW(MNT_EXPIRE), ROW(UMOUNT_NOFOLLOW),
	{ .name = NULL },
};
const struct flagset flags_umount = { "umount", "umount flag", umount_rows };

static const struct flag mount_ms_rows[] = {
	ROW(MS_RDONLY), ROW(MS_NOEXEC), ROW(MS_SYNCHRONOUS),
	ROW(MS_DIRSYNC),
	{ "MS_NOSYMFOLLOW", 256, 0, 0 },
	ROW(MS_NOATIME), ROW(MS_NODIRATIME), ROW(MS_BIND), ROW(MS_REC),
	ROW(MS_RELATIME), ROW(MS_STRICTATIME), ROW(MS_LAZYTIME),
	{ .name = NULL },
};
const struct flagset flags_mount_ms = { "mount_ms", "mount flag", mount_ms_rows };

/* proc(5) has more fields; the bits are ours (act/calls/mounts.c). */
static const struct flag mountinfo_rows[] = {
	{ "root", 1, 0, 0 }, { "options", 2, 0, 0 }, { "type", 4, 0, 0 },
	{ "source", 8, 0, 0 }, { "super_options", 16, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_mountinfo = {
	"mountinfo", "field of mountinfo", mountinfo_rows,
};

/* Who owns a record lock: the process (F_SETLK) or the open file
 * (F_OFD_SETLK). */
static const struct flag lockowner_rows[] = {
	ONE("posix", 0), ONE("ofd", 1),
	{ .name = NULL },
};
const struct flagset flags_lockowner = {
	"lockowner", "lock owner", lockowner_rows,
};

/* st_mode & S_IFMT */
static const struct flag filetype_rows[] = {
	ONE("file", S_IFREG), ONE("dir", S_IFDIR), ONE("symlink", S_IFLNK),
	ONE("fifo", S_IFIFO), ONE("char", S_IFCHR), ONE("block", S_IFBLK),
	ONE("socket", S_IFSOCK),
	{ .name = NULL },
};
const struct flagset flags_filetype = {
	"filetype", "file type", filetype_rows,
};

static const struct flag fadvise_rows[] = {
	ONE("POSIX_FADV_NORMAL", POSIX_FADV_NORMAL),
	ONE("POSIX_FADV_RANDOM", POSIX_FADV_RANDOM),
	ONE("POSIX_FADV_SEQUENTIAL", POSIX_FADV_SEQUENTIAL),
	ONE("POSIX_FADV_WILLNEED", POSIX_FADV_WILLNEED),
	ONE("POSIX_FADV_DONTNEED", POSIX_FADV_DONTNEED),
	ONE("POSIX_FADV_NOREUSE", POSIX_FADV_NOREUSE),
	{ .name = NULL },
};
const struct flagset flags_fadvise = {
	"fadvise", "posix_fadvise advice", fadvise_rows,
};

/* All but those that poison memory of the machine. */
static const struct flag madvise_rows[] = {
	ONE("MADV_NORMAL", 0), ONE("MADV_RANDOM", 1), ONE("MADV_SEQUENTIAL", 2),
	ONE("MADV_WILLNEED", 3), ONE("MADV_DONTNEED", 4), ONE("MADV_FREE", 8),
	ONE("MADV_REMOVE", 9), ONE("MADV_DONTFORK", 10),
	ONE("MADV_DOFORK", 11), ONE("MADV_MERGEABLE", 12),
	ONE("MADV_UNMERGEABLE", 13), ONE("MADV_HUGEPAGE", 14),
	ONE("MADV_NOHUGEPAGE", 15), ONE("MADV_DONTDUMP", 16),
	ONE("MADV_DODUMP", 17), ONE("MADV_WIPEONFORK", 18),
	ONE("MADV_KEEPONFORK", 19), ONE("MADV_COLD", 20),
	ONE("MADV_PAGEOUT", 21), ONE("MADV_POPULATE_READ", 22),
	ONE("MADV_POPULATE_WRITE", 23), ONE("MADV_DONTNEED_LOCKED", 24),
	ONE("MADV_COLLAPSE", 25),
	{ .name = NULL },
};
const struct flagset flags_madvise = {
	"madvise", "madvise advice", madvise_rows,
};

/* What getdents shows of an entry besides its name. */
static const struct flag dirent_rows[] = {
	{ "type", 1, 0, 0 }, { "ino", 2, 0, 0 }, { "off", 4, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_dirent = {
	"dirent", "part of an entry", dirent_rows,
};

static const struct flag inotify_rows[] = {
	ROW(IN_ALL_EVENTS),
	ROW(IN_ACCESS), ROW(IN_MODIFY), ROW(IN_ATTRIB), ROW(IN_CLOSE_WRITE),
	ROW(IN_CLOSE_NOWRITE), ROW(IN_OPEN), ROW(IN_MOVED_FROM),
	ROW(IN_MOVED_TO), ROW(IN_CREATE), ROW(IN_DELETE), ROW(IN_DELETE_SELF),
	ROW(IN_MOVE_SELF), ROW(IN_UNMOUNT), ROW(IN_Q_OVERFLOW), ROW(IN_IGNORED),
	ROW(IN_ONLYDIR), ROW(IN_DONT_FOLLOW), ROW(IN_EXCL_UNLINK),
	ROW(IN_ISDIR), ROW(IN_ONESHOT),
	{ .name = NULL },
};
const struct flagset flags_inotify = {
	"inotify", "inotify event", inotify_rows,
};

/* <linux/fanotify.h>; an old libc has not all of them */
#ifndef FAN_RENAME
#define FAN_RENAME	0x10000000
#endif
#ifndef FAN_FS_ERROR
#define FAN_FS_ERROR	0x00008000
#endif

static const struct flag fanotify_rows[] = {
	ROW(FAN_ACCESS), ROW(FAN_MODIFY), ROW(FAN_ATTRIB), ROW(FAN_CLOSE_WRITE),
	ROW(FAN_CLOSE_NOWRITE), ROW(FAN_OPEN), ROW(FAN_MOVED_FROM),
	ROW(FAN_MOVED_TO), ROW(FAN_CREATE), ROW(FAN_DELETE),
	ROW(FAN_DELETE_SELF), ROW(FAN_MOVE_SELF), ROW(FAN_OPEN_EXEC),
	ROW(FAN_Q_OVERFLOW), ROW(FAN_FS_ERROR), ROW(FAN_RENAME),
	ROW(FAN_EVENT_ON_CHILD), ROW(FAN_ONDIR),
	{ .name = NULL }
};
const struct flagset flags_fanotify = {
	"fanotify", "fanotify event", fanotify_rows,
};

const struct flagset *const call_flagsets[] = {
	&flags_prot, &flags_map, &flags_msync, &flags_rwf, &flags_sync_range,
	&flags_lockowner, &flags_flockop, &flags_atflags, &flags_leasetype,
	&flags_umount, &flags_filetype, &flags_fadvise, &flags_madvise,
	&flags_dirent, &flags_inotify, &flags_fanotify, &flags_mount_ms,
	&flags_mountinfo,
	NULL,
};
