/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rings: how many queues, and mounts that have ended. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "tests/unit/unit.h"
#include "transport/jobs.h"
#include "transport/uring_impl.h"

/* Its owner's end may come between the reply to INIT and the ring's beginning. */
START_TEST(a_ring_that_was_closed_does_not_begin)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct uring *u = uring_new();
	const char *what;
	struct jobs jobs;
	struct uring_config config = {
		.jobs = &jobs, .fd = fd, .depth = 1, .payload = 4096,
	};

	jobs_init(&jobs);
	uring_close(u);
	ck_assert_int_eq(uring_start(u, &config, &what), ESHUTDOWN);
	ck_assert_uint_eq(uring_queues(u), 0);
	uring_close(u);
	uring_free(u);
	ck_assert_uint_eq(jobs_join(&jobs, clock_ns() + NS_PER_S), 0);
	jobs_fini(&jobs);
	/* it was borrowed */
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static unsigned count(const char *list)
{
	FILE *f = fmemopen((char *)list, strlen(list), "r");
	unsigned n;

	ck_assert_ptr_nonnull(f);
	n = uring_count_processors(f);
	fclose(f);
	return n;
}

/* Documentation/admin-guide/cputopology.rst */
START_TEST(processors_of_a_list)
{
	ck_assert_uint_eq(count("0\n"), 1);
	ck_assert_uint_eq(count("0-1\n"), 2);
	ck_assert_uint_eq(count("0-3,6\n"), 5);
	ck_assert_uint_eq(count("0,2,4-7,9\n"), 7);
	ck_assert_uint_eq(count("none\n"), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uring");
	TCase *tc = tcase_create("rings");

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, processors_of_a_list);
	tcase_add_test(tc, a_ring_that_was_closed_does_not_begin);
	return unit_main(suite);
}
