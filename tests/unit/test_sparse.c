/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sparse bytes: against a plain array, at the edges, and within the quota. */
#include "config.h"

#include "backend/memory/sparse.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/unit.h"

#define KB		1024u
#define FAR		((uint64_t)INT64_MAX + 1 - 2 * SPARSE_PAGE)

static struct quota quota;
static struct sparse s;

static void setup(void)
{
	quota = (struct quota){ .limit = 64 * SPARSE_PAGE };
	sparse_init(&s, &quota);
}

static void teardown(void)
{
	sparse_fini(&s);
	ck_assert_uint_eq(quota.used, 0);
}

static void expect(uint64_t at, const char *text, size_t len)
{
	auto_free char *got = xmalloc(len);

	memset(got, 'X', len);
	sparse_read(&s, at, got, len);
	ck_assert_mem_eq(got, text, len);
}

START_TEST(empty_reads_zeros)
{
	expect(0, "\0\0\0\0", 4);
	expect(FAR, "\0\0\0\0", 4);
	ck_assert_uint_eq(sparse_next(&s, 5, true), UINT64_MAX);
	ck_assert_uint_eq(sparse_next(&s, 5, false), 5);
}
END_TEST

START_TEST(write_across_pages)
{
	ck_assert_int_eq(sparse_write(&s, SPARSE_PAGE - 2, "abcd", 4), 4);
	expect(SPARSE_PAGE - 3, "\0abcd\0", 6);
	ck_assert_uint_eq(s.pages, 2);
	ck_assert_uint_eq(quota.used, 2 * SPARSE_PAGE);
}
END_TEST

START_TEST(far_and_near)
{
	ck_assert_int_eq(sparse_write(&s, FAR, "far", 3), 3);
	ck_assert_int_eq(sparse_write(&s, 0, "near", 4), 4);
	expect(FAR, "far", 3);
	expect(0, "near", 4);
	ck_assert_uint_eq(s.pages, 2);
	ck_assert_uint_eq(sparse_next(&s, SPARSE_PAGE, true),
			  FAR & ~(SPARSE_PAGE - 1ull));
}
END_TEST

START_TEST(data_and_holes)
{
	sparse_write(&s, 8 * KB, "x", 1);
	sparse_write(&s, 1024 * KB, "y", 1);
	ck_assert_uint_eq(sparse_next(&s, 0, true), 8 * KB);
	ck_assert_uint_eq(sparse_next(&s, 8 * KB + 7, true), 8 * KB + 7);
	ck_assert_uint_eq(sparse_next(&s, 8 * KB, false), 12 * KB);
	ck_assert_uint_eq(sparse_next(&s, 12 * KB, true), 1024 * KB);
	ck_assert_uint_eq(sparse_next(&s, 1028 * KB, true), UINT64_MAX);
}
END_TEST

START_TEST(punch_inside_a_page)
{
	sparse_write(&s, 0, "abcdef", 6);
	sparse_punch(&s, 2, 2);
	expect(0, "ab\0\0ef", 6);
	ck_assert_uint_eq(s.pages, 1);
}
END_TEST

START_TEST(punch_over_pages)
{
	char all[4 * SPARSE_PAGE];

	memset(all, 'a', sizeof(all));
	sparse_write(&s, 0, all, sizeof(all));
	sparse_punch(&s, 100, 3 * SPARSE_PAGE);
	ck_assert_uint_eq(s.pages, 2);
	expect(99, "a\0\0", 3);
	expect(3 * SPARSE_PAGE + 98, "\0\0aa", 4);
	ck_assert_uint_eq(quota.used, 2 * SPARSE_PAGE);
}
END_TEST

START_TEST(punch_to_the_end)
{
	sparse_write(&s, 10, "abc", 3);
	sparse_write(&s, FAR, "far", 3);
	sparse_punch(&s, 11, UINT64_MAX - 11);
	expect(10, "a\0\0", 3);
	expect(FAR, "\0\0\0", 3);
	ck_assert_uint_eq(s.pages, 1);
	sparse_punch(&s, 0, UINT64_MAX);
	ck_assert_uint_eq(s.pages, 0);
	ck_assert_uint_eq(s.height, 0);
	sparse_punch(&s, 5, 0);
}
END_TEST

START_TEST(fill_keeps_what_is_there)
{
	sparse_write(&s, SPARSE_PAGE, "abc", 3);
	ck_assert_int_eq(sparse_fill(&s, 10, 2 * SPARSE_PAGE), 0);
	ck_assert_uint_eq(s.pages, 3);
	expect(SPARSE_PAGE, "abc\0", 4);
	ck_assert_int_eq(sparse_fill(&s, 0, 0), 0);
}
END_TEST

START_TEST(quota_ends)
{
	auto_free char *all = xcalloc(1, 65 * SPARSE_PAGE);

	ck_assert_int_eq(sparse_write(&s, 0, all, 65 * SPARSE_PAGE),
			 64 * SPARSE_PAGE);
	ck_assert_int_eq(sparse_write(&s, 64 * SPARSE_PAGE, all, 1), -ENOSPC);
	ck_assert_int_eq(sparse_write(&s, 5, "old pages", 9), 9);
	sparse_punch(&s, 0, SPARSE_PAGE);
	ck_assert_int_eq(sparse_write(&s, 64 * SPARSE_PAGE, all, 1), 1);
}
END_TEST

START_TEST(fill_is_all_or_nothing)
{
	sparse_write(&s, 0, "a", 1);
	ck_assert_int_eq(sparse_fill(&s, 0, 65 * SPARSE_PAGE), ENOSPC);
	ck_assert_int_eq(sparse_fill(&s, 0, UINT64_MAX / 2), ENOSPC);
	ck_assert_uint_eq(s.pages, 1);
	ck_assert_uint_eq(quota.used, SPARSE_PAGE);
	ck_assert_int_eq(sparse_fill(&s, 0, 64 * SPARSE_PAGE), 0);
}
END_TEST

START_TEST(iov_does_not_copy)
{
	struct iovec iov[4];
	size_t done;

	sparse_write(&s, SPARSE_PAGE, "abc", 3);
	ck_assert_int_eq(sparse_iov(&s, 1, 2 * SPARSE_PAGE, iov, 4, &done), 3);
	ck_assert_uint_eq(done, 2 * SPARSE_PAGE);
	ck_assert_uint_eq(iov[0].iov_len, SPARSE_PAGE - 1);
	ck_assert_mem_eq(iov[1].iov_base, "abc", 3);
	ck_assert_uint_eq(iov[2].iov_len, 1);
	ck_assert_int_eq(sparse_iov(&s, 0, 3 * SPARSE_PAGE, iov, 2, &done), 2);
	ck_assert_uint_eq(done, 2 * SPARSE_PAGE);
}
END_TEST

START_TEST(runs)
{
	bool data;

	ck_assert_uint_eq(sparse_run(&s, 0, FAR, 10, &data), FAR);
	ck_assert(!data);
	sparse_write(&s, SPARSE_PAGE, "abc", 3);
	sparse_write(&s, 2 * SPARSE_PAGE, "abc", 3);
	ck_assert_uint_eq(sparse_run(&s, 10, FAR, 10, &data), SPARSE_PAGE - 10);
	ck_assert(!data);
	ck_assert_uint_eq(sparse_run(&s, SPARSE_PAGE + 10, FAR, FAR, &data),
			  2 * SPARSE_PAGE - 10);
	ck_assert(data);
	ck_assert_uint_eq(sparse_run(&s, SPARSE_PAGE, FAR, 5000, &data), 5000);
	ck_assert_uint_eq(sparse_run(&s, SPARSE_PAGE, 7, 5000, &data), 7);
}
END_TEST

/* Random calls on the tree and on an array of 48 pages. */
START_TEST(like_an_array)
{
	const size_t size = 48 * SPARSE_PAGE;
	auto_free char *model = xcalloc(1, size), *got = xmalloc(size);
	unsigned i;

	srand(_i + 1);
	for (i = 0; i < 400; i++) {
		size_t at = rand() % size, len = rand() % (size - at);
		char letter = 'a' + i % 26;

		if (rand() % 3) {
			len %= 3 * SPARSE_PAGE;
			memset(model + at, letter, len);
			ck_assert_int_eq(sparse_write(&s, at, model + at, len),
					 len);
		} else {
			memset(model + at, 0, len);
			sparse_punch(&s, at, len);
		}
	}
	sparse_read(&s, 0, got, size);
	ck_assert_mem_eq(got, model, size);
	ck_assert_uint_eq(quota.used, s.pages * SPARSE_PAGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sparse");
	TCase *tc = tcase_create("sparse");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, empty_reads_zeros);
	tcase_add_test(tc, write_across_pages);
	tcase_add_test(tc, far_and_near);
	tcase_add_test(tc, data_and_holes);
	tcase_add_test(tc, punch_inside_a_page);
	tcase_add_test(tc, punch_over_pages);
	tcase_add_test(tc, punch_to_the_end);
	tcase_add_test(tc, fill_keeps_what_is_there);
	tcase_add_test(tc, quota_ends);
	tcase_add_test(tc, fill_is_all_or_nothing);
	tcase_add_test(tc, iov_does_not_copy);
	tcase_add_test(tc, runs);
	tcase_add_loop_test(tc, like_an_array, 0, 20);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}
