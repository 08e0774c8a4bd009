/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a case can do to a machine, and whether a console shows what is known of. */
#include "config.h"

#include <string.h>

#include "fusescen.h"
#include "tests/unit/unit.h"

static const char text[] =
	"fusescen: 1\n"
	"hazard: kernel_crash\n"
	"mounts: {fs: {}}\n"
	"cases: [{case: one}, {case: two}]\n"
	"fails:\n"
	"  - {kernel: any, because: it fails}\n"
	"  - {case: two, kernel: \">= 6.18, < 7.4\", crash: \"kernel BUG at fs/fuse\","
	" because: it crashes}\n";

static const char console[] =
	"[    1.0] fuse: init\r\n"
	"[    7.3] kernel BUG at fs/fuse/dir.c:2054!\r\n";

static fusescen_file *load(const char *s)
{
	fusescen_file *file = fusescen_load_text("t.yaml", s, strlen(s));

	ck_assert_ptr_null(fusescen_errors(file));
	return file;
}

START_TEST(what_it_can_do)
{
	fusescen_file *file = load(text);
	fusescen_file *tame = load("fusescen: 1\nmounts: {fs: {}}\n");

	ck_assert_str_eq(fusescen_hazard(file, 1), "kernel_crash");
	ck_assert_ptr_null(fusescen_hazard(file, 2));
	ck_assert_ptr_null(fusescen_hazard(tame, 0));
	fusescen_free(file);
	fusescen_free(tame);
}
END_TEST

START_TEST(known_by_case_kernel_and_text)
{
	fusescen_file *file = load(text);

	char *why = fusescen_crash(file, 1, "7.2.13-cloud", console);

	ck_assert_str_eq(why, "it crashes");
	free(why);
	ck_assert_ptr_null(fusescen_crash(file, 0, "7.2.13-cloud", console));
	ck_assert_ptr_null(fusescen_crash(file, 1, "7.4.0", console));
	ck_assert_ptr_null(fusescen_crash(file, 1, "7.2.13", "kernel BUG at mm/"));
	ck_assert_ptr_null(fusescen_crash(file, 2, "7.2.13", console));
	fusescen_free(file);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("hazard");
	TCase *tc = tcase_create("api");

	tcase_add_test(tc, what_it_can_do);
	tcase_add_test(tc, known_by_case_kernel_and_text);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
