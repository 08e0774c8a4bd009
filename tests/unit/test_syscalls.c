/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls of the table's first half, open to store, made by an actor on a
 * plain directory: they give what the system calls give.  Where that depends
 * on the filesystem below, the test makes the call itself and compares.
 */
#include "config.h"

#include "act/calls/calls.h"

#include <signal.h>

#include "tests/unit/call_checks.h"

/* ---- the table ------------------------------------------------------------------- */

START_TEST(no_row_is_empty)
{
	size_t i;

	for (i = 0; i < N_CALLS; i++)
		ck_assert_msg(call_rows[i].run != NULL, "%s", calls[i].name);
}
END_TEST

/* ---- descriptors ------------------------------------------------------------------ */

START_TEST(open_and_close)
{
	struct world *w = started(1);
	struct stat st;

	fails(CALL(w, APP, open, FD, P("/f"), N(O_RDONLY)), ENOENT);
	fails(CALL(w, APP, close, NONE, V(FD)), EBADF);
	gives(CALL(w, APP, open, FD, P("/f"), N(O_CREAT | O_WRONLY), N(0640)), 0);
	ck_assert_int_eq(stat(world_path(w, "/f"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	fails(CALL(w, APP, open, FD, P("/f"), N(O_CREAT | O_EXCL | O_RDWR), N(0640)),
	      EEXIST);
	/* a failure leaves the variable alone */
	gives(CALL(w, APP, write, NONE, V(FD), B("x")), 1);
	gives(CALL(w, APP, close, NONE, V(FD)), 0);
	fails(CALL(w, APP, close, NONE, V(FD)), EBADF);
	fails(CALL(w, APP, close, NONE, V(UNSET)), EBADF);
	fails(CALL(w, APP, open, FD, P("/f/x"), N(O_RDONLY)), ENOTDIR);
	finish(w);
}
END_TEST

START_TEST(openat_and_creat)
{
	struct world *w = started(1);

	gives(CALL(w, APP, creat, FD, P("/f"), N(0600)), 0);
	gives(CALL(w, APP, write, NONE, V(FD), B("hello")), 5);
	gives(CALL(w, APP, open, FD2, P("/"), N(O_RDONLY | O_DIRECTORY)), 0);
	gives(CALL(w, APP, openat, FD, V(FD2), T("f"), N(O_RDONLY)), 0);
	gives(CALL(w, APP, read, NONE, V(FD), N(100)), 5);
	fails(CALL(w, APP, openat, FD, V(FD2), T("g"), N(O_RDONLY)), ENOENT);
	fails(CALL(w, APP, openat, FD, V(UNSET), T("f"), N(O_RDONLY)), EBADF);
	gives(CALL(w, APP, openat, FD, V(FD2), T("g"), N(O_CREAT | O_RDWR), N(0600)), 0);
	ck_assert_int_eq(access(world_path(w, "/g"), F_OK), 0);
	finish(w);
}
END_TEST

START_TEST(dup_and_dup2)
{
	struct world *w = with_file(1, "hello");

	gives(CALL(w, APP, dup, FD2, V(FD)), 0);
	gives(CALL(w, APP, read, NONE, V(FD2), N(2)), 2);
	gives(CALL(w, APP, read, NONE, V(FD), N(9)), 3);
	data_is(w, APP, "llo");
	gives(CALL(w, APP, open, FD2, P("/"), N(O_RDONLY)), 0);
	fails(CALL(w, APP, read, NONE, V(FD2), N(2)), EISDIR);
	gives(CALL(w, APP, dup2, NONE, V(FD), V(FD2)), 0);
	gives(CALL(w, APP, read, NONE, V(FD2), N(2)), 0);
	fails(CALL(w, APP, dup2, NONE, V(FD), V(UNSET)), EBADF);
	fails(CALL(w, APP, dup, FD2, V(UNSET)), EBADF);
	finish(w);
}
END_TEST

/* ---- reading and writing -------------------------------------------------------------- */

START_TEST(read_and_write)
{
	struct world *w = with_file(2, "");

	gives(CALL(w, APP, write, NONE, V(FD), B("text")), 4);
	gives(CALL(w, APP, write, NONE, V(FD), L(3)), 3);
	gives(CALL(w, APP, write, NONE, V(FD), REPEAT("xyz", 7)), 7);
	gives(CALL(w, APP, write, NONE, V(FD), L(0)), 0);
	gives(CALL(w, APP, lseek, NONE, V(FD), N(0), N(SEEK_SET)), 0);
	gives(CALL(w, APP, read, NONE, V(FD), N(4096)), 14);
	data_is(w, APP, "textaaaxyzxyzx");
	gives(CALL(w, APP, read, NONE, V(FD), N(4096)), 0);
	data_is(w, APP, "");
	gives(CALL(w, BEN, open, FD, P("/f"), N(O_RDWR)), 0);
	gives(CALL(w, BEN, write, NONE, V(FD), L(2)), 2);
	gives(CALL(w, BEN, pread, NONE, V(FD), N(4), N(0)), 4);
	data_is(w, BEN, "bbxt");
	fails(CALL(w, APP, read, NONE, V(UNSET), N(1)), EBADF);
	fails(CALL(w, APP, write, NONE, V(UNSET), B("x")), EBADF);
	finish(w);
}
END_TEST

START_TEST(at_an_offset)
{
	struct world *w = with_file(1, "hello");

	gives(CALL(w, APP, pwrite, NONE, V(FD), B("J"), N(0)), 1);
	gives(CALL(w, APP, pread, NONE, V(FD), N(3), N(0)), 3);
	data_is(w, APP, "Jel");
	gives(CALL(w, APP, pread, NONE, V(FD), N(3), N(5)), 0);
	fails(CALL(w, APP, pread, NONE, V(FD), N(3), N(-1)), EINVAL);
	fails(CALL(w, APP, pwrite, NONE, V(FD), B("x"), N(-1)), EINVAL);
	finish(w);
}
END_TEST

START_TEST(vectors)
{
	struct world *w = with_file(1, "");

	gives(CALL(w, APP, writev, NONE, V(FD), B("0123456789"), N(3)), 10);
	gives(CALL(w, APP, pwritev, NONE, V(FD), B("abc"), N(2), N(2)), 3);
	gives(CALL(w, APP, pwritev2, NONE, V(FD), B("Z"), N(9), N(0), N(1)), 1);
	gives(CALL(w, APP, lseek, NONE, V(FD), N(0), N(SEEK_SET)), 0);
	gives(CALL(w, APP, readv, NONE, V(FD), N(8), N(5)), 8);
	data_is(w, APP, "01abc567");
	gives(CALL(w, APP, preadv, NONE, V(FD), N(100), N(1), N(2)), 9);
	data_is(w, APP, "1abc5678Z");
	/* offset -1: the file position */
	gives(CALL(w, APP, preadv2, NONE, V(FD), N(9), N(-1), N(0), N(2)), 2);
	data_is(w, APP, "8Z");
	fails(CALL(w, APP, preadv2, NONE, V(FD), N(9), N(0), N(1 << 30), N(2)),
	      EOPNOTSUPP);
	gives(CALL(w, APP, readv, NONE, V(FD), N(8), N(0)), 0);
	fails(CALL(w, APP, readv, NONE, V(FD), N(8), N(1025)), EINVAL);
	fails(CALL(w, APP, writev, NONE, V(FD), B("x"), N(-1)), EINVAL);
	fails(CALL(w, APP, writev, NONE, V(UNSET), B("x"), N(1)), EBADF);
	finish(w);
}
END_TEST

/* The buffer that an actor shares with us is as large as the scenario's largest
 * read, 2 MiB at least. */
START_TEST(large)
{
	struct world *w = with_file(1, "");
	const struct outcome *o;
	size_t i;

	gives(CALL(w, APP, write, NONE, V(FD), REPEAT("abc", 3 << 20)), 3 << 20);
	o = CALL(w, APP, pread, NONE, V(FD), N(2 << 20), N(1));
	gives(o, 2 << 20);
	ck_assert_uint_eq(o->data_len, 2 << 20);
	for (i = 0; i < o->data_len; i++)
		ck_assert_int_eq(o->data[i], "abc"[(i + 1) % 3]);
	o = CALL(w, APP, pread, NONE, V(FD), N(2 << 20), N(0));
	gives(o, 2 << 20);
	ck_assert_uint_eq(o->data_len, 2 << 20);
	/* what we have no room for is no answer of the kernel */
	lacks(CALL(w, APP, read, NONE, V(FD), N(3 << 20)));
	lacks(CALL(w, APP, read, NONE, V(FD), N(-1)));
	finish(w);
}
END_TEST

/* Page-aligned, as O_DIRECT wants it: memory of the slot, and of its own. */
START_TEST(direct)
{
	struct world *w = started(1);
	int fd = open(world_path(w, "/f"), O_CREAT | O_RDWR | O_DIRECT, 0600);

	if (fd >= 0) {
		gives(CALL(w, APP, open, FD, P("/f"), N(O_RDWR | O_DIRECT)), 0);
		gives(CALL(w, APP, write, NONE, V(FD), L(8192)), 8192);
		gives(CALL(w, APP, pread, NONE, V(FD), N(4096), N(4096)), 4096);
		gives(CALL(w, APP, pread, NONE, V(FD), N(1 << 20), N(0)), 8192);
		close(fd);
	}
	finish(w);
}
END_TEST

START_TEST(seek)
{
	struct world *w = with_file(1, "hello");
	int fd = open(world_path(w, "/f"), O_RDONLY);

	gives(CALL(w, APP, lseek, NONE, V(FD), N(-2), N(SEEK_END)), 3);
	gives(CALL(w, APP, lseek, NONE, V(FD), N(1), N(SEEK_CUR)), 4);
	gives(CALL(w, APP, lseek, NONE, V(FD), N(0), N(SEEK_DATA)),
	      lseek(fd, 0, SEEK_DATA));
	gives(CALL(w, APP, lseek, NONE, V(FD), N(0), N(SEEK_HOLE)),
	      lseek(fd, 0, SEEK_HOLE));
	fails(CALL(w, APP, lseek, NONE, V(FD), N(-1), N(SEEK_SET)), EINVAL);
	fails(CALL(w, APP, lseek, NONE, V(FD), N(9), N(SEEK_DATA)), ENXIO);
	close(fd);
	finish(w);
}
END_TEST

START_TEST(sizes)
{
	struct world *w = with_file(1, "hello");
	struct stat st;
	int fd = open(world_path(w, "/g"), O_CREAT | O_RDWR, 0600);

	gives(CALL(w, APP, ftruncate, NONE, V(FD), N(3)), 0);
	ck_assert_int_eq(stat(world_path(w, "/f"), &st), 0);
	ck_assert_int_eq(st.st_size, 3);
	gives(CALL(w, APP, truncate, NONE, P("/f"), N(8192)), 0);
	ck_assert_int_eq(stat(world_path(w, "/f"), &st), 0);
	ck_assert_int_eq(st.st_size, 8192);
	like(CALL(w, APP, fallocate, NONE, V(FD), N(0), N(8192), N(4096)),
	     errno_of(fallocate(fd, 0, 8192, 4096)));
	fails(CALL(w, APP, fallocate, NONE, V(FD), N(0), N(-1), N(10)), EINVAL);
	fails(CALL(w, APP, ftruncate, NONE, V(UNSET), N(3)), EBADF);
	fails(CALL(w, APP, ftruncate, NONE, V(FD), N(-1)), EINVAL);
	fails(CALL(w, APP, truncate, NONE, P("/no"), N(3)), ENOENT);
	close(fd);
	finish(w);
}
END_TEST

START_TEST(syncs)
{
	struct world *w;

	/* syncfs(2) would wait for all that the machine has to write */
	if (!access("/dev/shm", W_OK))
		setenv("TMPDIR", "/dev/shm", 1);
	w = with_file(1, "hello");
	gives(CALL(w, APP, fsync, NONE, V(FD)), 0);
	gives(CALL(w, APP, fdatasync, NONE, V(FD)), 0);
	gives(CALL(w, APP, sync_file_range, NONE, V(FD), N(0), N(5),
		   N(SYNC_FILE_RANGE_WRITE)), 0);
	gives(CALL(w, APP, syncfs, NONE, V(FD)), 0);
	fails(CALL(w, APP, fsync, NONE, V(UNSET)), EBADF);
	fails(CALL(w, APP, fdatasync, NONE, V(UNSET)), EBADF);
	fails(CALL(w, APP, syncfs, NONE, V(UNSET)), EBADF);
	fails(CALL(w, APP, sync_file_range, NONE, V(FD), N(-1), N(5), N(0)), EINVAL);
	finish(w);
}
END_TEST

/* ---- mappings ------------------------------------------------------------------------------ */

/* FD, 8 KiB of a's, mapped shared as MAP. */
static struct world *with_map(void)
{
	struct world *w = with_file(1, "");

	gives(CALL(w, APP, write, NONE, V(FD), L(8192)), 8192);
	gives(CALL(w, APP, mmap, MAP, V(FD), N(8192), N(0),
		   N(PROT_READ | PROT_WRITE), N(MAP_SHARED)), 0);
	return w;
}

static void faults(const struct outcome *o, int sig)
{
	ck_assert_ptr_nonnull(o);
	ck_assert_int_eq(o->signal, sig);
	ck_assert(!o->killed);
}

START_TEST(maps)
{
	struct world *w = with_map();

	gives(CALL(w, APP, store, NONE, V(MAP), N(10), B("hello")), 5);
	gives(CALL(w, APP, load, NONE, V(MAP), N(9), N(7)), 7);
	data_is(w, APP, "ahelloa");
	gives(CALL(w, APP, load, NONE, V(MAP), N(10)), 1);
	data_is(w, APP, "h");
	gives(CALL(w, APP, pread, NONE, V(FD), N(5), N(10)), 5);
	data_is(w, APP, "hello");
	gives(CALL(w, APP, store, NONE, V(MAP), N(0), L(3)), 3);
	gives(CALL(w, APP, msync, NONE, V(MAP), N(MS_SYNC)), 0);
	gives(CALL(w, APP, munmap, NONE, V(MAP)), 0);
	faults(CALL(w, APP, load, NONE, V(MAP), N(0)), SIGSEGV);
	fails(CALL(w, APP, munmap, NONE, V(MAP)), EINVAL);
	fails(CALL(w, APP, mmap, MAP, V(FD), N(0), N(0), N(PROT_READ), N(MAP_SHARED)),
	      EINVAL);
	fails(CALL(w, APP, mmap, MAP, V(UNSET), N(4096), N(0), N(PROT_READ),
		   N(MAP_SHARED)), EBADF);
	finish(w);
}
END_TEST

/* Beyond the end of the file; then the actor goes on as if nothing was. */
START_TEST(sigbus)
{
	struct world *w = with_map();

	gives(CALL(w, APP, ftruncate, NONE, V(FD), N(4096)), 0);
	faults(CALL(w, APP, load, NONE, V(MAP), N(4096)), SIGBUS);
	faults(CALL(w, APP, store, NONE, V(MAP), N(4096), B("x")), SIGBUS);
	faults(CALL(w, APP, load, NONE, V(MAP), N(4000), N(1000)), SIGBUS);
	ck_assert_uint_eq(actor_outcome(w->as, APP)->data_len, 0);
	/* what is before the hole was stored */
	faults(CALL(w, APP, store, NONE, V(MAP), N(4094), B("xyz")), SIGBUS);
	gives(CALL(w, APP, pread, NONE, V(FD), N(10), N(4094)), 2);
	data_is(w, APP, "xy");
	gives(CALL(w, APP, ftruncate, NONE, V(FD), N(8192)), 0);
	gives(CALL(w, APP, load, NONE, V(MAP), N(4096), N(2)), 2);
	data_is(w, APP, "\0\0");
	finish(w);
}
END_TEST

START_TEST(sigsegv)
{
	struct world *w = with_map();

	faults(CALL(w, APP, load, NONE, V(MAP), N(8192)), SIGSEGV);
	faults(CALL(w, APP, load, NONE, V(MAP), N(-1)), SIGSEGV);
	faults(CALL(w, APP, load, NONE, V(MAP), N(1), N(-1)), SIGSEGV);
	faults(CALL(w, APP, store, NONE, V(MAP), N(8190), B("xyz")), SIGSEGV);
	faults(CALL(w, APP, load, NONE, V(UNSET), N(0)), SIGSEGV);
	faults(CALL(w, APP, load, NONE, V(UNSET), N(0), N(0)), SIGSEGV);
	/* a descriptor is no mapping */
	faults(CALL(w, APP, load, NONE, V(FD), N(0)), SIGSEGV);
	fails(CALL(w, APP, read, NONE, V(MAP), N(1)), EBADF);
	gives(CALL(w, APP, mmap, MAP, V(FD), N(4096), N(0), N(PROT_READ),
		   N(MAP_SHARED)), 0);
	faults(CALL(w, APP, store, NONE, V(MAP), N(0), B("x")), SIGSEGV);
	gives(CALL(w, APP, load, NONE, V(MAP), N(0)), 1);
	finish(w);
}
END_TEST

/* ---- the last test ------------------------------------------------------------- */

START_TEST(advice)
{
	struct world *w = with_file(1, "hello");

	gives(CALL(w, APP, posix_fadvise, NONE, V(FD), N(0), N(0),
		   N(POSIX_FADV_DONTNEED)), 0);
	fails(CALL(w, APP, posix_fadvise, NONE, V(FD), N(0), N(0), N(77)), EINVAL);
	gives(CALL(w, APP, readahead, NONE, V(FD), N(0), N(4096)), 0);
	fails(CALL(w, APP, readahead, NONE, V(UNSET), N(0), N(1)), EBADF);
	gives(CALL(w, APP, mmap, MAP, V(FD), N(8192), N(0), N(PROT_READ),
		   N(MAP_SHARED)), 0);
	gives(CALL(w, APP, madvise, NONE, V(MAP), N(MADV_WILLNEED), N(0), N(0)), 0);
	fails(CALL(w, APP, madvise, NONE, V(MAP), N(0), N(4096), N(8192)), ENOMEM);
	fails(CALL(w, APP, madvise, NONE, V(MAP), N(MADV_WILLNEED), N(1), N(0)), EINVAL);
	gives(CALL(w, APP, sync, NONE), 0);
	finish(w);
}
END_TEST

START_TEST(buffers_in_mappings)
{
	struct world *w = with_file(1, "hello");

	gives(CALL(w, APP, mmap, MAP, V(FD), N(8192), N(0), N(PROT_READ),
		   N(MAP_SHARED)), 0);
	gives(CALL(w, APP, pwrite_from, NONE, V(FD), V(MAP), N(1), N(4), N(0)), 4);
	fails(CALL(w, APP, pwrite_from, NONE, V(FD), V(MAP), N(4096), N(4), N(0)), EFAULT);
	fails(CALL(w, APP, pread_into, NONE, V(FD), V(MAP), N(0), N(1), N(0)), EFAULT);
	gives(CALL(w, APP, munmap, NONE, V(MAP)), 0);
	gives(CALL(w, APP, mmap, MAP, V(FD), N(8192), N(0), N(PROT_READ | PROT_WRITE),
		   N(MAP_SHARED)), 0);
	gives(CALL(w, APP, pread_into, NONE, V(FD), V(MAP), N(3), N(2), N(0)), 2);
	gives(CALL(w, APP, pread, NONE, V(FD), N(9), N(0)), 5);
	finish(w);
}
END_TEST

START_TEST(every_call_was_made)
{
	all_made(0, CALL_stat);
}
END_TEST

static void add_cases(Suite *s)
{
	const TTest *const fds[] = { no_row_is_empty, open_and_close,
		openat_and_creat, dup_and_dup2, NULL };
	const TTest *const io[] = { read_and_write, at_an_offset, vectors, large,
		direct, seek, sizes, syncs, NULL };
	const TTest *const maps_[] = { maps, sigbus, sigsegv, NULL };
	const TTest *const advices[] = { advice, buffers_in_mappings, NULL };
	const TTest *const last[] = { every_call_was_made, NULL };

	add(s, "descriptors", fds);
	add(s, "io", io);
	add(s, "maps", maps_);
	add(s, "advice", advices);
	if (!getenv("CK_RUN_CASE"))
		add(s, "all", last);
}

int main(void)
{
	return calls_main(add_cases, "syscalls");
}
