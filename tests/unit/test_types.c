/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel types: made by hand, and, where they may be read, the running
 * kernel's own. */
#include "config.h"

#include "trace/types.h"

#include <bpf/btf.h>
#include <string.h>

#include "tests/unit/unit.h"

#define NOT_THERE	"no such function, or inlined"

static struct btf *types;
static int number;		/* type "int" */

static void setup(void)
{
	types = btf__new_empty();
	ck_assert_ptr_nonnull(types);
	number = btf__add_int(types, "int", 4, BTF_INT_SIGNED);
}

static void teardown(void)
{
	btf__free(types);
}

static uint32_t function_in(struct btf *b, const char *name, int returns)
{
	int proto = btf__add_func_proto(b, returns);
	int id;

	ck_assert_int_gt(proto, 0);
	ck_assert_int_eq(btf__add_func_param(b, "x", returns), 0);
	id = btf__add_func(b, name, BTF_FUNC_STATIC, proto);
	ck_assert_int_gt(id, 0);
	return (uint32_t)id;
}

static uint32_t function(const char *name, int returns)
{
	return function_in(types, name, returns);
}

/* ---- functions -------------------------------------------------------------- */

static void expect_function(const struct btf *b, const char *name, uint32_t id,
			    unsigned size, bool is_signed, bool pointer)
{
	struct function_type f;
	const char *why = types_find_function(b, name, &f);

	ck_assert_msg(!why, "%s: %s", name, why);
	ck_assert_uint_eq(f.id, id);
	ck_assert_uint_eq(f.ret_size, size);
	ck_assert_int_eq(f.ret_signed, is_signed);
	ck_assert_int_eq(f.ret_pointer, pointer);
}

static void expect_none(const struct btf *b, const char *name, const char *want)
{
	struct function_type f;

	ck_assert_pstr_eq(types_find_function(b, name, &f), want);
}

START_TEST(what_functions_return)
{
	int boolean = btf__add_int(types, "_Bool", 1, BTF_INT_BOOL);
	int wide = btf__add_int(types, "long", 8, BTF_INT_SIGNED);
	int ssize = btf__add_typedef(types, "ssize_t", btf__add_const(types, wide));
	int pointer = btf__add_ptr(types, number);
	int color = btf__add_enum(types, "color", 4);
	int depth = btf__add_enum64(types, "depth", 8, true);

	expect_function(types, "an_int", function("an_int", number), 4, true, false);
	expect_function(types, "a_bool", function("a_bool", boolean), 1, false, false);
	expect_function(types, "a_pointer", function("a_pointer", pointer),
			sizeof(void *), true, true);
	expect_function(types, "a_typedef", function("a_typedef", ssize), 8, true,
			false);
	expect_function(types, "an_enum", function("an_enum", color), 4, false, false);
	expect_function(types, "an_enum64", function("an_enum64", depth), 8, true,
			false);
	expect_none(types, "an_in", NOT_THERE);
	expect_none(types, "int", NOT_THERE);
}
END_TEST

START_TEST(functions_without_a_number)
{
	int loop = btf__add_typedef(types, "loop", (int)btf__type_cnt(types));

	function("nothing", 0);
	function("wide", btf__add_int(types, "__int128", 16, BTF_INT_SIGNED));
	function("pair", btf__add_struct(types, "pair", 8));
	function("loop", loop);
	function("beyond", 999);
	btf__add_func(types, "no_proto", BTF_FUNC_STATIC, number);
	expect_none(types, "nothing", "it returns nothing");
	expect_none(types, "wide", "it returns no number");
	expect_none(types, "pair", "it returns no number");
	expect_none(types, "loop", "it returns nothing");
	expect_none(types, "beyond", "it returns nothing");
	expect_none(types, "no_proto", NOT_THERE);
}
END_TEST

/* A module's types go on counting where the kernel's end. */
START_TEST(functions_of_a_module)
{
	struct btf *module = btf__new_empty_split(types);
	uint32_t id = function("of_the_kernel", number);

	btf__free(module);
	module = btf__new_empty_split(types);
	id = function_in(module, "of_the_module", number);
	ck_assert_uint_ge(id, btf__type_cnt(types));
	expect_function(module, "of_the_module", id, 4, true, false);
	expect_none(types, "of_the_module", NOT_THERE);
	btf__free(module);
}
END_TEST

/* ---- members ------------------------------------------------------------------ */

static void field(const char *name, int type, uint32_t at, uint32_t bits)
{
	ck_assert_int_eq(btf__add_field(types, name, type, at, bits), 0);
}

START_TEST(where_members_are)
{
	int inner = btf__add_struct(types, NULL, 8);
	uint32_t at;

	field("low", number, 0, 0);
	field("high", number, 32, 0);
	btf__add_struct(types, "task", 24);
	field("state", number, 0, 0);
	field(NULL, inner, 64, 0);
	field("odd", number, 129, 3);
	field("even", number, 136, 8);
	ck_assert(types_find_member(types, "task", "state", &at));
	ck_assert_uint_eq(at, 0);
	ck_assert(types_find_member(types, "task", "high", &at));
	ck_assert_uint_eq(at, 12);
	ck_assert(types_find_member(types, "task", "even", &at));
	ck_assert_uint_eq(at, 17);
	ck_assert(!types_find_member(types, "task", "odd", &at));
	ck_assert(!types_find_member(types, "task", "none", &at));
	ck_assert(!types_find_member(types, "none", "state", &at));
}
END_TEST

/* ---- the running kernel's --------------------------------------------------------- */

START_TEST(the_real_ones)
{
	struct btf *b = btf__parse("/sys/kernel/btf/vmlinux", NULL);
	struct function_type f;
	uint32_t at;

	if (!b)
		return;		/* a kernel without them */
	ck_assert_pstr_eq(types_find_function(b, "vfs_read", &f), NULL);
	ck_assert_uint_eq(f.ret_size, sizeof(long));
	ck_assert(f.ret_signed);
	ck_assert(types_find_member(b, "task_struct", "nsproxy", &at));
	ck_assert_uint_gt(at, 0);
	btf__free(b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("types");
	TCase *tc = tcase_create("types");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_functions_return);
	tcase_add_test(tc, functions_without_a_number);
	tcase_add_test(tc, functions_of_a_module);
	tcase_add_test(tc, where_members_are);
	tcase_add_test(tc, the_real_ones);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
