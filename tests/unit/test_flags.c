/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bits by name: the tables are sound, and text round-trips. */
#include "config.h"

#include "wire/flags.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/unit.h"
#include "wire/proto.h"

static uint64_t bits_of(const struct flagset *set, const char *name)
{
	return flag_by_name(set, name, strlen(name));
}

static void assert_prints(const struct flagset *set, uint64_t bits,
			  const char *want)
{
	auto_buf struct buf b = BUF_INIT;

	flags_print(&b, set, bits);
	ck_assert_str_eq(buf_str(&b), want);
}

static bool is_one_bit(uint64_t bits)
{
	return bits && !(bits & (bits - 1));
}

START_TEST(sets_have_names_of_their_own)
{
	size_t i, j;

	for (i = 0; flagsets[i]; i++) {
		ck_assert(flagsets[i]->name && flagsets[i]->what);
		for (j = 0; j < i; j++)
			ck_assert_str_ne(flagsets[i]->name, flagsets[j]->name);
	}
	ck_assert_uint_ge(i, 20);
}
END_TEST

START_TEST(rows_are_unique)
{
	const struct flag *f, *g;
	size_t i;

	for (i = 0; flagsets[i]; i++)
		for (f = flagsets[i]->rows; f->name; f++) {
			ck_assert_uint_le(f->minor, WIRE_MINOR);
			for (g = flagsets[i]->rows; g < f; g++) {
				ck_assert_str_ne(f->name, g->name);
				ck_assert_uint_ne(f->bits, g->bits);
			}
		}
}
END_TEST

/* Otherwise the parts would be printed, never the whole. */
START_TEST(masks_stand_before_their_parts)
{
	const struct flag *f, *g;
	size_t i;

	for (i = 0; flagsets[i]; i++)
		for (f = flagsets[i]->rows; f->name; f++)
			for (g = flagsets[i]->rows; g < f; g++)
				ck_assert(!g->bits || is_one_bit(f->bits) ||
					  f->within == ~0ull ||
					  (f->bits & g->bits) != g->bits);
}
END_TEST

/* The word that stands beside a row because its bits are 0 in a value: O_RDONLY
 * beside O_TRUNC; NULL: none. */
static const char *word_beside(const struct flagset *set, const struct flag *row)
{
	const struct flag *f;

	for (f = set->rows; f->name; f++)
		if (f->within && !f->bits && row->bits && !(row->bits & f->within))
			return f->name;
	return NULL;
}

START_TEST(every_row_prints_as_its_name)
{
	const struct flag *f;
	size_t i;

	for (i = 0; flagsets[i]; i++)
		for (f = flagsets[i]->rows; f->name; f++) {
			const char *beside = word_beside(flagsets[i], f);
			auto_free char *both = xasprintf("%s|%s", beside ? beside : "",
							 f->name);

			assert_prints(flagsets[i], f->bits, beside ? both : f->name);
			ck_assert_ptr_eq(flag_find(flagsets[i], f->name,
						   strlen(f->name)), f);
			ck_assert_uint_eq(bits_of(flagsets[i], f->name),
					  f->bits);
		}
}
END_TEST

START_TEST(combinations_and_unknown_bits_print)
{
	assert_prints(&flags_write, 0, "0");
	assert_prints(&flags_write, 3, "cache|lockowner");
	assert_prints(&flags_write, 0x11, "cache|0x10");
	assert_prints(&flags_write, 0x80000000, "0x80000000");
	assert_prints(&flags_init, 1ull << 63, "0x8000000000000000");
	assert_prints(&flags_open, 0, "O_RDONLY");
	assert_prints(&flags_open, bits_of(&flags_open, "O_RDWR") |
		      bits_of(&flags_open, "O_DIRECT"), "O_RDWR|O_DIRECT");
	assert_prints(&flags_open, 3, "O_ACCMODE");
	assert_prints(&flags_statx, 0x800 | 0x7ff,
		      "STATX_BASIC_STATS|STATX_BTIME");
}
END_TEST

static void assert_cond_prints(const struct flagset *set, uint64_t on, uint64_t off,
			       const char *want)
{
	auto_buf struct buf b = BUF_INIT;

	flags_print_cond(&b, set, on, off);
	ck_assert_str_eq(buf_str(&b), want);
}

START_TEST(conditions_print_as_they_are_written)
{
	assert_cond_prints(&flags_open, 0, 3, "O_RDONLY");
	assert_cond_prints(&flags_open, 1, 2, "O_WRONLY");
	assert_cond_prints(&flags_open, 2 | O_APPEND, 1 | O_TRUNC,
			   "O_RDWR|O_APPEND|-O_TRUNC");
	assert_cond_prints(&flags_open, O_TRUNC, 0, "O_TRUNC");
	assert_cond_prints(&flags_open, 0, O_TRUNC | O_APPEND,
			   "-O_TRUNC|-O_APPEND");
	assert_cond_prints(&flags_access, 0, 7, "F_OK");
	assert_cond_prints(&flags_access, 4, 0, "R_OK");
	assert_cond_prints(&flags_fopen, 0, UINT64_MAX, "0");
}
END_TEST

START_TEST(unknown_names_have_no_bits)
{
	ck_assert_uint_eq(bits_of(&flags_init, "writeback"), 0);
	ck_assert_uint_eq(bits_of(&flags_init, "writeback_cache2"), 0);
	ck_assert_uint_eq(bits_of(&flags_init, ""), 0);
	ck_assert_ptr_null(flag_find(&flags_init, "WRITEBACK_CACHE", 15));
	/* only len bytes count: a scenario's text has no NUL behind it */
	ck_assert_uint_eq(flag_by_name(&flags_write, "cache|x", 5), 1);
}
END_TEST

START_TEST(a_word_without_bits_is_known)
{
	ck_assert_ptr_nonnull(flag_find(&flags_open, "O_RDONLY", 8));
	ck_assert_uint_eq(bits_of(&flags_open, "O_RDONLY"), 0);
}
END_TEST

START_TEST(init_views_are_halves_of_the_whole)
{
	const struct flag *f, *all = flags_init.rows;

	for (f = flags_init_low.rows; f->name; f++, all++) {
		ck_assert_str_eq(f->name, all->name);
		ck_assert_uint_eq(f->bits, all->bits);
	}
	for (f = flags_init_high.rows; f->name; f++, all++) {
		ck_assert_str_eq(f->name, all->name);
		ck_assert_uint_eq(f->bits << 32, all->bits);
	}
	ck_assert_ptr_null(all->name);
}
END_TEST

START_TEST(names_have_the_protocols_values)
{
	ck_assert_uint_eq(bits_of(&flags_init, "writeback_cache"),
			  INIT_WRITEBACK_CACHE);
	ck_assert_uint_eq(bits_of(&flags_init, "max_pages"), INIT_MAX_PAGES);
	ck_assert_uint_eq(bits_of(&flags_init, "init_ext"), INIT_EXT);
	ck_assert_uint_eq(bits_of(&flags_init, "passthrough"),
			  INIT_PASSTHROUGH);
	ck_assert_uint_eq(bits_of(&flags_init, "has_resend"), INIT_HAS_RESEND);
	ck_assert_uint_eq(bits_of(&flags_init, "over_io_uring"),
			  INIT_OVER_IO_URING);
	ck_assert_uint_eq(bits_of(&flags_init, "request_timeout"), 1ull << 42);
	ck_assert_uint_eq(bits_of(&flags_init, "has_io_uring_bufpool"), 1ull << 43);
	ck_assert_uint_eq(bits_of(&flags_fopen, "io_uring_zero_copy"), 1u << 8);
	ck_assert_uint_eq(bits_of(&flags_fopen, "direct_io"), FOPEN_DIRECT_IO);
	ck_assert_uint_eq(bits_of(&flags_fopen, "keep_cache"),
			  FOPEN_KEEP_CACHE);
	ck_assert_uint_eq(bits_of(&flags_fopen, "parallel_direct_writes"),
			  FOPEN_PARALLEL_DIRECT_WRITES);
	ck_assert_uint_eq(bits_of(&flags_fopen, "passthrough"),
			  FOPEN_PASSTHROUGH);
	ck_assert_uint_eq(bits_of(&flags_setattr, "kill_suidgid"), 1u << 11);
	ck_assert_uint_eq(bits_of(&flags_read, "lockowner"), 2);
	/* the kernel's number, not the 0 of <fcntl.h> */
	ck_assert_uint_ne(bits_of(&flags_open, "O_LARGEFILE"), 0);
}
END_TEST

START_TEST(words_are_the_names)
{
	struct words w = flag_words(&flags_lk);

	ck_assert_str_eq(w.at(w.ctx, 0), "flock");
	ck_assert_ptr_null(w.at(w.ctx, 1));
	ck_assert_str_eq(words_nearest(flag_words(&flags_init),
				       "writback_cache", 14),
			 "writeback_cache");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("flags");
	TCase *tc = tcase_create("flags");

	tcase_add_test(tc, sets_have_names_of_their_own);
	tcase_add_test(tc, rows_are_unique);
	tcase_add_test(tc, masks_stand_before_their_parts);
	tcase_add_test(tc, every_row_prints_as_its_name);
	tcase_add_test(tc, combinations_and_unknown_bits_print);
	tcase_add_test(tc, conditions_print_as_they_are_written);
	tcase_add_test(tc, unknown_names_have_no_bits);
	tcase_add_test(tc, a_word_without_bits_is_known);
	tcase_add_test(tc, init_views_are_halves_of_the_whole);
	tcase_add_test(tc, names_have_the_protocols_values);
	tcase_add_test(tc, words_are_the_names);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
