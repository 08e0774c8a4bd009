/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A mount whose mount(2) returns only when INIT has been answered, or when there is
 * no answer to be had any more.  It is a job, and its connection is there, with its
 * control files, before the first worker reads: whatever the script does inside of
 * mount(2), the connection can be ended.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>
#include <stdio.h>

#include "base/errnos.h"
#include "base/units.h"

#define LOOK_GAP_NS	(200 * NS_PER_US)
#define PATIENCE_NS	(10 * NS_PER_S)

struct mounting {
	struct served_mount *mount;
	int fd;
};

/* The descriptor is the channel's and no second one: when the server closes its own,
 * nobody is left who has the device open but the kernel. */
static void mount_slowly(void *arg)
{
	const struct mounting *job = arg;
	struct served_mount *m = job->mount;
	int err = mount_fuse(m->spec, job->fd, m->dir);
	const char *name = errno_name(err);

	atomic_store(&m->mount_err, err);
	atomic_store(&m->mounted, !err);
	atomic_store(&m->mounting, false);
	if (err)
		mount_log(m, EV_MOUNT, "%s: mount(2) = -1 %s", m->spec->name,
			  name ? name : "?");
	else
		mount_log(m, EV_MOUNT, "%s: mounted", m->spec->name);
}

/* fs/fuse/dev.c, fuse_dev_show_fdinfo(): as old as synchronous INIT.  0: there is no
 * connection yet. */
static uint32_t connection_of(int fd)
{
	auto_free char *path = xasprintf("/proc/self/fdinfo/%d", fd);
	auto_free char *line = NULL;
	FILE *f = fopen(path, "re");
	unsigned number = 0;
	size_t cap = 0;

	if (!f)
		return 0;
	while (!number && getline(&line, &cap, f) > 0)
		if (sscanf(line, "fuse_connection: %u", &number) != 1)
			number = 0;
	fclose(f);
	return number;
}

int sync_mount_start(struct served_mount *m)
{
	int fd = channel_fd(m->channels[0]);
	struct mounting *job;
	uint64_t until;

	if (channel_sync_init(m->channels[0]))
		return errno;
	until = clock_ns() + PATIENCE_NS;
	job = xcalloc(1, sizeof(*job));
	*job = (struct mounting){ m, fd };
	atomic_store(&m->mounting, true);
	mount_log(m, EV_MOUNT, "%s: mount(2) begins", m->spec->name);
	jobs_start(&m->server->jobs, JOB_MOUNT, m->index, mount_slowly, job);
	while (!m->connection && atomic_load(&m->mounting) && clock_ns() < until) {
		sleep_ns(LOOK_GAP_NS);
		m->connection = connection_of(fd);
	}
	if (m->connection)
		return 0;
	return atomic_load(&m->mounting) ? ETIMEDOUT : atomic_load(&m->mount_err);
}

bool server_is_mounting(struct server *s, int mount)
{
	return atomic_load(&mount_of(s, mount)->mounting);
}

int server_mount_error(struct server *s, int mount)
{
	return atomic_load(&mount_of(s, mount)->mount_err);
}

unsigned server_mounting_tids(struct server *s, pid_t *tids, unsigned max)
{
	return jobs_tids(&s->jobs, JOB_MOUNT, JOB_ANY, tids, max);
}
