/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lock table: who gets what, who waits, who is woken by what. */
#include "config.h"

#include "backend/memory/lock_table.h"

#include <errno.h>
#include <fcntl.h>

#include "base/mem.h"
#include "tests/unit/unit.h"

enum { FILE_A = 5, FILE_B = 6, ANN = 100, BOB = 200, CAT = 300 };

static struct lock_table *t;
static struct lock_waiter *granted;

static void setup(void)
{
	t = lock_table_new();
	granted = NULL;
}

static void teardown(void)
{
	lock_table_free(t);
}

static struct lock_range range(uint64_t owner, int type, uint64_t start,
			       uint64_t end)
{
	return (struct lock_range){
		.ino = FILE_A, .owner = owner, .fh = owner + 1,
		.class = LOCKS_POSIX, .type = type, .start = start, .end = end,
		.pid = owner,
	};
}

static struct lock_range flock_of(uint64_t owner, int type)
{
	struct lock_range r = range(owner, type, 0, LOCK_EOF);

	r.class = LOCKS_FLOCK;
	return r;
}

static int set(struct lock_range r)
{
	return lock_table_set(t, &r, &granted);
}

static void waits(struct lock_waiter *w, struct lock_range r)
{
	*w = (struct lock_waiter){ .want = r, .result = -1 };
	ck_assert_int_eq(lock_table_wait(t, w, &granted), EAGAIN);
}

/* Who stands in CAT's way at one byte: its owner, 0 for nobody. */
static uint64_t holder(uint64_t at)
{
	struct lock_range r = range(CAT, F_WRLCK, at, at), by;

	return lock_table_test(t, &r, &by) ? by.owner : 0;
}

START_TEST(readers_share_writers_do_not)
{
	ck_assert_int_eq(set(range(ANN, F_RDLCK, 0, 9)), 0);
	ck_assert_int_eq(set(range(BOB, F_RDLCK, 5, 20)), 0);
	ck_assert_int_eq(set(range(BOB, F_WRLCK, 9, 9)), EAGAIN);
	ck_assert_int_eq(set(range(BOB, F_WRLCK, 10, 20)), 0);
	ck_assert_int_eq(set(range(ANN, F_RDLCK, 20, LOCK_EOF)), EAGAIN);
}
END_TEST

START_TEST(files_and_classes_are_apart)
{
	struct lock_range other = range(BOB, F_WRLCK, 0, 9);

	ck_assert_int_eq(set(range(ANN, F_WRLCK, 0, 9)), 0);
	other.ino = FILE_B;
	ck_assert_int_eq(set(other), 0);
	other.ino = FILE_A + 64;	/* the same bucket */
	ck_assert_int_eq(set(other), 0);
	ck_assert_int_eq(set(flock_of(BOB, F_WRLCK)), 0);
}
END_TEST

START_TEST(test_tells_the_lock_in_the_way)
{
	struct lock_range want = range(BOB, F_RDLCK, 0, LOCK_EOF), by;

	set(range(ANN, F_WRLCK, 100, 199));
	ck_assert(lock_table_test(t, &want, &by));
	ck_assert_int_eq(by.type, F_WRLCK);
	ck_assert_uint_eq(by.start, 100);
	ck_assert_uint_eq(by.end, 199);
	ck_assert_uint_eq(by.pid, ANN);
	want.end = 99;
	ck_assert(!lock_table_test(t, &want, &by));
}
END_TEST

START_TEST(unlock_splits)
{
	set(range(ANN, F_WRLCK, 0, 99));
	ck_assert_int_eq(set(range(ANN, F_UNLCK, 40, 59)), 0);
	ck_assert_uint_eq(holder(39), ANN);
	ck_assert_uint_eq(holder(40), 0);
	ck_assert_uint_eq(holder(59), 0);
	ck_assert_uint_eq(holder(60), ANN);
	ck_assert_uint_eq(holder(99), ANN);
	ck_assert_uint_eq(holder(100), 0);
}
END_TEST

START_TEST(neighbours_become_one)
{
	struct lock_range want = range(BOB, F_WRLCK, 15, 15), by;

	set(range(ANN, F_WRLCK, 0, 9));
	set(range(ANN, F_WRLCK, 20, LOCK_EOF));
	set(range(ANN, F_WRLCK, 10, 19));
	ck_assert(lock_table_test(t, &want, &by));
	ck_assert_uint_eq(by.start, 0);
	ck_assert_uint_eq(by.end, LOCK_EOF);
}
END_TEST

START_TEST(the_same_owner_changes_its_lock)
{
	set(range(ANN, F_WRLCK, 0, 99));
	ck_assert_int_eq(set(range(ANN, F_RDLCK, 10, 19)), 0);
	ck_assert_int_eq(set(range(BOB, F_RDLCK, 10, 19)), 0);
	ck_assert_int_eq(set(range(BOB, F_RDLCK, 9, 9)), EAGAIN);
	ck_assert_int_eq(set(range(ANN, F_WRLCK, 10, 10)), EAGAIN);
}
END_TEST

START_TEST(waiters_are_granted_in_order)
{
	struct lock_waiter bob, cat;

	set(range(ANN, F_WRLCK, 0, 9));
	waits(&bob, range(BOB, F_WRLCK, 0, 9));
	waits(&cat, range(CAT, F_WRLCK, 0, 9));
	ck_assert_ptr_null(granted);
	set(range(ANN, F_UNLCK, 0, 9));
	ck_assert_ptr_eq(granted, &bob);
	ck_assert_ptr_null(bob.next);
	ck_assert_int_eq(bob.result, 0);
	granted = NULL;
	set(range(BOB, F_UNLCK, 0, 9));
	ck_assert_ptr_eq(granted, &cat);
}
END_TEST

START_TEST(a_downgrade_wakes_readers)
{
	struct lock_waiter bob, cat;

	set(range(ANN, F_WRLCK, 0, 9));
	waits(&bob, range(BOB, F_RDLCK, 0, 9));
	waits(&cat, range(CAT, F_RDLCK, 0, 0));
	set(range(ANN, F_RDLCK, 0, 9));
	ck_assert_ptr_eq(granted, &bob);
	ck_assert_ptr_eq(bob.next, &cat);
}
END_TEST

START_TEST(cancel_takes_out_once)
{
	struct lock_waiter bob;

	set(range(ANN, F_WRLCK, 0, 9));
	waits(&bob, range(BOB, F_WRLCK, 0, 9));
	ck_assert(lock_table_cancel(t, &bob));
	ck_assert(!lock_table_cancel(t, &bob));
	set(range(ANN, F_UNLCK, 0, 9));
	ck_assert_ptr_null(granted);
}
END_TEST

START_TEST(cancel_may_come_first)
{
	struct lock_waiter bob = { .want = range(BOB, F_WRLCK, 0, 9) };

	ck_assert(!lock_table_cancel(t, &bob));
	ck_assert_int_eq(lock_table_wait(t, &bob, &granted), EINTR);
	ck_assert_uint_eq(holder(0), 0);
}
END_TEST

START_TEST(deadlocks_are_seen)
{
	struct lock_waiter ann, bob, cat = { .want = range(CAT, F_WRLCK, 0, 9) };

	set(range(ANN, F_WRLCK, 0, 9));
	set(range(BOB, F_WRLCK, 10, 19));
	set(range(CAT, F_RDLCK, 20, 29));
	waits(&ann, range(ANN, F_RDLCK, 10, 12));
	waits(&bob, range(BOB, F_WRLCK, 29, 29));
	ck_assert_int_eq(lock_table_wait(t, &cat, &granted), EDEADLK);
	ck_assert_uint_eq(lock_table_waiting(t, NULL), 2);
	ck_assert_uint_eq(lock_table_waiting(t, &ann), 0);
	/* an owner that waits for nobody is no deadlock */
	set(range(BOB, F_UNLCK, 10, 19));
	ck_assert_ptr_eq(granted, &ann);
	waits(&cat, range(CAT, F_WRLCK, 0, 9));
	granted = NULL;
	lock_table_drain(t, &granted);
}
END_TEST

START_TEST(flocks_have_no_deadlocks)
{
	struct lock_waiter ann, bob;

	set(flock_of(ANN, F_WRLCK));
	waits(&bob, flock_of(BOB, F_WRLCK));
	set(range(BOB, F_WRLCK, 0, 9));
	waits(&ann, range(ANN, F_WRLCK, 0, 9));
	granted = NULL;
	lock_table_drain(t, &granted);
}
END_TEST

START_TEST(close_drops_the_owners_locks)
{
	struct lock_waiter bob;

	set(range(ANN, F_WRLCK, 0, 9));
	set(flock_of(ANN, F_WRLCK));
	waits(&bob, range(BOB, F_WRLCK, 5, 5));
	lock_table_drop_owner(t, FILE_A, LOCKS_POSIX, ANN, &granted);
	ck_assert_ptr_eq(granted, &bob);
	ck_assert_int_eq(set(flock_of(BOB, F_RDLCK)), EAGAIN);
	lock_table_drop_owner(t, FILE_A, LOCKS_FLOCK, ANN, &granted);
	ck_assert_int_eq(set(flock_of(BOB, F_RDLCK)), 0);
}
END_TEST

/* An OFD lock's owner is known to nobody when its file is released. */
START_TEST(release_drops_the_handles_locks)
{
	set(range(ANN, F_WRLCK, 0, 9));
	lock_table_drop_fh(t, FILE_A, BOB + 1, &granted);
	ck_assert_uint_eq(holder(0), ANN);
	lock_table_drop_fh(t, FILE_B, ANN + 1, &granted);
	ck_assert_uint_eq(holder(0), ANN);
	lock_table_drop_fh(t, FILE_A, ANN + 1, &granted);
	ck_assert_uint_eq(holder(0), 0);
}
END_TEST

START_TEST(a_failed_flock_conversion_loses)
{
	set(flock_of(ANN, F_RDLCK));
	set(flock_of(BOB, F_RDLCK));
	ck_assert_int_eq(set(flock_of(ANN, F_WRLCK)), EAGAIN);
	ck_assert_int_eq(set(flock_of(BOB, F_WRLCK)), 0);
}
END_TEST

START_TEST(two_flock_conversions_do_not_deadlock)
{
	struct lock_waiter ann, bob = { .want = flock_of(BOB, F_WRLCK) };

	set(flock_of(ANN, F_RDLCK));
	set(flock_of(BOB, F_RDLCK));
	waits(&ann, flock_of(ANN, F_WRLCK));
	ck_assert_int_eq(lock_table_wait(t, &bob, &granted), 0);
	ck_assert_ptr_null(granted);
	lock_table_drop_owner(t, FILE_A, LOCKS_FLOCK, BOB, &granted);
	ck_assert_ptr_eq(granted, &ann);
}
END_TEST

START_TEST(drain_sends_everybody_away)
{
	struct lock_waiter bob, cat, *out;

	set(range(ANN, F_WRLCK, 0, 9));
	waits(&bob, range(BOB, F_WRLCK, 0, 9));
	lock_table_drain(t, &out);
	ck_assert_ptr_eq(out, &bob);
	ck_assert_int_eq(bob.result, EINTR);
	cat = (struct lock_waiter){ .want = range(CAT, F_WRLCK, 50, 50) };
	ck_assert_int_eq(lock_table_wait(t, &cat, &granted), EINTR);
	lock_table_drain(t, &out);
	ck_assert_ptr_null(out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lock table");
	TCase *tc = tcase_create("lock table");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, readers_share_writers_do_not);
	tcase_add_test(tc, files_and_classes_are_apart);
	tcase_add_test(tc, test_tells_the_lock_in_the_way);
	tcase_add_test(tc, unlock_splits);
	tcase_add_test(tc, neighbours_become_one);
	tcase_add_test(tc, the_same_owner_changes_its_lock);
	tcase_add_test(tc, waiters_are_granted_in_order);
	tcase_add_test(tc, a_downgrade_wakes_readers);
	tcase_add_test(tc, cancel_takes_out_once);
	tcase_add_test(tc, cancel_may_come_first);
	tcase_add_test(tc, deadlocks_are_seen);
	tcase_add_test(tc, flocks_have_no_deadlocks);
	tcase_add_test(tc, close_drops_the_owners_locks);
	tcase_add_test(tc, release_drops_the_handles_locks);
	tcase_add_test(tc, a_failed_flock_conversion_loses);
	tcase_add_test(tc, two_flock_conversions_do_not_deadlock);
	tcase_add_test(tc, drain_sends_everybody_away);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}
