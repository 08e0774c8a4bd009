/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every field of every good reply, in the order of the kernel's header.
 * Attributes go by their simple names (size, mode, ...) wherever they stand.
 * Constant tables.
 */
#include "config.h"

#include "wire/fields.h"

/* struct wire_attr as the member "a" of wire_<st>. */
#define ATTR(st, a)						\
	FIELD_AS("ino", st, a.ino, FD_NUM, 0, NULL),		\
	FIELD_AS("size", st, a.size, FD_SIZE, 0, NULL),		\
	FIELD_AS("blocks", st, a.blocks, FD_NUM, 0, NULL),	\
	FIELD_AS("atime", st, a.atime, FD_NUM, 0, NULL),	\
	FIELD_AS("mtime", st, a.mtime, FD_NUM, 0, NULL),	\
	FIELD_AS("ctime", st, a.ctime, FD_NUM, 0, NULL),	\
	FIELD_AS("atimensec", st, a.atimensec, FD_NUM, 0, NULL),	\
	FIELD_AS("mtimensec", st, a.mtimensec, FD_NUM, 0, NULL),	\
	FIELD_AS("ctimensec", st, a.ctimensec, FD_NUM, 0, NULL),	\
	FIELD_AS("mode", st, a.mode, FD_MODE, 0, NULL),		\
	FIELD_AS("nlink", st, a.nlink, FD_NUM, 0, NULL),	\
	FIELD_AS("uid", st, a.uid, FD_NUM, 0, NULL),		\
	FIELD_AS("gid", st, a.gid, FD_NUM, 0, NULL),		\
	FIELD_AS("rdev", st, a.rdev, FD_HEX, 0, NULL),		\
	FIELD_AS("blksize", st, a.blksize, FD_SIZE, 9, NULL),	\
	FIELD_AS("flags", st, a.flags, FD_FLAGS, 32, &flags_attr)

/* struct wire_entry_out; "e" is "" or the member it is, with a point. */
#define ENTRY(st, e)							\
	FIELD_AS("nodeid", st, e nodeid, FD_NUM, 0, NULL),		\
	FIELD_AS("generation", st, e generation, FD_NUM, 0, NULL),	\
	FIELD_AS("entry_valid", st, e entry_valid, FD_TIME_S, 0, NULL),	\
	FIELD_AS("attr_valid", st, e attr_valid, FD_TIME_S, 0, NULL),	\
	FIELD_AS("entry_valid_nsec", st, e entry_valid_nsec, FD_NUM, 0, NULL), \
	FIELD_AS("attr_valid_nsec", st, e attr_valid_nsec, FD_NUM, 0, NULL),   \
	ATTR(st, e attr)

#define OPEN(st, o)							\
	FIELD_AS("fh", st, o fh, FD_NUM, 0, NULL),			\
	FIELD_AS("open_flags", st, o open_flags, FD_FLAGS, 0, &flags_fopen), \
	FIELD_AS("backing_id", st, o backing_id, FD_NUM, 40, NULL)

/* READ, READLINK, READDIR, READDIRPLUS: bytes. */
const struct field data_reply[] = {
	DATA,
	END
};

const struct field entry_reply[] = {
	ENTRY(entry_out, ),
	END
};

const struct field attr_reply[] = {
	SECONDS(attr_out, attr_valid),
	NUM(attr_out, attr_valid_nsec),
	ATTR(attr_out, attr),
	END
};

const struct field open_reply[] = {
	OPEN(open_out, ),
	END
};

/* WRITE, COPY_FILE_RANGE. */
const struct field write_reply[] = {
	SIZE(write_out, size),
	END
};

const struct field statfs_reply[] = {
	NUM(statfs_out, blocks),
	NUM(statfs_out, bfree),
	NUM(statfs_out, bavail),
	NUM(statfs_out, files),
	NUM(statfs_out, ffree),
	SIZE(statfs_out, bsize),
	NUM(statfs_out, namelen),
	FIELD_AS("frsize", statfs_out, frsize, FD_SIZE, 4, NULL),
	END
};

/* GETXATTR, LISTXATTR: size when the request's was 0, else data. */
const struct field getxattr_reply[] = {
	SIZE(getxattr_out, size),
	DATA,
	END
};

const struct field init_reply[] = {
	NUM(init_out, major),
	NUM(init_out, minor),
	FIELD_AS("max_readahead", init_out, max_readahead, FD_SIZE, 6, NULL),
	FLAGS_NEW(init_out, flags, &flags_init_low, 5),
	NUM_NEW(init_out, max_background, 13),
	NUM_NEW(init_out, congestion_threshold, 13),
	FIELD_AS("max_write", init_out, max_write, FD_SIZE, 5, NULL),
	NUM_NEW(init_out, time_gran, 23),
	NUM_NEW(init_out, max_pages, 28),
	NUM_NEW(init_out, map_alignment, 31),
	FLAGS_NEW(init_out, flags2, &flags_init_high, 36),
	NUM_NEW(init_out, max_stack_depth, 40),
	FIELD_AS("request_timeout", init_out, request_timeout, FD_TIME_S, 43,
		 NULL),
	END
};

const struct field lk_reply[] = {
	FIELD_AS("start", lk_out, lk.start, FD_SIZE, 0, NULL),
	FIELD_AS("end", lk_out, lk.end, FD_SIZE, 0, NULL),
	FIELD_AS("type", lk_out, lk.type, FD_CHOICE, 0, &flags_locktype),
	FIELD_AS("pid", lk_out, lk.pid, FD_NUM, 0, NULL),
	END
};

const struct field create_reply[] = {
	ENTRY(create_out, entry.),
	OPEN(create_out, open.),
	END
};

const struct field bmap_reply[] = {
	NUM(bmap_out, block),
	END
};

const struct field ioctl_reply[] = {
	FIELD_AS("result", ioctl_out, result, FD_RESULT, 0, NULL),
	FLAGS(ioctl_out, flags, &flags_ioctl),
	NUM(ioctl_out, in_iovs),
	NUM(ioctl_out, out_iovs),
	DATA,
	END
};

const struct field poll_reply[] = {
	FLAGS(poll_out, revents, &flags_poll_events),
	END
};

const struct field lseek_reply[] = {
	SIZE(lseek_out, offset),
	END
};

const struct field copy_file_range_64_reply[] = {
	SIZE(copy_file_range_out, bytes_copied),
	END
};

#define STATX(name, m, dim)	FIELD_AS(name, statx_out, stat.m, dim, 0, NULL)

const struct field statx_reply[] = {
	SECONDS(statx_out, attr_valid),
	NUM(statx_out, attr_valid_nsec),
	HEX(statx_out, flags),
	FIELD_AS("mask", statx_out, stat.mask, FD_FLAGS, 0, &flags_statx),
	STATX("blksize", blksize, FD_SIZE),
	FIELD_AS("attributes", statx_out, stat.attributes, FD_FLAGS, 0,
		 &flags_statx_attr),
	STATX("nlink", nlink, FD_NUM),
	STATX("uid", uid, FD_NUM),
	STATX("gid", gid, FD_NUM),
	STATX("mode", mode, FD_MODE),
	STATX("ino", ino, FD_NUM),
	STATX("size", size, FD_SIZE),
	STATX("blocks", blocks, FD_NUM),
	FIELD_AS("attributes_mask", statx_out, stat.attributes_mask, FD_FLAGS,
		 0, &flags_statx_attr),
	STATX("atime", atime.tv_sec, FD_NUM),
	STATX("atimensec", atime.tv_nsec, FD_NUM),
	STATX("btime", btime.tv_sec, FD_NUM),
	STATX("btimensec", btime.tv_nsec, FD_NUM),
	STATX("ctime", ctime.tv_sec, FD_NUM),
	STATX("ctimensec", ctime.tv_nsec, FD_NUM),
	STATX("mtime", mtime.tv_sec, FD_NUM),
	STATX("mtimensec", mtime.tv_nsec, FD_NUM),
	STATX("rdev_major", rdev_major, FD_NUM),
	STATX("rdev_minor", rdev_minor, FD_NUM),
	STATX("dev_major", dev_major, FD_NUM),
	STATX("dev_minor", dev_minor, FD_NUM),
	END
};

const struct field cuse_init_reply[] = {
	NUM(cuse_init_out, major),
	NUM(cuse_init_out, minor),
	FLAGS(cuse_init_out, flags, &flags_cuse),
	SIZE(cuse_init_out, max_read),
	SIZE(cuse_init_out, max_write),
	NUM(cuse_init_out, dev_major),
	NUM(cuse_init_out, dev_minor),
	DATA,
	END
};
