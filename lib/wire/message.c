/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whole messages: requests taken apart, single fields read and written,
 * notifications put together.  Keeps no state; called from any thread.
 *
 *	in_header | fixed part | name NUL [name NUL] | data | extensions
 *	          '--- body --------------------------------------------'
 */
#include "config.h"

#include "wire/message.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

/* ---- single fields ------------------------------------------------------- */

size_t field_width(const struct field *f)
{
	switch (f->type) {
	case FT_U16:
		return 2;
	case FT_U32:
	case FT_S32:
		return 4;
	case FT_U64:
	case FT_S64:
		return 8;
	case FT_NAME:
	case FT_DATA:
		break;
	}
	return 0;
}

int field_get(const struct field *f, const void *body, size_t len, uint64_t *num)
{
	size_t width = field_width(f);
	union { uint16_t u16; uint32_t u32; uint64_t u64; } v;

	if (!width || (size_t)f->at + width > len)
		return -1;
	memcpy(&v, (const uint8_t *)body + f->at, width);
	if (f->type == FT_S32)
		*num = (uint64_t)(int64_t)(int32_t)v.u32;
	else if (width == 2)
		*num = v.u16;
	else if (width == 4)
		*num = v.u32;
	else
		*num = v.u64;
	return 0;
}

int field_set(const struct field *f, void *body, size_t len, uint64_t num)
{
	size_t width = field_width(f);
	union { uint16_t u16; uint32_t u32; uint64_t u64; } v;

	if (!width || (size_t)f->at + width > len)
		return -1;
	if (width == 2)
		v.u16 = (uint16_t)num;
	else if (width == 4)
		v.u32 = (uint32_t)num;
	else
		v.u64 = num;
	memcpy((uint8_t *)body + f->at, &v, width);
	return 0;
}

/* ---- requests -------------------------------------------------------------- */

/* The bytes of a request's body: what it says it has, and what is here. */
struct span {
	const uint8_t *body;
	size_t full;	/* without extensions */
	size_t have;	/* <= full; less only where the end was cut off */
};

/* The bytes of data that begin at "at", as the request says. */
static uint64_t data_announced(const struct op *op, const struct span *s, size_t at)
{
	uint32_t num;

	if (!op->data_len.unit)
		return s->full - at;
	memcpy(&num, s->body + op->data_len.at, sizeof(num));
	return (uint64_t)num * op->data_len.unit;
}

static uint64_t reply_wanted(const struct op *op, const uint8_t *body)
{
	uint32_t num;

	if (!op->reply_len.unit)
		return 0;
	memcpy(&num, body + op->reply_len.at, sizeof(num));
	return (uint64_t)num * op->reply_len.unit;
}

static bool has_tail(const struct op *op)
{
	const struct field *f;

	for (f = op->args; f->name; f++)
		if (f->type == FT_NAME || f->type == FT_DATA)
			return true;
	return false;
}

/* Where the body ends if its names begin at "at"; UINT64_MAX if it cannot be. */
static uint64_t tail_end(const struct op *op, const struct span *s, size_t at)
{
	const struct field *f;
	const uint8_t *nul;

	for (f = op->args; f->name; f++) {
		if (f->type == FT_DATA)
			return at + data_announced(op, s, at);
		if (f->type != FT_NAME)
			continue;
		nul = memchr(s->body + at, 0, s->have - at);
		if (!nul)
			return UINT64_MAX;
		at = (size_t)(nul + 1 - s->body);
	}
	return at;
}

/*
 * Is this the short layout of an older minor?  It is if names and data that
 * begin behind it end exactly with the body.  The newer layout cannot end
 * there: the first words it added to MKNOD, CREATE and SETXATTR hold numbers
 * with a zero byte (umask, a flag), so a name would stop inside of them; a
 * WRITE with them is longer than its size.
 */
static bool is_short_layout(const struct op *op, const struct span *s)
{
	if (op->args_min == op->args_size || s->have < op->args_min)
		return false;
	if (!has_tail(op))
		return s->full == op->args_min;
	return tail_end(op, s, op->args_min) == s->full;
}

static int decode_tail(struct decoded_request *req, const struct span *s,
		       const char **why)
{
	const struct field *f;
	const uint8_t *nul;
	size_t at = req->args_len;
	uint64_t n;

	for (f = req->op->args; f->name; f++) {
		if (f->type == FT_NAME) {
			nul = memchr(s->body + at, 0, s->have - at);
			if (!nul) {
				*why = "a name has no NUL";
				return -1;
			}
			req->name[f->at] = (const char *)s->body + at;
			at = (size_t)(nul + 1 - s->body);
		} else if (f->type == FT_DATA) {
			n = data_announced(req->op, s, at);
			if (n > s->full - at) {
				*why = "less data than it says";
				return -1;
			}
			req->data = s->body + at;
			req->data_len = n < s->have - at ? n : s->have - at;
		}
	}
	return 0;
}

static int decode_body(struct decoded_request *req, const struct span *s,
		       const char **why)
{
	const struct op *op = req->op;

	req->args_len = is_short_layout(op, s) ? op->args_min : op->args_size;
	if (req->args_len > s->have) {
		*why = "its fixed part is cut short";
		return -1;
	}
	if (reply_wanted(op, s->body) > WIRE_REPLY_MAX) {
		*why = "it asks for more than a reply can carry";
		return -1;
	}
	return decode_tail(req, s, why);
}

/* p: where its operation is looked up; NULL: it is op already, and the end of
 * the message may be missing */
static int decode(struct decoded_request *req, const struct protocol *p,
		  const struct op *op, const void *msg, size_t len,
		  const char **why)
{
	const struct wire_in_header *h = msg;
	struct span s;
	size_t ext;

	memset(req, 0, sizeof(*req));
	if (len < sizeof(*h)) {
		*why = "shorter than a request's header";
		return -1;
	}
	if (len < h->len && p) {
		*why = "shorter than its header says";
		return -1;
	}
	if (len > h->len) {
		*why = "longer than its header says";
		return -1;
	}
	s.body = (const uint8_t *)msg + sizeof(*h);
	s.full = h->len - sizeof(*h);
	s.have = len - sizeof(*h);
	req->h = h;
	req->op = p ? op_by_code(p, h->opcode) : op;
	req->body = s.body;
	req->body_len = s.have;
	ext = (size_t)h->total_extlen * 8;
	if (ext > s.full) {
		*why = "shorter than its extensions";
		return -1;
	}
	s.full -= ext;
	if (s.have > s.full) {
		req->ext = s.body + s.full;
		req->ext_len = s.have - s.full;
		s.have = s.full;
	}
	return req->op ? decode_body(req, &s, why) : 0;
}

int request_decode(struct decoded_request *req, const struct protocol *p,
		   const void *msg, size_t len, const char **why)
{
	return decode(req, p, NULL, msg, len, why);
}

int request_decode_cut(struct decoded_request *req, const struct op *op,
		       const void *msg, size_t len, const char **why)
{
	return decode(req, NULL, op, msg, len, why);
}

/*
 * A security context begins like an extension, with its size and a number that is
 * below those of types.  The kernel tells of one group at most: that of the directory,
 * if the caller has it (fs/fuse/dir.c: get_create_supp_group()).
 */
static int supp_group_get(const struct decoded_request *req, uint64_t *num)
{
	struct wire_ext_header h;
	uint32_t group;
	size_t at;

	for (at = 0; req->ext_len - at >= sizeof(h); at += h.size) {
		memcpy(&h, req->ext + at, sizeof(h));
		if (h.size < sizeof(h) || h.size > req->ext_len - at)
			return -1;
		if (h.type != WIRE_EXT_GROUPS)
			continue;
		at += sizeof(h) + sizeof(struct wire_supp_groups);
		if (h.size < sizeof(h) + sizeof(struct wire_supp_groups) + sizeof(group))
			return -1;
		memcpy(&group, req->ext + at, sizeof(group));
		*num = group;
		return 0;
	}
	return -1;
}

int request_get(const struct decoded_request *req, const struct field *f,
		struct field_value *out)
{
	memset(out, 0, sizeof(*out));
	out->num = req->queue - 1;
	if (field_is_queue(f))
		return req->queue ? 0 : -1;
	if (field_in_header(f))
		return field_get(f, req->h, sizeof(*req->h), &out->num);
	if (field_in_extension(f))
		return supp_group_get(req, &out->num);
	switch (f->type) {
	case FT_NAME:
		out->p = req->name[f->at];
		out->len = out->p ? strlen(out->p) : 0;
		return out->p ? 0 : -1;
	case FT_DATA:
		out->p = req->data;
		out->len = req->data_len;
		return out->p ? 0 : -1;
	case FT_U16:
	case FT_U32:
	case FT_U64:
	case FT_S32:
	case FT_S64:
		break;
	}
	return field_get(f, req->body, req->args_len, &out->num);
}

int request_is_noise(const struct decoded_request *req)
{
	static const char prefix[] = "security.";

	if (!req->op)
		return 0;
	if (req->op->flags & OPF_NOISE)
		return 1;
	return req->op->opcode == OP_GETXATTR && req->name[0] &&
	       strncmp(req->name[0], prefix, strlen(prefix)) == 0;
}

bool name_is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* ---- replies ----------------------------------------------------------------- */

bool reply_may_have_data(const struct decoded_request *req)
{
	const struct field *size;
	struct field_value asked;

	switch (req->op->reply) {
	case REPLY_NONE:
	case REPLY_EMPTY:
	case REPLY_FIXED:
		return false;
	case REPLY_DATA:
	case REPLY_FIXED_DATA:
		return true;
	case REPLY_SIZED:
		break;
	}
	size = op_arg(req->op, "size", strlen("size"));
	return size && !request_get(req, size, &asked) && asked.num;
}

size_t reply_fixed_size(const struct op *op, bool has_data, size_t len)
{
	size_t fixed = has_data && op->reply == REPLY_SIZED ? 0 : op->reply_size;

	return fixed < len ? fixed : len;
}

int reply_errno(const struct wire_out_header *h)
{
	return h->error == INT32_MIN ? INT32_MIN : -h->error;
}

/* ---- notifications ----------------------------------------------------------- */

/* The last value given for a field: later ones override. */
static const struct field_set *given(const struct field *f,
				     const struct field_set *sets, size_t n)
{
	while (n > 0)
		if (sets[--n].f == f)
			return &sets[n];
	return NULL;
}

static size_t given_len(const struct note *note, enum field_type type,
			const struct field_set *sets, size_t n, bool *exists)
{
	const struct field_set *set;
	const struct field *f;

	for (f = note->args; f->name; f++) {
		if (f->type != type)
			continue;
		*exists = true;
		set = given(f, sets, n);
		return set ? set->len : 0;
	}
	*exists = false;
	return 0;
}

/* Lengths the script did not give. */
static void fill_lengths(const struct note *note, uint8_t *fixed,
			 const struct field_set *sets, size_t n)
{
	static const struct {
		const char *name;
		enum field_type of;
		size_t unit;
	} lengths[] = {
		{ "namelen", FT_NAME, 1 },
		{ "size", FT_DATA, 1 },
		{ "count", FT_DATA, sizeof(uint64_t) },
	};
	const struct field *f;
	bool exists;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		f = note_arg(note, lengths[i].name, strlen(lengths[i].name));
		len = given_len(note, lengths[i].of, sets, n, &exists);
		if (f && exists && !given(f, sets, n))
			field_set(f, fixed, note->args_size,
				  len / lengths[i].unit);
	}
}

static void add_header(struct buf *out, uint32_t code, size_t len)
{
	struct wire_out_header h = {
		.len = (uint32_t)(sizeof(h) + len),
		.error = (int32_t)code,
	};

	buf_add(out, &h, sizeof(h));
}

static void encode_fixed(uint8_t *fixed, const struct note *note,
			 const struct field_set *sets, size_t n)
{
	const struct field_set *set;
	const struct field *f;

	memset(fixed, 0, note->args_size);
	for (f = note->args; f->name; f++) {
		set = given(f, sets, n);
		if (set)
			field_set(f, fixed, note->args_size, set->num);
	}
	fill_lengths(note, fixed, sets, n);
}

void note_encode(struct buf *out, const struct note *note,
		 const struct field_set *sets, size_t n)
{
	auto_buf struct buf body = BUF_INIT;
	auto_free uint8_t *fixed = xmalloc(note->args_size + 1u);
	const struct field_set *set;
	const struct field *f;

	encode_fixed(fixed, note, sets, n);
	buf_add(&body, fixed, note->args_size);
	for (f = note->args; f->name; f++) {
		if (f->type != FT_NAME && f->type != FT_DATA)
			continue;
		set = given(f, sets, n);
		if (set && set->len)
			buf_add(&body, set->p, set->len);
		if (f->type == FT_NAME)
			buf_addc(&body, '\0');
	}
	note_encode_raw(out, note->code, body.data, body.len);
}

void note_encode_raw(struct buf *out, uint32_t code, const void *p, size_t len)
{
	add_header(out, code, len);
	if (len)
		buf_add(out, p, len);
}
