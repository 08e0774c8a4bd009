/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kernel functions return: records out of a ring buffer made by hand, and,
 * where the kernel lets us look, those of a call of our own. */
#include "config.h"

#include "trace/fexit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/units.h"
#include "tests/unit/unit.h"
#include "trace/ring.h"

#define SIZE	64

/* ---- the ring ------------------------------------------------------------------- */

static _Atomic uint64_t consumer, producer;
static _Alignas(8) unsigned char data[2 * SIZE];
static struct ring ring;
static uint64_t seen[8];
static size_t n_seen;

static void setup(void)
{
	memset(data, 0, sizeof(data));
	consumer = producer = 0;
	n_seen = 0;
	ring = (struct ring){ &consumer, &producer, data, SIZE };
}

/* Eight bytes and their header, at both places where the ring has it. */
static void put(uint64_t value, uint32_t bits)
{
	uint32_t head[2] = { sizeof(value) | bits, 0 };
	size_t at = producer % SIZE;

	memcpy(data + at, head, sizeof(head));
	memcpy(data + at + 8, &value, sizeof(value));
	if (at < SIZE)
		memcpy(data + at + SIZE, data + at, 16);
	producer += 16;
}

static void take(void *ctx, const void *record, size_t len)
{
	ck_assert_ptr_eq(ctx, &n_seen);
	ck_assert_uint_eq(len, 8);
	memcpy(&seen[n_seen++], record, 8);
}

static bool drain(void)
{
	n_seen = 0;
	return ring_drain(&ring, 8, take, &n_seen);
}

START_TEST(an_empty_ring)
{
	ck_assert(!drain());
	ck_assert_uint_eq(n_seen, 0);
}
END_TEST

START_TEST(records_come_once_and_in_order)
{
	put(11, 0);
	put(12, 0);
	ck_assert(!drain());
	ck_assert_uint_eq(n_seen, 2);
	ck_assert_uint_eq(seen[0], 11);
	ck_assert_uint_eq(seen[1], 12);
	ck_assert_uint_eq(consumer, 32);
	ck_assert(!drain());
	ck_assert_uint_eq(n_seen, 0);
}
END_TEST

START_TEST(the_ring_goes_round)
{
	uint64_t i;

	for (i = 0; i < 20; i++) {
		put(i, 0);
		ck_assert(!drain());
		ck_assert_uint_eq(n_seen, 1);
		ck_assert_uint_eq(seen[0], i);
	}
}
END_TEST

START_TEST(unfinished_records_wait)
{
	put(1, 0);
	put(2, BPF_RINGBUF_BUSY_BIT);
	put(3, 0);
	drain();
	ck_assert_uint_eq(n_seen, 1);
	ck_assert_uint_eq(consumer, 16);
	data[16 + 3] = 0;	/* the bit is in the highest byte: written now */
	data[SIZE + 16 + 3] = 0;
	drain();
	ck_assert_uint_eq(n_seen, 2);
	ck_assert_uint_eq(seen[0], 2);
	ck_assert_uint_eq(seen[1], 3);
}
END_TEST

START_TEST(withdrawn_records_are_passed)
{
	put(1, BPF_RINGBUF_DISCARD_BIT);
	put(2, 0);
	drain();
	ck_assert_uint_eq(n_seen, 1);
	ck_assert_uint_eq(seen[0], 2);
}
END_TEST

START_TEST(a_full_ring_says_so)
{
	put(1, 0);
	put(2, 0);
	put(3, 0);
	ck_assert(!drain());
	put(1, 0);
	put(2, 0);
	put(3, 0);
	put(4, 0);
	ck_assert(drain());
	ck_assert_uint_eq(n_seen, 4);
}
END_TEST

/* ---- the kernel ------------------------------------------------------------------- */

static struct fexit *start(const char *function)
{
	const char *what;
	struct fexit *f;
	int err;

	/* of our own: nobody else's calls are seen, and ours by nobody else */
	if (fexit_missing() || unshare(CLONE_NEWNS))
		return NULL;
	f = fexit_new(&err, &what);
	ck_assert_msg(f != NULL, "%s", what);
	ck_assert_int_eq(fexit_attach(f, function, &err, &what), 0);
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
	const char *what;
	bool lost;
	size_t n;
	int err;

	if (!f)
		return;
	ck_assert_int_eq(fexit_attach(f, "alloc_empty_file", &err, &what), 1);
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
	const char *what;
	int err = 5;

	if (!f)
		return;
	ck_assert_int_eq(fexit_attach(f, "no_such_function", &err, &what), -1);
	ck_assert_str_eq(what, "no such function, or inlined");
	ck_assert_int_eq(err, 0);
	ck_assert_int_eq(fexit_attach(f, "fput", &err, &what), -1);
	ck_assert_str_eq(what, "it returns nothing");
	fexit_free(f);
}
END_TEST

/* Nobody may look: said so, and nothing stays open. */
START_TEST(without_permission)
{
	const char *what, *missing;
	struct fexit *f;
	uid_t was = geteuid();
	int err = 0;

	if (was == 0 && seteuid(65534))
		return;
	missing = fexit_missing();
	ck_assert_ptr_nonnull(missing);
	f = fexit_new(&err, &what);
	if (f)
		ck_assert_int_eq(fexit_attach(f, "vfs_read", &err, &what), -1);
	ck_assert_ptr_nonnull(what);
	fexit_free(f);
	/* as it was, for the leak checker */
	ck_assert_int_eq(seteuid(was), 0);
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 1), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("fexit");
	TCase *tc = tcase_create("ring");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, an_empty_ring);
	tcase_add_test(tc, records_come_once_and_in_order);
	tcase_add_test(tc, the_ring_goes_round);
	tcase_add_test(tc, unfinished_records_wait);
	tcase_add_test(tc, withdrawn_records_are_passed);
	tcase_add_test(tc, a_full_ring_says_so);
	suite_add_tcase(s, tc);
	tc = tcase_create("kernel");
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
