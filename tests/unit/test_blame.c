/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a failed run when something of ours had run out. */
#include "config.h"

#include <string.h>

#include "run/run.h"
#include "tests/unit/unit.h"

static _Atomic uint64_t seq;
static struct scenario sc;
static struct run r;
static struct buf parts[N_REPORT_PARTS];

static void set_up(void)
{
	seq = 0;
	sc = (struct scenario){
		.path = "x.yaml", .protocol = &protocol_builtin,
		.diags = diags_new("x.yaml", NULL, 0),
	};
	r = (struct run){ .sc = &sc, .kmsg = -1, .log = evlog_new(&seq) };
}

static void tear_down(void)
{
	run_report_fini(parts);
	result_fini(&r.result);
	evlog_free(r.log);
	diags_free(sc.diags);
}

static void add_failure(void)
{
	run_fail(&r, (struct loc){ 0, 0, 0 }, xstrdup("it is so"), NULL, NULL, NULL);
}

START_TEST(a_failure_is_a_failure)
{
	add_failure();
	run_report(&r, &(struct report_style){ false, 0 }, parts);
	ck_assert_int_eq(r.result.verdict, FUSESCEN_FAIL);
	ck_assert_str_eq(buf_str(&parts[REPORT_SUMMARY]), "it is so");
}
END_TEST

/* Neither a check over a part of the log nor a pass says anything. */
START_TEST(a_log_with_gaps_says_nothing)
{
	static char msg[1 << 20];
	struct event ev = event_of(EV_INFO);

	if (_i)
		add_failure();
	ev.msg = msg;
	ev.msg_len = sizeof(msg);
	while (evlog_add(r.log, &ev))
		;
	run_report(&r, &(struct report_style){ false, 0 }, parts);
	ck_assert_int_eq(r.result.verdict, FUSESCEN_ERROR);
	ck_assert_uint_eq(r.result.n_failures, 0);
	ck_assert_ptr_nonnull(strstr(buf_str(&parts[REPORT_SUMMARY]), "(limit log_bytes)"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("blame");
	TCase *tc = tcase_create("blame");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_failure_is_a_failure);
	tcase_add_loop_test(tc, a_log_with_gaps_says_nothing, 0, 2);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
