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
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
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

static const char *type_word(unsigned char type)
{
	const struct flag *row;

	for (row = flags_filetype.rows; row->name; row++)
		if (row->bits == (uint64_t)DTTOIF(type))
			return row->name;
	return "unknown";
}

/* "name", and what is to be shown beside it: "name type=file ino=3 off=17" */
static void print_entry(struct buf *b, const struct dirent64 *d, uint64_t show)
{
	static const struct flagset *const parts = &flags_dirent;

	buf_puts(b, d->d_name);
	if (show & flag_by_name(parts, "type", 4))
		buf_printf(b, " type=%s", type_word(d->d_type));
	if (show & flag_by_name(parts, "ino", 3))
		buf_printf(b, " ino=%llu", (unsigned long long)d->d_ino);
	if (show & flag_by_name(parts, "off", 3))
		buf_printf(b, " off=%lld", (long long)d->d_off);
	buf_addc(b, '\n');
}

/* The data are the entries in the order of the directory. */
void run_getdents(struct call_cx *cx)
{
	auto_buf struct buf lines = BUF_INIT;
	const uint8_t *entries = io_for_read(cx, arg_size(cx, 1));
	const struct dirent64 *d;
	int64_t n = 0;
	long len, at;

	if (!entries)
		return;
	len = syscall(SYS_getdents64, arg_fd(cx, 0), entries, arg_size(cx, 1));
	give(cx, len);
	for (at = 0; at < len; at += d->d_reclen, n++) {
		d = (const void *)(entries + at);
		print_entry(&lines, d, (uint64_t)arg_num(cx, 2));
	}
	if (len < 0)
		return;
	cx->slot->outcome.ret = n;
	give_data(cx, lines.data, lines.len);
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
	size_t size = arg_size(cx, 1);
	uint8_t *buf = io_for_read(cx, size);
	ssize_t n;

	if (!buf)
		return;
	n = listxattr(arg_path(cx, 0), (char *)buf, size);
	give(cx, n);
	/* with no room, the result is how much it takes */
	if (n < 0 || !size)
		return;
	buf_add(&list, buf, (size_t)n);
	give_names(cx, &list);
}

/* ---- places ------------------------------------------------------------------- */

void run_chdir(struct call_cx *cx)
{
	give(cx, chdir(arg_path(cx, 0)));
}

void run_fchdir(struct call_cx *cx)
{
	give(cx, fchdir(arg_fd(cx, 0)));
}

/* Calls bind(2) and listen(2), or connect(2), for a socket of its own. */
static void at_socket_file(struct call_cx *cx, bool listens)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const char *path = arg_path(cx, 0);
	int fd, ret;

	if (strlen(path) >= sizeof(at.sun_path)) {
		give_errno(cx, ENAMETOOLONG);
		return;
	}
	strcpy(at.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ret = fd < 0 ? -1 : listens ?
		bind(fd, (const struct sockaddr *)&at, sizeof(at)) :
		connect(fd, (const struct sockaddr *)&at, sizeof(at));
	if (!ret && listens)
		ret = listen(fd, 8);
	if (ret) {
		int err = errno;

		if (fd >= 0)
			close(fd);
		give_errno(cx, err);
		return;
	}
	give_fd(cx, fd);
}

void run_bind(struct call_cx *cx)
{
	at_socket_file(cx, true);
}

void run_connect(struct call_cx *cx)
{
	at_socket_file(cx, false);
}

/* ---- watching ----------------------------------------------------------------- */

void run_inotify(struct call_cx *cx)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), err;

	if (fd >= 0 && inotify_add_watch(fd, arg_path(cx, 0),
					 (uint32_t)arg_num(cx, 1)) < 0) {
		err = errno;
		close(fd);
		give_errno(cx, err);
		return;
	}
	give_fd(cx, fd);
}

/* "IN_CREATE name" each; there may be none. */
void run_inotify_read(struct call_cx *cx)
{
	auto_buf struct buf lines = BUF_INIT;
	uint8_t *events = cx->slot->io;
	ssize_t len = read(arg_fd(cx, 0), events, 65536), at;
	const struct inotify_event *ev;
	int64_t n = 0;

	give(cx, len < 0 && errno == EAGAIN ? 0 : len);
	for (at = 0; at < len; at += (ssize_t)(sizeof(*ev) + ev->len), n++) {
		ev = (const void *)(events + at);
		flags_print(&lines, &flags_inotify, ev->mask);
		if (ev->len)
			buf_printf(&lines, " %s", ev->name);
		buf_addc(&lines, '\n');
	}
	if (cx->slot->outcome.ret < 0)
		return;
	cx->slot->outcome.ret = n;
	give_data(cx, lines.data, lines.len);
}

/*
 * By the names in directories and not by descriptors: reading one of those would open
 * the file once more.  FUSE has no id of its filesystems, and so no more than an inode
 * can be watched (fs/notify/fanotify/fanotify_user.c, fanotify_test_fsid()).
 */
void run_fanotify(struct call_cx *cx)
{
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME |
			       FAN_NONBLOCK | FAN_CLOEXEC, O_RDONLY), err;

	if (fd >= 0 && fanotify_mark(fd, FAN_MARK_ADD, (uint64_t)arg_num(cx, 1),
				     AT_FDCWD, arg_path(cx, 0))) {
		err = errno;
		close(fd);
		give_errno(cx, err);
		return;
	}
	give_fd(cx, fd);
}

/* Each is a directory's handle, and behind it the name; "." for itself.  A FAN_RENAME
 * has two. */
static void print_names(struct buf *b, const struct fanotify_event_metadata *ev)
{
	const uint8_t *at = (const uint8_t *)(ev + 1);
	const uint8_t *end = (const uint8_t *)ev + ev->event_len;
	const struct fanotify_event_info_fid *info;

	for (; at + sizeof(*info) + sizeof(struct file_handle) <= end;
	     at += info->hdr.len) {
		const struct file_handle *h;

		info = (const void *)at;
		h = (const void *)info->handle;
		if (info->hdr.len < sizeof(*info) + sizeof(*h))
			return;
		buf_printf(b, " %s", (const char *)h->f_handle + h->handle_bytes);
	}
}

/* "FAN_OPEN name" each; there may be none.  Events of the same name may have been
 * put together. */
void run_fanotify_read(struct call_cx *cx)
{
	auto_buf struct buf lines = BUF_INIT;
	const struct fanotify_event_metadata *ev;
	ssize_t len = read(arg_fd(cx, 0), cx->slot->io, 65536);
	int64_t n = 0;

	give(cx, len < 0 && errno == EAGAIN ? 0 : len);
	for (ev = (const void *)cx->slot->io; FAN_EVENT_OK(ev, len);
	     ev = FAN_EVENT_NEXT(ev, len), n++) {
		flags_print(&lines, &flags_fanotify, ev->mask);
		print_names(&lines, ev);
		buf_addc(&lines, '\n');
	}
	if (cx->slot->outcome.ret < 0)
		return;
	cx->slot->outcome.ret = n;
	give_data(cx, lines.data, lines.len);
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
