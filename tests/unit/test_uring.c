/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rings whose mount has ended. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/units.h"
#include "tests/unit/unit.h"
#include "transport/jobs.h"
#include "transport/uring.h"

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

int main(void)
{
	Suite *suite = suite_create("uring");
	TCase *tc = tcase_create("end");

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, a_ring_that_was_closed_does_not_begin);
	return unit_main(suite);
}
