/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notifications put together byte by byte. */
#include "config.h"

#include "wire/message.h"

#include <string.h>

#include "base/mem.h"
#include "tests/unit/unit.h"

struct given {
	const char *name;
	uint64_t num;
	const char *text;	/* names and data */
};

static void encode(struct buf *out, enum note_code code,
		   const struct given *g, size_t n)
{
	const struct note *note = note_by_code(&protocol_builtin, code);
	struct field_set sets[8];
	size_t i;

	ck_assert_uint_le(n, ARRAY_SIZE(sets));
	for (i = 0; i < n; i++) {
		sets[i].f = note_arg(note, g[i].name, strlen(g[i].name));
		ck_assert_ptr_nonnull(sets[i].f);
		sets[i].num = g[i].num;
		sets[i].p = g[i].text;
		sets[i].len = g[i].text ? strlen(g[i].text) : 0;
	}
	note_encode(out, note, sets, n);
}

/* Payload given as 32-bit words (little endian pairs make up 64 bits) and the
 * bytes that follow. */
static void assert_note(const struct buf *b, uint32_t code,
			const uint32_t *words, size_t n, const char *tail,
			size_t tail_len)
{
	struct wire_out_header h;

	ck_assert_uint_ge(b->len, sizeof(h));
	memcpy(&h, b->data, sizeof(h));
	ck_assert_uint_eq(h.len, sizeof(h) + n * 4 + tail_len);
	ck_assert_uint_eq(b->len, h.len);
	ck_assert_int_eq(h.error, (int32_t)code);
	ck_assert_uint_eq(h.unique, 0);
	if (n)
		ck_assert_mem_eq(b->data + sizeof(h), words, n * 4);
	if (tail_len)
		ck_assert_mem_eq(b->data + sizeof(h) + n * 4, tail, tail_len);
}

#define ENCODE(b, code, ...)					\
	encode(b, code, (const struct given[]){ __VA_ARGS__ },	\
	       sizeof((const struct given[]){ __VA_ARGS__ }) /	\
	       sizeof(struct given))
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define U64(lo)	(lo), 0
#else
#define U64(lo)	0, (lo)
#endif

START_TEST(invalidations_are_byte_exact)
{
	auto_buf struct buf b = BUF_INIT;
	const uint32_t inode[] = { U64(5), U64(4096), U64(8192) };
	const uint32_t entry[] = { U64(1), 4, 1 };
	const uint32_t del[] = { U64(1), U64(9), 4, 0 };

	ENCODE(&b, NOTE_INVAL_INODE, { "nodeid", 5, NULL },
	       { "off", 4096, NULL }, { "len", 8192, NULL });
	assert_note(&b, 2, inode, 6, NULL, 0);

	buf_clear(&b);
	ENCODE(&b, NOTE_INVAL_ENTRY, { "parent", 1, NULL },
	       { "flags", 1, NULL }, { "name", 0, "data" });
	assert_note(&b, 3, entry, 4, "data", 5);

	buf_clear(&b);
	ENCODE(&b, NOTE_DELETE, { "parent", 1, NULL }, { "child", 9, NULL },
	       { "name", 0, "data" });
	assert_note(&b, 6, del, 6, "data", 5);
}
END_TEST

START_TEST(negative_offsets_go_onto_the_wire)
{
	auto_buf struct buf b = BUF_INIT;
	const uint32_t words[] = { U64(5), UINT32_MAX, UINT32_MAX, U64(0) };

	ENCODE(&b, NOTE_INVAL_INODE, { "nodeid", 5, NULL },
	       { "off", (uint64_t)-1, NULL });
	assert_note(&b, 2, words, 6, NULL, 0);
}
END_TEST

START_TEST(data_notifications_are_byte_exact)
{
	auto_buf struct buf b = BUF_INIT;
	const uint32_t store[] = { U64(5), U64(4096), 5, 0 };
	const uint32_t retrieve[] = { U64(77), U64(5), U64(0), 4096, 0 };
	const uint32_t prune[] = { 2, 0, U64(0) };

	ENCODE(&b, NOTE_STORE, { "nodeid", 5, NULL },
	       { "offset", 4096, NULL }, { "data", 0, "hello" });
	assert_note(&b, 4, store, 6, "hello", 5);

	buf_clear(&b);
	ENCODE(&b, NOTE_RETRIEVE, { "notify_unique", 77, NULL },
	       { "nodeid", 5, NULL }, { "size", 4096, NULL });
	assert_note(&b, 5, retrieve, 8, NULL, 0);

	buf_clear(&b);
	ENCODE(&b, NOTE_PRUNE, { "data", 0, "nodeid 1nodeid 2" });
	assert_note(&b, 9, prune, 4, "nodeid 1nodeid 2", 16);
}
END_TEST

START_TEST(short_notifications_are_byte_exact)
{
	auto_buf struct buf b = BUF_INIT;
	const uint32_t kh[] = { U64(3) };

	ENCODE(&b, NOTE_POLL, { "kh", 3, NULL });
	assert_note(&b, 1, kh, 2, NULL, 0);
	buf_clear(&b);
	note_encode(&b, note_by_code(&protocol_builtin, NOTE_RESEND), NULL, 0);
	assert_note(&b, 7, NULL, 0, NULL, 0);
	buf_clear(&b);
	note_encode(&b, note_by_code(&protocol_builtin, NOTE_INC_EPOCH), NULL, 0);
	assert_note(&b, 8, NULL, 0, NULL, 0);
}
END_TEST

START_TEST(lengths_given_by_hand_stay)
{
	auto_buf struct buf b = BUF_INIT;
	const uint32_t entry[] = { U64(0), 1000, 0 };
	const uint32_t store[] = { U64(0), U64(0), 0, 0 };
	const uint32_t prune[] = { 7, 0, U64(0) };

	ENCODE(&b, NOTE_INVAL_ENTRY, { "namelen", 1000, NULL },
	       { "name", 0, "x" });
	assert_note(&b, 3, entry, 4, "x", 2);
	buf_clear(&b);
	ENCODE(&b, NOTE_STORE, { "size", 0, NULL }, { "data", 0, "abc" });
	assert_note(&b, 4, store, 6, "abc", 3);
	buf_clear(&b);
	ENCODE(&b, NOTE_PRUNE, { "count", 7, NULL });
	assert_note(&b, 9, prune, 4, NULL, 0);
}
END_TEST

START_TEST(the_last_value_given_counts)
{
	auto_buf struct buf b = BUF_INIT;
	const uint32_t kh[] = { U64(2) };

	ENCODE(&b, NOTE_POLL, { "kh", 1, NULL }, { "kh", 2, NULL });
	assert_note(&b, 1, kh, 2, NULL, 0);
}
END_TEST

START_TEST(nothing_given_is_zero)
{
	auto_buf struct buf b = BUF_INIT;
	const uint32_t zero[6] = { 0 };

	note_encode(&b, note_by_code(&protocol_builtin, NOTE_DELETE), NULL, 0);
	assert_note(&b, 6, zero, 6, "", 1);
}
END_TEST

START_TEST(raw_notifications_carry_anything)
{
	auto_buf struct buf b = BUF_INIT;

	note_encode_raw(&b, 99, "abc", 3);
	assert_note(&b, 99, NULL, 0, "abc", 3);
	buf_clear(&b);
	note_encode_raw(&b, UINT32_MAX, NULL, 0);
	assert_note(&b, UINT32_MAX, NULL, 0, NULL, 0);
}
END_TEST

static void add_notes(Suite *s)
{
	TCase *tc = tcase_create("notifications");

	tcase_add_test(tc, invalidations_are_byte_exact);
	tcase_add_test(tc, negative_offsets_go_onto_the_wire);
	tcase_add_test(tc, data_notifications_are_byte_exact);
	tcase_add_test(tc, short_notifications_are_byte_exact);
	tcase_add_test(tc, lengths_given_by_hand_stay);
	tcase_add_test(tc, the_last_value_given_counts);
	tcase_add_test(tc, nothing_given_is_zero);
	tcase_add_test(tc, raw_notifications_carry_anything);
	suite_add_tcase(s, tc);
}

int main(void)
{
	Suite *s = suite_create("notes");

	add_notes(s);
	return unit_main(s);
}
