/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of what kernel functions return, judged by logs made by hand; and what
 * becomes of functions that cannot be watched. */
#include "config.h"

#include "run/conduct/returns.h"

#include "tests/unit/unit.h"

#include <errno.h>

#include "base/mem.h"
#include "tests/unit/events.h"

static struct hand_log l;
static struct check check;
static struct finding finding;

static void setup(void)
{
	hand_init(&l, 1);
	check = (struct check){
		.kind = CHECK_KERNEL,
		.kernel = { .function = "fuse_f", .returns = -EBUSY },
		.text = "{kernel: fuse_f, returns: -EBUSY}",
	};
	finding = (struct finding){ 0 };
}

static void teardown(void)
{
	finding_fini(&finding);
}

static struct event *returned(const char *function, int64_t value)
{
	struct event *ev = hand_add(&l, EV_KERNEL_RETURN);

	ev->text = function;
	ev->value = value;
	return ev;
}

static bool holds(void)
{
	return returns_hold(l.sorted, l.n, &check, &finding);
}

START_TEST(one_such_return_is_enough)
{
	returned("fuse_f", 0);
	returned("fuse_f", -EBUSY);
	returned("fuse_f", 0);
	ck_assert(holds());
}
END_TEST

START_TEST(what_was_returned_instead)
{
	returned("fuse_f", 0);
	returned("fuse_f", -EIO);
	returned("fuse_f", 0);
	returned("fuse_f", 4096);
	returned("fuse_f", -5000);
	returned("fuse_f", 0);
	ck_assert(!holds());
	ck_assert_str_eq(finding.expected, "fuse_f returns -EBUSY");
	ck_assert_str_eq(finding.actual, "returned 0 (3 times), -EIO (once), "
			 "4096 (once), -5000 (once)");
	ck_assert_uint_eq(finding.at_seq, 6);
}
END_TEST

START_TEST(many_values_are_not_all_told)
{
	int64_t i;

	for (i = 0; i < 10; i++)
		returned("fuse_f", i);
	returned("fuse_f", 7);
	ck_assert(!holds());
	ck_assert_str_eq(finding.actual, "returned 0 (once), 1 (once), 2 (once), "
			 "3 (once), 4 (once), 5 (once), 6 (once), 7 (2 times), "
			 "other values (2 times)");
}
END_TEST

START_TEST(others_do_not_count)
{
	returned("fuse_g", -EBUSY);
	returned("fuse_f", -EBUSY)->teardown = true;
	hand_add(&l, EV_INFO)->text = "fuse_f";
	ck_assert(!holds());
	ck_assert_str_eq(finding.actual, "no call of it was seen");
	ck_assert_uint_eq(finding.at_seq, 0);
}
END_TEST

START_TEST(nothing_named_nothing_watched)
{
	ck_assert_ptr_null(returns_watch(&l.sc, NULL));
	ck_assert_ptr_null(returns_missing(NULL));
	returns_collect(NULL, &l.sc, NULL);
	returns_free(NULL);
}
END_TEST

/* No kernel has this one, so it is not judged, with or without tracing. */
START_TEST(what_is_not_seen_is_not_judged)
{
	_Atomic uint64_t seq = 0;
	struct evlog *log = evlog_new(&seq);
	auto_free char *missing = NULL;
	auto_free char *why = NULL;
	struct returns *w;

	check.kernel.function = "no_such_function";
	l.sc.expect = &check;
	l.sc.n_expect = 1;
	l.steps[0].kind = STEP_CHECK;
	l.steps[0].check = check;
	l.sc.steps = l.steps;
	l.sc.n_steps = 1;
	w = returns_watch(&l.sc, log);
	ck_assert_ptr_nonnull(w);
	missing = returns_missing(w);
	ck_assert_ptr_nonnull(missing);
	ck_assert_ptr_nonnull(strstr(missing, "no_such_function is not seen: "));
	/* once, though two checks name it */
	ck_assert_uint_eq(evlog_count(log), 1);
	ck_assert_int_eq(evlog_at(log, 0)->kind, EV_INFO);
	ck_assert_str_eq(evlog_at(log, 0)->text, missing);
	returns_collect(w, &l.sc, NULL);
	ck_assert_int_eq(returns_judge(w, &check, true, &finding, &why), CANNOT_SAY);
	ck_assert_ptr_nonnull(strstr(missing, why));
	ck_assert_ptr_null(finding.actual);
	returns_free(w);
	evlog_free(log);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("returns");
	TCase *tc = tcase_create("returns");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_such_return_is_enough);
	tcase_add_test(tc, what_was_returned_instead);
	tcase_add_test(tc, many_values_are_not_all_told);
	tcase_add_test(tc, others_do_not_count);
	tcase_add_test(tc, nothing_named_nothing_watched);
	tcase_add_test(tc, what_is_not_seen_is_not_judged);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
