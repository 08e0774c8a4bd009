/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every field of every request, in the order of the kernel's header.  What
 * follows the fixed part (names, then data) has rows too.  Constant tables.
 */
#include "config.h"

#include "wire/fields.h"

const struct field none_fields[] = { END };

/* LOOKUP, UNLINK, RMDIR, REMOVEXATTR: a name and nothing else. */
const struct field name_args[] = {
	NAME("name", 0),
	END
};

const struct field forget_args[] = {
	NUM(forget_in, nlookup),
	END
};

const struct field getattr_args[] = {
	FLAGS_NEW(getattr_in, getattr_flags, &flags_getattr, 9),
	NUM_NEW(getattr_in, fh, 9),
	END
};

const struct field setattr_args[] = {
	FLAGS(setattr_in, valid, &flags_setattr),
	NUM_NEW(setattr_in, fh, 3),
	SIZE(setattr_in, size),
	FIELD_AS("lock_owner", setattr_in, lock_owner, FD_HEX, 9, NULL),
	NUM(setattr_in, atime),
	NUM(setattr_in, mtime),
	NUM_NEW(setattr_in, ctime, 23),
	NUM(setattr_in, atimensec),
	NUM(setattr_in, mtimensec),
	NUM_NEW(setattr_in, ctimensec, 23),
	MODE(setattr_in, mode),
	NUM(setattr_in, uid),
	NUM(setattr_in, gid),
	END
};

const struct field symlink_args[] = {
	NAME("name", 0),
	NAME("target", 1),
	END
};

const struct field mknod_args[] = {
	MODE(mknod_in, mode),
	HEX(mknod_in, rdev),
	OCT(mknod_in, umask, 12),
	NAME("name", 0),
	END
};

const struct field mkdir_args[] = {
	MODE(mkdir_in, mode),
	OCT(mkdir_in, umask, 12),
	NAME("name", 0),
	END
};

const struct field rename_args[] = {
	NUM(rename_in, newdir),
	NAME("name", 0),
	NAME("newname", 1),
	END
};

const struct field link_args[] = {
	NUM(link_in, oldnodeid),
	NAME("newname", 0),
	END
};

const struct field open_args[] = {
	FLAGS(open_in, flags, &flags_open),
	FLAGS_NEW(open_in, open_flags, &flags_openin, 33),
	END
};

const struct field read_args[] = {
	NUM(read_in, fh),
	SIZE(read_in, offset),
	SIZE(read_in, size),
	FLAGS_NEW(read_in, read_flags, &flags_read, 9),
	FIELD_AS("lock_owner", read_in, lock_owner, FD_HEX, 9, NULL),
	FLAGS_NEW(read_in, flags, &flags_open, 9),
	END
};

const struct field write_args[] = {
	NUM(write_in, fh),
	SIZE(write_in, offset),
	SIZE(write_in, size),
	FLAGS_NEW(write_in, write_flags, &flags_write, 9),
	FIELD_AS("lock_owner", write_in, lock_owner, FD_HEX, 9, NULL),
	FLAGS_NEW(write_in, flags, &flags_open, 9),
	DATA,
	END
};

const struct field release_args[] = {
	NUM(release_in, fh),
	FLAGS(release_in, flags, &flags_open),
	FLAGS_NEW(release_in, release_flags, &flags_release, 8),
	FIELD_AS("lock_owner", release_in, lock_owner, FD_HEX, 8, NULL),
	END
};

const struct field fsync_args[] = {
	NUM(fsync_in, fh),
	FLAGS(fsync_in, fsync_flags, &flags_fsync),
	END
};

const struct field setxattr_args[] = {
	SIZE(setxattr_in, size),
	FLAGS(setxattr_in, flags, &flags_setxattr),
	FLAGS_NEW(setxattr_in, setxattr_flags, &flags_setxattr_ext, 33),
	NAME("name", 0),
	DATA,
	END
};

const struct field getxattr_args[] = {
	SIZE(getxattr_in, size),
	NAME("name", 0),
	END
};

const struct field listxattr_args[] = {
	SIZE(getxattr_in, size),
	END
};

const struct field flush_args[] = {
	NUM(flush_in, fh),
	FIELD_AS("lock_owner", flush_in, lock_owner, FD_HEX, 7, NULL),
	END
};

const struct field init_args[] = {
	NUM(init_in, major),
	NUM(init_in, minor),
	FIELD_AS("max_readahead", init_in, max_readahead, FD_SIZE, 6, NULL),
	FLAGS_NEW(init_in, flags, &flags_init_low, 6),
	FLAGS_NEW(init_in, flags2, &flags_init_high, 36),
	END
};

const struct field lk_args[] = {
	NUM(lk_in, fh),
	HEX(lk_in, owner),
	FIELD_AS("start", lk_in, lk.start, FD_SIZE, 0, NULL),
	FIELD_AS("end", lk_in, lk.end, FD_SIZE, 0, NULL),
	FIELD_AS("type", lk_in, lk.type, FD_CHOICE, 0, &flags_locktype),
	FIELD_AS("pid", lk_in, lk.pid, FD_NUM, 0, NULL),
	FLAGS_NEW(lk_in, lk_flags, &flags_lk, 9),
	END
};

const struct field access_args[] = {
	FLAGS(access_in, mask, &flags_access),
	END
};

/* CREATE and TMPFILE; the name TMPFILE carries means nothing. */
const struct field create_args[] = {
	FLAGS(create_in, flags, &flags_open),
	MODE(create_in, mode),
	OCT(create_in, umask, 12),
	FLAGS_NEW(create_in, open_flags, &flags_openin, 33),
	NAME("name", 0),
	END
};

const struct field interrupt_args[] = {
	NUM(interrupt_in, unique),
	END
};

const struct field bmap_args[] = {
	NUM(bmap_in, block),
	SIZE(bmap_in, blocksize),
	END
};

const struct field ioctl_args[] = {
	NUM(ioctl_in, fh),
	FLAGS(ioctl_in, flags, &flags_ioctl),
	FIELD_AS("cmd", ioctl_in, cmd, FD_IOCTL, 0, NULL),
	HEX(ioctl_in, arg),
	SIZE(ioctl_in, in_size),
	SIZE(ioctl_in, out_size),
	DATA,
	END
};

const struct field poll_args[] = {
	NUM(poll_in, fh),
	NUM(poll_in, kh),
	FLAGS(poll_in, flags, &flags_poll),
	FLAGS_NEW(poll_in, events, &flags_poll_events, 21),
	END
};

const struct field notify_reply_args[] = {
	SIZE(notify_retrieve_in, offset),
	SIZE(notify_retrieve_in, size),
	DATA,
	END
};

const struct field batch_forget_args[] = {
	NUM(batch_forget_in, count),
	DATA,
	END
};

const struct field fallocate_args[] = {
	NUM(fallocate_in, fh),
	SIZE(fallocate_in, offset),
	SIZE(fallocate_in, length),
	FLAGS(fallocate_in, mode, &flags_fallocate),
	END
};

const struct field rename2_args[] = {
	NUM(rename2_in, newdir),
	FLAGS(rename2_in, flags, &flags_rename),
	NAME("name", 0),
	NAME("newname", 1),
	END
};

const struct field lseek_args[] = {
	NUM(lseek_in, fh),
	SIZE(lseek_in, offset),
	CHOICE(lseek_in, whence, &flags_whence),
	END
};

const struct field copy_file_range_args[] = {
	NUM(copy_file_range_in, fh_in),
	SIZE(copy_file_range_in, off_in),
	NUM(copy_file_range_in, nodeid_out),
	NUM(copy_file_range_in, fh_out),
	SIZE(copy_file_range_in, off_out),
	SIZE(copy_file_range_in, len),
	HEX(copy_file_range_in, flags),
	END
};

const struct field setupmapping_args[] = {
	NUM(setupmapping_in, fh),
	SIZE(setupmapping_in, foffset),
	SIZE(setupmapping_in, len),
	FLAGS(setupmapping_in, flags, &flags_setupmapping),
	SIZE(setupmapping_in, moffset),
	END
};

const struct field removemapping_args[] = {
	NUM(removemapping_in, count),
	DATA,
	END
};

const struct field statx_args[] = {
	FLAGS(statx_in, getattr_flags, &flags_getattr),
	NUM(statx_in, fh),
	FLAGS(statx_in, sx_flags, &flags_statx_sync),
	FLAGS(statx_in, sx_mask, &flags_statx),
	END
};

const struct field cuse_init_args[] = {
	NUM(cuse_init_in, major),
	NUM(cuse_init_in, minor),
	FLAGS(cuse_init_in, flags, &flags_cuse),
	END
};
