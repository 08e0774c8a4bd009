/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths of the host: what is allowed, and every way that leads out of it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/host_paths.h"
#include "base/mem.h"
#include "unit.h"

static char dir[] = "/tmp/fusescen-hostXXXXXX";
static const char *allowed[] = { NULL, NULL };

/* dir/in/file is allowed, dir/inside/file and dir/out/file are not. */
static void set_up(void)
{
	static const char *const dirs[] = { "in", "inside", "out" };
	size_t i;

	if (!mkdtemp(strcpy(dir, "/tmp/fusescen-hostXXXXXX")) || chdir(dir))
		ck_abort_msg("no directory");
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		auto_free char *file = xasprintf("%s/file", dirs[i]);
		auto_close int fd = -1;

		ck_assert_int_eq(mkdir(dirs[i], 0755), 0);
		fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
		ck_assert_int_ge(fd, 0);
	}
	allowed[0] = "in";
}

static void tear_down(void)
{
	auto_free char *command = xasprintf("rm -rf %s", dir);

	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(system(command), 0);
}

/* 0, or why it cannot be opened. */
static int try(const char *path)
{
	auto_close int fd = host_path_open(allowed, path, 0);

	return fd < 0 ? errno : 0;
}

START_TEST(what_is_below_is_allowed)
{
	ck_assert_int_eq(try("in"), 0);
	ck_assert_int_eq(try("in/file"), 0);
	ck_assert_int_eq(try("in/."), 0);
	ck_assert_int_eq(try("in/../in/file"), 0);
	ck_assert_int_eq(try("in/gone"), ENOENT);
}
END_TEST

START_TEST(nothing_else_is)
{
	ck_assert_int_eq(try("out"), EPERM);
	ck_assert_int_eq(try("out/file"), EPERM);
	ck_assert_int_eq(try("."), EPERM);
	ck_assert_int_eq(try("in/.."), EPERM);
	ck_assert_int_eq(try("in/../out/file"), EPERM);
	/* "in" is how its name begins */
	ck_assert_int_eq(try("inside/file"), EPERM);
}
END_TEST

START_TEST(links_do_not_lead_out)
{
	ck_assert_int_eq(symlink("../out", "in/link"), 0);
	ck_assert_int_eq(symlink("../in", "out/link"), 0);
	ck_assert_int_eq(try("in/link"), EPERM);
	ck_assert_int_eq(try("in/link/file"), EPERM);
	ck_assert_int_eq(try("out/link/file"), 0);
}
END_TEST

/* Also where everything is allowed. */
START_TEST(what_controls_the_kernel_never_is)
{
	allowed[0] = "/";
	ck_assert_int_eq(try("in/file"), 0);
	ck_assert_int_eq(try("/proc/sys/vm"), EPERM);
	ck_assert_int_eq(try("/proc/self/cwd/../../proc/version"), EPERM);
	ck_assert_int_eq(try("/sys"), EPERM);
	ck_assert_int_eq(try("/dev"), EPERM);
	ck_assert_int_eq(try("/dev/null"), EPERM);
	ck_assert_int_eq(symlink("/proc/sys", "in/sys"), 0);
	ck_assert_int_eq(try("in/sys/vm/drop_caches"), EPERM);
}
END_TEST

START_TEST(nobody_allows_nothing)
{
	ck_assert_int_eq(host_path_open(NULL, "in/file", 0), -1);
	ck_assert_int_eq(errno, EPERM);
	allowed[0] = NULL;
	ck_assert_int_eq(try("in/file"), EPERM);
	allowed[0] = "gone";
	ck_assert_int_eq(try("in/file"), EPERM);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("host_paths");
	TCase *tc = tcase_create("open");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_is_below_is_allowed);
	tcase_add_test(tc, nothing_else_is);
	tcase_add_test(tc, links_do_not_lead_out);
	tcase_add_test(tc, what_controls_the_kernel_never_is);
	tcase_add_test(tc, nobody_allows_nothing);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
