/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests and replies in words, as the log and the ladder show them and as a
 * pattern could be written.  Keeps no state; called from any thread.
 */
#include "config.h"

#include "wire/message.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/errnos.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/units.h"

#define MAX_ERRNO	4095	/* include/linux/err.h */

/* Fields that a reader does not need. */
static const char *const dull[] = {
	"fh", "fh_in", "fh_out", "lock_owner", "owner", "generation", "ino",
	"blocks", "blksize", "atime", "btime", "ctime", "mtime", "atimensec",
	"btimensec", "ctimensec", "mtimensec", "entry_valid_nsec",
	"attr_valid_nsec",
};

static void print_seconds(struct buf *b, uint64_t num)
{
	if (num > UINT64_MAX / NS_PER_S)
		buf_printf(b, "%" PRIu64 "s", num);
	else
		print_time(b, num * NS_PER_S);
}

static void print_errno(struct buf *b, uint64_t num)
{
	const char *name = num <= INT32_MAX ? errno_name((int)num) : NULL;

	if (name)
		buf_puts(b, name);
	else
		buf_printf(b, "%" PRIu64, num);
}

static bool is_negative(const struct field *f, uint64_t num)
{
	return (f->type == FT_S32 || f->type == FT_S64) && (int64_t)num < 0;
}

static void print_result(struct buf *b, int64_t num)
{
	const char *name = num < 0 && num >= -MAX_ERRNO ?
		errno_name((int)-num) : NULL;

	if (name)
		buf_printf(b, "-%s", name);
	else
		buf_printf(b, "%" PRId64, num);
}

static void print_opcode(struct buf *b, const struct protocol *p, uint64_t num)
{
	const struct op *op = num <= UINT32_MAX ?
		op_by_code(p, (uint32_t)num) : NULL;

	if (op)
		buf_puts(b, op->name);
	else
		buf_printf(b, "%" PRIu64, num);
}

void field_print(struct buf *b, const struct protocol *p, const struct field *f,
		 uint64_t num)
{
	if (is_negative(f, num) && f->dim != FD_RESULT) {
		buf_printf(b, "%" PRId64, (int64_t)num);
		return;
	}
	switch (f->dim) {
	case FD_PROCESS:
	case FD_NUM:
		buf_printf(b, "%" PRIu64, num);
		break;
	case FD_SIZE:
		print_size(b, num);
		break;
	case FD_OCT:
	case FD_MODE:
		buf_printf(b, num ? "0%" PRIo64 : "%" PRIo64, num);
		break;
	case FD_HEX:
	case FD_IOCTL:
		buf_printf(b, "0x%" PRIx64, num);
		break;
	case FD_TIME_S:
		print_seconds(b, num);
		break;
	case FD_FLAGS:
	case FD_CHOICE:
		flags_print(b, f->flags, num);
		break;
	case FD_ERRNO:
		print_errno(b, num);
		break;
	case FD_RESULT:
		print_result(b, (int64_t)num);
		break;
	case FD_OPCODE:
		print_opcode(b, p, num);
		break;
	}
}

static void print_key(struct buf *b, const char *name)
{
	if (b->len && b->data[b->len - 1] != ' ')
		buf_addc(b, ' ');
	buf_printf(b, "%s=", name);
}

static void print_number(struct buf *b, const struct protocol *p,
			 const struct field *f, uint64_t num)
{
	print_key(b, f->name);
	field_print(b, p, f, num);
}

static void print_data(struct buf *b, const void *p, size_t len)
{
	print_key(b, "data");
	buf_data(b, p, len, len);
}

static bool is_dull(const struct protocol *p, const struct op *op,
		    const struct field *f)
{
	size_t i;

	/* READ, WRITE, RELEASE repeat the flags of the OPEN. */
	if (f->flags == flagset_of(p, &flags_open) && !(op->flags & OPF_OPEN))
		return true;
	for (i = 0; i < ARRAY_SIZE(dull); i++)
		if (strcmp(dull[i], f->name) == 0)
			return true;
	return false;
}

static bool is_worth_a_word(const struct protocol *p, const struct op *op,
			    const struct field *f, uint64_t num)
{
	if (is_dull(p, op, f))
		return false;
	/* nodeid 0 of a reply: a name known not to exist */
	return num || f->dim == FD_SIZE || f->dim == FD_CHOICE ||
		strcmp(f->name, "nodeid") == 0;
}

/* The valid field of SETATTR says which of its fields count: 1 or 0; -1 for a
 * field of which it says nothing. */
static int setattr_validity(const struct decoded_request *req, const struct field *f)
{
	const struct field *valid = op_arg(req->op, "valid", strlen("valid"));
	uint64_t bit, mask;

	if (!valid || !valid->flags || f == valid ||
	    field_get(valid, req->body, req->args_len, &mask) < 0)
		return -1;
	bit = flag_by_name(valid->flags, f->name, strlen(f->name));
	return bit ? (mask & bit) != 0 : -1;
}

static void print_arg_number(struct buf *b, const struct protocol *p,
			     const struct decoded_request *req,
			     const struct field *f)
{
	int valid = setattr_validity(req, f);
	uint64_t num;

	if (field_get(f, req->body, req->args_len, &num) < 0 || valid == 0)
		return;
	if (valid == 1 ? strcmp(f->name, "fh") != 0 :
	    is_worth_a_word(p, req->op, f, num))
		print_number(b, p, f, num);
}

void request_print(struct buf *b, const struct protocol *p,
		   const struct decoded_request *req)
{
	const struct op *op = req->op;
	const struct field *f;
	struct field_value v;

	if (!op) {
		print_key(b, "opcode");
		buf_printf(b, "%" PRIu32, req->h->opcode);
		return;
	}
	for (f = op->args; f->name; f++) {
		if (f->type == FT_DATA)
			continue;	/* a size says it */
		if (f->type != FT_NAME) {
			print_arg_number(b, p, req, f);
			continue;
		}
		if (!req->name[f->at] ||
		    (f->at == 0 && (op->flags & (OPF_PARENT | OPF_ENTRY)) &&
		     !name_is_dots(req->name[0])))
			continue;	/* the path has it */
		print_key(b, f->name);
		buf_quote(b, req->name[f->at], strlen(req->name[f->at]), 255);
	}
	for (f = extension_fields; f->name; f++)
		if (!request_get(req, f, &v))
			print_number(b, p, f, v.num);
}

/* A size, not data: as long as the fixed part, and its padding is zero. */
static bool is_size_reply(const void *body, size_t len)
{
	struct wire_getxattr_out out;

	if (len != sizeof(out))
		return false;
	memcpy(&out, body, sizeof(out));
	return out.padding == 0;
}

void reply_print(struct buf *b, const struct protocol *p, const struct op *op,
		 const void *body, size_t len)
{
	bool has_data = op->reply != REPLY_SIZED || !is_size_reply(body, len);
	size_t fixed = reply_fixed_size(op, has_data, len);
	const struct field *f;
	uint64_t num;

	for (f = op->reply_fields; f->name; f++) {
		if (f->type == FT_DATA) {
			if (len > fixed)
				print_data(b, (const uint8_t *)body + fixed,
					   len - fixed);
		} else if (field_get(f, body, fixed, &num) == 0 &&
			   is_worth_a_word(p, op, f, num)) {
			print_number(b, p, f, num);
		}
	}
}
