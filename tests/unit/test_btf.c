/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel types: out of a blob made by hand, of every damaged kind, and, where
 * it may be read, out of the running kernel's own. */
#include "config.h"

#include "trace/btf.h"

#include <fcntl.h>
#include <linux/btf.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "tests/unit/unit.h"

#define WORDS_MAX	256
#define STRINGS_MAX	1024

/* Types and strings, as they are added; both count on from a base's. */
struct blob {
	uint32_t words[WORDS_MAX];
	size_t n_words;
	char strings[STRINGS_MAX];
	size_t n_strings;
	uint32_t first_string, next_id;
};

static struct blob blob;

static void begin(uint32_t first_id, uint32_t first_string)
{
	memset(&blob, 0, sizeof(blob));
	blob.next_id = first_id;
	blob.first_string = first_string;
	blob.n_strings = first_string ? 0 : 1;	/* "" is the very first */
}

static void word(uint32_t w)
{
	ck_assert_uint_lt(blob.n_words, WORDS_MAX);
	blob.words[blob.n_words++] = w;
}

static uint32_t string(const char *s)
{
	size_t at = blob.n_strings, len = strlen(s) + 1;

	if (!*s)
		return 0;
	ck_assert_uint_le(at + len, STRINGS_MAX);
	memcpy(blob.strings + at, s, len);
	blob.n_strings += len;
	return blob.first_string + (uint32_t)at;
}

static uint32_t type(const char *name, uint32_t kind, uint32_t vlen,
		     uint32_t size_or_type)
{
	word(string(name));
	word(kind << 24 | vlen);
	word(size_or_type);
	return blob.next_id++;
}

static uint32_t int_type(const char *name, uint32_t size, uint32_t encoding)
{
	uint32_t id = type(name, BTF_KIND_INT, 0, size);

	word(encoding << 24 | size * 8);
	return id;
}

static void member(const char *name, uint32_t of, uint32_t bits)
{
	word(string(name));
	word(of);
	word(bits);
}

static uint32_t function(const char *name, uint32_t returns)
{
	uint32_t proto = type("", BTF_KIND_FUNC_PROTO, 1, returns);

	word(0);
	word(returns);		/* a parameter, of whatever type */
	return type(name, BTF_KIND_FUNC, 1, proto);
}

static void *finish(size_t *len)
{
	struct btf_header h = {
		.magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(h),
		.type_len = (uint32_t)(blob.n_words * 4),
		.str_off = (uint32_t)(blob.n_words * 4),
		.str_len = (uint32_t)blob.n_strings,
	};
	char *data = xcalloc(1, sizeof(h) + h.type_len + h.str_len);

	memcpy(data, &h, sizeof(h));
	memcpy(data + sizeof(h), blob.words, h.type_len);
	memcpy(data + sizeof(h) + h.type_len, blob.strings, h.str_len);
	*len = sizeof(h) + h.type_len + h.str_len;
	return data;
}

static struct btf *made(const struct btf *base)
{
	size_t len;
	void *data = finish(&len);
	struct btf *b = btf_new(data, len, base);

	ck_assert_ptr_nonnull(b);
	return b;
}

/* ---- functions -------------------------------------------------------------- */

static void expect_func(const struct btf *b, const char *name, uint32_t id,
			unsigned size, bool is_signed, bool pointer)
{
	struct btf_func f;
	const char *why = btf_find_func(b, name, &f);

	ck_assert_msg(!why, "%s: %s", name, why);
	ck_assert_uint_eq(f.id, id);
	ck_assert_uint_eq(f.ret_size, size);
	ck_assert_int_eq(f.ret_signed, is_signed);
	ck_assert_int_eq(f.ret_pointer, pointer);
}

static void expect_none(const struct btf *b, const char *name, const char *want)
{
	struct btf_func f;

	ck_assert_pstr_eq(btf_find_func(b, name, &f), want);
}

START_TEST(what_functions_return)
{
	uint32_t i, u8, s64, ptr, typedef_, ids[6];
	struct btf *b;

	begin(1, 0);
	i = int_type("int", 4, BTF_INT_SIGNED);
	u8 = int_type("_Bool", 1, BTF_INT_BOOL);
	s64 = int_type("long", 8, BTF_INT_SIGNED);
	ptr = type("", BTF_KIND_PTR, 0, i);
	typedef_ = type("ssize_t", BTF_KIND_TYPEDEF, 0,
			type("", BTF_KIND_CONST, 0, s64));
	ids[0] = function("an_int", i);
	ids[1] = function("a_bool", u8);
	ids[2] = function("a_pointer", ptr);
	ids[3] = function("a_typedef", typedef_);
	ids[4] = type("color", BTF_KIND_ENUM, 1, 4);
	word(0);
	word(7);
	ids[4] = function("an_enum", ids[4]);
	b = made(NULL);
	expect_func(b, "an_int", ids[0], 4, true, false);
	expect_func(b, "a_bool", ids[1], 1, false, false);
	expect_func(b, "a_pointer", ids[2], sizeof(void *), true, true);
	expect_func(b, "a_typedef", ids[3], 8, true, false);
	expect_func(b, "an_enum", ids[4], 4, false, false);
	expect_none(b, "an_in", "no such function, or inlined");
	expect_none(b, "int", "no such function, or inlined");
	btf_free(b);
}
END_TEST

START_TEST(functions_without_a_number)
{
	uint32_t wide, pair, loop, i;
	struct btf *b;

	begin(1, 0);
	wide = int_type("__int128", 16, BTF_INT_SIGNED);
	pair = type("pair", BTF_KIND_STRUCT, 0, 8);
	loop = type("loop", BTF_KIND_TYPEDEF, 0, blob.next_id);
	function("nothing", 0);
	function("wide", wide);
	function("pair", pair);
	function("loop", loop);
	function("beyond", 999);
	i = int_type("int", 4, BTF_INT_SIGNED);
	type("no_proto", BTF_KIND_FUNC, 1, i);
	b = made(NULL);
	expect_none(b, "nothing", "it returns nothing");
	expect_none(b, "wide", "it returns no number");
	expect_none(b, "pair", "it returns no number");
	expect_none(b, "loop", "it returns nothing");
	expect_none(b, "beyond", "it returns nothing");
	expect_none(b, "no_proto", "no such function, or inlined");
	btf_free(b);
}
END_TEST

/* A kind's record has its own length: what follows must still be found. */
START_TEST(records_of_every_kind_are_passed)
{
	static const struct { uint32_t kind, vlen, words; } kinds[] = {
		{ BTF_KIND_PTR, 0, 0 }, { BTF_KIND_ARRAY, 0, 3 },
		{ BTF_KIND_STRUCT, 2, 6 }, { BTF_KIND_UNION, 2, 6 },
		{ BTF_KIND_ENUM, 2, 4 }, { BTF_KIND_FWD, 0, 0 },
		{ BTF_KIND_VOLATILE, 0, 0 }, { BTF_KIND_RESTRICT, 0, 0 },
		{ BTF_KIND_FUNC_PROTO, 2, 4 }, { BTF_KIND_VAR, 0, 1 },
		{ BTF_KIND_DATASEC, 2, 6 }, { BTF_KIND_FLOAT, 0, 0 },
		{ BTF_KIND_DECL_TAG, 0, 1 }, { BTF_KIND_TYPE_TAG, 0, 0 },
		{ BTF_KIND_ENUM64, 2, 6 },
	};
	const uint32_t i = kinds[_i].words;
	uint32_t id, k;
	struct btf *b;

	begin(1, 0);
	type("x", kinds[_i].kind, kinds[_i].vlen, 0);
	for (k = 0; k < i; k++)
		word(0);
	id = function("f", int_type("int", 4, BTF_INT_SIGNED));
	b = made(NULL);
	expect_func(b, "f", id, 4, true, false);
	btf_free(b);
}
END_TEST

/* ---- members ------------------------------------------------------------------ */

START_TEST(where_members_are)
{
	uint32_t i, inner, outer, at;
	struct btf *b;

	begin(1, 0);
	i = int_type("int", 4, BTF_INT_SIGNED);
	inner = type("", BTF_KIND_UNION, 2, 8);
	member("low", i, 0);
	member("high", i, 32);
	outer = type("task", BTF_KIND_STRUCT, 3, 16);
	member("state", i, 0);
	member("", inner, 64);
	member("odd", i, 97);
	ck_assert_uint_ne(outer, 0);
	/* with bit fields the size of each is in its offset's upper byte */
	type("bits", BTF_KIND_STRUCT, 2, 8);
	blob.words[blob.n_words - 2] |= 1u << 31;
	member("a", i, 3u << 24 | 0);
	member("b", i, 0u << 24 | 32);
	b = made(NULL);
	ck_assert(btf_find_member(b, "task", "state", &at));
	ck_assert_uint_eq(at, 0);
	ck_assert(btf_find_member(b, "task", "high", &at));
	ck_assert_uint_eq(at, 12);
	ck_assert(btf_find_member(b, "bits", "b", &at));
	ck_assert_uint_eq(at, 4);
	ck_assert(!btf_find_member(b, "task", "odd", &at));
	ck_assert(!btf_find_member(b, "task", "none", &at));
	ck_assert(!btf_find_member(b, "none", "state", &at));
	btf_free(b);
}
END_TEST

/* ---- modules ------------------------------------------------------------------ */

START_TEST(a_module_counts_on)
{
	struct btf *kernel, *module;
	uint32_t i, id, strings;

	begin(1, 0);
	i = int_type("int", 4, BTF_INT_SIGNED);
	function("of_the_kernel", i);
	kernel = made(NULL);
	strings = (uint32_t)blob.n_strings;
	begin(blob.next_id, strings);
	id = function("of_the_module", i);
	module = made(kernel);
	expect_func(module, "of_the_module", id, 4, true, false);
	expect_none(module, "of_the_kernel", "no such function, or inlined");
	expect_none(kernel, "of_the_module", "no such function, or inlined");
	btf_free(module);
	btf_free(kernel);
}
END_TEST

/* ---- damage ------------------------------------------------------------------- */

static void *whole(size_t *len)
{
	begin(1, 0);
	function("f", int_type("int", 4, BTF_INT_SIGNED));
	return finish(len);
}

START_TEST(cut_off_bytes_are_refused)
{
	size_t len, cut;
	char *data = whole(&len);

	for (cut = 0; cut < len; cut++)
		ck_assert_ptr_null(btf_new(xmemdup(data, cut), cut, NULL));
	free(data);
}
END_TEST

static void expect_refused(size_t at, uint32_t value)
{
	size_t len;
	char *data = whole(&len);

	memcpy(data + at, &value, sizeof(value));
	ck_assert_ptr_null(btf_new(data, len, NULL));
}

START_TEST(bad_headers_are_refused)
{
	expect_refused(0, 0x9feb0001);		/* the other byte order */
	expect_refused(offsetof(struct btf_header, hdr_len), 8);
	expect_refused(offsetof(struct btf_header, hdr_len), 0xffffffff);
	expect_refused(offsetof(struct btf_header, type_off), 0xfffffff0);
	expect_refused(offsetof(struct btf_header, type_off), 2);
	expect_refused(offsetof(struct btf_header, type_len), 0xfffffff0);
	expect_refused(offsetof(struct btf_header, type_len), 20);
	expect_refused(offsetof(struct btf_header, str_off), 0xfffffff0);
	expect_refused(offsetof(struct btf_header, str_len), 0);
	expect_refused(offsetof(struct btf_header, str_len), 3);
	/* a kind that does not exist, and one longer than there is */
	expect_refused(sizeof(struct btf_header) + 4, 31u << 24);
	expect_refused(sizeof(struct btf_header) + 4,
		       (uint32_t)BTF_KIND_STRUCT << 24 | 0xffff);
}
END_TEST

/* Whatever a byte becomes: no read outside, which a sanitizer would see. */
START_TEST(any_damage_is_survived)
{
	uint32_t at;
	size_t len, i;
	char *data = whole(&len);

	for (i = 0; i < len * 256; i++) {
		char *copy = xmemdup(data, len);
		struct btf_func f;
		struct btf *b;

		copy[i / 256] = (char)i;
		b = btf_new(copy, len, NULL);
		if (!b)
			continue;
		btf_find_func(b, "f", &f);
		btf_find_member(b, "f", "int", &at);
		btf_free(b);
	}
	free(data);
}
END_TEST

/* ---- the running kernel's --------------------------------------------------------- */

START_TEST(the_real_one)
{
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	struct btf_func f;
	struct stat st;
	size_t got = 0;
	struct btf *b;
	uint32_t at;
	ssize_t n;
	char *p;

	if (fd < 0)
		return;		/* a kernel without it */
	ck_assert_int_eq(fstat(fd, &st), 0);
	p = xmalloc((size_t)st.st_size);
	while ((n = read(fd, p + got, (size_t)st.st_size - got)) > 0)
		got += (size_t)n;
	close(fd);
	b = btf_new(p, got, NULL);
	ck_assert_ptr_nonnull(b);
	ck_assert_pstr_eq(btf_find_func(b, "vfs_read", &f), NULL);
	ck_assert_uint_eq(f.ret_size, sizeof(long));
	ck_assert(f.ret_signed);
	ck_assert(btf_find_member(b, "task_struct", "nsproxy", &at));
	ck_assert_uint_gt(at, 0);
	btf_free(b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("btf");
	TCase *tc = tcase_create("btf");

	tcase_add_test(tc, what_functions_return);
	tcase_add_test(tc, functions_without_a_number);
	tcase_add_loop_test(tc, records_of_every_kind_are_passed, 0, 15);
	tcase_add_test(tc, where_members_are);
	tcase_add_test(tc, a_module_counts_on);
	tcase_add_test(tc, cut_off_bytes_are_refused);
	tcase_add_test(tc, bad_headers_are_refused);
	tcase_add_test(tc, any_damage_is_survived);
	tcase_add_test(tc, the_real_one);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
