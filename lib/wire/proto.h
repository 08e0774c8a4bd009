/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The FUSE wire protocol, 7.46: constants and layouts of our own, because the
 * system's <linux/fuse.h> may be older than the kernel we talk to (which is
 * why neither that header nor libfuse's is included here).  Names follow
 * the kernel's, with wire_ for structs and OP_, NOTE_, FOPEN_, ... for values.
 * Each item newer than 7.12 cites the minor that introduced it.
 */
#ifndef WIRE_PROTO_H
#define WIRE_PROTO_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_MAJOR	7
#define WIRE_MINOR	46
#define WIRE_ROOT_ID	1
#define WIRE_MIN_READ	8192	/* smallest buffer read(2) accepts */
#define WIRE_REPLY_MAX	(256u << 20)	/* of data: 64K pages */

/* Bit 0 of a unique marks the INTERRUPT of the request without it; bit 63 a
 * request sent again (7.40). */
#define WIRE_UNIQUE_INT		1ull
#define WIRE_UNIQUE_RESEND	(1ull << 63)

enum opcode {
	OP_LOOKUP = 1, OP_FORGET = 2, OP_GETATTR = 3, OP_SETATTR = 4,
	OP_READLINK = 5, OP_SYMLINK = 6, OP_MKNOD = 8, OP_MKDIR = 9,
	OP_UNLINK = 10, OP_RMDIR = 11, OP_RENAME = 12, OP_LINK = 13,
	OP_OPEN = 14, OP_READ = 15, OP_WRITE = 16, OP_STATFS = 17,
	OP_RELEASE = 18, OP_FSYNC = 20, OP_SETXATTR = 21, OP_GETXATTR = 22,
	OP_LISTXATTR = 23, OP_REMOVEXATTR = 24, OP_FLUSH = 25, OP_INIT = 26,
	OP_OPENDIR = 27, OP_READDIR = 28, OP_RELEASEDIR = 29,
	OP_FSYNCDIR = 30, OP_GETLK = 31, OP_SETLK = 32, OP_SETLKW = 33,
	OP_ACCESS = 34, OP_CREATE = 35, OP_INTERRUPT = 36, OP_BMAP = 37,
	OP_DESTROY = 38, OP_IOCTL = 39, OP_POLL = 40,
	OP_NOTIFY_REPLY = 41,			/* 7.15 */
	OP_BATCH_FORGET = 42,			/* 7.16 */
	OP_FALLOCATE = 43,			/* 7.19 */
	OP_READDIRPLUS = 44,			/* 7.21 */
	OP_RENAME2 = 45,			/* 7.23 */
	OP_LSEEK = 46,				/* 7.24 */
	OP_COPY_FILE_RANGE = 47,		/* 7.28 */
	OP_SETUPMAPPING = 48, OP_REMOVEMAPPING = 49,	/* 7.31 */
	OP_SYNCFS = 50,				/* 7.34 */
	OP_TMPFILE = 51,			/* 7.37 */
	OP_STATX = 52,				/* 7.39 */
	OP_COPY_FILE_RANGE_64 = 53,		/* 7.45 */
	OP_CUSE_INIT = 4096,
};

struct wire_in_header {
	uint32_t len, opcode;
	uint64_t unique, nodeid;
	uint32_t uid, gid, pid;
	uint16_t total_extlen;		/* 7.38: in units of 8 bytes */
	uint16_t padding;
};

struct wire_out_header {
	uint32_t len;
	int32_t error;			/* 0 or -errno; the code of a notification */
	uint64_t unique;		/* 0: a notification */
};

struct wire_attr {
	uint64_t ino, size, blocks, atime, mtime, ctime;
	uint32_t atimensec, mtimensec, ctimensec;
	uint32_t mode, nlink, uid, gid, rdev, blksize, flags;
};

struct wire_entry_out {
	uint64_t nodeid, generation, entry_valid, attr_valid;
	uint32_t entry_valid_nsec, attr_valid_nsec;
	struct wire_attr attr;
};

struct wire_open_out {
	uint64_t fh;
	uint32_t open_flags;
	int32_t backing_id;		/* 7.40; padding before */
};

struct wire_init_in {
	uint32_t major, minor, max_readahead, flags;
	uint32_t flags2;		/* 7.36 */
	uint32_t unused[11];
};

struct wire_init_out {
	uint32_t major, minor, max_readahead, flags;
	uint16_t max_background, congestion_threshold;
	uint32_t max_write, time_gran;
	uint16_t max_pages;		/* 7.28 */
	uint16_t map_alignment;		/* 7.31 */
	uint32_t flags2;		/* 7.36 */
	uint32_t max_stack_depth;	/* 7.40 */
	uint16_t request_timeout;	/* 7.43, in seconds */
	uint16_t unused[11];
};

struct wire_interrupt_in {
	uint64_t unique;
};

/* ---- the other requests, in the order of their opcodes ------------------ */

struct wire_forget_in {
	uint64_t nlookup;
};

struct wire_getattr_in {
	uint32_t getattr_flags, dummy;
	uint64_t fh;
};

struct wire_attr_out {
	uint64_t attr_valid;
	uint32_t attr_valid_nsec, dummy;
	struct wire_attr attr;
};

struct wire_setattr_in {
	uint32_t valid, padding;
	uint64_t fh, size, lock_owner, atime, mtime;
	uint64_t ctime;			/* 7.23 */
	uint32_t atimensec, mtimensec;
	uint32_t ctimensec;		/* 7.23 */
	uint32_t mode, unused4, uid, gid, unused5;
};

struct wire_mknod_in {
	uint32_t mode, rdev;
	uint32_t umask, padding;	/* 7.12: before, the name stands here */
};

struct wire_mkdir_in {
	uint32_t mode, umask;
};

struct wire_rename_in {
	uint64_t newdir;
};

struct wire_link_in {
	uint64_t oldnodeid;
};

struct wire_open_in {
	uint32_t flags;
	uint32_t open_flags;		/* 7.33; unused before */
};

struct wire_read_in {
	uint64_t fh, offset;
	uint32_t size, read_flags;
	uint64_t lock_owner;		/* 7.9: before, nothing from here on */
	uint32_t flags, padding;
};

struct wire_write_in {
	uint64_t fh, offset;
	uint32_t size, write_flags;
	uint64_t lock_owner;		/* 7.9: before, the data stands here */
	uint32_t flags, padding;
};

struct wire_write_out {
	uint32_t size, padding;
};

struct wire_statfs_out {
	uint64_t blocks, bfree, bavail, files, ffree;
	uint32_t bsize, namelen, frsize, padding, spare[6];
};

struct wire_release_in {
	uint64_t fh;
	uint32_t flags, release_flags;
	uint64_t lock_owner;
};

struct wire_fsync_in {
	uint64_t fh;
	uint32_t fsync_flags, padding;
};

struct wire_setxattr_in {
	uint32_t size, flags;
	uint32_t setxattr_flags, padding;	/* 7.33, and only with the INIT
						 * flag setxattr_ext; else the
						 * name stands here */
};

#define SETXATTR_IN_SHORT	offsetof(struct wire_setxattr_in, setxattr_flags)

struct wire_getxattr_in {
	uint32_t size, padding;
};

struct wire_getxattr_out {
	uint32_t size, padding;
};

struct wire_flush_in {
	uint64_t fh;
	uint32_t unused, padding;
	uint64_t lock_owner;
};

struct wire_file_lock {
	uint64_t start, end;		/* end inclusive */
	uint32_t type, pid;
};

struct wire_lk_in {
	uint64_t fh, owner;
	struct wire_file_lock lk;
	uint32_t lk_flags, padding;	/* 7.9 */
};

struct wire_lk_out {
	struct wire_file_lock lk;
};

struct wire_access_in {
	uint32_t mask, padding;
};

struct wire_create_in {
	uint32_t flags, mode;
	uint32_t umask;			/* 7.12: before, the name stands here */
	uint32_t open_flags;		/* 7.33; padding before */
};

/* What CREATE and TMPFILE are answered with. */
struct wire_create_out {
	struct wire_entry_out entry;
	struct wire_open_out open;
};

struct wire_bmap_in {
	uint64_t block;
	uint32_t blocksize, padding;
};

struct wire_bmap_out {
	uint64_t block;
};

struct wire_ioctl_in {
	uint64_t fh;
	uint32_t flags, cmd;
	uint64_t arg;
	uint32_t in_size, out_size;
};

struct wire_ioctl_iovec {		/* 7.16: the data of a retry */
	uint64_t base, len;
};

struct wire_ioctl_out {
	int32_t result;
	uint32_t flags, in_iovs, out_iovs;
};

struct wire_poll_in {
	uint64_t fh, kh;
	uint32_t flags;
	uint32_t events;		/* 7.21; padding before */
};

struct wire_poll_out {
	uint32_t revents, padding;
};

struct wire_notify_retrieve_in {	/* 7.15: NOTIFY_REPLY */
	uint64_t dummy1, offset;
	uint32_t size, dummy2;
	uint64_t dummy3, dummy4;
};

struct wire_batch_forget_in {		/* 7.16 */
	uint32_t count, dummy;
};

struct wire_forget_one {		/* 7.16: count times after it */
	uint64_t nodeid, nlookup;
};

struct wire_fallocate_in {		/* 7.19 */
	uint64_t fh, offset, length;
	uint32_t mode, padding;
};

struct wire_rename2_in {		/* 7.23 */
	uint64_t newdir;
	uint32_t flags, padding;
};

struct wire_lseek_in {			/* 7.24 */
	uint64_t fh, offset;
	uint32_t whence, padding;
};

struct wire_lseek_out {			/* 7.24 */
	uint64_t offset;
};

struct wire_copy_file_range_in {	/* 7.28, and COPY_FILE_RANGE_64: 7.45 */
	uint64_t fh_in, off_in, nodeid_out, fh_out, off_out, len, flags;
};

struct wire_copy_file_range_out {	/* 7.45: COPY_FILE_RANGE_64 only */
	uint64_t bytes_copied;
};

struct wire_setupmapping_in {		/* 7.31 */
	uint64_t fh, foffset, len, flags, moffset;
};

struct wire_removemapping_in {		/* 7.31 */
	uint32_t count;
};

struct wire_removemapping_one {		/* 7.31: count times after it */
	uint64_t moffset, len;
};

struct wire_syncfs_in {			/* 7.34 */
	uint64_t padding;
};

struct wire_statx_in {			/* 7.39 */
	uint32_t getattr_flags, reserved;
	uint64_t fh;
	uint32_t sx_flags, sx_mask;
};

struct wire_sx_time {			/* 7.39 */
	int64_t tv_sec;
	uint32_t tv_nsec;
	int32_t reserved;
};

struct wire_statx {			/* 7.39 */
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, spare0;
	uint64_t ino, size, blocks, attributes_mask;
	struct wire_sx_time atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t spare2[14];
};

struct wire_statx_out {			/* 7.39 */
	uint64_t attr_valid;
	uint32_t attr_valid_nsec, flags;
	uint64_t spare[2];
	struct wire_statx stat;
};

struct wire_cuse_init_in {		/* 7.12 */
	uint32_t major, minor, unused, flags;
};

struct wire_cuse_init_out {		/* 7.12; "DEVNAME=x" and a NUL follow */
	uint32_t major, minor, unused, flags, max_read, max_write;
	uint32_t dev_major, dev_minor, spare[10];
};

/* ---- directory entries: the data of READDIR and READDIRPLUS --------------- */

struct wire_dirent {			/* name, then padding to 8 bytes */
	uint64_t ino, off;
	uint32_t namelen, type;
};

struct wire_direntplus {		/* 7.21 */
	struct wire_entry_out entry;
	struct wire_dirent dirent;
};

/* ---- extensions at the end of a request ------------------------------------ */

struct wire_secctx_header {		/* 7.36: nr_secctx times wire_secctx */
	uint32_t size, nr_secctx;
};

struct wire_secctx {			/* 7.36: a name, then size bytes */
	uint32_t size, padding;
};

#define WIRE_EXT_GROUPS	32

struct wire_ext_header {		/* 7.38 */
	uint32_t size, type;
};

struct wire_supp_groups {		/* 7.38: nr_groups times uint32_t */
	uint32_t nr_groups;
};

/* ---- payloads of notifications ----------------------------------------------- */

struct wire_note_poll {			/* 7.11 */
	uint64_t kh;
};

struct wire_note_inval_inode {		/* 7.12 */
	uint64_t ino;
	int64_t off, len;
};

struct wire_note_inval_entry {		/* 7.12; the name and a NUL follow */
	uint64_t parent;
	uint32_t namelen;
	uint32_t flags;			/* 7.38; padding before */
};

struct wire_note_store {		/* 7.15; size bytes follow */
	uint64_t nodeid, offset;
	uint32_t size, padding;
};

struct wire_note_retrieve {		/* 7.15 */
	uint64_t notify_unique, nodeid, offset;
	uint32_t size, padding;
};

struct wire_note_delete {		/* 7.18; the name and a NUL follow */
	uint64_t parent, child;
	uint32_t namelen, padding;
};

struct wire_note_prune {		/* 7.45; count nodeids follow */
	uint32_t count, padding;
	uint64_t spare;
};

/* ---- io_uring (7.42) --------------------------------------------------------- */

enum {
	URING_REGISTER = 1, URING_COMMIT_AND_FETCH = 2,
	URING_ADD_QUEUE = 3, URING_ADD_BUFPOOL = 4,	/* 7.46 */
};

#define URING_ZERO_COPY		(1u << 0)	/* of a queue */
#define URING_ENT_ZERO_COPY	(1u << 0)	/* of a request */

/* In the second half of a submission. */
struct wire_uring_cmd {
	uint64_t flags, commit_id;
	uint16_t qid;
	uint8_t padding[6];
	union {				/* 7.46 */
		struct {
			uint64_t address;
			uint32_t len, reserved;
		} pool;
		uint16_t index;		/* REGISTER: where pages are registered */
	};
};

/* The first buffer of an entry.  The header of a request is in in_out, its fixed
 * part in op_in, and all else in the second buffer; the header of a reply is in
 * in_out, and all else in the second buffer. */
struct wire_uring_header {
	uint8_t in_out[128], op_in[128];
	uint64_t flags, commit_id;
	uint32_t payload_sz, offset;	/* 7.46: in the pool */
	uint64_t reserved;
};

/* ---- values ---------------------------------------------------------------- */

/* INIT flags the code itself asks about; the whole list is flags_init. */
#define INIT_AUTO_INVAL_DATA	(1ull << 12)
#define INIT_WRITEBACK_CACHE	(1ull << 16)
#define INIT_MAX_PAGES		(1ull << 22)
#define INIT_EXT		(1ull << 30)
#define INIT_PASSTHROUGH	(1ull << 37)
#define INIT_HAS_RESEND		(1ull << 39)
#define INIT_OVER_IO_URING	(1ull << 41)

/* Flags of IOCTL's reply; the whole list is flags_ioctl. */
#define IOCTL_RETRY			(1u << 2)

/* Open flags of the reply; the whole list is flags_fopen. */
#define FOPEN_DIRECT_IO			(1u << 0)
#define FOPEN_KEEP_CACHE		(1u << 1)
#define FOPEN_PARALLEL_DIRECT_WRITES	(1u << 6)
#define FOPEN_PASSTHROUGH		(1u << 7)

enum note_code {
	NOTE_POLL = 1, NOTE_INVAL_INODE = 2, NOTE_INVAL_ENTRY = 3,
	NOTE_STORE = 4, NOTE_RETRIEVE = 5,	/* 7.15 */
	NOTE_DELETE = 6,			/* 7.18 */
	NOTE_RESEND = 7,			/* 7.40 */
	NOTE_INC_EPOCH = 8,			/* 7.44 */
	NOTE_PRUNE = 9,				/* 7.45 */
};

#endif
