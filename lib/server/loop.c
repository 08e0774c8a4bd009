/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loop devices.  Called by the conductor. */
#include "config.h"

#include "server/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

#define TRIES	32	/* others look for a free one too */

/* errno */
static int configure(int loop, int file)
{
	const struct loop_config config = {
		.fd = (uint32_t)file, .info.lo_flags = LO_FLAGS_AUTOCLEAR,
	};

	return ioctl(loop, LOOP_CONFIGURE, &config) ? errno : 0;
}

static int try_once(int control, int file, char **path)
{
	int number = ioctl(control, LOOP_CTL_GET_FREE);
	auto_close int loop = -1;
	int err;

	if (number < 0)
		return -1;
	*path = xasprintf("/dev/loop%d", number);
	loop = open(*path, O_RDWR | O_CLOEXEC);
	err = loop < 0 ? errno : configure(loop, file);
	if (!err)
		return steal_fd(&loop);
	free(*path);
	*path = NULL;
	errno = err;
	return -1;
}

int loop_new(uint64_t size, char **path)
{
	auto_close int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	auto_close int file = memfd_create("fusescen-block", MFD_CLOEXEC);
	int loop = -1, i;

	if (control < 0 || file < 0 || ftruncate(file, (off_t)size))
		return -1;
	for (i = 0; i < TRIES && loop < 0; i++) {
		loop = try_once(control, file, path);
		if (loop < 0 && errno != EBUSY)
			break;
	}
	return loop;
}
