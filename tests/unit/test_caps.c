/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is root, by what the kernel says of the user namespace. */
#include "config.h"

#include <stdio.h>

#include "run/caps.h"
#include "tests/unit/unit.h"

static char path[] = "/tmp/fusescen-caps-XXXXXX";

static void setup(void)
{
	auto_close int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
}

static void teardown(void)
{
	unlink(path);
}

static bool is_initial(const char *map)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(map, f);
	fclose(f);
	return caps_is_initial_user_ns(path);
}

START_TEST(the_initial_one_maps_all_onto_themselves)
{
	ck_assert(is_initial("         0          0 4294967295\n"));
	ck_assert(!is_initial("         0       1000          1\n"));
	ck_assert(!is_initial("         0          0          1\n"));
	ck_assert(!is_initial("         1          1 4294967294\n"));
	ck_assert(!is_initial(""));
}
END_TEST

/* CONFIG_USER_NS=n: the file is not there, and root is root. */
START_TEST(without_user_namespaces_there_is_but_one)
{
	unlink(path);
	ck_assert(caps_is_initial_user_ns(path));
}
END_TEST

/* A file that is there and cannot be read proves nothing. */
START_TEST(what_cannot_be_read_is_no_proof)
{
	ck_assert(!caps_is_initial_user_ns("/dev/null/uid_map"));
}
END_TEST

static void assert_missing(const char *args, const char *cmdline, const char *missing)
{
	auto_free char *got = caps_missing_arg(args, cmdline);

	ck_assert_pstr_eq(got, missing);
}

START_TEST(arguments_are_whole_words)
{
	assert_missing("a=1", "quiet a=1 b\n", NULL);
	assert_missing("b a=1", "quiet a=1 b\n", NULL);
	assert_missing(" b  quiet ", "quiet a=1 b\n", NULL);
	assert_missing("a=1", "quiet a=12\n", "a=1");
	assert_missing("a", "quiet a=1\n", "a");
	assert_missing("a=1 c b", "a=1 b\n", "c");
	assert_missing("a=1", "", "a=1");
	assert_missing("b", "a -- b\n", "b");
}
END_TEST

START_TEST(hyphens_in_names_are_underscores)
{
	assert_missing("fuse.enable-uring=1", "fuse.enable_uring=1\n", NULL);
	assert_missing("fuse.enable_uring=1", "fuse.enable-uring=1\n", NULL);
	assert_missing("a=x-y", "a=x_y\n", "a=x-y");
	assert_missing("a_", "a\n", "a_");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("caps");
	TCase *tc = tcase_create("caps");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_initial_one_maps_all_onto_themselves);
	tcase_add_test(tc, without_user_namespaces_there_is_but_one);
	tcase_add_test(tc, what_cannot_be_read_is_no_proof);
	tcase_add_test(tc, arguments_are_whole_words);
	tcase_add_test(tc, hyphens_in_names_are_underscores);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
