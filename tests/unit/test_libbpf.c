/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libbpf does to a process that calls it is kept from our callers. */
#include "config.h"

#include "trace/libbpf.h"

#include <bpf/libbpf.h>
#include <string.h>

#include "tests/unit/unit.h"

static unsigned printed;

static int count_lines(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	printed++;
	return 0;
}

static void provoke_complaint(void)
{
	ck_assert_ptr_null(ring_buffer__new(-1, NULL, NULL, NULL));
}

START_TEST(complaints_are_kept)
{
	struct libbpf_visit v;

	libbpf_set_print(count_lines);
	libbpf_enter(&v);
	ck_assert_str_eq(v.complaint, "");
	provoke_complaint();
	libbpf_leave(&v);
	ck_assert_msg(strstr(v.complaint, "fd=-1"), "%s", v.complaint);
	ck_assert_ptr_null(strchr(v.complaint, '\n'));
	ck_assert_uint_eq(printed, 0);
	libbpf_enter(&v);
	ck_assert_str_eq(v.complaint, "");
	libbpf_leave(&v);
}
END_TEST

START_TEST(complaints_to_others_go_where_they_went)
{
	struct libbpf_visit v;

	libbpf_set_print(count_lines);
	libbpf_enter(&v);
	libbpf_leave(&v);
	provoke_complaint();
	ck_assert_uint_eq(printed, 1);
}
END_TEST

START_TEST(the_limit_of_locked_memory_is_put_back)
{
	struct rlimit before, other, after;
	struct libbpf_visit v;

	ck_assert_int_eq(getrlimit(RLIMIT_MEMLOCK, &before), 0);
	other = (struct rlimit){ before.rlim_cur / 2, before.rlim_max };
	libbpf_enter(&v);
	ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, &other), 0);
	libbpf_leave(&v);
	ck_assert_int_eq(getrlimit(RLIMIT_MEMLOCK, &after), 0);
	ck_assert_uint_eq(after.rlim_cur, before.rlim_cur);
	ck_assert_uint_eq(after.rlim_max, before.rlim_max);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("libbpf");
	TCase *tc = tcase_create("libbpf");

	tcase_add_test(tc, complaints_are_kept);
	tcase_add_test(tc, complaints_to_others_go_where_they_went);
	tcase_add_test(tc, the_limit_of_locked_memory_is_put_back);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
