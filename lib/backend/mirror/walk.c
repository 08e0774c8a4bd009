/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gets from a name to a descriptor without leaving the mirror's directory.  Any
 * thread. */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"

#define TRIES	16	/* openat2(2): EAGAIN while something is renamed */

bool mirror_is_name(const char *name)
{
	return *name && strcmp(name, ".") && strcmp(name, "..") &&
		!strchr(name, '/');
}

/*
 * NO_XDEV: a filesystem that is mounted below is not part of the mirror.  It
 * may even be the mirror's own mount, which would wait for us for ever.  With
 * O_PATH | O_NOFOLLOW a symlink itself is opened, even under NO_SYMLINKS.
 */
int mirror_open_child(int dir, const char *name)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};
	int fd = -1, i;

	if (!mirror_is_name(name)) {
		errno = EINVAL;
		return -1;
	}
	for (i = 0; fd < 0 && i < TRIES && (!i || errno == EAGAIN); i++)
		fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));
	return fd;
}

struct mirror_path mirror_number(int fd)
{
	struct mirror_path path;

	snprintf(path.s, sizeof(path.s), "%d", fd);
	return path;
}

struct mirror_path mirror_path(int fd)
{
	struct mirror_path path;

	snprintf(path.s, sizeof(path.s), "/proc/self/fd/%d", fd);
	return path;
}

/* The link in /proc leads to the inode even if its name has changed. */
int mirror_reopen(const struct mirror *m, int fd, int flags)
{
	struct mirror_path number = mirror_number(fd);

	return openat(m->proc, number.s, (flags & ~O_NOFOLLOW) | O_CLOEXEC);
}

int mirror_walk(struct mirror *m, const char *path)
{
	auto_free char *copy = xstrdup(path);
	struct mirror_node *root = mirror_get(m, FUSE_ROOT_ID);
	auto_close int at = fcntl(root->fd, F_DUPFD_CLOEXEC, 0);
	char *save, *part = strtok_r(copy, "/", &save);

	mirror_put(root);
	for (; part && at >= 0; part = strtok_r(NULL, "/", &save)) {
		int next = mirror_open_child(at, part), err = errno;

		close(at);
		at = next;
		errno = err;
	}
	return steal_fd(&at);
}
