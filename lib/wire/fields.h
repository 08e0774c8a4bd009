/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Macros for rows about fields, and the lists of fields, one per layout, which
 * builtin_ops.c and builtin_notes.c point to.  No other folder includes this file:
 * the rows are those of protocol_builtin, and the fields of an operation are
 * op->args and op->reply_fields.
 *
 * Name and type of a field come from its struct, so a row cannot disagree with
 * the layout.  Padding and reserved words have no row.
 */
#ifndef WIRE_FIELDS_H
#define WIRE_FIELDS_H

#include "wire/protocol.h"

#define FIELD_TYPE(st, m) _Generic(((struct wire_##st *)NULL)->m,	\
	uint16_t: FT_U16, uint32_t: FT_U32, uint64_t: FT_U64,		\
	int32_t: FT_S32, int64_t: FT_S64)
#define FIELD_AS(name, st, m, dim, minor, set)				\
	{ name, FIELD_TYPE(st, m), dim, offsetof(struct wire_##st, m),	\
	  minor, set }

#define NUM(st, m)		FIELD_AS(#m, st, m, FD_NUM, 0, NULL)
#define NUM_NEW(st, m, minor)	FIELD_AS(#m, st, m, FD_NUM, minor, NULL)
#define SIZE(st, m)		FIELD_AS(#m, st, m, FD_SIZE, 0, NULL)
#define HEX(st, m)		FIELD_AS(#m, st, m, FD_HEX, 0, NULL)
#define OCT(st, m, minor)	FIELD_AS(#m, st, m, FD_OCT, minor, NULL)
#define MODE(st, m)		FIELD_AS(#m, st, m, FD_MODE, 0, NULL)
#define SECONDS(st, m)		FIELD_AS(#m, st, m, FD_TIME_S, 0, NULL)
#define FLAGS(st, m, set)	FIELD_AS(#m, st, m, FD_FLAGS, 0, set)
#define FLAGS_NEW(st, m, set, minor)					\
	FIELD_AS(#m, st, m, FD_FLAGS, minor, set)
#define CHOICE(st, m, set)	FIELD_AS(#m, st, m, FD_CHOICE, 0, set)
#define NAME(name, which)	{ name, FT_NAME, FD_NUM, which, 0, NULL }
#define DATA			{ "data", FT_DATA, FD_NUM, 0, 0, NULL }
#define END			{ NULL, FT_U32, FD_NUM, 0, 0, NULL }

/* Requests (fields_args.c). */
extern const struct field
	none_fields[], forget_args[], getattr_args[],
	setattr_args[], symlink_args[], mknod_args[], mkdir_args[],
	name_args[], rename_args[], link_args[], open_args[], read_args[],
	write_args[], release_args[], fsync_args[], setxattr_args[],
	getxattr_args[], listxattr_args[], flush_args[], init_args[],
	lk_args[], access_args[], create_args[], interrupt_args[],
	bmap_args[], ioctl_args[], poll_args[], notify_reply_args[],
	batch_forget_args[], fallocate_args[], rename2_args[], lseek_args[],
	copy_file_range_args[], setupmapping_args[], removemapping_args[],
	statx_args[], cuse_init_args[];

/* Good replies (fields_replies.c). */
extern const struct field
	data_reply[], entry_reply[], attr_reply[], open_reply[],
	write_reply[], statfs_reply[], getxattr_reply[], init_reply[],
	lk_reply[], create_reply[], bmap_reply[], ioctl_reply[],
	poll_reply[], lseek_reply[], copy_file_range_64_reply[],
	statx_reply[], cuse_init_reply[];

#endif
