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

const struct flagset *const call_flagsets[] = {
	&flags_prot, &flags_map, &flags_msync, &flags_rwf, &flags_sync_range,
	&flags_lockowner, &flags_flockop, &flags_atflags, &flags_leasetype,
	&flags_umount, &flags_filetype, &flags_mount_ms,
	&flags_mountinfo,
	NULL,
};
