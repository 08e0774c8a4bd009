/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The built-in operations, in the order of the kernel's header.  Adding one: a
 * layout in proto.h, field lists in fields_*.c, a row here.  Constant data.
 */
#include "config.h"

#include "base/mem.h"
#include "wire/fields.h"

/* A request's fixed part: size, the size older minors send, fields. */
#define NO_ARGS(list)		0, 0, list
#define ARGS(st, list)						\
	sizeof(struct wire_##st), sizeof(struct wire_##st), list
/* Up to (not with) a member that came later. */
#define ARGS_GREW(st, m, list)					\
	sizeof(struct wire_##st), offsetof(struct wire_##st, m), list
#define ARGS_CAME(st, list)	sizeof(struct wire_##st), 0, list

#define NO_REPLY		REPLY_NONE, 0, none_fields
#define EMPTY			REPLY_EMPTY, 0, none_fields
#define FIXED(st, list)		REPLY_FIXED, sizeof(struct wire_##st), list
#define BYTES			REPLY_DATA, 0, data_reply
#define FIXED_DATA(st, list)	REPLY_FIXED_DATA, sizeof(struct wire_##st), list
#define SIZED(st, list)		REPLY_SIZED, sizeof(struct wire_##st), list

#define DATA_LEN(st, m, size)						\
	.data_len = { offsetof(struct wire_##st, m), (size) }
#define REPLY_LEN(st, m)						\
	.reply_len = { offsetof(struct wire_##st, m), 1 }

#define OP(name, minor, flags)	.opcode = OP_##name, #name, minor, flags

const struct op builtin_ops[] = {
	{ OP(LOOKUP, 0, OPF_ENTRY | OPF_PARENT), NO_ARGS(name_args),
	  FIXED(entry_out, entry_reply), "find a name in a directory" },
	{ OP(FORGET, 0, OPF_NOISE), ARGS(forget_in, forget_args),
	  NO_REPLY, "the kernel drops references to a node" },
	{ OP(GETATTR, 0, 0), ARGS_CAME(getattr_in, getattr_args),
	  FIXED(attr_out, attr_reply), "attributes of a node" },
	{ OP(SETATTR, 1, 0), ARGS(setattr_in, setattr_args),
	  FIXED(attr_out, attr_reply),
	  "change attributes: chmod, chown, truncate, utimens" },
	{ OP(READLINK, 0, 0), NO_ARGS(none_fields),
	  BYTES, "target of a symbolic link" },
	{ OP(SYMLINK, 1, OPF_ENTRY | OPF_PARENT | OPF_MAKES), NO_ARGS(symlink_args),
	  FIXED(entry_out, entry_reply), "make a symbolic link" },
	{ OP(MKNOD, 1, OPF_ENTRY | OPF_PARENT | OPF_MAKES),
	  ARGS_GREW(mknod_in, umask, mknod_args),
	  FIXED(entry_out, entry_reply), "make a file, device or fifo" },
	{ OP(MKDIR, 1, OPF_ENTRY | OPF_PARENT | OPF_MAKES), ARGS(mkdir_in, mkdir_args),
	  FIXED(entry_out, entry_reply), "make a directory" },
	{ OP(UNLINK, 1, OPF_PARENT), NO_ARGS(name_args),
	  EMPTY, "remove a name" },
	{ OP(RMDIR, 1, OPF_PARENT), NO_ARGS(name_args),
	  EMPTY, "remove a directory" },
	{ OP(RENAME, 1, OPF_PARENT), ARGS(rename_in, rename_args),
	  EMPTY, "move a name" },
	{ OP(LINK, 1, OPF_ENTRY | OPF_PARENT), ARGS(link_in, link_args),
	  FIXED(entry_out, entry_reply), "give a node another name" },
	{ OP(OPEN, 1, OPF_OPEN | OPF_CUSE), ARGS(open_in, open_args),
	  FIXED(open_out, open_reply), "open a file" },
	{ OP(READ, 1, OPF_CUSE), ARGS_GREW(read_in, lock_owner, read_args),
	  BYTES, "read data",
	  REPLY_LEN(read_in, size) },
	{ OP(WRITE, 1, OPF_CUSE), ARGS_GREW(write_in, lock_owner, write_args),
	  FIXED(write_out, write_reply), "write data",
	  DATA_LEN(write_in, size, 1) },
	{ OP(STATFS, 0, 0), NO_ARGS(none_fields),
	  FIXED(statfs_out, statfs_reply), "size and free space" },
	{ OP(RELEASE, 1, OPF_CUSE), ARGS(release_in, release_args),
	  EMPTY, "the last reference to an open file is gone" },
	{ OP(FSYNC, 1, 0), ARGS(fsync_in, fsync_args),
	  EMPTY, "make a file's data durable" },
	{ OP(SETXATTR, 1, 0),
	  ARGS_GREW(setxattr_in, setxattr_flags, setxattr_args),
	  EMPTY, "set an extended attribute",
	  DATA_LEN(setxattr_in, size, 1) },
	{ OP(GETXATTR, 1, 0), ARGS(getxattr_in, getxattr_args),
	  SIZED(getxattr_out, getxattr_reply),
	  "an extended attribute, or (size 0) how long it is",
	  REPLY_LEN(getxattr_in, size) },
	{ OP(LISTXATTR, 1, 0), ARGS(getxattr_in, listxattr_args),
	  SIZED(getxattr_out, getxattr_reply),
	  "names of extended attributes, or (size 0) how long they are",
	  REPLY_LEN(getxattr_in, size) },
	{ OP(REMOVEXATTR, 1, 0), NO_ARGS(name_args),
	  EMPTY, "remove an extended attribute" },
	{ OP(FLUSH, 1, 0), ARGS(flush_in, flush_args),
	  EMPTY, "a descriptor of an open file is closed" },
	{ OP(INIT, 0, 0), ARGS_GREW(init_in, flags2, init_args),
	  FIXED(init_out, init_reply), "first request: agree on the protocol" },
	{ OP(OPENDIR, 1, OPF_OPEN), ARGS(open_in, open_args),
	  FIXED(open_out, open_reply), "open a directory" },
	{ OP(READDIR, 1, 0), ARGS_GREW(read_in, lock_owner, read_args),
	  BYTES, "entries of a directory",
	  REPLY_LEN(read_in, size) },
	{ OP(RELEASEDIR, 1, 0), ARGS(release_in, release_args),
	  EMPTY, "the last reference to an open directory is gone" },
	{ OP(FSYNCDIR, 2, 0), ARGS(fsync_in, fsync_args),
	  EMPTY, "make a directory durable" },
	{ OP(GETLK, 7, 0), ARGS_GREW(lk_in, lk_flags, lk_args),
	  FIXED(lk_out, lk_reply), "ask which lock is in the way" },
	{ OP(SETLK, 7, 0), ARGS_GREW(lk_in, lk_flags, lk_args),
	  EMPTY, "take or drop a lock without waiting" },
	{ OP(SETLKW, 7, 0), ARGS_GREW(lk_in, lk_flags, lk_args),
	  EMPTY, "take a lock, wait for it" },
	{ OP(ACCESS, 3, 0), ARGS(access_in, access_args),
	  EMPTY, "ask whether the caller may read, write or execute" },
	{ OP(CREATE, 3, OPF_ENTRY | OPF_PARENT | OPF_OPEN | OPF_MAKES),
	  ARGS_GREW(create_in, umask, create_args),
	  FIXED(create_out, create_reply), "make a file and open it" },
	{ OP(INTERRUPT, 7, OPF_CUSE), ARGS(interrupt_in, interrupt_args),
	  EMPTY, "a caller was interrupted; needs no reply" },
	{ OP(BMAP, 8, 0), ARGS(bmap_in, bmap_args),
	  FIXED(bmap_out, bmap_reply), "block of the device behind a block" },
	{ OP(DESTROY, 8, OPF_NOISE), NO_ARGS(none_fields),
	  EMPTY, "last request: the filesystem is unmounted" },
	{ OP(IOCTL, 11, OPF_CUSE), ARGS(ioctl_in, ioctl_args),
	  FIXED_DATA(ioctl_out, ioctl_reply), "ioctl(2)",
	  DATA_LEN(ioctl_in, in_size, 1), REPLY_LEN(ioctl_in, out_size) },
	{ OP(POLL, 11, OPF_CUSE), ARGS(poll_in, poll_args),
	  FIXED(poll_out, poll_reply), "ask whether a file is ready" },
	{ OP(NOTIFY_REPLY, 15, 0),
	  ARGS(notify_retrieve_in, notify_reply_args),
	  NO_REPLY, "cached data that a notification asked for",
	  DATA_LEN(notify_retrieve_in, size, 1) },
	{ OP(BATCH_FORGET, 16, OPF_NOISE),
	  ARGS(batch_forget_in, batch_forget_args),
	  NO_REPLY, "FORGET for many nodes",
	  DATA_LEN(batch_forget_in, count,
		   sizeof(struct wire_forget_one)) },
	{ OP(FALLOCATE, 19, 0), ARGS(fallocate_in, fallocate_args),
	  EMPTY, "allocate space, punch holes" },
	{ OP(READDIRPLUS, 21, 0), ARGS(read_in, read_args),
	  BYTES, "entries of a directory, each with a LOOKUP",
	  REPLY_LEN(read_in, size) },
	{ OP(RENAME2, 23, OPF_PARENT), ARGS(rename2_in, rename2_args),
	  EMPTY, "move a name, with flags" },
	{ OP(LSEEK, 24, 0), ARGS(lseek_in, lseek_args),
	  FIXED(lseek_out, lseek_reply), "find data or a hole" },
	{ OP(COPY_FILE_RANGE, 28, 0),
	  ARGS(copy_file_range_in, copy_file_range_args),
	  FIXED(write_out, write_reply), "copy between files" },
	{ OP(SETUPMAPPING, 31, 0), ARGS(setupmapping_in, setupmapping_args),
	  EMPTY, "map a part of a file into the DAX window" },
	{ OP(REMOVEMAPPING, 31, 0),
	  ARGS(removemapping_in, removemapping_args),
	  EMPTY, "unmap parts of the DAX window",
	  DATA_LEN(removemapping_in, count,
		   sizeof(struct wire_removemapping_one)) },
	{ OP(SYNCFS, 34, 0), ARGS(syncfs_in, none_fields),
	  EMPTY, "make the filesystem durable" },
	{ OP(TMPFILE, 37, OPF_ENTRY | OPF_OPEN | OPF_MAKES), ARGS(create_in, create_args),
	  FIXED(create_out, create_reply), "make a file without a name" },
	{ OP(STATX, 39, 0), ARGS(statx_in, statx_args),
	  FIXED(statx_out, statx_reply), "attributes for statx(2)" },
	{ OP(COPY_FILE_RANGE_64, 45, 0),
	  ARGS(copy_file_range_in, copy_file_range_args),
	  FIXED(copy_file_range_out, copy_file_range_64_reply),
	  "copy between files, more than 4 GiB" },
	{ OP(CUSE_INIT, 12, OPF_CUSE), ARGS(cuse_init_in, cuse_init_args),
	  FIXED_DATA(cuse_init_out, cuse_init_reply),
	  "first request of a device" },
};
_Static_assert(ARRAY_SIZE(builtin_ops) == N_BUILTIN_OPS,
	       "N_BUILTIN_OPS counts builtin_ops");
