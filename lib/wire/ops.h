/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A row of the table of operations, and one of that of notifications: names,
 * fields by offset, legal replies.  The tables are in wire/protocol.h.  Constant
 * data, thread-safe.
 */
#ifndef WIRE_OPS_H
#define WIRE_OPS_H

#include <stdbool.h>

#include "base/diag.h"
#include "wire/field.h"
#include "wire/proto.h"

/* What a reply to an operation may carry besides an error. */
enum reply_kind {
	REPLY_NONE,		/* no reply at all (FORGET) */
	REPLY_EMPTY,		/* just the header */
	REPLY_FIXED,		/* exactly reply_size bytes */
	REPLY_DATA,		/* any number of bytes up to the size asked for */
	REPLY_FIXED_DATA,	/* fixed part, then data (IOCTL, CUSE_INIT) */
	REPLY_SIZED,		/* fixed part if size was 0, else data (GETXATTR, LISTXATTR) */
};

enum op_flag {
	OPF_NOISE	= 1 << 0,	/* counted only where named: FORGET, ... */
	OPF_ENTRY	= 1 << 1,	/* a good reply starts with wire_entry_out */
	OPF_PARENT	= 1 << 2,	/* nodeid is a directory; the file is its child "name" */
	OPF_OPEN	= 1 << 3,	/* the reply has fh, open_flags, backing_id */
	OPF_CUSE	= 1 << 4,	/* also, or only, on a CUSE device */
	OPF_MAKES	= 1 << 6,	/* makes a file: the request may have extensions */
	OPF_DECLARED	= 1 << 5,	/* by a scenario: a backend may know it otherwise,
					 * or not at all */
};

/* A number of 32 bits in a request that says how long something is, in units of
 * so many bytes.  unit 0: none does. */
struct length_field {
	uint16_t at;
	uint16_t unit;
};

struct op {
	uint32_t opcode;
	const char *name;		/* "WRITE" */
	uint16_t minor;			/* since protocol 7.minor */
	uint16_t flags;			/* OPF_* */
	uint16_t args_size;		/* fixed part of the request's body, today */
	uint16_t args_min;		/* ... the least an older minor sends */
	const struct field *args;	/* fields of the request */
	enum reply_kind reply;
	uint16_t reply_size;		/* fixed part of a good reply, today */
	const struct field *reply_fields;
	const char *help;		/* one line for `list ops` */
	struct length_field data_len;	/* of the data after the request; none: to its end */
	/* How much a reply may carry.  The most is what INIT can agree on, max_pages
	 * being 16 bits (fs/fuse/inode.c: process_init_reply), in pages of 4K;
	 * directories and xattrs are asked for in less. */
	struct length_field reply_len;
};

/* Fields every request has, out of its header: unique nodeid uid gid pid; and
 * queue, which is not in it: that of io_uring by which the request came, if one. */
extern const struct field header_fields[];

/* Fields that requests with OPF_MAKES have if INIT has agreed on them, in extensions at
 * their end: supp_group. */
extern const struct field extension_fields[];

/* A field of a request by name, those of header and extensions included (op NULL: only
 * the header's); where both have the name (uid of SETATTR, pid of SETLK, unique of INTERRUPT),
 * the operation's own is meant.  "at" of a header field counts from the
 * header's start (field_in_header() tells). */
const struct field *op_arg(const struct op *op, const char *name, size_t len);
const struct field *op_reply_field(const struct op *op, const char *name, size_t len);
int field_in_header(const struct field *f);
int field_is_queue(const struct field *f);
int field_in_extension(const struct field *f);
/* Words for messages: the request fields of op (NULL: those any op has). */
struct words op_arg_words(const struct op *op);
struct words field_words(const struct field *fields);
const struct field *field_by_name(const struct field *fields, const char *name,
				  size_t len);

struct note {
	uint32_t code;
	const char *name;		/* "inval_inode" as in a scenario */
	uint16_t minor;
	uint16_t args_size;		/* fixed part of the payload */
	const struct field *args;	/* fields, FT_NAME/FT_DATA for what follows */
	const char *help;
	bool is_declared;		/* by a scenario */
};

const struct field *note_arg(const struct note *note, const char *name, size_t len);

#endif
