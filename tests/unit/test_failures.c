/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Failures in words, and the result they are kept in. */
#include "config.h"

#include "tests/unit/unit.h"

#include <errno.h>

#include "tests/unit/events.h"

static const char source[] =
	"# a title\n"
	"fusescen: 1\n"
	"steps:\n"
	"  - app: fsync(fd) = 0\n";

static struct hand_log l;
static struct result r;

static void set_up(void)
{
	hand_init(&l, 1);
	l.sc.diags = diags_new("x.yaml", source, sizeof(source) - 1);
	memset(&r, 0, sizeof(r));
	r.verdict = FUSESCEN_FAIL;
}

static void tear_down(void)
{
	result_fini(&r);
	diags_free(l.sc.diags);
}

static struct failure *add_failure(const char *what, uint32_t line, uint32_t col)
{
	struct failure f = {
		.loc = { line, col, 10 },
		.what = xstrdup(what),
	};

	result_add(&r, &f);
	return &r.failures[r.n_failures - 1];
}

static void expect_text(const char *want)
{
	struct buf b = BUF_INIT;

	report_failures(&b, &l.sc, &r, l.sorted, l.n);
	ck_assert_str_eq(buf_str(&b), want);
	buf_fini(&b);
}

START_TEST(everything_a_failure_can_say)
{
	struct event *call = hand_call(&l, 0, "fsync", "fsync(fd)", false);
	struct failure *f = add_failure("app: fsync(fd) gave -1 EIO", 4, 10);

	hand_return(&l, call, -1, EIO);
	f->finding.expected = xstrdup("0");
	f->finding.actual = xstrdup("-1 EIO");
	f->finding.near_miss = xstrdup("#3 WRITE /data: offset is 8K, not 0\n"
				       "#4 WRITE /data: size is 1, not 4K\n");
	f->note = xstrdup("app is in fsync(fd):\n  fuse_fsync\n");
	f->finding.at_seq = 2;
	expect_text("x.yaml:4:10: fail: app: fsync(fd) gave -1 EIO\n"
		    "    4 |   - app: fsync(fd) = 0\n"
		    "      |          ^~~~~~~~~~\n"
		    "  expected: 0\n"
		    "  actual:   -1 EIO\n"
		    "  near:     #3 WRITE /data: offset is 8K, not 0\n"
		    "            #4 WRITE /data: size is 1, not 4K\n"
		    "    app is in fsync(fd):\n"
		    "      fuse_fsync\n"
		    "  events:\n"
		    "  app                 kernel → fs\n"
		    "> fsync(fd) = -1 EIO\n");
}
END_TEST

/* At blanks, and not within a name, however long. */
START_TEST(notes_are_wrapped_for_a_terminal)
{
	struct failure *f = add_failure("x", 0, 0);

	f->note = xstrdup("app is in fsync(fd): fuse_fsync < vfs_fsync_range\nshort\n"
			  "a_name_that_is_longer_than_all_columns_of_this_terminal it\n");
	r.columns = 40;
	expect_text("x.yaml: fail: x\n"
		    "    app is in fsync(fd): fuse_fsync <\n"
		    "      vfs_fsync_range\n"
		    "    short\n"
		    "    a_name_that_is_longer_than_all_columns_of_this_terminal it\n");
}
END_TEST

START_TEST(no_place_no_log_and_a_case)
{
	l.sc.case_name = "append";
	add_failure("the kernel log has warnings from this run", 0, 0);
	expect_text("x.yaml: fail in case append: "
		    "the kernel log has warnings from this run\n");
}
END_TEST

START_TEST(one_ladder_for_all)
{
	hand_write(&l, "/data", 0, 4096);
	add_failure("one", 0, 0)->finding.at_seq = 1;
	hand_write(&l, "/other", 0, 4096);
	add_failure("two", 0, 0)->finding.at_seq = 2;
	add_failure("three", 0, 0)->finding.at_seq = 0;
	r.kernel = xstrdup("6.18.1");
	expect_text("x.yaml: fail: one\n"
		    "\n"
		    "x.yaml: fail: two\n"
		    "\n"
		    "x.yaml: fail: three\n"
		    "  events:\n"
		    "  kernel → fs\n"
		    "> #1 WRITE /data 0+4K\n"
		    "> #2 WRITE /other 0+4K\n"
		    "  with " PACKAGE_STRING " on kernel 6.18.1\n");
}
END_TEST

START_TEST(five_are_enough)
{
	int i;

	for (i = 0; i < 7; i++)
		add_failure("again", 0, 0);
	expect_text("x.yaml: fail: again\n\n"
		    "x.yaml: fail: again\n\n"
		    "x.yaml: fail: again\n\n"
		    "x.yaml: fail: again\n\n"
		    "x.yaml: fail: again\n\n"
		    "x.yaml: 2 more\n");
}
END_TEST

START_TEST(the_verdict_is_the_word)
{
	static const struct {
		enum fusescen_verdict verdict;
		const char *text;
	} words[] = {
		{ FUSESCEN_FAIL, "x.yaml: fail: a\n" },
		{ FUSESCEN_ERROR, "x.yaml: error: a\n" },
		{ FUSESCEN_XFAIL, "x.yaml: known failure: a\n" },
		{ FUSESCEN_SKIP, "x.yaml: skip: a\n" },
	};
	size_t i;

	add_failure("a", 0, 0);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		r.verdict = words[i].verdict;
		expect_text(words[i].text);
	}
}
END_TEST

START_TEST(nothing_failed_nothing_said)
{
	hand_write(&l, "/data", 0, 4096);
	expect_text("");
}
END_TEST

START_TEST(a_result_owns_and_forgets)
{
	add_failure("one", 1, 1);
	add_failure("two", 2, 1);
	ck_assert_uint_eq(r.n_failures, 2);
	ck_assert_str_eq(r.failures[1].what, "two");
	r.reason = xstrdup("why");
	result_fini(&r);
	ck_assert_uint_eq(r.n_failures, 0);
	ck_assert_ptr_null(r.failures);
	ck_assert_ptr_null(r.reason);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("failures");
	TCase *t = tcase_create("failures");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, everything_a_failure_can_say);
	tcase_add_test(t, notes_are_wrapped_for_a_terminal);
	tcase_add_test(t, no_place_no_log_and_a_case);
	tcase_add_test(t, one_ladder_for_all);
	tcase_add_test(t, five_are_enough);
	tcase_add_test(t, the_verdict_is_the_word);
	tcase_add_test(t, nothing_failed_nothing_said);
	tcase_add_test(t, a_result_owns_and_forgets);
	return unit_main(s);
}
