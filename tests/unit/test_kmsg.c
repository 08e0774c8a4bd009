/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is taken from the kernel log: a warning with what follows it, and nothing
 * else.  A socket plays /dev/kmsg: one record per read.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/units.h"
#include "run/conduct/kmsg.h"
#include "tests/unit/unit.h"

static int ends[2];

static void setup(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0,
				    ends), 0);
}

static void record(const char *text)
{
	char line[512];

	snprintf(line, sizeof(line), "4,17,123456,-;%s\n SUBSYSTEM=none\n", text);
	ck_assert_int_gt(send(ends[1], line, strlen(line), 0), 0);
}

START_TEST(a_quiet_log_says_nothing)
{
	auto_buf struct buf out = BUF_INIT;

	record("EXT4-fs (vda): mounted");
	ck_assert_uint_eq(kmsg_collect(ends[0], NS_PER_S, &out), 0);
	ck_assert_uint_eq(out.len, 0);
	ck_assert_uint_eq(kmsg_collect(-1, NS_PER_S, &out), 0);
}
END_TEST

/* Somebody else's program has crashed meanwhile. */
START_TEST(a_fault_of_a_program_is_none)
{
	auto_buf struct buf out = BUF_INIT;

	record("traps: cat[17] general protection fault ip:7f57 sp:7fff error:0 "
	       "in libc.so.6[167ad8,7f57a7800000+156000]");
	ck_assert_uint_eq(kmsg_collect(ends[0], NS_PER_S, &out), 0);
	record("general protection fault, probably for non-canonical address");
	ck_assert_uint_eq(kmsg_collect(ends[0], NS_PER_S, &out), 1);
}
END_TEST

START_TEST(a_task_that_has_slept_for_longer_is_of_another_run)
{
	auto_buf struct buf out = BUF_INIT;

	record("INFO: task cat:17 blocked for more than 120 seconds.");
	record("Call Trace:");
	ck_assert_uint_eq(kmsg_collect(ends[0], 119 * NS_PER_S, &out), 0);
	ck_assert_uint_eq(out.len, 0);
	record("INFO: task cat:17 blocked for more than 120 seconds.");
	ck_assert_uint_eq(kmsg_collect(ends[0], 120 * NS_PER_S, &out), 1);
}
END_TEST

START_TEST(a_warning_comes_with_what_follows)
{
	auto_buf struct buf out = BUF_INIT;

	record("nothing yet");
	record("WARNING: CPU: 1 at fs/fuse/dev.c:1");
	record("Call Trace:");
	ck_assert_uint_eq(kmsg_collect(ends[0], NS_PER_S, &out), 1);
	ck_assert_str_eq(buf_str(&out),
			 "WARNING: CPU: 1 at fs/fuse/dev.c:1\nCall Trace:\n");
}
END_TEST

/* As lockdep prints, here with a backslash too. */
START_TEST(lines_in_one_record_are_lines)
{
	auto_buf struct buf out = BUF_INIT;

	record("BUG: first\\x0a\\x0asecond \\x5cx0a and \\xzz\\x0a");
	ck_assert_uint_eq(kmsg_collect(ends[0], NS_PER_S, &out), 1);
	ck_assert_str_eq(buf_str(&out), "BUG: first\nsecond \\x0a and \\xzz\n");
}
END_TEST

START_TEST(three_are_shown_of_many)
{
	auto_buf struct buf out = BUF_INIT;
	int i;

	for (i = 0; i < 5; i++)
		record("Oops: 0000");
	ck_assert_uint_eq(kmsg_collect(ends[0], NS_PER_S, &out), 5);
	ck_assert_str_eq(buf_str(&out), "Oops: 0000\nOops: 0000\nOops: 0000\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kmsg");
	TCase *tc = tcase_create("kmsg");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_quiet_log_says_nothing);
	tcase_add_test(tc, a_fault_of_a_program_is_none);
	tcase_add_test(tc, a_task_that_has_slept_for_longer_is_of_another_run);
	tcase_add_test(tc, a_warning_comes_with_what_follows);
	tcase_add_test(tc, lines_in_one_record_are_lines);
	tcase_add_test(tc, three_are_shown_of_many);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}
