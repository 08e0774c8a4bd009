/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Backing files: a file of a lower mount or of the host, registered on the
 * upper mount's connection under a number.  Once per (mount, path): the kernel
 * refuses a second open of an inode under another number (fs/fuse/iomode.c:
 * EBUSY).
 *
 * Runs on the worker that needs one.  Walking to the file may ask the lower
 * mount's server, so no lock is held meanwhile.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>

#include "backend/host_paths.h"
#include "base/confine.h"
#include "base/errnos.h"
#include "base/lock.h"

static struct backing *find(struct served_mount *upper, const struct file_ref *file)
{
	struct backing *b = upper->backings;

	while (b && (b->mount != file->mount || strcmp(b->path, file->path)))
		b = b->next;
	return b;
}

static bool find_id(struct served_mount *upper, const struct file_ref *file, int32_t *id)
{
	const struct backing *b;

	auto_lock(&upper->mutex);
	b = find(upper, file);
	if (b)
		*id = b->id;
	return b;
}

/* Keep the new id, unless another worker has registered the file meanwhile:
 * then use that worker's id. */
static void keep(struct served_mount *upper, const struct file_ref *file, int32_t *id)
{
	struct backing *mine = xcalloc(1, sizeof(*mine)), *b;
	int32_t spare = *id;

	mine->mount = file->mount;
	mine->path = file->path;
	mine->id = *id;
	mutex_lock(&upper->mutex);
	b = find(upper, file);
	if (b) {
		*id = b->id;
	} else {
		mine->next = upper->backings;
		upper->backings = mine;
	}
	mutex_unlock(&upper->mutex);
	if (b) {
		channel_backing_close(upper->channels[0], spare);
		free(mine);
	}
}

/* O_PATH: the kernel opens the file itself, and the lower server sees no OPEN
 * before the upper file is opened. */
static int open_lower(struct served_mount *upper, const struct file_ref *file, int *fd)
{
	const char *below;
	auto_free char *path = NULL;

	*fd = -1;
	if (channel_is_sim(upper->channels[0]))
		return 0;
	if (file->mount == HOST) {
		*fd = host_path_open(upper->server->sc->allow_host, file->path,
				     O_NOFOLLOW);
		return *fd < 0 ? errno : 0;
	}
	below = upper->server->mounts[file->mount].dir;
	if (!below)
		return ENOENT;
	path = xasprintf("%s%s", below, file->path);
	*fd = open(path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	return *fd < 0 ? errno : 0;
}

/* fs/fuse/backing.c, fuse_backing_open(): only a server with CAP_SYS_ADMIN may. */
static int open_as_server(struct served_mount *upper, int fd, int32_t *id)
{
	uint64_t had;
	int err;

	if (!upper->spec->unprivileged)
		return channel_backing_open(upper->channels[0], fd, id);
	had = confine_pause(CAPABILITY(CAP_SYS_ADMIN));
	err = channel_backing_open(upper->channels[0], fd, id);
	confine_resume(had);
	return err;
}

int backing_register(struct served_mount *upper, const struct file_ref *file,
		     int32_t *id)
{
	const struct scenario *sc = upper->server->sc;
	auto_close int fd = -1;
	const char *name;
	int err;

	if (find_id(upper, file, id))
		return 0;
	err = open_lower(upper, file, &fd);
	if (!err)
		err = open_as_server(upper, fd, id);
	if (!err) {
		keep(upper, file, id);
		return 0;
	}
	name = errno_name(err);
	mount_log(upper, EV_INFO, "%s: backing file %s:%s: %s", upper->spec->name,
		file->mount == HOST ? "host" : sc->mounts[file->mount].name,
		file->path, name ? name : "?");
	return err;
}

void backings_free(struct served_mount *m)
{
	while (m->backings) {
		struct backing *b = m->backings;

		m->backings = b->next;
		free(b);
	}
}
