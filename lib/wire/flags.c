/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bits of the protocol by name, and the few functions that walk the tables.
 * Constant data only; called from any thread.
 */
#include "config.h"

#include "wire/flags.h"

/* The wire carries the kernel's own numbers.  <fcntl.h> is no help there: on
 * 64-bit machines its O_LARGEFILE is 0. */
#include <asm/fcntl.h>
#include <inttypes.h>
#include <linux/falloc.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define BIT(name, bit, minor)	{ name, 1ull << (bit), minor, 0 },
#define ROW(name, bits, minor)	{ name, (bits), minor, 0 },
#define SAME(name, minor)	{ #name, name, minor, 0 },
#define VALUE(name, within)	{ #name, name, 0, within },
#define ONE(name)		{ #name, name, 0, ~0ull },
#define END			{ .name = NULL }

/* ---- INIT: one list, three views --------------------------------------- */

#define INIT_LOW(F)				\
	F("async_read", 0, 6)			\
	F("posix_locks", 1, 7)			\
	F("file_ops", 2, 9)			\
	F("atomic_o_trunc", 3, 9)		\
	F("export_support", 4, 9)		\
	F("big_writes", 5, 9)			\
	F("dont_mask", 6, 12)			\
	F("splice_write", 7, 14)		\
	F("splice_move", 8, 14)			\
	F("splice_read", 9, 14)			\
	F("flock_locks", 10, 17)		\
	F("has_ioctl_dir", 11, 18)		\
	F("auto_inval_data", 12, 20)		\
	F("do_readdirplus", 13, 21)		\
	F("readdirplus_auto", 14, 21)		\
	F("async_dio", 15, 22)			\
	F("writeback_cache", 16, 23)		\
	F("no_open_support", 17, 23)		\
	F("parallel_dirops", 18, 25)		\
	F("handle_killpriv", 19, 26)		\
	F("posix_acl", 20, 26)			\
	F("abort_error", 21, 27)		\
	F("max_pages", 22, 28)			\
	F("cache_symlinks", 23, 28)		\
	F("no_opendir_support", 24, 29)		\
	F("explicit_inval_data", 25, 30)	\
	F("map_alignment", 26, 31)		\
	F("submounts", 27, 32)			\
	F("handle_killpriv_v2", 28, 33)		\
	F("setxattr_ext", 29, 33)		\
	F("init_ext", 30, 36)			\
	F("init_reserved", 31, 36)

/* Bits of flags2: 32 less than in the 64-bit view. */
#define INIT_HIGH(F)				\
	F("security_ctx", 0, 36)		\
	F("has_inode_dax", 1, 36)		\
	F("create_supp_group", 2, 38)		\
	F("has_expire_only", 3, 38)		\
	F("direct_io_allow_mmap", 4, 39)	\
	F("passthrough", 5, 40)			\
	F("no_export_support", 6, 40)		\
	F("has_resend", 7, 40)			\
	F("allow_idmap", 8, 41)			\
	F("over_io_uring", 9, 42)		\
	F("request_timeout", 10, 43)		\
	F("has_io_uring_bufpool", 11, 46)

#define BIT_UP(name, bit, minor)	BIT(name, (bit) + 32, minor)

static const struct flag init_rows[] = { INIT_LOW(BIT) INIT_HIGH(BIT_UP) END };
static const struct flag init_low_rows[] = { INIT_LOW(BIT) END };
static const struct flag init_high_rows[] = { INIT_HIGH(BIT) END };

const struct flagset flags_init = { "init", "INIT flag", init_rows };
const struct flagset flags_init_low = {
	"init_low", "INIT flag of flags", init_low_rows
};
const struct flagset flags_init_high = {
	"init_high", "INIT flag of flags2", init_high_rows
};

static const struct flag cuse_rows[] = {
	BIT("unrestricted_ioctl", 0, 12)
	END
};
const struct flagset flags_cuse = { "cuse", "CUSE_INIT flag", cuse_rows };

/* ---- open ---------------------------------------------------------------- */

static const struct flag fopen_rows[] = {
	BIT("direct_io", 0, 2)
	BIT("keep_cache", 1, 2)
	BIT("nonseekable", 2, 10)
	BIT("cache_dir", 3, 28)
	BIT("stream", 4, 30)
	BIT("noflush", 5, 35)
	BIT("parallel_direct_writes", 6, 38)
	BIT("passthrough", 7, 40)
	BIT("io_uring_zero_copy", 8, 46)
	END
};
const struct flagset flags_fopen = {
	"fopen", "open flag of a reply", fopen_rows
};

/* What the kernel marks exec's opens with (include/linux/fs.h, FMODE_EXEC). */
#define EXEC_BIT	0x20

static const struct flag open_rows[] = {
	SAME(O_ACCMODE, 0)
	VALUE(O_RDONLY, O_ACCMODE)
	VALUE(O_WRONLY, O_ACCMODE)
	VALUE(O_RDWR, O_ACCMODE)
	SAME(O_TMPFILE, 0)
	SAME(O_SYNC, 0)
	SAME(O_CREAT, 0)
	SAME(O_EXCL, 0)
	SAME(O_NOCTTY, 0)
	SAME(O_TRUNC, 0)
	SAME(O_APPEND, 0)
	SAME(O_NONBLOCK, 0)
	SAME(O_DSYNC, 0)
	ROW("O_ASYNC", FASYNC, 0)
	SAME(O_DIRECT, 0)
	SAME(O_LARGEFILE, 0)
	SAME(O_DIRECTORY, 0)
	SAME(O_NOFOLLOW, 0)
	SAME(O_NOATIME, 0)
	SAME(O_CLOEXEC, 0)
	SAME(O_PATH, 0)
	ROW("FMODE_EXEC", EXEC_BIT, 0)
	END
};
const struct flagset flags_open = { "open", "open flag", open_rows };

static const struct flag openin_rows[] = {
	BIT("kill_suidgid", 0, 33)
	END
};
const struct flagset flags_openin = {
	"openin", "open flag of a request", openin_rows
};

/* ---- attributes ------------------------------------------------------------ */

static const struct flag setattr_rows[] = {
	BIT("mode", 0, 0)
	BIT("uid", 1, 0)
	BIT("gid", 2, 0)
	BIT("size", 3, 0)
	BIT("atime", 4, 0)
	BIT("mtime", 5, 0)
	BIT("fh", 6, 3)
	BIT("atime_now", 7, 9)
	BIT("mtime_now", 8, 9)
	BIT("lockowner", 9, 9)
	BIT("ctime", 10, 23)
	BIT("kill_suidgid", 11, 33)
	END
};
const struct flagset flags_setattr = {
	"setattr", "SETATTR flag", setattr_rows
};

static const struct flag getattr_rows[] = {
	BIT("fh", 0, 9)
	END
};
const struct flagset flags_getattr = {
	"getattr", "GETATTR flag", getattr_rows
};

static const struct flag attr_rows[] = {
	BIT("submount", 0, 32)
	BIT("dax", 1, 36)
	END
};
const struct flagset flags_attr = { "attr", "attribute flag", attr_rows };

static const struct flag access_rows[] = {
	SAME(R_OK, 0)
	SAME(W_OK, 0)
	SAME(X_OK, 0)
	VALUE(F_OK, R_OK | W_OK | X_OK)
	END
};
const struct flagset flags_access = { "access", "access mode", access_rows };

/* STATX_*: the bits of statx(2), fixed by its ABI; newer ones than the system's
 * header may have. */
static const struct flag statx_rows[] = {
	ROW("STATX_BASIC_STATS", 0x7ff, 0)
	BIT("STATX_TYPE", 0, 0)
	BIT("STATX_MODE", 1, 0)
	BIT("STATX_NLINK", 2, 0)
	BIT("STATX_UID", 3, 0)
	BIT("STATX_GID", 4, 0)
	BIT("STATX_ATIME", 5, 0)
	BIT("STATX_MTIME", 6, 0)
	BIT("STATX_CTIME", 7, 0)
	BIT("STATX_INO", 8, 0)
	BIT("STATX_SIZE", 9, 0)
	BIT("STATX_BLOCKS", 10, 0)
	BIT("STATX_BTIME", 11, 0)
	BIT("STATX_MNT_ID", 12, 0)
	BIT("STATX_DIOALIGN", 13, 0)
	BIT("STATX_MNT_ID_UNIQUE", 14, 0)
	BIT("STATX_SUBVOL", 15, 0)
	BIT("STATX_WRITE_ATOMIC", 16, 0)
	BIT("STATX_DIO_READ_ALIGN", 17, 0)
	END
};
const struct flagset flags_statx = { "statx", "statx mask bit", statx_rows };

static const struct flag statx_sync_rows[] = {
	ROW("AT_STATX_FORCE_SYNC", 0x2000, 0)
	ROW("AT_STATX_DONT_SYNC", 0x4000, 0)
	END
};
const struct flagset flags_statx_sync = {
	"statx_sync", "statx flag", statx_sync_rows
};

static const struct flag statx_attr_rows[] = {
	ROW("STATX_ATTR_COMPRESSED", 0x4, 0)
	ROW("STATX_ATTR_IMMUTABLE", 0x10, 0)
	ROW("STATX_ATTR_APPEND", 0x20, 0)
	ROW("STATX_ATTR_NODUMP", 0x40, 0)
	ROW("STATX_ATTR_ENCRYPTED", 0x800, 0)
	ROW("STATX_ATTR_AUTOMOUNT", 0x1000, 0)
	ROW("STATX_ATTR_MOUNT_ROOT", 0x2000, 0)
	ROW("STATX_ATTR_VERITY", 0x100000, 0)
	ROW("STATX_ATTR_DAX", 0x200000, 0)
	ROW("STATX_ATTR_WRITE_ATOMIC", 0x400000, 0)
	END
};
const struct flagset flags_statx_attr = {
	"statx_attr", "statx attribute", statx_attr_rows
};

static const struct flag setxattr_rows[] = {
	BIT("XATTR_CREATE", 0, 0)
	BIT("XATTR_REPLACE", 1, 0)
	END
};
const struct flagset flags_setxattr = {
	"setxattr", "setxattr flag", setxattr_rows
};

static const struct flag setxattr_ext_rows[] = {
	BIT("acl_kill_sgid", 0, 33)
	END
};
const struct flagset flags_setxattr_ext = {
	"setxattr_ext", "extended setxattr flag", setxattr_ext_rows
};

/* ---- data -------------------------------------------------------------------- */

static const struct flag write_rows[] = {
	BIT("cache", 0, 9)
	BIT("lockowner", 1, 9)
	BIT("kill_suidgid", 2, 31)
	END
};
const struct flagset flags_write = { "write", "write flag", write_rows };

static const struct flag read_rows[] = {
	BIT("lockowner", 1, 9)
	END
};
const struct flagset flags_read = { "read", "read flag", read_rows };

static const struct flag release_rows[] = {
	BIT("flush", 0, 8)
	BIT("flock_unlock", 1, 17)
	END
};
const struct flagset flags_release = {
	"release", "release flag", release_rows
};

static const struct flag fsync_rows[] = {
	BIT("datasync", 0, 0)
	END
};
const struct flagset flags_fsync = { "fsync", "fsync flag", fsync_rows };

static const struct flag lk_rows[] = {
	BIT("flock", 0, 9)
	END
};
const struct flagset flags_lk = { "lk", "lock flag", lk_rows };

static const struct flag locktype_rows[] = {
	ONE(F_RDLCK) ONE(F_WRLCK) ONE(F_UNLCK)
	END
};
const struct flagset flags_locktype = {
	"locktype", "lock type", locktype_rows
};

static const struct flag whence_rows[] = {
	ONE(SEEK_SET) ONE(SEEK_CUR) ONE(SEEK_END)
	{ "SEEK_DATA", 3, 0, ~0ull },
	{ "SEEK_HOLE", 4, 0, ~0ull },
	END
};
const struct flagset flags_whence = { "whence", "whence", whence_rows };

static const struct flag fallocate_rows[] = {
	SAME(FALLOC_FL_KEEP_SIZE, 0)
	SAME(FALLOC_FL_PUNCH_HOLE, 0)
	SAME(FALLOC_FL_NO_HIDE_STALE, 0)
	SAME(FALLOC_FL_COLLAPSE_RANGE, 0)
	SAME(FALLOC_FL_ZERO_RANGE, 0)
	SAME(FALLOC_FL_INSERT_RANGE, 0)
	SAME(FALLOC_FL_UNSHARE_RANGE, 0)
	ROW("FALLOC_FL_WRITE_ZEROES", 0x80, 0)	/* Linux 6.17 */
	END
};
const struct flagset flags_fallocate = {
	"fallocate", "fallocate mode", fallocate_rows
};

static const struct flag setupmapping_rows[] = {
	BIT("write", 0, 31)
	BIT("read", 1, 31)
	END
};
const struct flagset flags_setupmapping = {
	"setupmapping", "mapping flag", setupmapping_rows
};

/* ---- the rest ------------------------------------------------------------------ */

static const struct flag ioctl_rows[] = {
	BIT("compat", 0, 11)
	BIT("unrestricted", 1, 11)
	BIT("retry", 2, 11)
	BIT("32bit", 3, 16)
	BIT("dir", 4, 18)
	BIT("compat_x32", 5, 30)
	END
};
const struct flagset flags_ioctl = { "ioctl", "ioctl flag", ioctl_rows };

static const struct flag poll_rows[] = {
	BIT("schedule_notify", 0, 11)
	END
};
const struct flagset flags_poll = { "poll", "poll flag", poll_rows };

static const struct flag poll_events_rows[] = {
	SAME(POLLIN, 0)
	SAME(POLLPRI, 0)
	SAME(POLLOUT, 0)
	SAME(POLLERR, 0)
	SAME(POLLHUP, 0)
	SAME(POLLNVAL, 0)
	SAME(POLLRDNORM, 0)
	SAME(POLLRDBAND, 0)
	SAME(POLLWRNORM, 0)
	SAME(POLLWRBAND, 0)
	ROW("POLLMSG", 0x400, 0)
	ROW("POLLRDHUP", 0x2000, 0)
	END
};
const struct flagset flags_poll_events = {
	"poll_events", "poll event", poll_events_rows
};

static const struct flag rename_rows[] = {
	BIT("RENAME_NOREPLACE", 0, 23)
	BIT("RENAME_EXCHANGE", 1, 23)
	BIT("RENAME_WHITEOUT", 2, 23)
	END
};
const struct flagset flags_rename = { "rename", "rename flag", rename_rows };

static const struct flag expire_rows[] = {
	BIT("expire_only", 0, 38)
	END
};
const struct flagset flags_expire = {
	"expire", "INVAL_ENTRY flag", expire_rows
};

const struct flagset *const flagsets[] = {
	&flags_init, &flags_fopen, &flags_open, &flags_openin, &flags_setattr,
	&flags_getattr, &flags_write, &flags_read, &flags_release, &flags_fsync,
	&flags_lk, &flags_locktype, &flags_whence, &flags_ioctl, &flags_poll,
	&flags_poll_events, &flags_attr, &flags_setxattr, &flags_setxattr_ext,
	&flags_rename, &flags_fallocate, &flags_access, &flags_expire,
	&flags_cuse, &flags_statx, &flags_statx_sync, &flags_statx_attr,
	&flags_setupmapping, NULL
};

/* ---- functions ------------------------------------------------------------------ */

static const char *flag_word_at(const void *ctx, size_t i)
{
	const struct flagset *set = ctx;

	return set->rows[i].name;
}

const struct flag *flag_find(const struct flagset *set, const char *name,
			     size_t len)
{
	const struct flag *f;

	for (f = set->rows; f->name; f++)
		if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
			return f;
	return NULL;
}

uint64_t flag_by_name(const struct flagset *set, const char *name, size_t len)
{
	const struct flag *f = flag_find(set, name, len);

	return f ? f->bits : 0;
}

struct words flag_words(const struct flagset *set)
{
	return (struct words){ flag_word_at, set };
}

/* The word for "no bit set". */
static const char *no_bits_word(const struct flagset *set)
{
	const struct flag *f;

	for (f = set->rows; f->name; f++)
		if (!f->bits)
			return f->name;
	return "0";
}

/* A value of several bits is there if they are exactly that value, O_RDONLY
 * beside O_LARGEFILE for one; bits are if all of them are set. */
static bool has_row(const struct flag *f, uint64_t bits)
{
	return f->within ? (bits & f->within) == f->bits :
	       f->bits && (bits & f->bits) == f->bits;
}

/* is_value: all bits of a field, in which one that is 0 says something, too. */
static void print_rows(struct buf *b, const struct flagset *set, uint64_t bits,
		       bool is_value)
{
	const char *bar = "";
	const struct flag *f;
	uint64_t left = bits;

	for (f = set->rows; f->name; f++) {
		if (!has_row(f, f->within ? bits : left) || (!f->bits && !is_value))
			continue;
		buf_printf(b, "%s%s", bar, f->name);
		left &= ~f->bits;
		bar = "|";
	}
	if (left)
		buf_printf(b, "%s0x%" PRIx64, bar, left);
}

void flags_print(struct buf *b, const struct flagset *set, uint64_t bits)
{
	if (bits)
		print_rows(b, set, bits, true);
	else
		buf_puts(b, no_bits_word(set));
}

void flags_print_cond(struct buf *b, const struct flagset *set, uint64_t on,
		      uint64_t off)
{
	const char *bar = "";
	const struct flag *f;

	if (!on && off == UINT64_MAX) {
		buf_addc(b, '0');
		return;
	}
	for (f = set->rows; f->name; f++) {
		if (!f->within || (on & f->within) != f->bits ||
		    (off & f->within) != (f->within & ~f->bits))
			continue;
		buf_printf(b, "%s%s", bar, f->name);
		on &= ~f->within;
		off &= ~f->within;
		bar = "|";
	}
	if (on) {
		buf_puts(b, bar);
		print_rows(b, set, on, false);
		bar = "|";
	}
	for (; off; off &= off - 1) {
		buf_printf(b, "%s-", bar);
		print_rows(b, set, off & -off, false);
		bar = "|";
	}
}
