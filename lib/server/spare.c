/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A descriptor of the device that no worker has, for what the kernel refuses a
 * server: reads without room for a request, ioctls that are wrong.  The main
 * thread uses it, and a worker whose rule ends the connection may close it.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/mem.h"

static bool is_wanted(const struct served_mount *m)
{
	const struct scenario *sc = m->server->sc;
	size_t i;

	for (i = 0; i < sc->n_steps; i++)
		if (sc->steps[i].kind == STEP_DEVICE &&
		    sc->steps[i].device.mount == m->index)
			return true;
	return false;
}

/* Its reads return at once; a clone has flags of its own. */
int spare_open(struct served_mount *m)
{
	if (!is_wanted(m))
		return 0;
	/* No worker runs yet. */
	m->spare = channel_clone_fd(channel_fd(m->channels[0]));
	return m->spare < 0 || fcntl(m->spare, F_SETFL, O_NONBLOCK) ? errno : 0;
}

/* The last descriptor that is closed ends the connection. */
void spare_close(struct served_mount *m)
{
	auto_lock(&m->mutex);
	if (m->spare >= 0)
		close(m->spare);
	m->spare = -1;
}

static int try_read(int fd, size_t size)
{
	auto_free char *buf = xmalloc(size);

	return read(fd, buf, size) < 0 ? errno : 0;
}

/* Neither of the two waits. */
static int use(int fd, const struct device_step *d)
{
	char argument[DEVICE_ARGUMENT] = "";

	if (d->size)
		return try_read(fd, d->size);
	data_copy(&d->data, 0, argument, d->data.len, 0);
	return ioctl(fd, d->command, argument) < 0 ? errno : 0;
}

/* One more mount over this one, which has no server and is gone at once. */
static int try_mount(const struct served_mount *m, const char *options)
{
	auto_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	auto_free char *text = strstr(options, "fd=") ? xstrdup(options) :
		xasprintf("fd=%d,%s", fd, options);

	if (fd < 0 || mount(m->spec->name, m->dir, "fuse", MS_NODEV | MS_NOSUID, text))
		return errno;
	return umount2(m->dir, MNT_DETACH) ? errno : 0;
}

int server_device(struct server *s, const struct device_step *d)
{
	struct served_mount *m = mount_of(s, d->mount);

	if (d->options)
		return m->dir ? try_mount(m, d->options) : ENOENT;
	if (d->is_fresh) {
		auto_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC | O_NONBLOCK);

		return fd < 0 ? errno : use(fd, d);
	}
	auto_lock(&m->mutex);
	return m->spare < 0 ? ENODEV : use(m->spare, d);
}
