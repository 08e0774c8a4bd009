/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages by way of a pipe: whole where they are wanted, their head where not,
 * and nothing of one in the next.  A pipe plays /dev/fuse.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "transport/drain.h"
#include "tests/unit/unit.h"

#define SIZE	(256u << 10)

static int from[2];
static uint8_t sent[SIZE], got[SIZE];
static bool wanted;
static unsigned asked;

static bool wants(void *arg, const void *head)
{
	ck_assert_ptr_eq(arg, &wanted);
	ck_assert_mem_eq(head, sent, DRAIN_HEAD);
	asked++;
	return wanted;
}

static struct drain *make(void)
{
	struct drain *d = drain_new(SIZE, SIZE / 4096, wants, &wanted);
	size_t i;

	ck_assert_ptr_nonnull(d);
	ck_assert_int_eq(pipe(from), 0);
	ck_assert_int_ge(fcntl(from[0], F_SETPIPE_SZ, SIZE), SIZE);
	for (i = 0; i < SIZE; i++)
		sent[i] = (uint8_t)(i * 7 + i / 251);
	return d;
}

static ssize_t pass(struct drain *d, size_t len)
{
	memset(got, 0xee, sizeof(got));
	ck_assert_int_eq(write(from[1], sent, len), (ssize_t)len);
	return drain_read(d, from[0], got, SIZE);
}

START_TEST(what_is_wanted_comes_whole)
{
	struct drain *d = make();

	wanted = true;
	ck_assert_int_eq(pass(d, SIZE), SIZE);
	ck_assert_mem_eq(got, sent, SIZE);
	ck_assert_int_eq(pass(d, DRAIN_HEAD + 1), DRAIN_HEAD + 1);
	ck_assert_mem_eq(got, sent, DRAIN_HEAD + 1);
	ck_assert_uint_eq(asked, 2);
	drain_free(d);
}
END_TEST

START_TEST(of_the_rest_the_head)
{
	struct drain *d = make();

	ck_assert_int_eq(pass(d, SIZE), SIZE);
	ck_assert_mem_eq(got, sent, DRAIN_HEAD);
	ck_assert_uint_eq(got[DRAIN_HEAD], 0xee);
	ck_assert_uint_eq(asked, 1);
	wanted = true;
	sent[0]++;
	ck_assert_int_eq(pass(d, 5000), 5000);
	ck_assert_mem_eq(got, sent, 5000);
	drain_free(d);
}
END_TEST

START_TEST(short_ones_are_not_asked_about)
{
	struct drain *d = make();

	ck_assert_int_eq(pass(d, 1), 1);
	ck_assert_uint_eq(got[0], sent[0]);
	ck_assert_int_eq(pass(d, DRAIN_HEAD), DRAIN_HEAD);
	ck_assert_mem_eq(got, sent, DRAIN_HEAD);
	ck_assert_uint_eq(asked, 0);
	drain_free(d);
}
END_TEST

START_TEST(errors_are_those_of_the_source)
{
	struct drain *d = make();

	ck_assert_int_eq(fcntl(from[0], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(drain_read(d, from[0], got, SIZE), -1);
	ck_assert_int_eq(errno, EAGAIN);
	close(from[1]);
	ck_assert_int_eq(drain_read(d, from[0], got, SIZE), 0);
	drain_free(d);
}
END_TEST

START_TEST(a_pipe_has_its_limits)
{
	ck_assert_ptr_null(drain_new((size_t)1 << 40, 1, wants, &wanted));
	ck_assert_ptr_null(drain_new(1, (size_t)1 << 40, wants, &wanted));
	drain_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("drain");
	TCase *tc = tcase_create("drain");

	tcase_add_test(tc, what_is_wanted_comes_whole);
	tcase_add_test(tc, of_the_rest_the_head);
	tcase_add_test(tc, short_ones_are_not_asked_about);
	tcase_add_test(tc, errors_are_those_of_the_source);
	tcase_add_test(tc, a_pipe_has_its_limits);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}
