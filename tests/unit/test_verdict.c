/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy of verdicts, over all combinations of what can be. */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "base/verdict.h"
#include "tests/unit/unit.h"

static bool is_judged(enum fusescen_verdict v)
{
	return v != FUSESCEN_SKIP && v != FUSESCEN_ERROR;
}

/* What the manual says, one sentence of it per case. */
static enum fusescen_verdict expected(enum fusescen_verdict before,
				      enum verdict_cause cause, bool is_known)
{
	enum fusescen_verdict fail = is_known ? FUSESCEN_XFAIL : FUSESCEN_FAIL;

	switch (cause) {
	case CAUSE_ALL_HELD:
		if (is_known && before == FUSESCEN_PASS)
			return FUSESCEN_XPASS;
		return is_known && before == FUSESCEN_FAIL ? FUSESCEN_XFAIL : before;
	case CAUSE_FAILED:
		return is_judged(before) && before != FUSESCEN_XFAIL ? fail : before;
	case CAUSE_TOOL:
		return FUSESCEN_ERROR;
	case CAUSE_UNUSED:
		return before == FUSESCEN_PASS ? FUSESCEN_FAIL : before;
	case CAUSE_WARNING:
		if (before == FUSESCEN_PASS || before == FUSESCEN_SKIP ||
		    before == FUSESCEN_XPASS)
			return fail;
		return before;
	case CAUSE_MACHINE_DIED:
		return fail;
	case N_CAUSES:
		break;
	}
	return before;
}

/* _i counts through all of them. */
START_TEST(what_becomes_of_a_verdict)
{
	enum fusescen_verdict before = (enum fusescen_verdict)(_i % N_VERDICTS);
	enum verdict_cause cause = (enum verdict_cause)(_i / N_VERDICTS % N_CAUSES);
	bool is_known = _i / N_VERDICTS / N_CAUSES;
	enum fusescen_verdict want = expected(before, cause, is_known);
	enum fusescen_verdict got = verdict_after(before, cause, is_known);

	ck_assert_msg(got == want, "%s, cause %d, known %d: %s, not %s",
		      verdicts[before].word, (int)cause, is_known,
		      verdicts[got].word, verdicts[want].word);
	/* it can be said again, and nothing is any better for it */
	ck_assert_int_eq(verdict_after(got, cause, is_known), got);
	if (!is_known && cause != CAUSE_MACHINE_DIED)
		ck_assert_uint_ge(verdicts[got].rank, verdicts[before].rank);
}
END_TEST

/* _i has a bit for each verdict that came, one for a file that could not be
 * loaded, and one for TAP. */
START_TEST(what_becomes_of_the_exit_status)
{
	size_t count[N_VERDICTS] = { 0 };
	size_t broken = _i >> N_VERDICTS & 1;
	bool is_tap = _i >> (N_VERDICTS + 1);
	unsigned came = (unsigned)_i & ((1u << N_VERDICTS) - 1);
	int want, v;

	for (v = 0; v < N_VERDICTS; v++)
		count[v] = came >> v & 1 ? 3 : 0;
	if (!came || broken || count[FUSESCEN_ERROR])
		want = 99;
	else if (is_tap)
		want = 0;
	else if (count[FUSESCEN_FAIL] || count[FUSESCEN_XPASS])
		want = 1;
	else
		want = came == 1u << FUSESCEN_SKIP ? 77 : 0;
	ck_assert_int_eq(verdicts_status(count, broken, is_tap), want);
}
END_TEST

/* One run of a verdict has the status that the table gives it; but a server that
 * could not begin has not served. */
START_TEST(what_becomes_of_one)
{
	enum fusescen_verdict v = (enum fusescen_verdict)_i;
	size_t count[N_VERDICTS] = { 0 };

	count[v] = 1;
	ck_assert_int_eq(verdicts_status(count, 0, false), verdicts[v].status);
	ck_assert_int_eq(verdict_status_of_server(v), v == FUSESCEN_SKIP ?
			 STATUS_ERROR : verdicts[v].status);
	if (v != FUSESCEN_XFAIL && v != FUSESCEN_XPASS)
		ck_assert_int_eq(verdict_of_status(verdicts[v].status), v);
	ck_assert_int_eq(verdicts[v].is_news, v == FUSESCEN_FAIL ||
			 v == FUSESCEN_XPASS || v == FUSESCEN_ERROR);
}
END_TEST

START_TEST(a_signal_is_no_verdict)
{
	ck_assert_int_eq(verdict_of_status(STATUS_SIGNAL + 9), FUSESCEN_ERROR);
}
END_TEST

START_TEST(no_two_look_alike)
{
	size_t i, j;

	for (i = 0; i < N_VERDICTS; i++)
		for (j = 0; j < i; j++) {
			const struct verdict_traits *a = &verdicts[i];
			const struct verdict_traits *b = &verdicts[j];

			ck_assert_str_ne(a->word, b->word);
			ck_assert_str_ne(a->mark, b->mark);
			ck_assert_str_ne(a->name, b->name);
			ck_assert_str_ne(a->label, b->label);
			ck_assert_int_ne(a->letter, b->letter);
			ck_assert_uint_ne(a->rank, b->rank);
		}
}
END_TEST

/* As a TAP parser counts: a failed point is bad unless it is TODO. */
START_TEST(tap_fails_what_the_status_fails)
{
	const struct verdict_traits *v = &verdicts[_i];
	bool is_todo = v->directive && strcmp(v->directive, "TODO") == 0;
	bool is_bad = is_todo ? v->is_ok : !v->is_ok;

	ck_assert_int_eq(is_bad, v->status == STATUS_FAIL ||
			 v->status == STATUS_ERROR);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("verdict");
	TCase *tc = tcase_create("verdict");

	tcase_add_loop_test(tc, what_becomes_of_a_verdict, 0,
			    N_VERDICTS * N_CAUSES * 2);
	tcase_add_loop_test(tc, what_becomes_of_the_exit_status, 0,
			    1 << (N_VERDICTS + 2));
	tcase_add_loop_test(tc, what_becomes_of_one, 0, N_VERDICTS);
	tcase_add_test(tc, a_signal_is_no_verdict);
	tcase_add_test(tc, no_two_look_alike);
	tcase_add_loop_test(tc, tap_fails_what_the_status_fails, 0, N_VERDICTS);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
