/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public functions with NULL for a handle: nothing crashes, and each returns what
 * fusescen-api(3) says. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "fusescen.h"
#include "tests/unit/unit.h"

START_TEST(a_file)
{
	char *error = NULL;

	ck_assert_ptr_null(fusescen_load(NULL));
	ck_assert_ptr_null(fusescen_load_text(NULL, "x", 1));
	ck_assert_ptr_null(fusescen_load_text("x", NULL, 0));
	ck_assert_str_eq(fusescen_errors(NULL), "no scenario\n");
	ck_assert_str_eq(fusescen_title(NULL), "");
	ck_assert_ptr_null(fusescen_tags(NULL)[0]);
	ck_assert_uint_eq(fusescen_cases(NULL), 0);
	ck_assert_ptr_null(fusescen_case_name(NULL, 0));
	ck_assert_ptr_null(fusescen_hazard(NULL, 0));
	ck_assert_ptr_null(fusescen_asks(NULL, 0));
	ck_assert_ptr_null(fusescen_unused(NULL, 0));
	ck_assert_ptr_null(fusescen_crash(NULL, 0, "6.1", ""));
	errno = 0;
	ck_assert_ptr_null(fusescen_start(NULL, 0, NULL));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_ptr_null(fusescen_serve(NULL, 0, NULL, &error));
	ck_assert_str_eq(error, "no scenario");
	free(error);
	ck_assert_ptr_null(fusescen_attach(NULL, NULL, 0, NULL, &error));
	ck_assert_str_eq(error, "no scenario\n");
	free(error);
	ck_assert_ptr_null(fusescen_attach(NULL, NULL, 0, NULL, NULL));
	fusescen_free(NULL);
}
END_TEST

START_TEST(a_session)
{
	static const char text[] = "# x\nfusescen: 1\nmounts: {fs: {}}\n";
	fusescen_file *file = fusescen_load_text("x", text, strlen(text));
	char *error = NULL;

	ck_assert_ptr_null(fusescen_attach(NULL, file, 0, NULL, &error));
	ck_assert_str_eq(error, "no session\n");
	free(error);
	fusescen_free(file);
}
END_TEST

/* A word of somebody's else than the command line. */
START_TEST(a_transport)
{
	static const char text[] = "# x\nfusescen: 1\nmounts: {fs: {}}\n";
	const struct fusescen_options run = { .size = sizeof(run), .transport = "fast" };
	const struct fusescen_serve_options serve = {
		.size = sizeof(serve), .mountpoint = ".", .transport = "fast",
	};
	const struct fusescen_explore_options search = {
		.size = sizeof(search), .transport = "fast",
	};
	fusescen_file *file = fusescen_load_text("x", text, strlen(text));
	fusescen_report *r;
	char *error = NULL;

	errno = 0;
	ck_assert_ptr_null(fusescen_start(file, 0, &run));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_ptr_null(fusescen_serve(file, 0, &serve, &error));
	ck_assert_str_eq(error, "no such transport: \"fast\"");
	free(error);
	r = fusescen_explore(file, 0, &search);
	ck_assert_int_eq(fusescen_verdict(r), FUSESCEN_ERROR);
	ck_assert_str_eq(fusescen_summary(r), "no such transport");
	fusescen_report_free(r);
	fusescen_free(file);
}
END_TEST

static void check_error(fusescen_report *r)
{
	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(fusescen_verdict(r), FUSESCEN_ERROR);
	ck_assert_str_eq(fusescen_text(r), "");
	fusescen_report_free(r);
}

START_TEST(a_run)
{
	char *none[] = { NULL };

	ck_assert_int_eq(fusescen_fd(NULL), -1);
	fusescen_stop(NULL);
	ck_assert_int_eq(fusescen_spawn(NULL, none), -1);
	check_error(fusescen_finish(NULL));
	check_error(fusescen_detach(NULL));
}
END_TEST

START_TEST(a_report)
{
	ck_assert_int_eq(fusescen_verdict(NULL), FUSESCEN_ERROR);
	ck_assert_str_eq(fusescen_summary(NULL), "");
	ck_assert_str_eq(fusescen_text(NULL), "");
	ck_assert_str_eq(fusescen_events(NULL), "");
	ck_assert_str_eq(fusescen_report_unused(NULL), "");
	ck_assert_uint_eq(fusescen_elapsed_ns(NULL), 0);
	fusescen_report_free(NULL);
	ck_assert_ptr_null(fusescen_list(NULL));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("api_null");
	TCase *tc = tcase_create("handles");

	tcase_add_test(tc, a_file);
	tcase_add_test(tc, a_session);
	tcase_add_test(tc, a_transport);
	tcase_add_test(tc, a_run);
	tcase_add_test(tc, a_report);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
