/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which paths of the host may be opened.  Any thread. */
#include "config.h"

#include "backend/host_paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"

#define CONFIGFS_MAGIC	0x62656570	/* fs/configfs/mount.c */
#define FUSECTL_MAGIC	0x65735543	/* fs/fuse/fuse_i.h: FUSE_CTL_SUPER_MAGIC */

/* A write to a file of these filesystems changes the machine, wherever they are
 * mounted. */
static const unsigned long controlling[] = {
	PROC_SUPER_MAGIC, SYSFS_MAGIC, DEVPTS_SUPER_MAGIC, DEBUGFS_MAGIC,
	TRACEFS_MAGIC, SECURITYFS_MAGIC, SELINUX_MAGIC, CGROUP_SUPER_MAGIC,
	CGROUP2_SUPER_MAGIC, BPF_FS_MAGIC, EFIVARFS_MAGIC, CONFIGFS_MAGIC,
	FUSECTL_MAGIC,
};
/* /dev is a tmpfs like others. */
static const char *const never[] = { "/proc", "/sys", "/dev", NULL };

/* The path at which an open file is now; false and errno if the kernel cannot
 * tell. */
static bool find_path(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return *path == '/';
}

/* Is it dir, or below it? */
static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	if (strncmp(path, dir, len))
		return false;
	return !path[len] || path[len] == '/' || dir[len - 1] == '/';
}

static bool is_below_any(const char *path, const char *const *dirs)
{
	for (; *dirs; dirs++)
		if (is_below(path, *dirs))
			return true;
	return false;
}

static bool is_allowed_by(const char *path, const char *dir)
{
	auto_close int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char real[PATH_MAX];

	return fd >= 0 && find_path(fd, real) && is_below(path, real);
}

static bool controls_the_kernel(int fd, const char *path)
{
	struct statfs st;
	size_t i;

	if (is_below_any(path, never) || fstatfs(fd, &st))
		return true;
	for (i = 0; i < ARRAY_SIZE(controlling); i++)
		if ((unsigned long)st.f_type == controlling[i])
			return true;
	return false;
}

int host_path_open(const char *const *allowed, const char *path, int flags)
{
	auto_close int fd = open(path, O_PATH | O_CLOEXEC | flags);
	char at[PATH_MAX];

	if (fd < 0)
		return -1;
	errno = EPERM;
	if (!find_path(fd, at) || controls_the_kernel(fd, at)) {
		errno = EPERM;
		return -1;
	}
	for (; allowed && *allowed; allowed++)
		if (is_allowed_by(at, *allowed))
			return steal_fd(&fd);
	errno = EPERM;
	return -1;
}

char *host_directory(const char *path)
{
	auto_close int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char at[PATH_MAX];

	return fd >= 0 && find_path(fd, at) ? xstrdup(at) : NULL;
}
