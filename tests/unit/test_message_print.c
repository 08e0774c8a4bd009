/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single fields of messages, and messages in words. */
#include "config.h"

#include "wire/message.h"

#include "base/units.h"
#include "tests/unit/made.h"

/* ---- single fields -------------------------------------------------------------- */

START_TEST(fields_are_set_and_read_back)
{
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		size_t size = builtin_ops[i].reply_size;
		auto_free uint8_t *body = xcalloc(1, size + 1);
		const struct field *f;
		uint64_t num;

		for (f = builtin_ops[i].reply_fields; f->name; f++) {
			if (f->type == FT_DATA)
				continue;
			ck_assert_int_eq(field_set(f, body, size, 0x1234), 0);
			ck_assert_int_eq(field_get(f, body, size, &num), 0);
			ck_assert_uint_eq(num, 0x1234);
		}
	}
}
END_TEST

START_TEST(fields_outside_are_refused)
{
	const struct field *size = op_reply_field(op_by_code(&protocol_builtin, OP_GETATTR),
						  "size", 4);
	const struct field *data = op_reply_field(op_by_code(&protocol_builtin, OP_READ),
						  "data", 4);
	uint8_t body[104] = { 0 };
	uint64_t num;

	ck_assert_int_eq(field_get(size, body, 32, &num), 0);
	ck_assert_int_eq(field_get(size, body, 31, &num), -1);
	ck_assert_int_eq(field_set(size, body, 31, 1), -1);
	ck_assert_int_eq(field_get(size, body, 0, &num), -1);
	ck_assert_int_eq(field_get(data, body, sizeof(body), &num), -1);
	ck_assert_int_eq(field_set(data, body, sizeof(body), 1), -1);
	ck_assert_uint_eq(body[24], 0);
}
END_TEST

START_TEST(signed_fields_keep_their_sign)
{
	const struct field *id = op_reply_field(op_by_code(&protocol_builtin, OP_OPEN),
						"backing_id", 10);
	auto_buf struct buf b = BUF_INIT;
	uint8_t body[16] = { 0 };
	uint64_t num;

	ck_assert_int_eq(field_set(id, body, sizeof(body), (uint64_t)-3), 0);
	ck_assert_int_eq(field_get(id, body, sizeof(body), &num), 0);
	ck_assert_int_eq((int64_t)num, -3);
	field_print(&b, &protocol_builtin, id, num);
	ck_assert_str_eq(buf_str(&b), "-3");
}
END_TEST

/* ---- printing ---------------------------------------------------------------------- */

static uint64_t parse_flags(const struct flagset *set, const char *text)
{
	const char *end = text;
	uint64_t bits = 0, part;

	for (;; text = end + 1) {
		end = strchrnul(text, '|');
		if (flag_find(set, text, (size_t)(end - text)))
			part = flag_by_name(set, text, (size_t)(end - text));
		else
			ck_assert_int_eq(parse_size(text, (size_t)(end - text),
						    &part), 0);
		bits |= part;
		if (!*end)
			return bits;
	}
}

/* As the loader reads such a field. */
static uint64_t parse_back(const struct field *f, const char *text)
{
	size_t len = strlen(text);
	uint64_t num = 0;
	int64_t snum;

	if (f->dim == FD_FLAGS || f->dim == FD_CHOICE)
		return parse_flags(f->flags, text);
	if (f->dim == FD_TIME_S) {
		ck_assert_int_eq(parse_time(text, len, &num), 0);
		return num / NS_PER_S;
	}
	if (text[0] == '-') {
		ck_assert_int_eq(parse_int(text, len, &snum), 0);
		return (uint64_t)snum;
	}
	ck_assert_msg(parse_size(text, len, &num) == 0, "%s: %s", f->name,
		      text);
	return num;
}

static void check_round_trip(const struct field *f)
{
	static const uint64_t values[] = { 0, 1, 7, 8, 0644, 4096, 65535 };
	size_t i;

	if (f->type == FT_NAME || f->type == FT_DATA)
		return;
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		auto_buf struct buf b = BUF_INIT;

		field_print(&b, &protocol_builtin, f, values[i]);
		ck_assert_msg(parse_back(f, buf_str(&b)) == values[i],
			      "%s: %s is not %llu", f->name, buf_str(&b),
			      (unsigned long long)values[i]);
	}
}

START_TEST(every_field_reads_what_it_prints)
{
	const struct field *f;
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		for (f = builtin_ops[i].args; f->name; f++)
			check_round_trip(f);
		for (f = builtin_ops[i].reply_fields; f->name; f++)
			check_round_trip(f);
	}
	for (i = 0; i < N_BUILTIN_NOTES; i++)
		for (f = builtin_notes[i].args; f->name; f++)
			check_round_trip(f);
}
END_TEST

static void assert_field_prints(enum field_dim dim, uint64_t num,
				const char *want)
{
	const struct field f = { "x", FT_U64, dim, 0, 0, NULL };
	auto_buf struct buf b = BUF_INIT;

	field_print(&b, &protocol_builtin, &f, num);
	ck_assert_str_eq(buf_str(&b), want);
}

START_TEST(each_dimension_prints_its_way)
{
	assert_field_prints(FD_NUM, 4096, "4096");
	assert_field_prints(FD_SIZE, 4096, "4K");
	assert_field_prints(FD_OCT, 022, "022");
	assert_field_prints(FD_OCT, 0, "0");
	assert_field_prints(FD_MODE, 0100644, "0100644");
	assert_field_prints(FD_HEX, 255, "0xff");
	assert_field_prints(FD_TIME_S, 20, "20s");
	assert_field_prints(FD_TIME_S, UINT64_MAX, "18446744073709551615s");
	assert_field_prints(FD_ERRNO, 5, "EIO");
	assert_field_prints(FD_ERRNO, 4000000000u, "4000000000");
	assert_field_prints(FD_NUM, UINT64_MAX, "18446744073709551615");
}
END_TEST

START_TEST(setattr_prints_what_is_valid)
{
	auto_made struct made m = MADE;
	struct wire_setattr_in in = {
		.valid = 1 << 0 | 1 << 3 | 1 << 6 | 1 << 9,
		.fh = 3, .size = 0, .lock_owner = 99, .mode = 0600, .uid = 5,
	};

	buf_add(&m.body, &in, sizeof(in));
	decode_ok(&m, OP_SETATTR);
	/* size 0 is said, uid 5 is not meant */
	assert_prints(&m, "valid=mode|size|fh|lockowner size=0 mode=0600");
	ck_assert_uint_eq(number(&m, "uid"), 5);
}
END_TEST

START_TEST(init_prints_flags_by_name)
{
	auto_made struct made m = MADE;
	struct wire_init_in in = {
		.major = 7, .minor = 45, .max_readahead = 131072,
		.flags = 1u << 16 | 1u << 30, .flags2 = 1u << 5 | 1u << 31,
	};

	buf_add(&m.body, &in, sizeof(in));
	decode_ok(&m, OP_INIT);
	assert_prints(&m, "major=7 minor=45 max_readahead=128K "
		      "flags=writeback_cache|init_ext "
		      "flags2=passthrough|0x80000000");
}
END_TEST

START_TEST(open_flags_are_said_once)
{
	auto_made struct made m = MADE;
	struct wire_open_in open = { .flags = 2 };
	struct wire_read_in read = { .fh = 1, .size = 4096, .flags = 2 };

	buf_add(&m.body, &open, sizeof(open));
	decode_ok(&m, OP_OPEN);
	assert_prints(&m, "flags=O_RDWR");
	buf_clear(&m.body);
	buf_add(&m.body, &read, sizeof(read));
	decode_ok(&m, OP_READ);
	assert_prints(&m, "offset=0 size=4K");
}
END_TEST

START_TEST(words_are_set_off_from_what_stands_before)
{
	auto_made struct made m = MADE;
	auto_buf struct buf b = BUF_INIT;

	buf_fill(&m.body, '\0', sizeof(struct wire_getxattr_in));
	add_text(&m, "user.a");
	decode_ok(&m, OP_GETXATTR);
	buf_puts(&b, "GETXATTR /data");
	request_print(&b, &protocol_builtin, &m.req);
	ck_assert_str_eq(buf_str(&b), "GETXATTR /data size=0 name=\"user.a\"");
}
END_TEST

static void assert_reply_prints(uint32_t opcode, const void *body, size_t len,
				const char *want)
{
	auto_buf struct buf b = BUF_INIT;
	auto_free uint8_t *exact = xmemdup(body, len);

	reply_print(&b, &protocol_builtin, op_by_code(&protocol_builtin, opcode), exact, len);
	ck_assert_str_eq(buf_str(&b), want);
}

START_TEST(replies_print)
{
	struct wire_entry_out entry = {
		.nodeid = 5, .generation = 1, .entry_valid = 20,
		.attr = { .ino = 5, .size = 65536, .mode = 0100644, .nlink = 1 },
	};
	struct wire_open_out open = { .fh = 1, .open_flags = 1 | 1 << 6 };
	struct wire_write_out wr = { .size = 4096 };
	struct wire_ioctl_out io = { .result = -1 };
	char ioctl_body[sizeof(io) + 2];

	assert_reply_prints(OP_LOOKUP, &entry, sizeof(entry), "nodeid=5 "
			    "entry_valid=20s size=64K mode=0100644 nlink=1");
	assert_reply_prints(OP_OPEN, &open, sizeof(open),
			    "open_flags=direct_io|parallel_direct_writes");
	assert_reply_prints(OP_WRITE, &wr, sizeof(wr), "size=4K");
	assert_reply_prints(OP_FSYNC, "", 0, "");
	assert_reply_prints(OP_READ, "hello", 5, "data=\"hello\"");
	assert_reply_prints(OP_READ, (char[4096]){ 0 }, 4096, "data='\\0'*4K");
	memcpy(ioctl_body, &io, sizeof(io));
	memcpy(ioctl_body + sizeof(io), "ok", 2);
	assert_reply_prints(OP_IOCTL, ioctl_body, sizeof(ioctl_body),
			    "result=-EPERM data=\"ok\"");
}
END_TEST

START_TEST(a_getxattr_reply_is_a_size_or_data)
{
	struct wire_getxattr_out out = { .size = 20 };

	assert_reply_prints(OP_GETXATTR, &out, sizeof(out), "size=20");
	assert_reply_prints(OP_GETXATTR, "eight ch", 8, "data=\"eight ch\"");
	assert_reply_prints(OP_GETXATTR, "v", 1, "data=\"v\"");
}
END_TEST

START_TEST(a_reply_cut_short_prints_what_is_there)
{
	struct wire_entry_out entry = { .nodeid = 5, .attr = { .size = 1 } };

	assert_reply_prints(OP_LOOKUP, &entry, 12, "nodeid=5");
	assert_reply_prints(OP_LOOKUP, &entry, 0, "");
}
END_TEST

static void add_fields(Suite *s)
{
	TCase *tc = tcase_create("fields");

	tcase_add_test(tc, fields_are_set_and_read_back);
	tcase_add_test(tc, fields_outside_are_refused);
	tcase_add_test(tc, signed_fields_keep_their_sign);
	tcase_add_test(tc, every_field_reads_what_it_prints);
	tcase_add_test(tc, each_dimension_prints_its_way);
	tcase_add_test(tc, setattr_prints_what_is_valid);
	tcase_add_test(tc, init_prints_flags_by_name);
	tcase_add_test(tc, open_flags_are_said_once);
	tcase_add_test(tc, words_are_set_off_from_what_stands_before);
	tcase_add_test(tc, replies_print);
	tcase_add_test(tc, a_getxattr_reply_is_a_size_or_data);
	tcase_add_test(tc, a_reply_cut_short_prints_what_is_there);
	suite_add_tcase(s, tc);
}

int main(void)
{
	Suite *s = suite_create("message_print");

	add_fields(s);
	return unit_main(s);
}
