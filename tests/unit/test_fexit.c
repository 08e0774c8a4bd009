/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kernel functions return: where the kernel lets us look, those that a
 * call of our own has gone through; and what is said where it does not. */
#include "config.h"

#include "trace/fexit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/units.h"
#include "tests/unit/unit.h"

/* ---- the kernel ------------------------------------------------------------------- */

static struct fexit *start(const char *function)
{
	struct fexit_error e;
	struct fexit *f;

	/* of our own: nobody else's calls are seen, and ours by nobody else */
	if (fexit_missing() || unshare(CLONE_NEWNS))
		return NULL;
	f = fexit_new(&e);
	ck_assert_msg(f != NULL, "%s", e.what);
	ck_assert_int_eq(fexit_attach(f, function, &e), 0);
	return f;
}

static void open_nothing(void)
{
	ck_assert_int_eq(open("/nothing/here", O_RDONLY | O_CLOEXEC), -1);
}

START_TEST(a_call_of_ours_is_seen)
{
	uint64_t before = clock_ns();
	struct fexit *f = start("do_sys_openat2");
	struct fexit_return *r;
	bool lost;
	size_t n;
	int fd;

	if (!f)
		return;
	open_nothing();
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	r = fexit_drain(f, &n, &lost);
	ck_assert(!lost);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(r[0].tid, gettid());
	ck_assert_uint_eq(r[0].function, 0);
	ck_assert_int_eq(r[0].value, -ENOENT);
	ck_assert_uint_ge(r[0].at_ns, before);
	ck_assert_uint_ge(r[1].at_ns, r[0].at_ns);
	ck_assert_uint_le(r[1].at_ns, clock_ns());
	ck_assert_int_eq(r[1].value, fd);
	free(r);
	r = fexit_drain(f, &n, &lost);
	ck_assert_uint_eq(n, 0);
	free(r);
	fexit_free(f);
}
END_TEST

static void in_a_child(int other_namespace)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (other_namespace && unshare(CLONE_NEWNS))
			_exit(1);
		open("/nothing/here", O_RDONLY | O_CLOEXEC);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

START_TEST(children_belong_to_us_others_do_not)
{
	struct fexit *f = start("do_sys_openat2");
	struct fexit_return *r;
	bool lost;
	size_t n;

	if (!f)
		return;
	in_a_child(1);
	r = fexit_drain(f, &n, &lost);
	ck_assert_uint_eq(n, 0);
	free(r);
	in_a_child(0);
	r = fexit_drain(f, &n, &lost);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_ne(r[0].tid, gettid());
	ck_assert_int_eq(r[0].value, -ENOENT);
	free(r);
	fexit_free(f);
}
END_TEST

/* In the order of their returns; a pointer is 1, not an address. */
START_TEST(functions_are_told_apart)
{
	struct fexit *f = start("do_sys_openat2");
	struct fexit_return *r;
	struct fexit_error e;
	bool lost;
	size_t n;

	if (!f)
		return;
	ck_assert_int_eq(fexit_attach(f, "alloc_empty_file", &e), 1);
	open_nothing();
	r = fexit_drain(f, &n, &lost);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(r[0].function, 1);
	ck_assert_int_eq(r[0].value, 1);
	ck_assert_uint_eq(r[1].function, 0);
	ck_assert_int_eq(r[1].value, -ENOENT);
	free(r);
	fexit_free(f);
}
END_TEST

START_TEST(more_than_can_be_kept_is_noticed)
{
	struct fexit *f = start("do_sys_openat2");
	struct fexit_return *r;
	bool lost;
	size_t n, i;

	if (!f)
		return;
	for (i = 0; i < 10000; i++)
		open_nothing();
	r = fexit_drain(f, &n, &lost);
	ck_assert(lost);
	ck_assert_uint_gt(n, 1000);
	free(r);
	open_nothing();
	r = fexit_drain(f, &n, &lost);
	ck_assert(!lost);
	ck_assert_uint_eq(n, 1);
	free(r);
	fexit_free(f);
}
END_TEST

START_TEST(what_cannot_be_watched)
{
	struct fexit *f = start("do_sys_openat2");
	struct fexit_error e = { .err = 5 };

	if (!f)
		return;
	ck_assert_int_eq(fexit_attach(f, "no_such_function", &e), -1);
	ck_assert_str_eq(e.what, "no such function, or inlined");
	ck_assert_int_eq(e.err, 0);
	ck_assert_str_eq(e.complaint, "");
	ck_assert_int_eq(fexit_attach(f, "fput", &e), -1);
	ck_assert_str_eq(e.what, "it returns nothing");
	fexit_free(f);
}
END_TEST

/* Nobody may look: said so, and nothing stays open. */
START_TEST(without_permission)
{
	struct fexit_error e = { .what = NULL };
	uid_t was = geteuid();
	const char *missing;
	struct fexit *f;

	if (was == 0 && seteuid(65534))
		return;
	missing = fexit_missing();
	ck_assert_ptr_nonnull(missing);
	f = fexit_new(&e);
	if (f)
		ck_assert_int_eq(fexit_attach(f, "vfs_read", &e), -1);
	ck_assert_ptr_nonnull(e.what);
	fexit_free(f);
	/* as it was, for the leak checker */
	ck_assert_int_eq(seteuid(was), 0);
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 1), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("fexit");
	TCase *tc = tcase_create("kernel");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_call_of_ours_is_seen);
	tcase_add_test(tc, children_belong_to_us_others_do_not);
	tcase_add_test(tc, functions_are_told_apart);
	tcase_add_test(tc, more_than_can_be_kept_is_noticed);
	tcase_add_test(tc, what_cannot_be_watched);
	tcase_add_test(tc, without_permission);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
