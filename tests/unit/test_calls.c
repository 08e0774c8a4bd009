/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The call table and the other word tables of the model: every row is whole,
 * no name is there twice, lookups find what they should. */
#include "config.h"

#include "model/calls.h"

#include <string.h>

#include "model/scenario.h"
#include "tests/unit/unit.h"

START_TEST(test_rows_are_whole)
{
	size_t i;

	for (i = 0; i < N_CALLS; i++) {
		const struct call *c = &calls[i];

		ck_assert_msg(c->name != NULL, "call %zu has no row", i);
		ck_assert_uint_eq(c->id, i);
		ck_assert_msg(c->help && *c->help, "%s has no help", c->name);
		ck_assert_ptr_eq(call_by_name(c->name, strlen(c->name)), c);
	}
}
END_TEST

/* Parameters: a type each, words where a type needs them, those that may be
 * left out at the end, at most CALL_PARAMS_MAX. */
START_TEST(test_parameters)
{
	size_t i, j;

	for (i = 0; i < N_CALLS; i++) {
		const struct call_param *p = calls[i].params;
		int optional = 0;

		for (j = 0; p[j].name; j++) {
			bool words = p[j].type == ARG_FLAGS ||
				p[j].type == ARG_CHOICE;

			ck_assert_uint_lt(j, CALL_PARAMS_MAX);
			ck_assert_int_ne(p[j].type, ARG_NONE);
			ck_assert_msg(words == (p[j].flags != NULL),
				      "%s: %s", calls[i].name, p[j].name);
			ck_assert_msg(p[j].optional >= optional,
				      "%s: %s cannot be required",
				      calls[i].name, p[j].name);
			optional = p[j].optional;
		}
	}
}
END_TEST

START_TEST(test_result_fields)
{
	size_t i, n;

	for (i = 0; i < N_CALLS; i++) {
		const struct call *c = &calls[i];

		ck_assert_msg((c->result == RES_FIELDS) == (c->fields != NULL),
			      "%s", c->name);
		for (n = 0; c->fields && c->fields[n].name; n++)
			;
		ck_assert_uint_le(n, CALL_FIELDS_MAX);
	}
}
END_TEST

START_TEST(test_lookup)
{
	ck_assert_ptr_eq(call_by_name("pwrite(", 6), &calls[CALL_pwrite]);
	ck_assert_ptr_null(call_by_name("pwrit", 5));
	ck_assert_ptr_null(call_by_name("", 0));
	ck_assert_str_eq(words_nearest(call_words(), "pwrit", 5), "pwrite");
}
END_TEST

/* Wide rows stand before the rows they are made of. */
START_TEST(test_flag_sets)
{
	size_t i;

	for (i = 0; call_flagsets[i]; i++) {
		const struct flagset *set = call_flagsets[i];
		const struct flag *a, *b;

		ck_assert_ptr_nonnull(set->name);
		ck_assert_ptr_nonnull(set->what);
		ck_assert_ptr_nonnull(set->rows[0].name);
		for (a = set->rows; a->name; a++) {
			ck_assert_ptr_eq(flag_find(set, a->name,
						   strlen(a->name)), a);
			for (b = set->rows; b != a && !a->within; b++)
				ck_assert_msg(b->bits == a->bits ||
					      (a->bits & b->bits) != b->bits ||
					      !b->bits,
					      "%s hides %s", b->name, a->name);
		}
	}
}
END_TEST

/* Each flag set a parameter uses is one that `list flags` shows. */
START_TEST(test_flag_sets_are_listed)
{
	size_t i, j, k;

	for (i = 0; i < N_CALLS; i++) {
		const struct call_param *p = calls[i].params;

		for (j = 0; p[j].name; j++) {
			bool found = !p[j].flags;

			for (k = 0; call_flagsets[k]; k++)
				found |= call_flagsets[k] == p[j].flags;
			for (k = 0; flagsets[k]; k++)
				found |= flagsets[k] == p[j].flags;
			ck_assert_msg(found, "%s: %s", calls[i].name,
				      p[j].name);
		}
	}
}
END_TEST

static void check_keywords_of(const struct keyword *rows, int n_kinds)
{
	unsigned long long seen = 0;
	size_t i, j;

	for (i = 0; rows[i].name; i++) {
		ck_assert_ptr_nonnull(rows[i].help);
		ck_assert_int_lt(rows[i].kind, n_kinds);
		ck_assert_msg(!(seen >> rows[i].kind & 1), "%s",
			      rows[i].name);
		seen |= 1ull << rows[i].kind;
		for (j = 0; j < i; j++)
			ck_assert_str_ne(rows[i].name, rows[j].name);
	}
}

START_TEST(test_keywords)
{
	size_t n = 0;

	check_keywords_of(step_keywords, STEP_CALL);
	check_keywords_of(check_keywords, CHECK_KERNEL + 1);
	check_keywords_of(capability_keywords, N_CAPABILITIES);
	while (capability_keywords[n].name)
		n++;
	ck_assert_uint_eq(n, N_CAPABILITIES);
	ck_assert_str_eq(words_nearest(step_words, "relase", 6), "release");
	ck_assert_str_eq(words_nearest(check_words, "nevr", 4), "never");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("calls");
	TCase *tc = tcase_create("tables");

	tcase_add_test(tc, test_rows_are_whole);
	tcase_add_test(tc, test_parameters);
	tcase_add_test(tc, test_result_fields);
	tcase_add_test(tc, test_lookup);
	tcase_add_test(tc, test_flag_sets);
	tcase_add_test(tc, test_flag_sets_are_listed);
	tcase_add_test(tc, test_keywords);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
