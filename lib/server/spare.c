/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A descriptor of the device that no worker has, for what the kernel refuses a
 * server: reads without room for a request, ioctls that are wrong.  The main
 * thread.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
	m->spare = channel_clone_fd(channel_fd(m->channels[0]));
	return m->spare < 0 || fcntl(m->spare, F_SETFL, O_NONBLOCK) ? errno : 0;
}

/* The last descriptor that is closed ends the connection. */
void spare_close(struct served_mount *m)
{
	if (m->spare >= 0)
		close(m->spare);
	m->spare = -1;
}

static int try_read(int fd, size_t size)
{
	auto_free char *buf = xmalloc(size);

	return read(fd, buf, size) < 0 ? errno : 0;
}

int server_device(struct server *s, const struct device_step *d)
{
	int fd = mount_of(s, d->mount)->spare;
	char argument[DEVICE_ARGUMENT] = "";

	if (fd < 0)
		return ENODEV;
	if (d->size)
		return try_read(fd, d->size);
	data_copy(&d->data, 0, argument, d->data.len, 0);
	return ioctl(fd, d->command, argument) < 0 ? errno : 0;
}
