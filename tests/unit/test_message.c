/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests taken apart: each layout of each minor, and every malformed form
 * refused. */
#include "config.h"

#include "wire/message.h"

#include "tests/unit/made.h"

/* ---- requests that are well formed --------------------------------------- */

START_TEST(header_fields_are_read)
{
	auto_made struct made m = MADE;

	add_text(&m, "data");
	decode_ok(&m, OP_LOOKUP);
	ck_assert_uint_eq(number(&m, "unique"), 42);
	ck_assert_uint_eq(number(&m, "nodeid"), 7);
	ck_assert_uint_eq(number(&m, "uid"), 1000);
	ck_assert_uint_eq(number(&m, "gid"), 100);
	ck_assert_uint_eq(number(&m, "pid"), 4711);
	ck_assert_str_eq(m.req.name[0], "data");
	ck_assert_ptr_null(m.req.name[1]);
	ck_assert_ptr_null(m.req.data);
}
END_TEST

START_TEST(a_write_has_numbers_and_data)
{
	auto_made struct made m = MADE;
	struct wire_write_in in = {
		.fh = 3, .offset = 4096, .size = 5, .write_flags = 1,
		.lock_owner = 9, .flags = 2,
	};

	buf_add(&m.body, &in, sizeof(in));
	buf_add(&m.body, "hello", 5);
	decode_ok(&m, OP_WRITE);
	ck_assert_uint_eq(m.req.args_len, 40);
	ck_assert_uint_eq(number(&m, "offset"), 4096);
	ck_assert_uint_eq(number(&m, "lock_owner"), 9);
	ck_assert_uint_eq(m.req.data_len, 5);
	ck_assert_mem_eq(m.req.data, "hello", 5);
	assert_prints(&m, "offset=4K size=5 write_flags=cache");
}
END_TEST

START_TEST(a_write_before_7_9_is_shorter)
{
	auto_made struct made m = MADE;
	struct wire_write_in in = { .fh = 3, .size = 20 };
	size_t old = offsetof(struct wire_write_in, lock_owner);

	buf_add(&m.body, &in, old);
	buf_add(&m.body, "twenty bytes of data", 20);
	decode_ok(&m, OP_WRITE);
	ck_assert_uint_eq(m.req.args_len, old);
	ck_assert(!has(&m, "lock_owner") && !has(&m, "flags"));
	ck_assert_uint_eq(m.req.data_len, 20);
	ck_assert_mem_eq(m.req.data, "twenty", 6);
}
END_TEST

/* Before 7.12 the name stands where umask is today. */
static void check_mknod(size_t name_len, uint32_t umask, bool old)
{
	auto_made struct made m = MADE;
	struct wire_mknod_in in = { .mode = 0100644, .umask = umask };
	auto_free char *name = xcalloc(1, name_len + 1);

	memset(name, 'n', name_len);
	buf_add(&m.body, &in, old ? 8 : sizeof(in));
	add_text(&m, name);
	decode_ok(&m, OP_MKNOD);
	ck_assert_str_eq(m.req.name[0], name);
	ck_assert_uint_eq(number(&m, "mode"), 0100644);
	ck_assert_int_eq(has(&m, "umask"), !old);
	if (!old)
		ck_assert_uint_eq(number(&m, "umask"), umask);
}

static void check_create(size_t name_len, uint32_t umask, bool old)
{
	auto_made struct made m = MADE;
	struct wire_create_in in = { .flags = 2, .mode = 0100600,
				     .umask = umask, .open_flags = 1 };
	auto_free char *name = xcalloc(1, name_len + 1);

	memset(name, 'n', name_len);
	buf_add(&m.body, &in, old ? 8 : sizeof(in));
	add_text(&m, name);
	decode_ok(&m, OP_CREATE);
	ck_assert_str_eq(m.req.name[0], name);
	ck_assert_int_eq(has(&m, "open_flags"), !old);
}

START_TEST(umask_or_name_is_told_apart)
{
	static const uint32_t umasks[] = { 0, 022, 0777, 0x6e };
	size_t len, i;

	for (len = 1; len <= 20; len++)
		for (i = 0; i < ARRAY_SIZE(umasks); i++) {
			check_mknod(len, umasks[i], false);
			check_mknod(len, umasks[i], true);
			check_create(len, umasks[i], false);
			check_create(len, umasks[i], true);
		}
}
END_TEST

/* The long layout comes only with the INIT flag setxattr_ext. */
static void check_setxattr(size_t name_len, size_t size, uint32_t ext, bool old)
{
	auto_made struct made m = MADE;
	struct wire_setxattr_in in = { .size = (uint32_t)size, .flags = 1,
				       .setxattr_flags = ext };
	auto_free char *name = xcalloc(1, name_len + 1);

	memset(name, 'n', name_len);
	buf_add(&m.body, &in, old ? 8 : sizeof(in));
	add_text(&m, name);
	buf_fill(&m.body, '\0', size / 2);
	buf_fill(&m.body, 'v', size - size / 2);
	decode_ok(&m, OP_SETXATTR);
	ck_assert_str_eq(m.req.name[0], name);
	ck_assert_uint_eq(m.req.data_len, size);
	ck_assert_ptr_eq(m.req.data + size, m.msg + m.len);
	ck_assert_int_eq(has(&m, "setxattr_flags"), !old);
}

START_TEST(setxattr_with_and_without_ext_is_told_apart)
{
	size_t len, size;

	for (len = 1; len <= 20; len++)
		for (size = 0; size <= 40; size++) {
			check_setxattr(len, size, 0, true);
			check_setxattr(len, size, 0, false);
			check_setxattr(len, size, 1, false);
		}
}
END_TEST

START_TEST(requests_that_grew_at_their_end)
{
	auto_made struct made m = MADE;

	decode_ok(&m, OP_GETATTR);
	ck_assert(!has(&m, "getattr_flags"));
	buf_fill(&m.body, '\0', 16);
	decode_ok(&m, OP_GETATTR);
	ck_assert(has(&m, "getattr_flags"));
	decode_ok(&m, OP_INIT);
	ck_assert(has(&m, "flags") && !has(&m, "flags2"));
	buf_fill(&m.body, '\0', 8);
	decode_ok(&m, OP_READ);
	ck_assert(has(&m, "size") && !has(&m, "lock_owner"));
	buf_fill(&m.body, '\0', 16);
	decode_ok(&m, OP_READ);
	ck_assert(has(&m, "lock_owner"));
	buf_fill(&m.body, '\0', 24);
	decode_ok(&m, OP_INIT);
	ck_assert(has(&m, "flags2"));
}
END_TEST

START_TEST(two_names)
{
	auto_made struct made m = MADE;
	struct wire_rename2_in in = { .newdir = 8, .flags = 1 };

	add_text(&m, "link");
	add_text(&m, "../target");
	decode_ok(&m, OP_SYMLINK);
	ck_assert_str_eq(m.req.name[0], "link");
	ck_assert_str_eq(m.req.name[1], "../target");
	assert_prints(&m, "target=\"../target\"");

	buf_clear(&m.body);
	buf_add(&m.body, &in, sizeof(in));
	add_text(&m, "old");
	add_text(&m, "new");
	decode_ok(&m, OP_RENAME2);
	ck_assert_str_eq(m.req.name[0], "old");
	ck_assert_str_eq(m.req.name[1], "new");
	assert_prints(&m, "newdir=8 flags=RENAME_NOREPLACE newname=\"new\"");
}
END_TEST

START_TEST(names_and_data_are_fields_too)
{
	auto_made struct made m = MADE;
	struct wire_setxattr_in in = { .size = 3 };
	struct field_value v;

	buf_add(&m.body, &in, 8);
	add_text(&m, "user.a");
	buf_add(&m.body, "val", 3);
	decode_ok(&m, OP_SETXATTR);
	ck_assert_int_eq(request_get(&m.req, op_arg(m.req.op, "name", 4), &v),
			 0);
	ck_assert_uint_eq(v.len, 6);
	ck_assert_mem_eq(v.p, "user.a", 6);
	ck_assert_int_eq(request_get(&m.req, op_arg(m.req.op, "data", 4), &v),
			 0);
	ck_assert_uint_eq(v.len, 3);
	ck_assert_mem_eq(v.p, "val", 3);
}
END_TEST

START_TEST(lists_follow_their_count)
{
	auto_made struct made m = MADE;
	struct wire_batch_forget_in in = { .count = 2 };
	struct wire_forget_one one[2] = { { 5, 1 }, { 6, 2 } };
	struct wire_removemapping_in rm = { .count = 1 };

	buf_add(&m.body, &in, sizeof(in));
	buf_add(&m.body, one, sizeof(one));
	decode_ok(&m, OP_BATCH_FORGET);
	ck_assert_uint_eq(m.req.data_len, sizeof(one));
	ck_assert_mem_eq(m.req.data, one, sizeof(one));
	assert_prints(&m, "count=2");

	buf_clear(&m.body);
	buf_add(&m.body, &rm, sizeof(rm));
	buf_add(&m.body, one, sizeof(one[0]));
	decode_ok(&m, OP_REMOVEMAPPING);
	ck_assert_uint_eq(m.req.data_len, sizeof(one[0]));
}
END_TEST

START_TEST(the_data_of_ioctl_and_notify_reply)
{
	auto_made struct made m = MADE;
	struct wire_ioctl_in in = { .cmd = 0x5401, .in_size = 4, .out_size = 9 };
	struct wire_notify_retrieve_in nr = { .offset = 4096, .size = 2 };

	buf_add(&m.body, &in, sizeof(in));
	buf_add(&m.body, "abcd", 4);
	decode_ok(&m, OP_IOCTL);
	ck_assert_uint_eq(m.req.data_len, 4);
	assert_prints(&m, "cmd=0x5401 in_size=4 out_size=9");

	buf_clear(&m.body);
	buf_add(&m.body, &nr, sizeof(nr));
	buf_add(&m.body, "xy", 2);
	decode_ok(&m, OP_NOTIFY_REPLY);
	ck_assert_uint_eq(m.req.data_len, 2);
	ck_assert_mem_eq(m.req.data, "xy", 2);
	assert_prints(&m, "offset=4K size=2");
}
END_TEST

START_TEST(extensions_are_not_data)
{
	auto_made struct made m = MADE;
	struct wire_write_in in = { .size = 3 };
	struct wire_ext_header ext = { .size = 8, .type = 32 };

	buf_add(&m.body, &in, sizeof(in));
	buf_add(&m.body, "abc", 3);
	buf_add(&m.body, &ext, sizeof(ext));
	pack(&m, OP_WRITE, 1);
	ck_assert_int_eq(request_decode(&m.req, &protocol_builtin, m.msg, m.len, &m.why), 0);
	ck_assert_uint_eq(m.req.data_len, 3);
	ck_assert_uint_eq(m.req.args_len, 40);
	ck_assert_uint_eq(m.req.body_len, 40 + 3 + 8);
}
END_TEST

/* Packs a MKDIR with these extensions behind its name. */
static void pack_mkdir(struct made *m, const void *ext, size_t len)
{
	const struct wire_mkdir_in in = { .mode = 0750, .umask = 022 };

	buf_clear(&m->body);
	buf_add(&m->body, &in, sizeof(in));
	add_text(m, "dir");
	buf_add(&m->body, ext, len);
	pack(m, OP_MKDIR, (uint16_t)(len / 8));
	ck_assert_int_eq(request_decode(&m->req, &protocol_builtin, m->msg, m->len, &m->why), 0);
	ck_assert_str_eq(m->req.name[0], "dir");
}

/* of the message; -1: none */
static int64_t supp_group(const struct made *m)
{
	const struct field *f = op_arg(m->req.op, "supp_group", 10);
	struct field_value v;

	return request_get(&m->req, f, &v) ? -1 : (int64_t)v.num;
}

START_TEST(a_group_is_read_from_the_extensions)
{
	auto_made struct made m = MADE;
	/* size, type or number of contexts, number of groups, group */
	uint32_t group[] = { 16, 32, 1, 1000 };
	const uint32_t behind[] = { 16, 1, 8, 0, 16, 32, 1, 1000 };
	const uint32_t cut[] = { 8, 32 };
	const uint32_t lies[] = { 4000, 1, 0, 0, 16, 32, 1, 1000 };
	const uint32_t stands_still[] = { 0, 1, 16, 32, 1, 1000 };

	pack_mkdir(&m, group, sizeof(group));
	ck_assert_int_eq(supp_group(&m), 1000);
	assert_prints(&m, "mode=0750 umask=022 supp_group=1000");
	pack_mkdir(&m, behind, sizeof(behind));
	ck_assert_int_eq(supp_group(&m), 1000);
	pack_mkdir(&m, NULL, 0);
	ck_assert_int_eq(supp_group(&m), -1);
	assert_prints(&m, "mode=0750 umask=022");
	pack_mkdir(&m, cut, sizeof(cut));
	ck_assert_int_eq(supp_group(&m), -1);
	pack_mkdir(&m, lies, sizeof(lies));
	ck_assert_int_eq(supp_group(&m), -1);
	pack_mkdir(&m, stands_still, sizeof(stands_still));
	ck_assert_int_eq(supp_group(&m), -1);
	group[1] = 33;	/* a type of tomorrow's */
	pack_mkdir(&m, group, sizeof(group));
	ck_assert_int_eq(supp_group(&m), -1);
}
END_TEST

/* 7.36 and 7.37 sent it without total_extlen. */
START_TEST(a_security_context_follows_the_name)
{
	auto_made struct made m = MADE;
	struct wire_create_in in = { .mode = 0100644, .umask = 022 };
	struct wire_secctx_header h = { .size = 8 };

	buf_add(&m.body, &in, sizeof(in));
	add_text(&m, "file");
	buf_add(&m.body, &h, sizeof(h));
	decode_ok(&m, OP_CREATE);
	ck_assert_str_eq(m.req.name[0], "file");
	ck_assert_uint_eq(m.req.args_len, 16);
	pack(&m, OP_CREATE, 1);
	ck_assert_int_eq(request_decode(&m.req, &protocol_builtin, m.msg, m.len, &m.why), 0);
	ck_assert_str_eq(m.req.name[0], "file");
}
END_TEST

START_TEST(an_unknown_operation_is_still_a_request)
{
	auto_made struct made m = MADE;

	buf_fill(&m.body, 'x', 11);
	decode_ok(&m, 999);
	ck_assert_ptr_null(m.req.op);
	ck_assert_uint_eq(m.req.body_len, 11);
	ck_assert_int_eq(request_is_noise(&m.req), 0);
	assert_prints(&m, "opcode=999");
}
END_TEST

/* A body for any operation: zeros, two names, data where a number says so. */
static void make_any(struct made *m, const struct op *op)
{
	const struct field *f, *size;

	buf_clear(&m->body);
	buf_fill(&m->body, '\0', op->args_size);
	for (f = op->args; f->name; f++) {
		if (f->type == FT_NAME)
			add_text(m, f->at ? "second" : "first");
		if (f->type != FT_DATA)
			continue;
		size = op_arg(op, "size", 4);
		if (!size)
			size = op_arg(op, "in_size", 7);
		if (!size)
			size = op_arg(op, "count", 5);
		ck_assert_ptr_nonnull(size);
		field_set(size, m->body.data, m->body.len, 1);
		buf_fill(&m->body, 'd',
			 strcmp(size->name, "count") == 0 ? 16 : 1);
	}
}

START_TEST(every_operation_has_all_its_fields)
{
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		auto_made struct made m = MADE;
		const struct field *f;
		struct field_value v;

		make_any(&m, &builtin_ops[i]);
		decode_ok(&m, builtin_ops[i].opcode);
		ck_assert_ptr_eq(m.req.op, &builtin_ops[i]);
		ck_assert_uint_eq(m.req.args_len, builtin_ops[i].args_size);
		for (f = builtin_ops[i].args; f->name; f++)
			ck_assert_msg(request_get(&m.req, f, &v) == 0,
				      "%s %s", builtin_ops[i].name, f->name);
	}
}
END_TEST

/* ---- requests that are not -------------------------------------------------- */

/* Whatever the bytes are cut to, nothing behind them is read, and what is
 * accepted is the layout of an older minor or an end nobody asks for. */
START_TEST(no_length_reads_too_far)
{
	size_t i, n;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		auto_made struct made m = MADE;

		make_any(&m, &builtin_ops[i]);
		for (n = m.body.len; n-- > 0; ) {
			m.body.len = n;
			if (try_decode(&m, builtin_ops[i].opcode) == 0)
				ck_assert_msg(m.req.args_len == builtin_ops[i].args_min,
					      "%s with %zu bytes",
					      builtin_ops[i].name, n);
		}
	}
}
END_TEST

START_TEST(a_length_that_lies_is_refused)
{
	auto_made struct made m = MADE;
	size_t len;

	add_text(&m, "data");
	pack(&m, OP_LOOKUP, 0);
	for (len = 0; len < m.len; len++) {
		auto_free uint8_t *part = xmalloc(len + 1);

		memcpy(part, m.msg, len);
		ck_assert_int_eq(request_decode(&m.req, &protocol_builtin, part, len, &m.why),
				 -1);
		ck_assert_str_eq(m.why, len < 40 ?
				 "shorter than a request's header" :
				 "shorter than its header says");
	}
	((struct wire_in_header *)m.msg)->len--;
	ck_assert_int_eq(request_decode(&m.req, &protocol_builtin, m.msg, m.len, &m.why), -1);
	ck_assert_str_eq(m.why, "longer than its header says");
}
END_TEST

START_TEST(fixed_parts_cut_short_are_refused)
{
	auto_made struct made m = MADE;
	struct wire_write_in in = { .size = 0 };

	buf_fill(&m.body, '\0', 15);
	assert_refused(&m, OP_GETATTR, "its fixed part is cut short");
	assert_refused(&m, OP_RELEASE, "its fixed part is cut short");
	buf_clear(&m.body);
	buf_add(&m.body, &in, 30);
	assert_refused(&m, OP_WRITE, "its fixed part is cut short");
	buf_clear(&m.body);
	assert_refused(&m, OP_MKNOD, "its fixed part is cut short");
}
END_TEST

START_TEST(names_without_their_nul_are_refused)
{
	auto_made struct made m = MADE;

	assert_refused(&m, OP_LOOKUP, "a name has no NUL");
	buf_puts(&m.body, "name");
	assert_refused(&m, OP_LOOKUP, "a name has no NUL");
	buf_addc(&m.body, '\0');
	assert_refused(&m, OP_SYMLINK, "a name has no NUL");
	buf_puts(&m.body, "target");
	assert_refused(&m, OP_SYMLINK, "a name has no NUL");
}
END_TEST

START_TEST(less_data_than_announced_is_refused)
{
	auto_made struct made m = MADE;
	struct wire_write_in in = { .size = 4 };
	struct wire_batch_forget_in bf = { .count = UINT32_MAX };

	buf_add(&m.body, &in, sizeof(in));
	buf_add(&m.body, "abc", 3);
	assert_refused(&m, OP_WRITE, "less data than it says");
	buf_addc(&m.body, 'd');
	decode_ok(&m, OP_WRITE);
	buf_clear(&m.body);
	buf_add(&m.body, &bf, sizeof(bf));
	buf_fill(&m.body, '\0', 64);
	assert_refused(&m, OP_BATCH_FORGET, "less data than it says");
}
END_TEST

/* 16 bits of pages are the most that INIT agrees on. */
START_TEST(more_than_a_reply_carries_is_refused)
{
	auto_made struct made m = MADE;
	struct wire_read_in in = { .size = 0xffffu << 12 };

	buf_add(&m.body, &in, sizeof(in));
	decode_ok(&m, OP_READ);
	decode_ok(&m, OP_READDIR);
	in.size = 0xff0000ff;
	buf_clear(&m.body);
	buf_add(&m.body, &in, sizeof(in));
	assert_refused(&m, OP_READ, "it asks for more than a reply can carry");
	assert_refused(&m, OP_READDIR,
		       "it asks for more than a reply can carry");
	assert_refused(&m, OP_READDIRPLUS,
		       "it asks for more than a reply can carry");
}
END_TEST

START_TEST(extensions_longer_than_the_body_are_refused)
{
	auto_made struct made m = MADE;

	add_text(&m, "1234567");
	pack(&m, OP_LOOKUP, 2);
	ck_assert_int_eq(request_decode(&m.req, &protocol_builtin, m.msg, m.len, &m.why), -1);
	ck_assert_str_eq(m.why, "shorter than its extensions");
	/* the name is all extension */
	pack(&m, OP_LOOKUP, 1);
	ck_assert_int_eq(request_decode(&m.req, &protocol_builtin, m.msg, m.len, &m.why), -1);
	ck_assert_str_eq(m.why, "a name has no NUL");
}
END_TEST

START_TEST(a_logs_copy_may_lack_its_end)
{
	auto_made struct made m = MADE;
	struct wire_write_in in = { .offset = 8192, .size = 100 };
	size_t old = offsetof(struct wire_write_in, lock_owner);
	const struct op *op = op_by_code(&protocol_builtin, OP_WRITE);
	struct decoded_request r;

	buf_add(&m.body, &in, sizeof(in));
	buf_fill(&m.body, 'd', 100);
	pack(&m, OP_WRITE, 0);
	ck_assert_int_eq(request_decode_cut(&r, op, m.msg, 40 + 40, &m.why), 0);
	ck_assert_uint_eq(r.args_len, 40);
	ck_assert_uint_eq(r.data_len, 0);
	ck_assert_int_eq(request_decode_cut(&r, op, m.msg, 40 + 50, &m.why), 0);
	ck_assert_uint_eq(r.data_len, 10);
	ck_assert_int_eq(request_decode_cut(&r, op, m.msg, 40 + 39, &m.why), -1);
	ck_assert_int_eq(request_decode_cut(&r, op, m.msg, m.len, &m.why), 0);
	ck_assert_uint_eq(r.data_len, 100);

	/* the length it had still tells an old layout from a new one */
	buf_clear(&m.body);
	buf_add(&m.body, &in, old);
	buf_fill(&m.body, 'd', 100);
	pack(&m, OP_WRITE, 0);
	ck_assert_int_eq(request_decode_cut(&r, op, m.msg, 40 + old, &m.why), 0);
	ck_assert_uint_eq(r.args_len, old);
}
END_TEST

START_TEST(a_logs_copy_keeps_its_names)
{
	auto_made struct made m = MADE;
	const struct op *op = op_by_code(&protocol_builtin, OP_LOOKUP);
	struct decoded_request r;

	add_text(&m, "name");
	pack(&m, OP_LOOKUP, 0);
	ck_assert_int_eq(request_decode_cut(&r, op, m.msg, m.len, &m.why), 0);
	ck_assert_str_eq(r.name[0], "name");
	ck_assert_int_eq(request_decode_cut(&r, op, m.msg, m.len - 1, &m.why), -1);
	ck_assert_int_eq(request_decode_cut(&r, op, m.msg, 39, &m.why), -1);
}
END_TEST

/* ---- noise -------------------------------------------------------------------- */

static int is_noise_getxattr(const char *name)
{
	auto_made struct made m = MADE;

	buf_fill(&m.body, '\0', sizeof(struct wire_getxattr_in));
	add_text(&m, name);
	decode_ok(&m, OP_GETXATTR);
	return request_is_noise(&m.req);
}

START_TEST(noise_is_what_the_kernel_sends_by_itself)
{
	auto_made struct made m = MADE;

	ck_assert_int_eq(is_noise_getxattr("security.capability"), 1);
	ck_assert_int_eq(is_noise_getxattr("security"), 0);
	ck_assert_int_eq(is_noise_getxattr("user.security."), 0);
	decode_ok(&m, OP_DESTROY);
	ck_assert_int_eq(request_is_noise(&m.req), 1);
	buf_fill(&m.body, '\0', 8);
	decode_ok(&m, OP_FORGET);
	ck_assert_int_eq(request_is_noise(&m.req), 1);
	decode_ok(&m, OP_BATCH_FORGET);
	ck_assert_int_eq(request_is_noise(&m.req), 1);
	decode_ok(&m, OP_INTERRUPT);
	ck_assert_int_eq(request_is_noise(&m.req), 0);
	decode_ok(&m, OP_LISTXATTR);
	ck_assert_int_eq(request_is_noise(&m.req), 0);
}
END_TEST

static void add_requests(Suite *s)
{
	TCase *tc = tcase_create("requests");

	tcase_add_test(tc, header_fields_are_read);
	tcase_add_test(tc, a_write_has_numbers_and_data);
	tcase_add_test(tc, a_write_before_7_9_is_shorter);
	tcase_add_test(tc, umask_or_name_is_told_apart);
	tcase_add_test(tc, setxattr_with_and_without_ext_is_told_apart);
	tcase_add_test(tc, requests_that_grew_at_their_end);
	tcase_add_test(tc, two_names);
	tcase_add_test(tc, names_and_data_are_fields_too);
	tcase_add_test(tc, lists_follow_their_count);
	tcase_add_test(tc, the_data_of_ioctl_and_notify_reply);
	tcase_add_test(tc, extensions_are_not_data);
	tcase_add_test(tc, a_group_is_read_from_the_extensions);
	tcase_add_test(tc, a_security_context_follows_the_name);
	tcase_add_test(tc, an_unknown_operation_is_still_a_request);
	tcase_add_test(tc, every_operation_has_all_its_fields);
	tcase_add_test(tc, noise_is_what_the_kernel_sends_by_itself);
	suite_add_tcase(s, tc);
}

static void add_malformed(Suite *s)
{
	TCase *tc = tcase_create("malformed");

	tcase_add_test(tc, no_length_reads_too_far);
	tcase_add_test(tc, a_length_that_lies_is_refused);
	tcase_add_test(tc, fixed_parts_cut_short_are_refused);
	tcase_add_test(tc, names_without_their_nul_are_refused);
	tcase_add_test(tc, less_data_than_announced_is_refused);
	tcase_add_test(tc, more_than_a_reply_carries_is_refused);
	tcase_add_test(tc, extensions_longer_than_the_body_are_refused);
	tcase_add_test(tc, a_logs_copy_may_lack_its_end);
	tcase_add_test(tc, a_logs_copy_keeps_its_names);
	suite_add_tcase(s, tc);
}

int main(void)
{
	Suite *s = suite_create("message");

	add_requests(s);
	add_malformed(s);
	return unit_main(s);
}
