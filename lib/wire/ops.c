/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fields of operations and notifications by name.  Called from any thread. */
#include "config.h"

#include "wire/ops.h"

#include <string.h>

#include "base/mem.h"

#define HEADER_FIELDS	6
#define HEADER(m, type)							\
	{ #m, type, FD_NUM, offsetof(struct wire_in_header, m), 0, NULL }

const struct field header_fields[] = {
	HEADER(unique, FT_U64),
	HEADER(nodeid, FT_U64),
	HEADER(uid, FT_U32),
	HEADER(gid, FT_U32),
	HEADER(pid, FT_U32),
	/* The place is one that says nothing: see request_get(). */
	{ "queue", FT_U16, FD_NUM, offsetof(struct wire_in_header, padding), 42, NULL },
	{ .name = NULL }
};
_Static_assert(ARRAY_SIZE(header_fields) == HEADER_FIELDS + 1,
	       "HEADER_FIELDS counts header_fields");

const struct field extension_fields[] = {
	{ "supp_group", FT_U32, FD_NUM, 0, 38, NULL },
	{ .name = NULL }
};

static const char *field_word_at(const void *ctx, size_t i)
{
	const struct field *fields = ctx;

	return fields[i].name;
}

/* The operation's own, then those of extensions, then those of the header. */
static const char *op_arg_word_at(const void *ctx, size_t i)
{
	const struct op *op = ctx;
	size_t own;

	for (own = 0; op->args[own].name; own++)
		if (own == i)
			return op->args[own].name;
	if (op->flags & OPF_MAKES && i == own++)
		return extension_fields[0].name;
	return i - own < HEADER_FIELDS ? header_fields[i - own].name : NULL;
}

const struct field *field_by_name(const struct field *fields, const char *name,
				  size_t len)
{
	const struct field *f;

	for (f = fields; f->name; f++)
		if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
			return f;
	return NULL;
}

const struct field *op_arg(const struct op *op, const char *name, size_t len)
{
	const struct field *f = NULL;

	if (op)
		f = field_by_name(op->args, name, len);
	if (!f && op && op->flags & OPF_MAKES)
		f = field_by_name(extension_fields, name, len);
	return f ? f : field_by_name(header_fields, name, len);
}

const struct field *op_reply_field(const struct op *op, const char *name,
				   size_t len)
{
	return field_by_name(op->reply_fields, name, len);
}

int field_in_header(const struct field *f)
{
	size_t i;

	for (i = 0; i < HEADER_FIELDS; i++)
		if (f == &header_fields[i])
			return 1;
	return 0;
}

int field_is_queue(const struct field *f)
{
	return f == &header_fields[HEADER_FIELDS - 1];
}

int field_in_extension(const struct field *f)
{
	return f == &extension_fields[0];
}

struct words op_arg_words(const struct op *op)
{
	if (!op)
		return field_words(header_fields);
	return (struct words){ op_arg_word_at, op };
}

struct words field_words(const struct field *fields)
{
	return (struct words){ field_word_at, fields };
}

const struct field *note_arg(const struct note *note, const char *name,
			     size_t len)
{
	return field_by_name(note->args, name, len);
}
