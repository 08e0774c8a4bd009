/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of operations and notifications are sound: names, offsets, kinds
 * of replies, properties; and lookups find what they should. */
#include "config.h"

#include "wire/protocol.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/unit.h"

static size_t width_of(const struct field *f)
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

static const struct op *op(const char *name)
{
	const struct op *found = op_by_name(&protocol_builtin, name, strlen(name));

	ck_assert_msg(found != NULL, "no operation %s", name);
	return found;
}

static const struct field *arg(const char *opname, const char *name)
{
	const struct field *f = op_arg(op(opname), name, strlen(name));

	ck_assert_msg(f != NULL, "%s has no field %s", opname, name);
	return f;
}

static const struct field *reply(const char *opname, const char *name)
{
	return op_reply_field(op(opname), name, strlen(name));
}

/* One list of fields against its fixed part. */
static void check_number(const char *of, const struct field *f, size_t size)
{
	size_t w = width_of(f);

	ck_assert_msg(f->at + w <= size, "%s %s lies outside", of, f->name);
	ck_assert_msg(f->at % w == 0, "%s %s is not aligned", of, f->name);
	ck_assert_msg((f->dim == FD_FLAGS || f->dim == FD_CHOICE) ==
		      (f->flags != NULL),
		      "%s %s: flags without a set, or a set without flags",
		      of, f->name);
	ck_assert_uint_le(f->minor, WIRE_MINOR);
}

static void check_fields(const char *of, const struct field *fields, size_t size)
{
	const struct field *f, *g;
	unsigned names = 0;
	bool data = false;

	for (f = fields; f->name; f++) {
		ck_assert_msg(!data, "%s: %s after the data", of, f->name);
		if (f->type == FT_NAME)
			ck_assert_uint_eq(f->at, names++);
		else if (f->type == FT_DATA)
			data = true;
		else
			check_number(of, f, size);
		for (g = fields; g < f; g++) {
			ck_assert_str_ne(f->name, g->name);
			if (!width_of(f) || !width_of(g))
				continue;
			ck_assert_msg(g->at + width_of(g) <= f->at,
				      "%s: %s and %s overlap or are out of "
				      "order", of, g->name, f->name);
		}
	}
	ck_assert_uint_le(names, 2);
}

START_TEST(opcodes_and_names_are_unique_and_in_order)
{
	size_t i, j;

	ck_assert_uint_eq(N_BUILTIN_OPS, 52);
	for (i = 0; i < N_BUILTIN_OPS; i++) {
		ck_assert(builtin_ops[i].help && *builtin_ops[i].help);
		ck_assert_uint_le(builtin_ops[i].minor, WIRE_MINOR);
		ck_assert_ptr_eq(op_by_code(&protocol_builtin, builtin_ops[i].opcode), &builtin_ops[i]);
		ck_assert_ptr_eq(op(builtin_ops[i].name), &builtin_ops[i]);
		ck_assert(i == 0 || builtin_ops[i - 1].opcode < builtin_ops[i].opcode);
		for (j = 0; j < i; j++)
			ck_assert_str_ne(builtin_ops[i].name, builtin_ops[j].name);
	}
}
END_TEST

START_TEST(request_fields_lie_in_their_layouts)
{
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		ck_assert_uint_le(builtin_ops[i].args_min, builtin_ops[i].args_size);
		check_fields(builtin_ops[i].name, builtin_ops[i].args, builtin_ops[i].args_size);
	}
}
END_TEST

START_TEST(reply_fields_fit_the_kind_of_reply)
{
	const struct field *f;
	size_t i, data, numbers;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		check_fields(builtin_ops[i].name, builtin_ops[i].reply_fields,
			     builtin_ops[i].reply_size);
		data = numbers = 0;
		for (f = builtin_ops[i].reply_fields; f->name; f++)
			*(f->type == FT_DATA ? &data : &numbers) += 1;
		switch (builtin_ops[i].reply) {
		case REPLY_NONE:
		case REPLY_EMPTY:
			ck_assert(!data && !numbers && !builtin_ops[i].reply_size);
			break;
		case REPLY_FIXED:
			ck_assert(!data && numbers && builtin_ops[i].reply_size);
			break;
		case REPLY_DATA:
			ck_assert(data && !numbers && !builtin_ops[i].reply_size);
			break;
		case REPLY_FIXED_DATA:
		case REPLY_SIZED:
			ck_assert(data && numbers && builtin_ops[i].reply_size);
			break;
		}
	}
}
END_TEST

/* The operations that have a property are exactly these. */
static void assert_flagged(unsigned flag, const char *names)
{
	auto_buf struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++)
		if (builtin_ops[i].flags & flag)
			buf_printf(&b, "%s%s", b.len ? " " : "", builtin_ops[i].name);
	ck_assert_str_eq(buf_str(&b), names);
}

START_TEST(properties_are_on_the_right_operations)
{
	assert_flagged(OPF_NOISE, "FORGET DESTROY BATCH_FORGET");
	assert_flagged(OPF_ENTRY,
		       "LOOKUP SYMLINK MKNOD MKDIR LINK CREATE TMPFILE");
	assert_flagged(OPF_PARENT, "LOOKUP SYMLINK MKNOD MKDIR UNLINK RMDIR "
		       "RENAME LINK CREATE RENAME2");
	assert_flagged(OPF_OPEN, "OPEN OPENDIR CREATE TMPFILE");
	assert_flagged(OPF_CUSE, "OPEN READ WRITE RELEASE INTERRUPT IOCTL "
		       "POLL CUSE_INIT");
}
END_TEST

START_TEST(properties_agree_with_the_fields)
{
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		const struct op *o = &builtin_ops[i];

		if (o->flags & OPF_ENTRY)
			ck_assert_uint_eq(reply(o->name, "nodeid")->at, 0);
		ck_assert_int_eq(!!(o->flags & OPF_OPEN),
				 reply(o->name, "open_flags") != NULL);
		ck_assert_int_eq(!!(o->flags & OPF_OPEN),
				 reply(o->name, "backing_id") != NULL);
		if (o->flags & OPF_PARENT)
			ck_assert(op_arg(o, "name", 4) ||
				  op_arg(o, "newname", 7));
	}
}
END_TEST

START_TEST(attributes_go_by_simple_names)
{
	static const char *const ops_with[] = { "LOOKUP", "MKNOD", "CREATE",
						"GETATTR", "SETATTR" };
	static const char *const names[] = {
		"attr_valid", "ino", "size", "blocks", "atime", "mtime",
		"ctime", "atimensec", "mtimensec", "ctimensec", "mode",
		"nlink", "uid", "gid", "rdev", "blksize", "flags",
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(ops_with); i++)
		for (j = 0; j < ARRAY_SIZE(names); j++)
			ck_assert_msg(reply(ops_with[i], names[j]) != NULL,
				      "%s %s", ops_with[i], names[j]);
	ck_assert_uint_eq(reply("LOOKUP", "size")->at, 48);
	ck_assert_uint_eq(reply("GETATTR", "size")->at, 24);
	ck_assert_uint_eq(reply("CREATE", "open_flags")->at, 128 + 8);
}
END_TEST

START_TEST(own_fields_come_before_the_headers)
{
	ck_assert(field_in_header(arg("WRITE", "uid")));
	ck_assert(field_in_header(arg("WRITE", "unique")));
	ck_assert(!field_in_header(arg("SETATTR", "uid")));
	ck_assert(!field_in_header(arg("SETLK", "pid")));
	ck_assert(!field_in_header(arg("INTERRUPT", "unique")));
	ck_assert(!field_in_header(arg("WRITE", "offset")));
	ck_assert(field_in_header(op_arg(NULL, "nodeid", 6)));
	ck_assert_ptr_null(op_arg(NULL, "offset", 6));
	ck_assert(field_in_extension(arg("MKDIR", "supp_group")));
	ck_assert(!field_in_extension(arg("MKDIR", "mode")));
	ck_assert_ptr_null(op_arg(op("LINK"), "supp_group", 10));
}
END_TEST

START_TEST(header_fields_have_their_places)
{
	check_fields("header", header_fields, sizeof(struct wire_in_header));
	ck_assert_uint_eq(arg("READ", "unique")->at, 8);
	ck_assert_uint_eq(arg("READ", "nodeid")->at, 16);
	ck_assert_uint_eq(arg("READ", "uid")->at, 24);
	ck_assert_uint_eq(arg("READ", "gid")->at, 28);
	ck_assert_uint_eq(arg("READ", "pid")->at, 32);
}
END_TEST

START_TEST(layouts_that_grew_know_their_old_size)
{
	ck_assert_uint_eq(op("WRITE")->args_size, 40);
	ck_assert_uint_eq(op("WRITE")->args_min, 24);
	ck_assert_uint_eq(op("GETATTR")->args_min, 0);
	ck_assert_uint_eq(op("MKNOD")->args_min, 8);
	ck_assert_uint_eq(op("CREATE")->args_min, 8);
	ck_assert_uint_eq(op("SETXATTR")->args_min, 8);
	ck_assert_uint_eq(op("INIT")->args_size, 64);
	ck_assert_uint_eq(op("INIT")->args_min, 16);
	ck_assert_uint_eq(op("LOOKUP")->args_size, 0);
}
END_TEST

/* What a layout had not from the start says since when it has it. */
START_TEST(fields_beyond_the_old_size_came_later)
{
	const struct field *f;
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++)
		for (f = builtin_ops[i].args; f->name; f++) {
			ck_assert_uint_le(f->minor, WIRE_MINOR);
			if (f->type == FT_NAME || f->type == FT_DATA ||
			    f->at < builtin_ops[i].args_min)
				continue;
			ck_assert_msg(f->minor > builtin_ops[i].minor,
				      "%s: %s came with 7.%u", builtin_ops[i].name,
				      f->name, f->minor);
		}
}
END_TEST

/* include/uapi/linux/fuse.h, "Protocol changelog"; INIT's flags came with
 * max_readahead, FLUSH's lock_owner with the locks. */
START_TEST(minors_are_those_of_the_kernels_changelog)
{
	static const struct {
		const char *op, *field;
		unsigned minor;
	} want[] = {
		{ "SETATTR", "fh", 3 }, { "SETATTR", "lock_owner", 9 },
		{ "SETATTR", "ctime", 23 }, { "INIT", "max_readahead", 6 },
		{ "INIT", "flags2", 36 }, { "FLUSH", "lock_owner", 7 },
		{ "RELEASE", "release_flags", 8 }, { "GETATTR", "fh", 9 },
		{ "WRITE", "lock_owner", 9 }, { "SETLK", "lk_flags", 9 },
		{ "CREATE", "umask", 12 }, { "POLL", "events", 21 },
		{ "OPEN", "open_flags", 33 }, { "SETXATTR", "setxattr_flags", 33 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		const struct op *op = op_by_name(&protocol_builtin, want[i].op, strlen(want[i].op));
		const struct field *f = op_arg(op, want[i].field,
					       strlen(want[i].field));

		ck_assert_msg(f->minor == want[i].minor, "%s %s: 7.%u",
			      want[i].op, want[i].field, f->minor);
	}
	ck_assert_uint_eq(op_reply_field(op_by_code(&protocol_builtin, OP_STATFS), "frsize", 6)->minor, 4);
	ck_assert_uint_eq(op_reply_field(op_by_code(&protocol_builtin, OP_INIT), "max_write", 9)->minor, 5);
}
END_TEST

START_TEST(lookups_take_whole_words_only)
{
	ck_assert_ptr_null(op_by_name(&protocol_builtin, "WRIT", 4));
	ck_assert_ptr_null(op_by_name(&protocol_builtin, "write", 5));
	ck_assert_ptr_null(op_by_name(&protocol_builtin, "", 0));
	ck_assert_ptr_eq(op_by_name(&protocol_builtin, "RENAME2 ", 6), op("RENAME"));
	ck_assert_ptr_null(op_by_code(&protocol_builtin, 0));
	ck_assert_ptr_null(op_by_code(&protocol_builtin, 7));
	ck_assert_ptr_null(op_arg(op("WRITE"), "off", 3));
	ck_assert_ptr_null(op_reply_field(op("FORGET"), "size", 4));
	ck_assert_ptr_null(note_by_name(&protocol_builtin, "inval", 5));
	ck_assert_ptr_null(note_by_code(&protocol_builtin, 0));
	ck_assert_ptr_null(note_by_code(&protocol_builtin, 99));
	ck_assert_ptr_null(note_arg(note_by_code(&protocol_builtin, NOTE_RESEND), "size", 4));
}
END_TEST

static size_t count_words(struct words w)
{
	size_t n = 0;

	while (w.at(w.ctx, n))
		n++;
	return n;
}

START_TEST(words_list_everything)
{
	ck_assert_uint_eq(count_words(op_words(&protocol_builtin)), N_BUILTIN_OPS);
	ck_assert_uint_eq(count_words(note_words(&protocol_builtin)), N_BUILTIN_NOTES);
	ck_assert_uint_eq(count_words(op_arg_words(NULL)), 6);
	ck_assert_uint_eq(count_words(op_arg_words(op("STATFS"))), 6);
	ck_assert_uint_eq(count_words(op_arg_words(op("OPEN"))), 8);
	ck_assert_uint_eq(count_words(field_words(op("OPEN")->args)), 2);
	ck_assert_str_eq(words_nearest(op_words(&protocol_builtin), "WRIET", 5), "WRITE");
	ck_assert_str_eq(words_nearest(op_arg_words(op("WRITE")), "ofset", 5),
			 "offset");
}
END_TEST

START_TEST(notifications_are_all_there)
{
	static const char *const names[] = {
		"poll", "inval_inode", "inval_entry", "store", "retrieve",
		"delete", "resend", "inc_epoch", "prune",
	};
	static const uint16_t sizes[] = { 8, 24, 16, 24, 32, 24, 0, 0, 16 };
	size_t i;

	ck_assert_uint_eq(N_BUILTIN_NOTES, ARRAY_SIZE(names));
	for (i = 0; i < N_BUILTIN_NOTES; i++) {
		ck_assert_uint_eq(builtin_notes[i].code, i + 1);
		ck_assert_str_eq(builtin_notes[i].name, names[i]);
		ck_assert_uint_eq(builtin_notes[i].args_size, sizes[i]);
		ck_assert_uint_le(builtin_notes[i].minor, WIRE_MINOR);
		ck_assert(builtin_notes[i].help && *builtin_notes[i].help);
		ck_assert_ptr_eq(note_by_code(&protocol_builtin, (uint32_t)i + 1), &builtin_notes[i]);
		ck_assert_ptr_eq(note_by_name(&protocol_builtin, names[i], strlen(names[i])),
				 &builtin_notes[i]);
		check_fields(builtin_notes[i].name, builtin_notes[i].args, builtin_notes[i].args_size);
	}
}
END_TEST

START_TEST(notifications_have_the_fields_of_the_protocol)
{
	static const struct {
		enum note_code code;
		const char *field;
	} want[] = {
		{ NOTE_POLL, "kh" },
		{ NOTE_INVAL_INODE, "nodeid" }, { NOTE_INVAL_INODE, "off" },
		{ NOTE_INVAL_INODE, "len" },
		{ NOTE_INVAL_ENTRY, "parent" }, { NOTE_INVAL_ENTRY, "namelen" },
		{ NOTE_INVAL_ENTRY, "flags" }, { NOTE_INVAL_ENTRY, "name" },
		{ NOTE_STORE, "nodeid" }, { NOTE_STORE, "offset" },
		{ NOTE_STORE, "size" }, { NOTE_STORE, "data" },
		{ NOTE_RETRIEVE, "notify_unique" }, { NOTE_RETRIEVE, "nodeid" },
		{ NOTE_RETRIEVE, "offset" }, { NOTE_RETRIEVE, "size" },
		{ NOTE_DELETE, "parent" }, { NOTE_DELETE, "child" },
		{ NOTE_DELETE, "namelen" }, { NOTE_DELETE, "name" },
		{ NOTE_PRUNE, "count" }, { NOTE_PRUNE, "data" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++)
		ck_assert_ptr_nonnull(note_arg(note_by_code(&protocol_builtin, want[i].code),
					       want[i].field,
					       strlen(want[i].field)));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ops");
	TCase *tc = tcase_create("ops");

	tcase_add_test(tc, opcodes_and_names_are_unique_and_in_order);
	tcase_add_test(tc, request_fields_lie_in_their_layouts);
	tcase_add_test(tc, reply_fields_fit_the_kind_of_reply);
	tcase_add_test(tc, properties_are_on_the_right_operations);
	tcase_add_test(tc, properties_agree_with_the_fields);
	tcase_add_test(tc, attributes_go_by_simple_names);
	tcase_add_test(tc, own_fields_come_before_the_headers);
	tcase_add_test(tc, header_fields_have_their_places);
	tcase_add_test(tc, layouts_that_grew_know_their_old_size);
	tcase_add_test(tc, fields_beyond_the_old_size_came_later);
	tcase_add_test(tc, minors_are_those_of_the_kernels_changelog);
	tcase_add_test(tc, lookups_take_whole_words_only);
	tcase_add_test(tc, words_list_everything);
	tcase_add_test(tc, notifications_are_all_there);
	tcase_add_test(tc, notifications_have_the_fields_of_the_protocol);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
