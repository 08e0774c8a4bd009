/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each function opens what it needs and keeps nothing.  Any thread. */
#include "config.h"

#include "base/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define FILE_MAX	1024

/* A mount that is in no tree. */
int cgroup_top(void)
{
	auto_close int fs = fsopen("cgroup2", FSOPEN_CLOEXEC);

	if (fs < 0 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
		       MOUNT_ATTR_NOEXEC);
}

int cgroup_make(int dir, const char *name)
{
	if (mkdirat(dir, name, 0755))
		return -1;
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int cgroup_put(int dir, const char *file, const char *text)
{
	auto_close int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;
}

bool cgroup_says(int dir, const char *file, const char *word)
{
	auto_close int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	size_t len = strlen(word);
	char text[FILE_MAX], *at;
	ssize_t n;

	if (fd < 0 || (n = read(fd, text, sizeof(text) - 1)) < 0)
		return false;
	text[n] = '\0';
	for (at = text; (at = strstr(at, word)); at += len)
		if ((at == text || strchr(" \n", at[-1])) && strchr(" \n", at[len]))
			return true;
	return false;
}

int cgroup_join(int dir, const char *name)
{
	auto_close int group = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return group < 0 ? errno : cgroup_put(group, "cgroup.procs", "0");
}
