/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes of the files behind the kernel's back, as another process of the host
 * would make them.  Called by the conductor.
 */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"

#define STEP	65536u

/* ---- of one file, of which fd is an O_PATH descriptor ---- */

static int write_to(const struct mirror *m, int at, const struct file_change *c)
{
	auto_close int fd = mirror_reopen(m, at, O_WRONLY);
	auto_free uint8_t *step = xmalloc(STEP);
	uint64_t done, n;

	if (fd < 0)
		return errno;
	for (done = 0; done < c->data.len; done += n) {
		n = c->data.len - done < STEP ? c->data.len - done : STEP;
		data_copy(&c->data, done, step, n, 0);
		if (pwrite(fd, step, n, (off_t)(c->offset + done)) != (ssize_t)n)
			return errno ? errno : ENOSPC;
	}
	return 0;
}

static int resize(const struct mirror *m, int at, const struct file_change *c)
{
	auto_close int fd = mirror_reopen(m, at, O_WRONLY);

	return fd < 0 || ftruncate(fd, (off_t)c->size) ? errno : 0;
}

static int set_mode(const struct mirror *m, int at, const struct file_change *c)
{
	struct mirror_path number = mirror_number(at);

	return fchmodat(m->proc, number.s, c->mode & 07777, 0) ? errno : 0;
}

/* UINT32_MAX keeps one, for chown(2) too. */
static int set_owner(const struct mirror *m, int at, const struct file_change *c)
{
	(void)m;
	return fchownat(at, "", c->uid, c->gid, AT_EMPTY_PATH) ? errno : 0;
}

static struct timespec time_of(uint64_t ns)
{
	if (ns == UINT64_MAX)
		return (struct timespec){ .tv_nsec = UTIME_OMIT };
	return (struct timespec){
		.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S),
	};
}

static int set_times(const struct mirror *m, int at, const struct file_change *c)
{
	const struct timespec times[] = { time_of(c->atime_ns), time_of(c->mtime_ns) };

	(void)m;
	return utimensat(at, "", times, AT_EMPTY_PATH) ? errno : 0;
}

static int set_xattr(const struct mirror *m, int at, const struct file_change *c)
{
	auto_free uint8_t *value = xmalloc(c->value.len + 1);
	struct mirror_path path = mirror_path(at);

	(void)m;
	data_copy(&c->value, 0, value, c->value.len, 0);
	return setxattr(path.s, c->name, value, c->value.len, 0) ? errno : 0;
}

static int remove_xattr(const struct mirror *m, int at, const struct file_change *c)
{
	struct mirror_path path = mirror_path(at);

	(void)m;
	return removexattr(path.s, c->name) ? errno : 0;
}

static int change_file(struct mirror *m, const struct file_change *c,
		       int (*fn)(const struct mirror *m, int at,
				 const struct file_change *c))
{
	auto_close int at = mirror_walk(m, c->path);

	return at < 0 ? errno : fn(m, at, c);
}

/* ---- of names ---- */

/* The directory of a path, as a descriptor, and the last name in it. */
static int find_parent(struct mirror *m, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	auto_free char *parent = xstrndup(path, (size_t)(slash - path));

	*name = slash + 1;
	return mirror_walk(m, parent);
}

static int remove_name(struct mirror *m, const struct file_change *c)
{
	const char *name;
	auto_close int dir = find_parent(m, c->path, &name);

	if (dir < 0)
		return errno;
	if (unlinkat(dir, name, 0) == 0)
		return 0;
	return errno == EISDIR && unlinkat(dir, name, AT_REMOVEDIR) == 0 ? 0 : errno;
}

static int move_name(struct mirror *m, const struct file_change *c)
{
	const char *name, *to_name;
	auto_close int dir = find_parent(m, c->path, &name), to = -1;

	if (dir < 0)
		return errno;
	to = find_parent(m, c->to, &to_name);
	return to < 0 || renameat(dir, name, to, to_name) ? errno : 0;
}

static int add_name(struct mirror *m, const struct file_change *c)
{
	const char *name, *to_name;
	auto_close int dir = find_parent(m, c->path, &name), to = -1;

	if (dir < 0)
		return errno;
	to = find_parent(m, c->to, &to_name);
	return to < 0 || linkat(dir, name, to, to_name, 0) ? errno : 0;
}

static int make(struct mirror *m, const struct file_change *c)
{
	size_t i;
	int err = 0;

	for (i = 0; i < c->n_files && !err; i++) {
		err = mirror_make_file(m, &c->files[i]);
		/* A directory that the loader has added above a file. */
		if (err == EEXIST && !c->files[i].loc.line)
			err = 0;
	}
	return err;
}

int mirror_change(struct backend *b, const struct file_change *c)
{
	struct mirror *m = (struct mirror *)b;	/* which starts with it */

	switch (c->kind) {
	case CHANGE_MAKE:
		return make(m, c);
	case CHANGE_WRITE:
		return change_file(m, c, write_to);
	case CHANGE_TRUNCATE:
		return change_file(m, c, resize);
	case CHANGE_REMOVE:
		return remove_name(m, c);
	case CHANGE_RENAME:
		return move_name(m, c);
	case CHANGE_LINK:
		return add_name(m, c);
	case CHANGE_CHMOD:
		return change_file(m, c, set_mode);
	case CHANGE_CHOWN:
		return change_file(m, c, set_owner);
	case CHANGE_UTIMES:
		return change_file(m, c, set_times);
	case CHANGE_SETXATTR:
		return change_file(m, c, set_xattr);
	case CHANGE_REMOVEXATTR:
		return change_file(m, c, remove_xattr);
	}
	return EINVAL;
}
