/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* User namespaces that stand for mappings of ids.  Made by the actor's first thread;
 * they end with the process. */
#include "config.h"

#include "act/calls/idmaps.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

struct idmap {
	int64_t id, shown, count;
	int fd;				/* -1: err says why */
	int err;
};

struct idmaps {
	struct idmap *list;
	size_t n;
};

static const struct idmap *find(const struct idmaps *im, int64_t id, int64_t shown,
				int64_t count)
{
	size_t i;

	for (i = 0; i < im->n; i++)
		if (im->list[i].id == id && im->list[i].shown == shown &&
		    im->list[i].count == count)
			return &im->list[i];
	return NULL;
}

static void see_call(void *ctx, struct loc loc, const struct call_use *use)
{
	struct idmaps *im = ctx;
	struct idmap map = {
		.id = use->args[2].num, .shown = use->args[3].num,
		.count = use->args[4].num, .fd = -1,
	};

	(void)loc;
	if (use->call->id != CALL_mount_idmapped ||
	    find(im, map.id, map.shown, map.count))
		return;
	im->list = xrealloc(im->list, (im->n + 1) * sizeof(*im->list));
	im->list[im->n++] = map;
}

static int write_map(pid_t pid, const char *name, const struct idmap *map)
{
	auto_free char *path = xasprintf("/proc/%d/%s", (int)pid, name);
	auto_free char *text = xasprintf("%lld %lld %lld\n", (long long)map->id,
					 (long long)map->shown,
					 (long long)map->count);
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) > 0 ? 0 : -1;
}

static int open_ns(pid_t pid)
{
	auto_free char *path = xasprintf("/proc/%d/ns/user", (int)pid);

	return open(path, O_RDONLY | O_CLOEXEC);
}

/* The namespace lives in a child until it is open here; what is not given a mapping
 * has none. */
static void make(struct idmap *map)
{
	int ready[2], fd;
	pid_t pid;
	char c;

	if (pipe2(ready, O_CLOEXEC)) {
		map->err = errno;
		return;
	}
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWUSER) || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	map->err = pid < 0 ? errno : 0;
	close(ready[1]);
	if (pid > 0) {
		if (read(ready[0], &c, 1) != 1)
			map->err = EPERM;
		else if (write_map(pid, "uid_map", map) ||
			 write_map(pid, "gid_map", map) ||
			 (fd = open_ns(pid)) < 0)
			map->err = errno;
		else
			map->fd = fd;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	close(ready[0]);
}

struct idmaps *idmaps_new(const struct scenario *sc)
{
	struct idmaps *im = xcalloc(1, sizeof(*im));
	size_t i;

	scenario_each_call(sc, see_call, im);
	for (i = 0; i < im->n; i++)
		make(&im->list[i]);
	return im;
}

int idmaps_find(const struct idmaps *im, int64_t id, int64_t shown, int64_t count)
{
	const struct idmap *map = find(im, id, shown, count);

	errno = map ? map->err : EINVAL;
	return map ? map->fd : -1;
}
