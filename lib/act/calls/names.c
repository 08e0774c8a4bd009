/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that make, remove and list names, and file handles.  Runs on the
 * actors' threads. */
#include "config.h"

#include "act/calls/calls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

void run_mkdir(struct call_cx *cx)
{
	give(cx, mkdir(arg_path(cx, 0), (mode_t)arg_num(cx, 1)));
}

void run_rmdir(struct call_cx *cx)
{
	give(cx, rmdir(arg_path(cx, 0)));
}

void run_unlink(struct call_cx *cx)
{
	give(cx, unlink(arg_path(cx, 0)));
}

void run_rename(struct call_cx *cx)
{
	const char *from = arg_path(cx, 0);

	give(cx, rename(from, arg_path(cx, 1)));
}

void run_renameat2(struct call_cx *cx)
{
	const char *from = arg_path(cx, 0);

	give(cx, renameat2(AT_FDCWD, from, AT_FDCWD, arg_path(cx, 1),
			   (unsigned)arg_num(cx, 2)));
}

void run_link(struct call_cx *cx)
{
	const char *from = arg_path(cx, 0);

	give(cx, link(from, arg_path(cx, 1)));
}

void run_symlink(struct call_cx *cx)
{
	give(cx, symlink(arg_text(cx, 0), arg_path(cx, 1)));
}

void run_readlink(struct call_cx *cx)
{
	uint8_t *buf = cx->slot->io;
	ssize_t n = readlink(arg_path(cx, 0), (char *)buf, PATH_MAX);

	give(cx, n);
	if (n >= 0)
		give_data(cx, buf, (size_t)n);
}

void run_mknod(struct call_cx *cx)
{
	give(cx, mknod(arg_path(cx, 0), (mode_t)arg_num(cx, 1),
		       (dev_t)arg_num(cx, 2)));
}

/* ---- lists of names ---------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The result is the number of names in list, where each ends with a NUL.
 * Sorted, one a line, they become the data. */
static void give_names(struct call_cx *cx, const struct buf *list)
{
	auto_buf struct buf lines = BUF_INIT;
	auto_free const char **names = NULL;
	size_t at, n = 0, i;

	for (at = 0; at < list->len; at += strlen(list->data + at) + 1)
		n++;
	names = xcalloc(n + 1, sizeof(*names));
	for (at = 0, i = 0; i < n; at += strlen(list->data + at) + 1)
		names[i++] = list->data + at;
	qsort(names, n, sizeof(*names), by_name);
	for (i = 0; i < n; i++) {
		buf_puts(&lines, names[i]);
		buf_addc(&lines, '\n');
	}
	cx->slot->outcome.ret = (int64_t)n;
	give_data(cx, lines.data, lines.len);
}

/* The kernel fills in struct linux_dirent64, and libc's struct dirent64 is the
 * same. */
static void add_entries(struct buf *list, const char *entries, size_t len)
{
	size_t at = 0;

	while (at < len) {
		const struct dirent64 *d = (const void *)(entries + at);

		if (strcmp(d->d_name, ".") && strcmp(d->d_name, ".."))
			buf_add(list, d->d_name, strlen(d->d_name) + 1);
		at += d->d_reclen;
	}
}

/* Calls getdents64(2) until there are no more names; 0, or -1 with errno. */
static int read_names(int fd, void *entries, struct buf *list)
{
	for (;;) {
		long n = syscall(SYS_getdents64, fd, entries, 32768);

		if (n <= 0)
			return (int)n;
		add_entries(list, entries, (size_t)n);
	}
}

/* The number and time of the return are those of the last getdents64(), or of
 * the call that failed.  They are not those of close(), which no script has
 * asked for. */
void run_readdir(struct call_cx *cx)
{
	auto_buf struct buf list = BUF_INIT;
	auto_close int fd = open(arg_path(cx, 0), O_RDONLY | O_DIRECTORY);
	int ret = fd < 0 ? -1 : read_names(fd, cx->slot->io, &list);

	give(cx, ret);
	if (ret == 0)
		give_names(cx, &list);
}

void run_listxattr(struct call_cx *cx)
{
	auto_buf struct buf list = BUF_INIT;
	uint8_t *buf = cx->slot->io;
	ssize_t n = listxattr(arg_path(cx, 0), (char *)buf, XATTR_LIST_MAX);

	give(cx, n);
	if (n < 0)
		return;
	buf_add(&list, buf, (size_t)n);
	give_names(cx, &list);
}

/* ---- handles ------------------------------------------------------------------- */

void run_name_to_handle(struct call_cx *cx)
{
	struct var v = { .kind = VAR_HANDLE };
	int mount_id, ret;

	v.handle.h.handle_bytes = MAX_HANDLE_SZ;
	ret = name_to_handle_at(AT_FDCWD, arg_path(cx, 0), &v.handle.h,
				&mount_id, 0);
	give(cx, ret);
	if (ret == 0)
		give_var(cx, &v);
}

/* With O_PATH the server is asked for nothing but the lookup.  Kernels that do
 * not take such a descriptor here (fs/fhandle.c: get_path_from_fd() before
 * fd_raw) need a real one. */
static int open_handle(const char *mount, struct file_handle *h, int flags)
{
	static const int how[] = { O_PATH | O_CLOEXEC, O_RDONLY | O_CLOEXEC };
	size_t i;
	int fd = -1;

	for (i = 0; i < ARRAY_SIZE(how); i++) {
		auto_close int dir = open(mount, how[i]);

		if (dir < 0)
			return -1;
		fd = open_by_handle_at(dir, h, flags);
		if (fd >= 0 || errno != EBADF)
			break;
	}
	return fd;
}

void run_open_by_handle(struct call_cx *cx)
{
	struct var v;

	vars_get(cx->vars, cx->use->args[1].var, &v);
	if (v.kind != VAR_HANDLE)
		give_errno(cx, EINVAL);
	else
		give_fd(cx, open_handle(arg_path(cx, 0), &v.handle.h,
					arg_int(cx, 2)));
}
