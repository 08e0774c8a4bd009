/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls of the table's second half, from stat on (test_syscalls.c has the
 * first): attributes, names, locks, copies, and what fits nowhere else.
 */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

#include "tests/unit/call_checks.h"

/* ---- attributes -------------------------------------------------------------------------------- */

static void same_stat(struct world *w, const struct stat *st)
{
	ck_assert_uint_eq(field(w, APP, "size"), (uint64_t)st->st_size);
	ck_assert_uint_eq(field(w, APP, "mode"), st->st_mode & 07777);
	ck_assert_uint_eq(field(w, APP, "type"), st->st_mode & S_IFMT);
	ck_assert_uint_eq(field(w, APP, "nlink"), st->st_nlink);
	ck_assert_uint_eq(field(w, APP, "uid"), st->st_uid);
	ck_assert_uint_eq(field(w, APP, "gid"), st->st_gid);
	ck_assert_uint_eq(field(w, APP, "blocks"), (uint64_t)st->st_blocks);
	ck_assert_uint_eq(field(w, APP, "ino"), st->st_ino);
	ck_assert_uint_eq(field(w, APP, "atime"), (uint64_t)st->st_atim.tv_sec);
	ck_assert_uint_eq(field(w, APP, "mtime"), (uint64_t)st->st_mtim.tv_sec);
	ck_assert_uint_eq(field(w, APP, "ctime"), (uint64_t)st->st_ctim.tv_sec);
}

START_TEST(stats)
{
	struct world *w = with_file(1, "hello");
	struct stat st;

	ck_assert_int_eq(symlink("f", world_path(w, "/l")), 0);
	ck_assert_int_eq(stat(world_path(w, "/f"), &st), 0);
	gives(CALL(w, APP, stat, NONE, P("/l")), 0);
	same_stat(w, &st);
	gives(CALL(w, APP, fstat, NONE, V(FD)), 0);
	same_stat(w, &st);
	gives(CALL(w, APP, statx, NONE, P("/f")), 0);
	same_stat(w, &st);
	ck_assert_int_eq(lstat(world_path(w, "/l"), &st), 0);
	gives(CALL(w, APP, lstat, NONE, P("/l")), 0);
	same_stat(w, &st);
	ck_assert_uint_eq(field(w, APP, "type"), S_IFLNK);
	gives(CALL(w, APP, statx, NONE, P("/l"), N(AT_SYMLINK_NOFOLLOW)), 0);
	same_stat(w, &st);
	fails(CALL(w, APP, stat, NONE, P("/no")), ENOENT);
	fails(CALL(w, APP, lstat, NONE, P("/no")), ENOENT);
	fails(CALL(w, APP, fstat, NONE, V(UNSET)), EBADF);
	fails(CALL(w, APP, statx, NONE, P("/f"), N(0x8000)), EINVAL);
	finish(w);
}
END_TEST

START_TEST(filesystem)
{
	struct world *w = started(1);
	struct statfs st;

	ck_assert_int_eq(statfs(world_path(w, "/"), &st), 0);
	gives(CALL(w, APP, statfs, NONE, P("/")), 0);
	ck_assert_uint_eq(field(w, APP, "bsize"), (uint64_t)st.f_bsize);
	ck_assert_uint_eq(field(w, APP, "frsize"), (uint64_t)st.f_frsize);
	ck_assert_uint_eq(field(w, APP, "blocks"), st.f_blocks);
	ck_assert_uint_eq(field(w, APP, "files"), st.f_files);
	ck_assert_uint_eq(field(w, APP, "namelen"), (uint64_t)st.f_namelen);
	ck_assert_uint_le(field(w, APP, "bavail"), field(w, APP, "bfree"));
	ck_assert_uint_le(field(w, APP, "ffree"), field(w, APP, "files"));
	fails(CALL(w, APP, statfs, NONE, P("/no")), ENOENT);
	finish(w);
}
END_TEST

START_TEST(permissions)
{
	struct world *w = with_file(1, "hello");
	struct stat st;

	gives(CALL(w, APP, access, NONE, P("/f"), N(R_OK | W_OK)), 0);
	gives(CALL(w, APP, chmod, NONE, P("/f"), N(0600)), 0);
	fails(CALL(w, APP, access, NONE, P("/f"), N(X_OK)), EACCES);
	gives(CALL(w, APP, fchmod, NONE, V(FD), N(04711)), 0);
	ck_assert_int_eq(stat(world_path(w, "/f"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 04711);
	gives(CALL(w, APP, access, NONE, P("/f"), N(X_OK)), 0);
	gives(CALL(w, APP, chown, NONE, P("/f"), N(0), N(-1)), 0);
	like(CALL(w, APP, chown, NONE, P("/f"), N(-1), N(77)),
	     errno_of(chown(world_path(w, "/"), (uid_t)-1, 77)));
	fails(CALL(w, APP, access, NONE, P("/no"), N(0)), ENOENT);
	fails(CALL(w, APP, chmod, NONE, P("/no"), N(0)), ENOENT);
	fails(CALL(w, APP, fchmod, NONE, V(UNSET), N(0)), EBADF);
	fails(CALL(w, APP, chown, NONE, P("/no"), N(0), N(0)), ENOENT);
	finish(w);
}
END_TEST

START_TEST(times)
{
	struct world *w = with_file(1, "hello");
	const int64_t s = 1000000000;
	struct stat st;

	gives(CALL(w, APP, utimensat, NONE, P("/f"), N(5 * s), N(7 * s + 3)), 0);
	ck_assert_int_eq(stat(world_path(w, "/f"), &st), 0);
	ck_assert_int_eq(st.st_atim.tv_sec, 5);
	ck_assert_int_eq(st.st_mtim.tv_sec, 7);
	ck_assert_int_eq(st.st_mtim.tv_nsec, 3);
	gives(CALL(w, APP, utimensat, NONE, P("/f"), N(UTIME_OMIT), N(UTIME_NOW)), 0);
	ck_assert_int_eq(stat(world_path(w, "/f"), &st), 0);
	ck_assert_int_eq(st.st_atim.tv_sec, 5);
	ck_assert_int_gt(st.st_mtim.tv_sec, 1000000);
	fails(CALL(w, APP, utimensat, NONE, P("/no"), N(0), N(0)), ENOENT);
	finish(w);
}
END_TEST

START_TEST(by_descriptor)
{
	struct world *w = with_file(1, "hello");
	const int64_t s = 1000000000;
	struct stat st;

	gives(CALL(w, APP, futimens, NONE, V(FD), N(5 * s), N(7 * s + 3)), 0);
	gives(CALL(w, APP, fchown, NONE, V(FD), N(-1), N(-1)), 0);
	ck_assert_int_eq(stat(world_path(w, "/f"), &st), 0);
	ck_assert_int_eq(st.st_mtim.tv_nsec, 3);
	fails(CALL(w, APP, futimens, NONE, V(UNSET), N(0), N(0)), EBADF);
	fails(CALL(w, APP, fchown, NONE, V(UNSET), N(0), N(0)), EBADF);
	fails(CALL(w, APP, ioctl_int, NONE, V(FD), N(0x6601), N(7)), ENOTTY);
	finish(w);
}
END_TEST

START_TEST(entries_by_descriptor)
{
	struct world *w = started(1);

	gives(CALL(w, APP, mkdir, NONE, P("/d"), N(0755)), 0);
	gives(CALL(w, APP, creat, FD2, P("/d/x"), N(0644)), 0);
	gives(CALL(w, APP, open, FD, P("/d"), N(O_RDONLY)), 0);
	fails(CALL(w, APP, getdents, NONE, V(FD), N(10), N(0)), EINVAL);
	gives(CALL(w, APP, getdents, NONE, V(FD), N(4096), N(1)), 3);
	ck_assert_ptr_nonnull(strstr((const char *)
				     actor_outcome(w->as, APP)->data, "x type=file\n"));
	gives(CALL(w, APP, getdents, NONE, V(FD), N(4096), N(0)), 0);
	fails(CALL(w, APP, getdents, NONE, V(UNSET), N(4096), N(0)), EBADF);
	finish(w);
}
END_TEST

#define RELATIVE(text)	((struct arg){ .str = (text), .mount = NONE })

START_TEST(relative_paths)
{
	struct world *w = started(1);

	gives(CALL(w, APP, mkdir, NONE, P("/d"), N(0755)), 0);
	fails(CALL(w, APP, stat, NONE, RELATIVE("./x")), ENOENT);
	gives(CALL(w, APP, chdir, NONE, P("/d")), 0);
	gives(CALL(w, APP, creat, FD2, RELATIVE("./x"), N(0644)), 0);
	gives(CALL(w, APP, stat, NONE, P("/d/x")), 0);
	gives(CALL(w, APP, open, FD, P("/"), N(O_RDONLY)), 0);
	gives(CALL(w, APP, fchdir, NONE, V(FD)), 0);
	gives(CALL(w, APP, stat, NONE, RELATIVE("./d/x")), 0);
	fails(CALL(w, APP, chdir, NONE, P("/no")), ENOENT);
	fails(CALL(w, APP, fchdir, NONE, V(UNSET)), EBADF);
	finish(w);
}
END_TEST

START_TEST(socket_files)
{
	struct world *w = started(1);

	fails(CALL(w, APP, connect, FD2, P("/s")), ENOENT);
	gives(CALL(w, APP, bind, FD, P("/s")), 0);
	fails(CALL(w, APP, bind, FD2, P("/s")), EADDRINUSE);
	gives(CALL(w, APP, connect, FD2, P("/s")), 0);
	finish(w);
}
END_TEST

START_TEST(watched)
{
	struct world *w = started(1);

	fails(CALL(w, APP, inotify, FD, P("/no"), N(IN_CREATE)), ENOENT);
	gives(CALL(w, APP, inotify, FD, P("/"), N(IN_CREATE)), 0);
	gives(CALL(w, APP, inotify_read, NONE, V(FD)), 0);
	gives(CALL(w, APP, mkdir, NONE, P("/d"), N(0755)), 0);
	gives(CALL(w, APP, inotify_read, NONE, V(FD)), 1);
	data_is(w, APP, "IN_CREATE|IN_ISDIR d\n");
	fails(CALL(w, APP, inotify_read, NONE, V(UNSET)), EBADF);
	finish(w);
}
END_TEST

/* Where the filesystem of the test has no id, that is what the call says. */
START_TEST(fanotify_events)
{
	struct world *w = started(1);
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME, O_RDONLY);
	int err = errno_of(fanotify_mark(fd, FAN_MARK_ADD, FAN_CREATE | FAN_ONDIR,
					 AT_FDCWD, world_path(w, "/")));

	close(fd);
	fails(CALL(w, APP, fanotify, FD, P("/no"), N(FAN_CREATE)), ENOENT);
	fails(CALL(w, APP, fanotify_read, NONE, V(UNSET)), EBADF);
	like(CALL(w, APP, fanotify, FD, P("/"), N(FAN_CREATE | FAN_ONDIR)), err);
	if (!err) {
		gives(CALL(w, APP, fanotify_read, NONE, V(FD)), 0);
		gives(CALL(w, APP, mkdir, NONE, P("/d"), N(0755)), 0);
		gives(CALL(w, APP, fanotify_read, NONE, V(FD)), 1);
		data_is(w, APP, "FAN_CREATE|FAN_ONDIR d\n");
	}
	finish(w);
}
END_TEST

START_TEST(xattrs)
{
	struct world *w = with_file(1, "hello");
	int err;

	write_text(world_path(w, "/g"), "");
	err = errno_of(setxattr(world_path(w, "/g"), "user.x", "v", 1, 0));
	like(CALL(w, APP, setxattr, NONE, P("/f"), T("user.two"), B("value")), err);
	fails(CALL(w, APP, getxattr, NONE, P("/f"), T("user.no")), err ? err : ENODATA);
	if (!err) {
		gives(CALL(w, APP, setxattr, NONE, P("/f"), T("user.one"), B("1"),
			   N(XATTR_CREATE)), 0);
		fails(CALL(w, APP, setxattr, NONE, P("/f"), T("user.one"), B("2"),
			   N(XATTR_CREATE)), EEXIST);
		gives(CALL(w, APP, getxattr, NONE, P("/f"), T("user.two")), 5);
		data_is(w, APP, "value");
		gives(CALL(w, APP, getxattr, NONE, P("/f"), T("user.two"), N(0)), 5);
		data_is(w, APP, "");
		fails(CALL(w, APP, getxattr, NONE, P("/f"), T("user.two"), N(2)),
		      ERANGE);
		/* (a security module may have put names of its own there) */
		ck_assert_int_ge(CALL(w, APP, listxattr, NONE, P("/f"))->ret, 2);
		ck_assert_ptr_nonnull(memmem(actor_outcome(w->as, APP)->data,
					     actor_outcome(w->as, APP)->data_len,
					     "user.one\nuser.two\n", 18));
		gives(CALL(w, APP, removexattr, NONE, P("/f"), T("user.one")), 0);
	}
	fails(CALL(w, APP, removexattr, NONE, P("/f"), T("user.one")),
	      err ? err : ENODATA);
	fails(CALL(w, APP, listxattr, NONE, P("/no")), ENOENT);
	fails(CALL(w, APP, setxattr, NONE, P("/no"), T("user.x"), B("")), ENOENT);
	finish(w);
}
END_TEST

/* ---- names ------------------------------------------------------------------------------------- */

START_TEST(directories)
{
	struct world *w = started(1);

	gives(CALL(w, APP, mkdir, NONE, P("/d"), N(0755)), 0);
	fails(CALL(w, APP, mkdir, NONE, P("/d"), N(0755)), EEXIST);
	gives(CALL(w, APP, readdir, NONE, P("/d")), 0);
	data_is(w, APP, "");
	gives(CALL(w, APP, creat, NONE, P("/d/z"), N(0600)), 0);
	gives(CALL(w, APP, mkdir, NONE, P("/d/a"), N(0755)), 0);
	gives(CALL(w, APP, symlink, NONE, T("nowhere"), P("/d/.m")), 0);
	gives(CALL(w, APP, readdir, NONE, P("/d")), 3);
	data_is(w, APP, ".m\na\nz\n");
	fails(CALL(w, APP, rmdir, NONE, P("/d")), ENOTEMPTY);
	gives(CALL(w, APP, rmdir, NONE, P("/d/a")), 0);
	fails(CALL(w, APP, readdir, NONE, P("/d/z")), ENOTDIR);
	fails(CALL(w, APP, readdir, NONE, P("/no")), ENOENT);
	fails(CALL(w, APP, rmdir, NONE, P("/no")), ENOENT);
	finish(w);
}
END_TEST

/* More names than fit into one getdents64(2). */
START_TEST(long_directory)
{
	struct world *w = started(1);
	auto_buf struct buf want = BUF_INIT;
	char name[32];
	int i;

	for (i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "/file-number-%04d", i);
		write_text(world_path(w, name), "");
		buf_printf(&want, "%s\n", name + 1);
	}
	gives(CALL(w, APP, readdir, NONE, P("/")), 2000);
	ck_assert_uint_eq(actor_outcome(w->as, APP)->data_len, want.len);
	ck_assert_mem_eq(actor_outcome(w->as, APP)->data, want.data, want.len);
	finish(w);
}
END_TEST

START_TEST(links_and_renames)
{
	struct world *w = with_file(1, "hello");
	struct stat st;

	gives(CALL(w, APP, link, NONE, P("/f"), P("/g")), 0);
	ck_assert_int_eq(stat(world_path(w, "/g"), &st), 0);
	ck_assert_uint_eq(st.st_nlink, 2);
	gives(CALL(w, APP, rename, NONE, P("/g"), P("/h")), 0);
	ck_assert_int_ne(access(world_path(w, "/g"), F_OK), 0);
	fails(CALL(w, APP, rename, NONE, P("/g"), P("/h")), ENOENT);
	fails(CALL(w, APP, renameat2, NONE, P("/f"), P("/h"), N(RENAME_NOREPLACE)),
	      EEXIST);
	gives(CALL(w, APP, renameat2, NONE, P("/f"), P("/i"), N(0)), 0);
	gives(CALL(w, APP, unlink, NONE, P("/i")), 0);
	fails(CALL(w, APP, unlink, NONE, P("/i")), ENOENT);
	fails(CALL(w, APP, link, NONE, P("/i"), P("/j")), ENOENT);
	finish(w);
}
END_TEST

START_TEST(symlinks_and_nodes)
{
	struct world *w = started(1);
	struct stat st;

	gives(CALL(w, APP, symlink, NONE, T("over/there"), P("/l")), 0);
	gives(CALL(w, APP, readlink, NONE, P("/l")), 10);
	data_is(w, APP, "over/there");
	fails(CALL(w, APP, symlink, NONE, T("x"), P("/l")), EEXIST);
	gives(CALL(w, APP, mknod, NONE, P("/p"), N(S_IFIFO | 0600)), 0);
	ck_assert_int_eq(stat(world_path(w, "/p"), &st), 0);
	ck_assert(S_ISFIFO(st.st_mode));
	gives(CALL(w, APP, mknod, NONE, P("/r"), N(0600)), 0);
	ck_assert_int_eq(stat(world_path(w, "/r"), &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	fails(CALL(w, APP, readlink, NONE, P("/r")), EINVAL);
	fails(CALL(w, APP, mknod, NONE, P("/r"), N(0600)), EEXIST);
	finish(w);
}
END_TEST

/* A path leads nowhere but into the sandbox. */
START_TEST(no_way_out)
{
	struct world *w = started(1);

	gives(CALL(w, APP, symlink, NONE, T("/"), P("/root")), 0);
	gives(CALL(w, APP, readdir, NONE, P("/root/")), 1);
	data_is(w, APP, "fs\n");
	gives(CALL(w, APP, readdir, NONE, P("/../../..")), 1);
	fails(CALL(w, APP, stat, NONE, P("/../etc")), ENOENT);
	finish(w);
}
END_TEST

START_TEST(handles)
{
	struct world *w = with_file(1, "hello");
	union {
		struct file_handle h;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} fh = { .h.handle_bytes = MAX_HANDLE_SZ };
	int mount_id, err, fd, dir = open(world_path(w, "/"), O_RDONLY);

	err = errno_of(name_to_handle_at(AT_FDCWD, world_path(w, "/f"), &fh.h,
					 &mount_id, 0));
	like(CALL(w, APP, name_to_handle, HANDLE, P("/f")), err);
	if (!err) {
		fd = open_by_handle_at(dir, &fh.h, O_RDONLY);
		err = errno_of(fd);
		like(CALL(w, APP, open_by_handle, FD, P("/"), V(HANDLE),
			  N(O_RDONLY)), err);
		if (!err) {
			gives(CALL(w, APP, read, NONE, V(FD), N(10)), 5);
			data_is(w, APP, "hello");
		}
	}
	fails(CALL(w, APP, name_to_handle, HANDLE, P("/no")), ENOENT);
	fails(CALL(w, APP, open_by_handle, FD, P("/"), V(UNSET), N(O_RDONLY)), EINVAL);
	finish(w);
}
END_TEST

/* ---- locks ------------------------------------------------------------------------------------- */

static struct world *with_shared_file(void)
{
	struct world *w = with_file(2, "hello");

	gives(CALL(w, BEN, open, FD, P("/f"), N(O_RDWR)), 0);
	return w;
}

START_TEST(record_locks)
{
	struct world *w = with_shared_file();

	gives(CALL(w, APP, setlk, NONE, V(FD), N(F_WRLCK), N(10), N(5)), 0);
	fails(CALL(w, BEN, setlk, NONE, V(FD), N(F_RDLCK), N(14), N(1)), EAGAIN);
	gives(CALL(w, BEN, setlk, NONE, V(FD), N(F_RDLCK), N(15), N(1)), 0);
	gives(CALL(w, BEN, getlk, NONE, V(FD), N(F_RDLCK), N(0), N(0)), 0);
	ck_assert_uint_eq(field(w, BEN, "type"), F_WRLCK);
	ck_assert_uint_eq(field(w, BEN, "start"), 10);
	ck_assert_uint_eq(field(w, BEN, "len"), 5);
	ck_assert_uint_eq(field(w, BEN, "pid"), PROCESS_ACTOR + APP);
	gives(CALL(w, BEN, getlk, NONE, V(FD), N(F_RDLCK), N(0), N(5)), 0);
	ck_assert_uint_eq(field(w, BEN, "type"), F_UNLCK);
	ck_assert_uint_eq(field(w, BEN, "pid"), 0);
	/* it waits, until the other one unlocks */
	ck_assert(START(w, BEN, setlkw, NONE, V(FD), N(F_WRLCK), N(10), N(1)));
	gives(CALL(w, APP, setlk, NONE, V(FD), N(F_UNLCK), N(0), N(0)), 0);
	gives(await_call(w, BEN), 0);
	fails(CALL(w, APP, setlk, NONE, V(UNSET), N(F_RDLCK), N(0), N(0)), EBADF);
	fails(CALL(w, APP, getlk, NONE, V(FD), N(F_RDLCK), N(-1), N(0)), EINVAL);
	finish(w);
}
END_TEST

START_TEST(locks_of_an_open_file)
{
	struct world *w = with_shared_file();

	gives(CALL(w, APP, setlkw, NONE, V(FD), N(F_WRLCK), N(0), N(0), N(1)), 0);
	gives(CALL(w, APP, open, FD2, P("/f"), N(O_RDWR)), 0);
	/* the same process, another open file: that is the difference */
	fails(CALL(w, APP, setlk, NONE, V(FD2), N(F_WRLCK), N(0), N(0), N(1)), EAGAIN);
	gives(CALL(w, BEN, getlk, NONE, V(FD), N(F_WRLCK), N(0), N(0), N(1)), 0);
	ck_assert_uint_eq(field(w, BEN, "type"), F_WRLCK);
	ck_assert_uint_eq(field(w, BEN, "pid"), 0);
	finish(w);
}
END_TEST

START_TEST(lock_interrupted)
{
	struct world *w = with_shared_file();
	uint64_t deadline = clock_ns() + 30 * NS_PER_S;

	gives(CALL(w, APP, setlk, NONE, V(FD), N(F_WRLCK), N(0), N(0)), 0);
	ck_assert(START(w, BEN, setlkw, NONE, V(FD), N(F_WRLCK), N(0), N(0)));
	for (;;) {
		struct actor_look l;

		/* it may come before the call; then there is no EINTR of it */
		ck_assert_int_eq(actor_signal(w->as, BEN, SIGUSR1), 0);
		usleep(2000);
		actor_look(w->as, BEN, &l);
		if (!l.in_call)
			break;
		ck_assert(clock_ns() < deadline);
	}
	fails(actor_outcome(w->as, BEN), EINTR);
	finish(w);
}
END_TEST

START_TEST(flocks)
{
	struct world *w = with_shared_file();

	gives(CALL(w, APP, flock, NONE, V(FD), N(LOCK_EX)), 0);
	fails(CALL(w, BEN, flock, NONE, V(FD), N(LOCK_SH | LOCK_NB)), EWOULDBLOCK);
	gives(CALL(w, APP, flock, NONE, V(FD), N(LOCK_UN)), 0);
	gives(CALL(w, BEN, flock, NONE, V(FD), N(LOCK_SH | LOCK_NB)), 0);
	fails(CALL(w, APP, flock, NONE, V(UNSET), N(LOCK_SH)), EBADF);
	finish(w);
}
END_TEST

/* Its break sends SIGIO, which the actor survives. */
START_TEST(leases)
{
	struct world *w = started(2);
	int fd, err;

	write_text(world_path(w, "/f"), "");
	fd = open(world_path(w, "/f"), O_RDONLY);
	err = errno_of(fcntl(fd, F_SETLEASE, F_RDLCK));
	close(fd);
	gives(CALL(w, APP, open, FD, P("/f"), N(O_RDONLY)), 0);
	like(CALL(w, APP, lease, NONE, V(FD), N(F_RDLCK)), err);
	if (!err) {
		fails(CALL(w, BEN, open, FD, P("/f"), N(O_RDWR | O_NONBLOCK)),
		      EWOULDBLOCK);
		gives(CALL(w, APP, lease, NONE, V(FD), N(F_UNLCK)), 0);
		gives(CALL(w, BEN, open, FD, P("/f"), N(O_RDWR | O_NONBLOCK)), 0);
	}
	fails(CALL(w, APP, lease, NONE, V(UNSET), N(F_RDLCK)), EBADF);
	finish(w);
}
END_TEST

/* ---- between files -------------------------------------------------------------- */

static struct world *with_two_files(void)
{
	struct world *w = with_file(1, "hello world");

	gives(CALL(w, APP, open, FD2, P("/g"), N(O_CREAT | O_RDWR), N(0600)), 0);
	return w;
}

START_TEST(copy)
{
	struct world *w = with_two_files();
	int in = open(world_path(w, "/f"), O_RDONLY);
	int out = open(world_path(w, "/h"), O_CREAT | O_RDWR, 0600);
	loff_t at = 6;
	int err = errno_of(copy_file_range(in, &at, out, NULL, 100, 0));

	like(CALL(w, APP, copy_file_range, NONE, V(FD), N(6), V(FD2), N(0), N(100)), err);
	if (!err) {
		gives(CALL(w, APP, pread, NONE, V(FD2), N(100), N(0)), 5);
		data_is(w, APP, "world");
		/* -1: at the positions, which move */
		gives(CALL(w, APP, copy_file_range, NONE, V(FD), N(-1), V(FD2),
			   N(-1), N(2)), 2);
		gives(CALL(w, APP, lseek, NONE, V(FD2), N(0), N(SEEK_CUR)), 2);
	}
	fails(CALL(w, APP, copy_file_range, NONE, V(FD), N(0), V(FD2), N(0), N(1),
		   N(1)), EINVAL);
	fails(CALL(w, APP, copy_file_range, NONE, V(UNSET), N(0), V(FD2), N(0), N(1)),
	      EBADF);
	close(in);
	close(out);
	finish(w);
}
END_TEST

START_TEST(send)
{
	struct world *w = with_two_files();

	gives(CALL(w, APP, sendfile, NONE, V(FD2), V(FD), N(6), N(100)), 5);
	gives(CALL(w, APP, pread, NONE, V(FD2), N(100), N(0)), 5);
	data_is(w, APP, "world");
	gives(CALL(w, APP, sendfile, NONE, V(FD2), V(FD), N(-1), N(3)), 3);
	gives(CALL(w, APP, lseek, NONE, V(FD), N(0), N(SEEK_CUR)), 3);
	fails(CALL(w, APP, sendfile, NONE, V(FD2), V(UNSET), N(0), N(3)), EBADF);
	finish(w);
}
END_TEST

START_TEST(splices)
{
	struct world *w = with_two_files();

	gives(CALL(w, APP, splice, NONE, V(FD), N(6), V(FD2), N(1), N(100)), 5);
	gives(CALL(w, APP, pread, NONE, V(FD2), N(100), N(0)), 6);
	data_is(w, APP, "\0world");
	gives(CALL(w, APP, splice, NONE, V(FD), N(-1), V(FD2), N(-1), N(3)), 3);
	gives(CALL(w, APP, lseek, NONE, V(FD), N(0), N(SEEK_CUR)), 3);
	fails(CALL(w, APP, splice, NONE, V(UNSET), N(0), V(FD2), N(0), N(3)), EBADF);
	fails(CALL(w, APP, splice, NONE, V(FD), N(0), V(UNSET), N(0), N(3)), EBADF);
	/* more than a pipe holds */
	gives(CALL(w, APP, pwrite, NONE, V(FD), L(300000), N(0)), 300000);
	gives(CALL(w, APP, splice, NONE, V(FD), N(0), V(FD2), N(0), N(1 << 20)), 300000);
	finish(w);
}
END_TEST

/* ---- the rest ------------------------------------------------------------------------------------ */

START_TEST(ioctls)
{
	struct world *w = started(1);
	uint32_t n;

	gives(CALL(w, APP, mknod, NONE, P("/p"), N(S_IFIFO | 0600)), 0);
	gives(CALL(w, APP, open, FD, P("/p"), N(O_RDWR)), 0);
	gives(CALL(w, APP, write, NONE, V(FD), B("hello")), 5);
	gives(CALL(w, APP, ioctl, NONE, V(FD), N(FIONREAD), REPEAT("\xff", 4)), 0);
	ck_assert_uint_eq(actor_outcome(w->as, APP)->data_len, 4);
	memcpy(&n, actor_outcome(w->as, APP)->data, 4);
	ck_assert_uint_eq(n, 5);
	/* too short for what comes back: there is room nevertheless */
	gives(CALL(w, APP, ioctl, NONE, V(FD), N(FIONREAD), B("x")), 0);
	ck_assert_uint_eq(actor_outcome(w->as, APP)->data_len, 1);
	gives(CALL(w, APP, ioctl, NONE, V(FD), N(FIOCLEX)), 0);
	data_is(w, APP, "");
	fails(CALL(w, APP, ioctl, NONE, V(FD), N(0x4711)), ENOTTY);
	fails(CALL(w, APP, ioctl, NONE, V(FD), N(FIONREAD)), EFAULT);
	lacks(CALL(w, APP, ioctl, NONE, V(FD), N(FIONREAD), L((2 << 20) + 1)));
	fails(CALL(w, APP, ioctl, NONE, V(UNSET), N(FIONREAD)), EBADF);
	finish(w);
}
END_TEST

START_TEST(polls)
{
	struct world *w = started(1);

	gives(CALL(w, APP, mknod, NONE, P("/p"), N(S_IFIFO | 0600)), 0);
	gives(CALL(w, APP, open, FD, P("/p"), N(O_RDWR)), 0);
	gives(CALL(w, APP, poll, NONE, V(FD), N(POLLIN | POLLOUT)), POLLOUT);
	gives(CALL(w, APP, poll, NONE, V(FD), N(POLLIN), N(1000000)), 0);
	gives(CALL(w, APP, poll, NONE, V(FD), N(POLLIN), N(0)), 0);
	gives(CALL(w, APP, write, NONE, V(FD), B("x")), 1);
	gives(CALL(w, APP, poll, NONE, V(FD), N(POLLIN | POLLOUT), N(0)),
	      POLLIN | POLLOUT);
	fails(CALL(w, APP, poll, NONE, V(UNSET), N(POLLIN)), EBADF);
	finish(w);
}
END_TEST

START_TEST(umounts)
{
	struct world *w = world_new(1);
	int err = 0;
	bool mounted;

	/* nothing that happens here leaves this test's process */
	mounted = unshare(CLONE_NEWNS) == 0 &&
		  mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 &&
		  mkdir(world_path(w, "/m"), 0755) == 0 &&
		  mount("none", world_path(w, "/m"), "tmpfs", 0, NULL) == 0;
	ck_assert_ptr_null(world_start_error(w, &err));
	fails(CALL(w, APP, umount, NONE, P("/no")), ENOENT);
	if (mounted) {
		gives(CALL(w, APP, creat, FD, P("/m/f"), N(0600)), 0);
		fails(CALL(w, APP, umount, NONE, P("/m")), EBUSY);
		gives(CALL(w, APP, umount, NONE, P("/m"), N(MNT_DETACH)), 0);
		gives(CALL(w, APP, readdir, NONE, P("/m")), 0);
		fails(CALL(w, APP, umount, NONE, P("/m")), EINVAL);
	}
	finish(w);
}
END_TEST

/* Whoever may not mount is told so, and that is an answer, too. */
START_TEST(mounts)
{
	struct world *w = world_new(1);
	bool may = unshare(CLONE_NEWNS) == 0 &&
		mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0;
	int err = 0;

	ck_assert_int_eq(mkdir(world_path(w, "/m"), 0755), 0);
	ck_assert_int_eq(mkdir(world_path(w, "/n"), 0755), 0);
	ck_assert_ptr_null(world_start_error(w, &err));
	CALL(w, APP, mount_tmpfs, NONE, P("/m"));
	CALL(w, APP, mount_bind, NONE, P("/m"), P("/n"), N(0));
	CALL(w, APP, mount_move, NONE, P("/n"), P("/n"));
	CALL(w, APP, mount_overlay, NONE, P("/n"), P("/m"), P("/n"));
	CALL(w, APP, mount_idmapped, NONE, P("/m"), P("/n"), N(0), N(7), N(1));
	if (!may) {
		fails(CALL(w, APP, remount, NONE, P("/m"), N(MS_RDONLY)), EPERM);
		fails(CALL(w, APP, mountinfo, NONE, P("/m"), N(4)), EINVAL);
		finish(w);
		return;
	}
	fails(CALL(w, APP, mount_tmpfs, NONE, P("/no")), ENOENT);
	gives(CALL(w, APP, mountinfo, NONE, P("/m"), N(4)), 5);
	data_is(w, APP, "tmpfs");
	fails(CALL(w, APP, mountinfo, NONE, P("/no"), N(4)), EINVAL);
	gives(CALL(w, APP, mount_tmpfs, NONE, P("/n")), 0);
	gives(CALL(w, APP, creat, FD, P("/n/f"), N(0600)), 0);
	fails(CALL(w, APP, remount, NONE, P("/n"), N(MS_RDONLY)), EBUSY);
	gives(CALL(w, APP, close, NONE, V(FD)), 0);
	gives(CALL(w, APP, remount, NONE, P("/n"), N(MS_RDONLY)), 0);
	fails(CALL(w, APP, creat, FD, P("/n/g"), N(0600)), EROFS);
	gives(CALL(w, APP, mount_bind, NONE, P("/n"), P("/m"), N(0)), 0);
	gives(CALL(w, APP, stat, NONE, P("/m/f")), 0);
	fails(CALL(w, APP, mount_move, NONE, P("/m"), P("/no")), ENOENT);
	gives(CALL(w, APP, umount, NONE, P("/m"), N(0)), 0);
	finish(w);
}
END_TEST

/* With a number that drops nothing: it reaches the kernel and is refused. */
START_TEST(drops_caches)
{
	struct world *w = started(1);
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	int err = fd < 0 ? EACCES : errno_of(write(fd, "0\n", 2));

	ck_assert_int_ne(err, 0);
	fails(CALL(w, APP, drop_caches, NONE, N(0)), err);
	if (fd >= 0)
		close(fd);
	finish(w);
}
END_TEST

/* Nothing is taken from an actor that has no control group. */
START_TEST(reclaims)
{
	struct world *w = started(1);

	fails(CALL(w, APP, reclaim, NONE, N(1 << 20)), ENOENT);
	finish(w);
}
END_TEST

/* Where it would work, it is not tried. */
START_TEST(suspends)
{
	struct world *w = started(1);

	if (access(SUSPEND_FILE, W_OK))
		lacks(CALL(w, APP, suspend, NONE));
	else
		made[CALL_suspend] = 1;
	finish(w);
}
END_TEST

START_TEST(setfl)
{
	struct world *w = with_file(1, "hello");

	gives(CALL(w, APP, fcntl_setfl, NONE, V(FD), N(O_APPEND)), 0);
	gives(CALL(w, APP, pwrite, NONE, V(FD), B("!"), N(0)), 1);
	gives(CALL(w, APP, pread, NONE, V(FD), N(10), N(0)), 6);
	data_is(w, APP, "hello!");
	fails(CALL(w, APP, fcntl_setfl, NONE, V(UNSET), N(0)), EBADF);
	finish(w);
}
END_TEST

/* What a size limit stops is an error, not the end of the process. */
START_TEST(limit_of_size)
{
	struct world *w = with_file(2, "");

	gives(CALL(w, APP, setrlimit_fsize, NONE, N(4)), 0);
	gives(CALL(w, APP, write, NONE, V(FD), B("hello")), 4);
	fails(CALL(w, APP, write, NONE, V(FD), B("hello")), EFBIG);
	fails(CALL(w, APP, ftruncate, NONE, V(FD), N(5)), EFBIG);
	/* of this process only */
	gives(CALL(w, BEN, open, FD, P("/f"), N(O_WRONLY)), 0);
	gives(CALL(w, BEN, write, NONE, V(FD), B("hello")), 5);
	finish(w);
}
END_TEST

START_TEST(aio)
{
	struct world *w = with_file(1, "hello");

	gives(CALL(w, APP, aio_write, AIO, V(FD), B("HE"), N(0)), 0);
	gives(CALL(w, APP, aio_wait, NONE, V(AIO)), 2);
	gives(CALL(w, APP, aio_fsync, AIO, V(FD)), 0);
	gives(CALL(w, APP, aio_wait, NONE, V(AIO)), 0);
	gives(CALL(w, APP, aio_fdsync, AIO, V(FD)), 0);
	gives(CALL(w, APP, aio_wait, NONE, V(AIO)), 0);
	fails(CALL(w, APP, aio_wait, NONE, V(AIO)), EINVAL);
	gives(CALL(w, APP, aio_read, AIO, V(FD), N(100), N(1)), 0);
	gives(CALL(w, APP, aio_wait, NONE, V(AIO)), 4);
	data_is(w, APP, "Ello");
	fails(CALL(w, APP, aio_read, AIO, V(UNSET), N(100), N(1)), EBADF);
	fails(CALL(w, APP, aio_write, AIO, V(UNSET), B("x"), N(1)), EBADF);
	lacks(CALL(w, APP, aio_write, AIO, V(FD), L(1ull << 60), N(0)));
	lacks(CALL(w, APP, aio_read, AIO, V(FD), N(-1), N(0)));
	fails(CALL(w, APP, aio_wait, NONE, V(FD)), EINVAL);
	/* that left the descriptor what it was */
	gives(CALL(w, APP, read, NONE, V(FD), N(1)), 1);
	/* two at once */
	gives(CALL(w, APP, aio_write, AIO, V(FD), L(3), N(0)), 0);
	gives(CALL(w, APP, aio_write, HANDLE, V(FD), L(4), N(3)), 0);
	gives(CALL(w, APP, aio_wait, NONE, V(HANDLE)), 4);
	gives(CALL(w, APP, aio_wait, NONE, V(AIO)), 3);
	finish(w);
}
END_TEST

/* ---- the last test ------------------------------------------------------------- */

/* (exec and fork: test_syscalls_child.c) */
START_TEST(every_call_was_made)
{
	all_made(CALL_stat, CALL_exec);
}
END_TEST

static void add_cases(Suite *s)
{
	const TTest *const meta[] = { stats, filesystem, permissions, times,
		by_descriptor, xattrs, NULL };
	const TTest *const names[] = { directories, long_directory,
		links_and_renames, symlinks_and_nodes, no_way_out, handles,
		entries_by_descriptor, relative_paths, socket_files, watched,
		fanotify_events, NULL };
	const TTest *const locks[] = { record_locks, locks_of_an_open_file,
		lock_interrupted, flocks, leases, NULL };
	const TTest *const copies[] = { copy, send, splices, NULL };
	const TTest *const rest[] = { ioctls, polls, umounts, mounts, drops_caches, setfl,
		reclaims, suspends, limit_of_size, aio, NULL };
	const TTest *const last[] = { every_call_was_made, NULL };

	add(s, "attributes", meta);
	add(s, "names", names);
	add(s, "locks", locks);
	add(s, "copies", copies);
	add(s, "rest", rest);
	if (!getenv("CK_RUN_CASE"))
		add(s, "all", last);
}

int main(void)
{
	return calls_main(add_cases, "syscalls_fs");
}
