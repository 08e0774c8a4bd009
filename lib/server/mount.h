/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mounts and their connections as the rest of the system sees them.  Nothing
 * here asks the filesystem itself, which may not be answering.  Thread-safe.
 */
#ifndef SERVER_MOUNT_H
#define SERVER_MOUNT_H

#include "base/buf.h"
#include "model/scenario.h"

struct namespaces;

/* mount(2) at dir; fd is the device.  0 or errno. */
int mount_fuse(const struct mount_spec *spec, int fd, const char *dir);
/* Its options but the device, with commas. */
void mount_options(const struct mount_spec *spec, struct buf *opts);
/* The same for a mount of other namespaces; it opens the device itself.  0 or errno. */
int mount_apart(const struct mount_spec *spec, const struct namespaces *ns,
		const char *dir, int *device);
/* The number of the connection mounted at dir (an absolute path without
 * symlinks), which is its device's: 0 or errno. */
int mount_connection(const char *dir, uint32_t *number);

/*
 * Let the mount have as many dirty pages as any: fs/fuse/inode.c, fuse_bdi_init()
 * allows a fuse mount 1 % and that strictly, and a kernel near that limit writes
 * back early and makes writers wait, which no script asked for.  Where we may
 * not (no root) it stays as it is.
 */
void mount_relax_writeback(uint32_t number);

/* One connection's directory in fusectl, or a CUSE device's in sysfs. */
void control_dir(struct buf *out, const char *fusectl, uint32_t number);
void control_dir_cuse(struct buf *out, const char *device);

/*
 * The files of that directory, open.  The kernel uses numbers again, so a path
 * may lead to the connection that has the number now.  An open file stays with
 * its connection, and leads nowhere when the connection is gone
 * (fs/fuse/control.c, fuse_ctl_file_conn_get()).  Empty is -1, -1.
 */
struct control_files {
	int abort, waiting;
};

/* All three: 0 or errno. */
int control_open(struct control_files *c, const char *dir);
/* One of its other files: 0 or errno. */
int control_set(const char *dir, const char *file, uint64_t value);
int control_get(const char *dir, const char *file, uint64_t *out);
int control_abort(const struct control_files *c);
/* ENOENT: the connection is gone. */
int control_waiting(const struct control_files *c, uint64_t *out);
void control_close(struct control_files *c);

#endif
