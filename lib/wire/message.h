/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whole messages: take a request apart, build a reply or a notification,
 * print either.  Nothing here keeps state; all functions are thread-safe.
 */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/protocol.h"

/* The bytes of a number; 0: it is a name or data. */
size_t field_width(const struct field *f);

/* A request as read from the channel; all pointers borrow from its bytes. */
struct decoded_request {
	const struct wire_in_header *h;
	const struct op *op;		/* NULL: an operation we do not know */
	const uint8_t *body;		/* after the header, extensions not cut off */
	size_t body_len;
	size_t args_len;		/* fixed part as this message has it:
					 * op->args_size or, from older minors, less */
	const char *name[2];		/* NULL where there is none */
	const uint8_t *data;		/* WRITE, SETXATTR, IOCTL, NOTIFY_REPLY, ... */
	size_t data_len;
	const uint8_t *ext;		/* extensions, as far as they are here */
	size_t ext_len;
	unsigned queue;			/* of io_uring, counted from 1; 0: by none.  Whoever
					 * decodes knows it, the message does not */
};

/*
 * 0, or -1 when the bytes are no request (shorter than they say, a name
 * without its NUL, a fixed part cut short, less data than announced, more
 * asked for than a reply carries): then *why is a constant text.  Whoever
 * answers a request that was decoded may rely on all that.
 *
 * Layouts that changed with a minor or an INIT flag (MKNOD, CREATE, WRITE,
 * SETXATTR) are told apart by the message's own lengths, which is exact for
 * whatever a kernel sends, so no state of the connection is needed.
 */
int request_decode(struct decoded_request *req, const struct protocol *p,
		   const void *msg, size_t len, const char **why);
/* The same for a copy of a request of that operation (NULL: an unknown one) whose
 * end was cut off, as the event log keeps it: names must be complete, and the
 * data may be cut short. */
int request_decode_cut(struct decoded_request *req, const struct op *op,
		       const void *msg, size_t len, const char **why);

/* Noise counts only where a pattern names it: operations with OPF_NOISE, and
 * GETXATTR of security.*, which the kernel sends by itself before writes. */
int request_is_noise(const struct decoded_request *req);

/* "." or "..", which are asked for when a file handle is decoded (fs/fuse/inode.c:
 * fuse_get_dentry, fuse_get_parent).  The path is that of the node they lead to. */
bool name_is_dots(const char *name);

/* A field's value.  Numbers: *num.  FT_NAME/FT_DATA: *p and *len.  -1 if this
 * message does not carry the field (an older minor). */
struct field_value {
	uint64_t num;
	const void *p;
	size_t len;
};
int request_get(const struct decoded_request *req, const struct field *f,
		struct field_value *out);

/* "offset=0 size=64K write_flags=cache".  Left out are flags and numbers that
 * are zero (but not sizes and offsets), and what a reader does not need: fh,
 * owners, times, and a name that the path already shows.  A space separates the
 * words from the text that the buffer ends with. */
void request_print(struct buf *b, const struct protocol *p,
		   const struct decoded_request *req);
/* One value, without the name: "64K". */
void field_print(struct buf *b, const struct protocol *p, const struct field *f,
		 uint64_t num);

/* May a good reply carry data?  GETXATTR and LISTXATTR ask for a size instead,
 * if theirs is 0; req: what asked. */
bool reply_may_have_data(const struct decoded_request *req);
/* How much of the body, of which len bytes are known, is no data. */
size_t reply_fixed_size(const struct op *op, bool has_data, size_t len);

/* A reply's body (without the header) printed the same way. */
void reply_print(struct buf *b, const struct protocol *p, const struct op *op,
		 const void *body, size_t len);

/* The errno of a reply whose header has its opposite; the smallest number has
 * none, and stays as it is. */
int reply_errno(const struct wire_out_header *h);

/* Read or overwrite one numeric field in a fixed part; -1 if it lies outside
 * of len. */
int field_get(const struct field *f, const void *body, size_t len, uint64_t *num);
int field_set(const struct field *f, void *body, size_t len, uint64_t num);

/* One value for a field, as a scenario gives it. */
struct field_set {
	const struct field *f;
	uint64_t num;
	const void *p;		/* FT_NAME, FT_DATA */
	size_t len;
};

/* A whole notification, header included.  Fields not given are zero; names
 * get their NUL, and "namelen"/"size"/"count" fields not given are computed. */
void note_encode(struct buf *out, const struct note *note,
		 const struct field_set *sets, size_t n);
/* One with a code and payload of the caller's. */
void note_encode_raw(struct buf *out, uint32_t code, const void *p, size_t len);

#endif
