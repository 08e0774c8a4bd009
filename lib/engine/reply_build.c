/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building and altering replies.  Pure functions, any thread. */
#include "config.h"

#include "engine/reply_build.h"

#include <errno.h>
#include <string.h>

#define HEADER		sizeof(struct wire_out_header)
#define MAX_ERRNO_SENT	511	/* fs/fuse/dev.c: error <= -512 is refused */

static struct wire_out_header get_header(const struct buf *msg)
{
	struct wire_out_header h;

	memcpy(&h, msg->data, HEADER);
	return h;
}

static void put_header(struct buf *msg, const struct wire_out_header *h)
{
	memcpy(msg->data, h, HEADER);
}

static void cut_body(struct buf *msg, size_t len)
{
	if (msg->len <= HEADER + len)
		return;
	msg->len = HEADER + len;
	msg->data[msg->len] = '\0';
}

static void add_data(struct buf *msg, const struct data_spec *d, uint8_t letter)
{
	data_copy(d, 0, buf_reserve(msg, d->len), d->len, letter);
	msg->len += d->len;
	msg->data[msg->len] = '\0';
}

/* GETXATTR and LISTXATTR with size 0 ask how long the data is. */
static bool asks_length(const struct reply_to *to)
{
	const struct field *f = op_arg(to->op, "size", 4);
	struct decoded_request req;
	struct field_value v;
	const char *why;

	return f && !request_decode_cut(&req, to->op, to->head, to->head_len, &why) &&
		!request_get(&req, f, &v) && !v.num;
}

static void replace_data(struct buf *msg, const struct data_spec *d,
			 const struct reply_to *to)
{
	switch (to->op->reply) {
	case REPLY_NONE:
	case REPLY_EMPTY:
	case REPLY_FIXED:
		return;
	case REPLY_SIZED:
		if (asks_length(to)) {
			reply_set_field(msg, to->op, "size", d->len);
			return;
		}
		cut_body(msg, 0);
		break;
	case REPLY_DATA:
		cut_body(msg, 0);
		break;
	case REPLY_FIXED_DATA:
		cut_body(msg, to->op->reply_size);
		break;
	}
	add_data(msg, d, to->letter);
}

/* The iovecs of a RETRY, as addresses of the caller. */
static void ask_for(struct buf *msg, const struct retry_area *areas, size_t n,
		    uint64_t arg)
{
	for (size_t i = 0; i < n; i++) {
		const struct wire_ioctl_iovec v = {
			.base = arg + areas[i].lo,
			.len = areas[i].hi - areas[i].lo,
		};

		buf_add(msg, &v, sizeof(v));
	}
}

static void put_retry(struct buf *msg, const struct reply_spec *spec,
		      const struct reply_to *to)
{
	struct decoded_request req;
	const struct field *f = op_arg(to->op, "arg", 3);
	struct field_value arg = { 0 };
	const char *why;

	if (to->op->opcode != OP_IOCTL || !f ||
	    request_decode_cut(&req, to->op, to->head, to->head_len, &why) ||
	    request_get(&req, f, &arg))
		return;
	reply_set_field(msg, to->op, "flags", IOCTL_RETRY);
	reply_set_field(msg, to->op, "in_iovs", spec->n_retry_in);
	reply_set_field(msg, to->op, "out_iovs", spec->n_retry_out);
	cut_body(msg, to->op->reply_size);
	ask_for(msg, spec->retry_in, spec->n_retry_in, arg.num);
	ask_for(msg, spec->retry_out, spec->n_retry_out, arg.num);
}

bool reply_is_whole(const struct reply_spec *spec)
{
	return spec && (spec->has_error || spec->has_raw);
}

bool reply_is_edit(const struct reply_spec *spec)
{
	return spec && (reply_is_whole(spec) || spec->has_data ||
			spec->has_retry || spec->n_sets ||
			spec->backing.path || spec->has_expect_backing ||
			spec->has_cut ||
			spec->has_unique || spec->header_len);
}

static bool names_all(const struct reply_spec *spec, const struct op *op)
{
	const struct field *f;
	size_t i;

	for (f = op->reply_fields; f->name; f++) {
		if (f->type == FT_DATA && spec->has_data)
			continue;
		for (i = 0; i < spec->n_sets; i++)
			if (!strcmp(spec->sets[i].f->name, f->name))
				break;
		if (i == spec->n_sets)
			return false;
	}
	return f > op->reply_fields;
}

bool reply_is_new(const struct reply_spec *spec, const struct op *op)
{
	if (!spec || !op)
		return false;
	switch (op->reply) {
	case REPLY_NONE:
	case REPLY_EMPTY:
		return false;
	case REPLY_FIXED:
		return names_all(spec, op);
	case REPLY_DATA:
	case REPLY_SIZED:
		return spec->has_data;
	case REPLY_FIXED_DATA:
		if (op->opcode != OP_IOCTL)
			return op->flags & OPF_DECLARED && names_all(spec, op);
		return spec->has_data || spec->has_retry || spec->n_sets;
	}
	return false;
}

bool reply_needs_no_backend(const struct reply_spec *spec)
{
	return reply_is_whole(spec) ||
		(spec && (spec->n_sets || spec->has_data));
}

void reply_begin(struct buf *msg, const struct reply_to *to)
{
	const struct wire_out_header h = { .unique = to->unique };

	buf_clear(msg);
	buf_add(msg, &h, sizeof(h));
	buf_fill(msg, 0, to->op->reply_size);
}

void reply_put_whole(struct buf *msg, const struct reply_spec *spec,
		  const struct reply_to *to)
{
	struct wire_out_header h = {
		.error = spec->has_error ? -spec->error : 0,
		.unique = to->unique,
	};

	buf_clear(msg);
	buf_add(msg, &h, sizeof(h));
	if (spec->has_raw && spec->raw_len)
		buf_add(msg, spec->raw, spec->raw_len);
}

const char *reply_edit(struct buf *msg, const struct reply_spec *spec,
			const struct reply_to *to)
{
	const char *missing = NULL;

	if (!to->op || get_header(msg).error)
		return NULL;
	if (spec->has_data)
		replace_data(msg, &spec->data, to);
	if (spec->has_retry)
		put_retry(msg, spec, to);
	for (size_t i = 0; i < spec->n_sets; i++) {
		const struct field_set *set = &spec->sets[i];

		/* The same name may stand elsewhere where a rule covers
		 * several operations. */
		if (!reply_set_field(msg, to->op, set->f->name, set->num))
			missing = set->f->name;
	}
	return missing;
}

bool reply_set_field(struct buf *msg, const struct op *op, const char *field,
		uint64_t num)
{
	const struct field *f = op_reply_field(op, field, strlen(field));
	size_t whole = HEADER + op->reply_size;

	if (f && op->flags & OPF_DECLARED && op->reply == REPLY_FIXED &&
	    f->type != FT_DATA && msg->len < whole && HEADER + f->at >= msg->len)
		buf_fill(msg, 0, whole - msg->len);
	return f && !field_set(f, msg->data + HEADER, msg->len - HEADER, num);
}

void reply_finish(struct buf *msg, const struct reply_spec *spec)
{
	struct wire_out_header h;
	uint64_t stump = 0;	/* bytes missing at the header's end */

	if (spec && spec->has_cut) {
		size_t body = msg->len - HEADER;
		uint64_t drop = spec->cut < 0 ? -(uint64_t)spec->cut : 0;

		if (spec->cut > 0)
			buf_fill(msg, 0, (size_t)spec->cut);
		else
			cut_body(msg, drop < body ? body - drop : 0);
		stump = drop > body ? drop - body : 0;
	}
	h = get_header(msg);
	h.len = (uint32_t)msg->len;
	if (spec && spec->header_len)
		h.len = (uint32_t)spec->header_len;
	if (spec && spec->has_unique)
		h.unique = spec->unique;
	put_header(msg, &h);
	if (stump)
		msg->len = stump < HEADER ? HEADER - stump : 1;
}

/* fs/fuse/dev.c, fuse_dev_do_write(): what it refuses before it has looked the
 * request up leaves the request waiting; what it refuses later ends it. */
bool reply_is_missed(const struct reply_spec *spec, uint64_t unique,
		      size_t len, int err)
{
	if (!spec)
		return false;
	if (spec->has_unique && spec->unique != unique)
		return true;
	/* Each descriptor has requests of its own (fuse_request_find()). */
	if (spec->by_other && err == ENOENT)
		return true;
	return err == EINVAL &&
		(len < HEADER || spec->header_len ||
		 (spec->has_error && (spec->error > MAX_ERRNO_SENT ||
				      spec->error < 0)));
}
