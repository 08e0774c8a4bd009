/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Namespaces and the tmpfs of a run.  Runs once, early, in the conductor's
 * process while it has one thread. */
#include "config.h"

#include "run/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/mem.h"

#define FUSECTL_DIR	"/sys/fs/fuse/connections"
#define FUSECTL_MAGIC	0x65735543	/* <linux/magic.h> FUSE_CTL_SUPER_MAGIC */

/* Directories that exist nearly everywhere and that no run needs. */
static const char *const roots[] = { "/mnt", "/media", "/srv", "/var/tmp", "/tmp" };

static int write_file(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
}

/* A new user namespace with all rights in it, in which we are the only user. */
static int enter_user_namespace(unsigned uid, unsigned gid)
{
	auto_free char *uids = xasprintf("%u %u 1\n", uid, (unsigned)geteuid());
	auto_free char *gids = xasprintf("%u %u 1\n", gid, (unsigned)getegid());

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -1;
	if (write_file("/proc/self/setgroups", "deny\n") && errno != ENOENT)
		return -1;
	if (write_file("/proc/self/uid_map", uids))
		return -1;
	return write_file("/proc/self/gid_map", gids);
}

static int mount_root(struct sandbox *sb)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roots); i++) {
		if (mount("fusescen", roots[i], "tmpfs",
			  MS_NOSUID | MS_NODEV | MS_NOEXEC,
			  "size=16m,mode=0755") == 0) {
			snprintf(sb->root, sizeof(sb->root), "%s", roots[i]);
			return 0;
		}
	}
	return -1;
}

const char *sandbox_fusectl(bool may_mount)
{
	struct statfs st;

	if (statfs(FUSECTL_DIR, &st) == 0 &&
	    (unsigned long)st.f_type == FUSECTL_MAGIC)
		return FUSECTL_DIR;
	if (may_mount && mount("fusectl", FUSECTL_DIR, "fusectl",
			       MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
		return FUSECTL_DIR;
	return NULL;
}

int sandbox_unshare(unsigned uid, unsigned gid, unsigned long propagation,
		    char **why)
{
	if (unshare(CLONE_NEWNS) && enter_user_namespace(uid, gid)) {
		*why = xasprintf("no mount namespace of our own (%s): run as root, or allow "
				 "unprivileged user namespaces", strerror(errno));
		return -1;
	}
	if (mount("none", "/", NULL, MS_REC | propagation, NULL)) {
		*why = xasprintf("cannot make mounts private: %s", strerror(errno));
		return -1;
	}
	return 0;
}

int sandbox_enter(struct sandbox *sb, char **why)
{
	memset(sb, 0, sizeof(*sb));
	if (sandbox_unshare(0, 0, MS_PRIVATE, why))
		return -1;
	if (mount_root(sb)) {
		*why = xasprintf("cannot mount a tmpfs on any of /mnt, /media, /srv, "
				 "/var/tmp, /tmp: %s", strerror(errno));
		return -1;
	}
	sb->fusectl = sandbox_fusectl(true);
	return 0;
}

char *sandbox_path(const struct sandbox *sb, const char *name)
{
	return xasprintf("%s/%s", sb->root, name);
}

char *sandbox_mkdir(const struct sandbox *sb, const char *name)
{
	char *dir = sandbox_path(sb, name);

	if (mkdir(dir, 0755) && errno != EEXIST) {
		free(dir);
		return NULL;
	}
	return dir;
}
