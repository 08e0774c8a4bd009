/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bytes of a reply: put together from what the scenario says, over what
 * the backend replied.  Pure functions over whole messages (header and
 * body), any thread.
 */
#ifndef ENGINE_REPLY_BUILD_H
#define ENGINE_REPLY_BUILD_H

#include "base/buf.h"
#include "model/scenario.h"

/* What the reply is to. */
struct reply_to {
	const struct op *op;		/* NULL: unknown */
	const void *head;		/* the request, its data cut off */
	size_t head_len;
	uint64_t unique;
	uint8_t letter;			/* a bare size of data is made of it */
};

/* Is spec (NULL: no) a whole reply, so that the backend need not be asked? */
bool reply_is_whole(const struct reply_spec *spec);
/* Does spec (NULL: no) change anything? */
bool reply_is_edit(const struct reply_spec *spec);
/* Does spec (NULL: no) say all that a good reply has, so that it is sent whether
 * the backend answers with an error or not?  A reply of data does, and so does
 * one of which every field is named.  Of IOCTL, which backends only refuse, any
 * field will do. */
bool reply_is_new(const struct reply_spec *spec, const struct op *op);
/* Can spec (NULL: no) be the reply to a request that no backend knows? */
bool reply_needs_no_backend(const struct reply_spec *spec);
/* Begin a good reply: its fixed part, zeros. */
void reply_begin(struct buf *msg, const struct reply_to *to);
/* Write the whole reply that spec is. */
void reply_put_whole(struct buf *msg, const struct reply_spec *spec,
		  const struct reply_to *to);
/* Edit the good reply in msg: data or memory to ask for, then fields.  A reply
 * with an error stays as it is.  Returns NULL, or the name of a field that has
 * no room in it. */
const char *reply_edit(struct buf *msg, const struct reply_spec *spec,
			const struct reply_to *to);
/* Set one field of a good reply by name; false if the reply has no such field.  A
 * reply of a backend that knows fewer fields gets the rest of them, as zeros. */
bool reply_set_field(struct buf *msg, const struct op *op, const char *field,
		uint64_t num);
/* Last: cut or lengthen the body, set the header's len and unique. */
void reply_finish(struct buf *msg, const struct reply_spec *spec);
/* Does the kernel still wait for a reply after this one was written and
 * write(2) gave err? */
bool reply_is_missed(const struct reply_spec *spec, uint64_t unique,
		      size_t len, int err);

#endif
