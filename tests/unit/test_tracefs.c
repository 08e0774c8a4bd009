/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's own events: pages and formats made by hand, and, where tracefs
 * can be had, an event of our own, and what is left when its reader is killed. */
#include "config.h"

#include "trace/tracefs.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "tests/unit/unit.h"
#include "trace/format.h"
#include "trace/instance.h"
#include "trace/page.h"

/* ---- pages -------------------------------------------------------------------------- */

static uint8_t page[256];
static size_t used;
static struct { uint64_t at_ns; uint32_t first; size_t len; } seen[16];
static size_t n_seen;

static void setup(void)
{
	const uint64_t start_ns = 1000;

	memset(page, 0, sizeof(page));
	memcpy(page, &start_ns, sizeof(start_ns));
	used = 8 + sizeof(long);
	n_seen = 0;
}

static void put(uint32_t word)
{
	memcpy(page + used, &word, sizeof(word));
	used += sizeof(word);
}

static void put_head(unsigned type, uint32_t delta)
{
	put(BYTE_ORDER == LITTLE_ENDIAN ? type | delta << 5 : type << 27 | delta);
}

static void take(void *ctx, uint64_t at_ns, const void *record, size_t len)
{
	(void)ctx;
	ck_assert_uint_lt(n_seen, ARRAY_SIZE(seen));
	seen[n_seen].at_ns = at_ns;
	seen[n_seen].len = len;
	memcpy(&seen[n_seen].first, record, len < 4 ? len : 4);
	n_seen++;
}

static bool walk(unsigned long flags)
{
	unsigned long commit = (used - 8 - sizeof(long)) | flags;

	memcpy(page + 8, &commit, sizeof(commit));
	return page_walk(page, sizeof(page), take, NULL);
}

START_TEST(records_of_every_kind)
{
	put_head(2, 5);			/* two words */
	put(11), put(0);
	put_head(0, 5);			/* its length in a word of its own */
	put(8), put(22);
	put_head(30, 7), put(1);	/* 7 + 2^27 ns later */
	put_head(29, 3);		/* removed: passed, its time counts */
	put(4);
	put_head(1, 1);
	put(33);
	put_head(31, 9), put(1);	/* from now on this time */
	put_head(1, 1);
	put(44);
	ck_assert(!walk(0));
	ck_assert_uint_eq(n_seen, 4);
	ck_assert_uint_eq(seen[0].at_ns, 1005);
	ck_assert_uint_eq(seen[0].len, 8);
	ck_assert_uint_eq(seen[0].first, 11);
	ck_assert_uint_eq(seen[1].at_ns, 1010);
	ck_assert_uint_eq(seen[1].len, 4);
	ck_assert_uint_eq(seen[1].first, 22);
	ck_assert_uint_eq(seen[2].at_ns, 1021 + (1 << 27));
	ck_assert_uint_eq(seen[2].first, 33);
	ck_assert_uint_eq(seen[3].at_ns, 10 + (1 << 27));
	ck_assert_uint_eq(seen[3].first, 44);
}
END_TEST

START_TEST(the_end_of_a_page)
{
	put_head(1, 1), put(1);
	put_head(29, 0);		/* nothing more */
	put_head(1, 1), put(2);
	ck_assert(walk(1ul << 31));	/* and something was lost before */
	ck_assert_uint_eq(n_seen, 1);
}
END_TEST

START_TEST(damaged_pages)
{
	put_head(28, 1), put(1);	/* longer than the page's data */
	ck_assert(!walk(0));
	setup();
	put_head(0, 1), put(2);		/* shorter than itself */
	put(0);
	ck_assert(!walk(0));
	ck_assert(!page_walk(page, 9, take, NULL));
	ck_assert_uint_eq(n_seen, 0);
}
END_TEST

/* ---- formats ------------------------------------------------------------------------- */

static const char format[] =
	"name: x\nID: 1293\nformat:\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:unsigned char fl_type;\toffset:8;\tsize:1;\tsigned:0;\n"
	"\tfield:void * addr;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:char comm[16];\toffset:24;\tsize:16;\tsigned:0;\n";

START_TEST(where_fields_are)
{
	struct format_field f;
	unsigned id;

	ck_assert(format_id(format, &id));
	ck_assert_uint_eq(id, 1293);
	ck_assert(!format_id("name: x\n", &id));
	ck_assert(format_field(format, "common_pid", &f));
	ck_assert_uint_eq(f.at, 4);
	ck_assert_uint_eq(f.size, 4);
	ck_assert(f.is_signed);
	ck_assert(format_field(format, "addr", &f));
	ck_assert(!format_field(format, "type", &f));	/* fl_type is another */
	ck_assert(!format_field(format, "comm", &f));	/* no number */
	ck_assert(!format_field("field:int a", "a", &f));
}
END_TEST

START_TEST(values)
{
	static const uint8_t record[8] = { 0xff, 0xfe, 0xff, 0xff, 0xff, 0, 0, 0 };
	uint64_t v;

	ck_assert(format_value(&(struct format_field){ 0, 1, false }, record, 8, &v));
	ck_assert_uint_eq(v, 0xff);
	ck_assert(format_value(&(struct format_field){ 0, 1, true }, record, 8, &v));
	ck_assert_int_eq((int64_t)v, -1);
	ck_assert(format_value(&(struct format_field){ 2, 2, true }, record, 8, &v));
	ck_assert_int_eq((int64_t)v, -1);
	ck_assert(!format_value(&(struct format_field){ 5, 4, true }, record, 8, &v));
	ck_assert(!format_value(&(struct format_field){ 0, 8, true }, record, 4, &v));
}
END_TEST

/* ---- the kernel ----------------------------------------------------------------------- */

static struct tracefs *tracefs_or_nothing(void)
{
	const char *what;
	int err;

	return tracefs_missing() ? NULL : tracefs_new(&err, &what);
}

static void lock_something(void)
{
	struct flock fl = { .l_type = F_WRLCK, .l_start = 7, .l_len = 1 };
	FILE *f = tmpfile();

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fcntl(fileno(f), F_SETLK, &fl), 0);
	fclose(f);
}

static int see_locks(struct tracefs *t, const char *filter)
{
	const struct tracefs_wish wish = {
		"filelock", "posix_lock_inode", { "type", "start", NULL }, filter,
	};
	const char *what;
	int err;

	return tracefs_enable(t, &wish, &err, &what);
}

START_TEST(an_event_of_ours_is_seen)
{
	auto_free char *filter = xasprintf("common_pid == %d", (int)getpid());
	struct tracefs *t = tracefs_or_nothing();
	struct tracefs_event *items;
	uint64_t before = clock_ns();
	bool lost;
	size_t n;

	if (!t)
		return;
	ck_assert_int_eq(see_locks(t, filter), 0);
	lock_something();
	items = tracefs_drain(t, &n, &lost);
	ck_assert(!lost);
	ck_assert_uint_ge(n, 1);
	ck_assert_int_eq(items[0].tid, getpid());
	ck_assert_uint_eq(items[0].number, 0);
	ck_assert_uint_eq(items[0].values[0], F_WRLCK);
	ck_assert_uint_eq(items[0].values[1], 7);
	ck_assert_uint_gt(items[0].at_ns, before);
	ck_assert_uint_lt(items[0].at_ns, clock_ns());
	free(items);
	free(tracefs_drain(t, &n, &lost));
	ck_assert_uint_eq(n, 0);
	tracefs_free(t);
}
END_TEST

START_TEST(others_are_not_seen)
{
	struct tracefs *t = tracefs_or_nothing();
	bool lost;
	size_t n;

	if (!t)
		return;
	ck_assert_int_eq(see_locks(t, "common_pid == 0"), 0);
	lock_something();
	free(tracefs_drain(t, &n, &lost));
	ck_assert_uint_eq(n, 0);
	tracefs_free(t);
}
END_TEST

START_TEST(more_than_can_be_kept_is_noticed)
{
	auto_free char *filter = xasprintf("common_pid == %d", (int)getpid());
	struct tracefs *t = tracefs_or_nothing();
	struct flock fl = { .l_type = F_RDLCK, .l_len = 1 };
	bool lost;
	FILE *f;
	size_t n, i;

	if (!t)
		return;
	ck_assert_int_eq(see_locks(t, filter), 0);
	f = tmpfile();
	for (i = 0; i < 40000; i++)
		ck_assert_int_eq(fcntl(fileno(f), F_SETLK, &fl), 0);
	free(tracefs_drain(t, &n, &lost));
	ck_assert(lost);
	fclose(f);
	tracefs_free(t);
}
END_TEST

START_TEST(what_cannot_be_seen)
{
	const struct tracefs_wish unknown = { "fuse", "no_such", { NULL }, "1" };
	const struct tracefs_wish field = {
		"filelock", "posix_lock_inode", { "no_such", NULL }, "common_pid == 0",
	};
	struct tracefs *t = tracefs_or_nothing();
	const char *what;
	int err;

	if (!t)
		return;
	ck_assert_int_eq(tracefs_enable(t, &unknown, &err, &what), -1);
	ck_assert_int_eq(err, ENOENT);
	ck_assert_int_eq(tracefs_enable(t, &field, &err, &what), -1);
	ck_assert_int_eq(err, 0);
	ck_assert_int_eq(see_locks(t, "no_such == 1"), -1);
	tracefs_free(t);
}
END_TEST

/* Is the instance gone, at the latest in some seconds? */
static bool goes(int dir)
{
	int tries;

	for (tries = 0; tries < 500; tries++) {
		if (faccessat(dir, "trace_clock", F_OK, 0))
			return true;
		usleep(10000);
	}
	return false;
}

START_TEST(the_killed_leave_nothing)
{
	struct instance in;
	const char *what;
	int ends[2], dir;
	char path[64];
	pid_t pid;

	if (tracefs_missing())
		return;
	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		bool made = instance_make(&in, &what) == 0;

		if (write(ends[1], &in.dir, sizeof(in.dir)) < 0 || !made)
			_exit(1);
		pause();
	}
	ck_assert_int_eq(read(ends[0], &dir, sizeof(dir)), sizeof(dir));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, dir);
	dir = open(path, O_PATH | O_DIRECTORY);
	ck_assert_int_ge(dir, 0);
	ck_assert_int_eq(faccessat(dir, "trace_clock", F_OK, 0), 0);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert(goes(dir));
	close(dir);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tracefs");
	TCase *tc = tcase_create("bytes");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, records_of_every_kind);
	tcase_add_test(tc, the_end_of_a_page);
	tcase_add_test(tc, damaged_pages);
	tcase_add_test(tc, where_fields_are);
	tcase_add_test(tc, values);
	suite_add_tcase(s, tc);
	tc = tcase_create("kernel");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, an_event_of_ours_is_seen);
	tcase_add_test(tc, others_are_not_seen);
	tcase_add_test(tc, more_than_can_be_kept_is_noticed);
	tcase_add_test(tc, what_cannot_be_seen);
	tcase_add_test(tc, the_killed_leave_nothing);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
