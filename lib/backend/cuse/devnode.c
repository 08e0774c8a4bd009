/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A bind mount of the one node, taken from a devtmpfs of our own, because /dev
 * may be something else (in a container).  Since the node is a mount, it cannot
 * be removed or replaced, and since the mount is read-only, the mode of the
 * node cannot be changed: the node belongs to the machine, not only to the run.
 * The thread that sends the reply to CUSE_INIT runs this.  The device is not
 * opened.
 */
#include "config.h"

#include "backend/cuse/devnode.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define HARMLESS	(MS_NOSUID | MS_NOEXEC)

static int bind_node(const char *node, const char *path)
{
	auto_close int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC,
				 0);
	int err = 0;

	if (fd < 0)
		return errno;
	if (mount(node, path, NULL, MS_BIND, NULL))
		err = errno;
	else if (mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY |
		       HARMLESS, NULL))
		err = errno;
	if (!err)
		return 0;
	umount2(path, MNT_DETACH);
	unlink(path);
	return err;
}

int devnode_bind(const char *name, const char *path)
{
	auto_free char *nodes = xasprintf("%s.nodes", path);
	auto_free char *node = xasprintf("%s/%s", nodes, name);
	int err;

	if (mkdir(nodes, 0700))
		return errno;
	if (mount("fusescen", nodes, "devtmpfs", HARMLESS, NULL)) {
		err = errno;
	} else {
		err = bind_node(node, path);
		umount2(nodes, MNT_DETACH);
	}
	rmdir(nodes);
	return err;
}
