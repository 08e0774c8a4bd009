/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The node of a CUSE device appears among the run's mounts once the kernel has made
 * the device, which it does when somebody writes the reply to CUSE_INIT.  That may
 * be any thread, and those of the server may not mount (base/confine.h).  Hence a
 * job that is not confined waits for the moment, and the writer waits for the job.
 */
#include "config.h"

#include "server/server_impl.h"

#include "backend/cuse/devnode.h"
#include "base/errnos.h"
#include "base/lock.h"

struct showing {
	struct served_mount *mount;
};

/* False: there will be no device. */
static bool await_device(struct served_mount *m)
{
	auto_lock(&m->mutex);
	while (m->device == DEVICE_AWAITED)
		pthread_cond_wait(&m->device_changed, &m->mutex);
	return m->device == DEVICE_MADE;
}

static void set_device(struct served_mount *m, enum device_state from,
		       enum device_state to)
{
	auto_lock(&m->mutex);
	if (m->device == from)
		m->device = to;
	pthread_cond_broadcast(&m->device_changed);
}

/* Its control files, too, are beyond what a confined thread may open. */
static void show(void *arg)
{
	struct served_mount *m = ((struct showing *)arg)->mount;
	int err;

	if (!await_device(m))
		return;
	err = devnode_bind(m->node, m->dir);
	if (err)
		mount_log(m, EV_MOUNT, "%s: /dev/%s cannot be shown: %s",
			  m->spec->name, m->node, errno_name(err));
	mount_control(m);
	set_device(m, DEVICE_MADE, DEVICE_SHOWN);
}

void device_await(struct served_mount *m)
{
	struct showing *s = xcalloc(1, sizeof(*s));

	s->mount = m;
	m->device = DEVICE_AWAITED;
	jobs_start(&m->server->jobs, JOB_DEVICE, m->index, show, s);
}

void device_show(struct served_mount *m)
{
	set_device(m, DEVICE_AWAITED, DEVICE_MADE);
	auto_lock(&m->mutex);
	while (m->device == DEVICE_MADE)
		pthread_cond_wait(&m->device_changed, &m->mutex);
}

void device_end(struct served_mount *m)
{
	set_device(m, DEVICE_AWAITED, DEVICE_NONE);
}
