/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that change the tree of mounts, which is the run's own.  What they mount has
 * no devices and no set-user-ID programs, as all of a run's mounts.  Runs on the
 * actors' threads.
 */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "act/calls/idmaps.h"
#include "base/buf.h"

#define ALWAYS		(MS_NODEV | MS_NOSUID)

/* <linux/mount.h>, which a C library's header may not be included with */
#define TREE_CLONE	1u		/* OPEN_TREE_CLONE */
#define MOVE_EMPTY_PATH	4u		/* MOVE_MOUNT_F_EMPTY_PATH */
#define ATTR_IDMAP	0x100000u	/* MOUNT_ATTR_IDMAP */
struct wire_mount_attr {		/* struct mount_attr */
	uint64_t set, clear, propagation, userns_fd;
};

void run_umount(struct call_cx *cx)
{
	give(cx, umount2(arg_path(cx, 0), arg_int(cx, 1)));
}

void run_remount(struct call_cx *cx)
{
	unsigned long flags = (unsigned long)arg_num(cx, 1);

	give(cx, mount(NULL, arg_path(cx, 0), NULL, MS_REMOUNT | ALWAYS | flags,
		       NULL));
}

void run_mount_tmpfs(struct call_cx *cx)
{
	give(cx, mount("tmpfs", arg_path(cx, 0), "tmpfs", ALWAYS, "size=16m"));
}

void run_mount_bind(struct call_cx *cx)
{
	unsigned long flags = (unsigned long)arg_num(cx, 2);

	give(cx, mount(arg_path(cx, 0), arg_path(cx, 1), NULL, MS_BIND | flags,
		       NULL));
}

void run_mount_move(struct call_cx *cx)
{
	give(cx, mount(arg_path(cx, 0), arg_path(cx, 1), NULL, MS_MOVE, NULL));
}

/* A path among others: overlayfs takes colons, commas and backslashes for its own
 * (fs/overlayfs/params.c). */
static void put_path(struct buf *b, const char *path)
{
	for (; *path; path++) {
		if (strchr(":,\\", *path))
			buf_addc(b, '\\');
		buf_addc(b, *path);
	}
}

static void put_option(struct buf *b, const char *before, const char *path)
{
	buf_puts(b, before);
	put_path(b, path);
}

/* Without "work" both directories are lower ones, the first of them on top. */
void run_mount_overlay(struct call_cx *cx)
{
	auto_buf struct buf b = BUF_INIT;

	if (cx->use->n_args > 3) {
		put_option(&b, "lowerdir=", arg_path(cx, 1));
		put_option(&b, ",upperdir=", arg_path(cx, 2));
		put_option(&b, ",workdir=", arg_path(cx, 3));
	} else {
		put_option(&b, "lowerdir=", arg_path(cx, 2));
		put_option(&b, ":", arg_path(cx, 1));
	}
	give(cx, mount("overlay", arg_path(cx, 0), "overlay", ALWAYS, buf_str(&b)));
}

void run_mount_idmapped(struct call_cx *cx)
{
	struct wire_mount_attr attr = { .set = ATTR_IDMAP };
	int ns = idmaps_find(cx->idmaps, arg_num(cx, 2), arg_num(cx, 3),
			     arg_num(cx, 4));
	int tree, ret, err;

	if (ns < 0) {
		give_lack(cx, "no user namespace with that mapping");
		return;
	}
	attr.userns_fd = (uint64_t)ns;
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, arg_path(cx, 0),
			    TREE_CLONE | O_CLOEXEC);
	if (tree < 0) {
		give(cx, -1);
		return;
	}
	ret = (int)syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attr,
			   sizeof(attr));
	if (!ret)
		ret = (int)syscall(SYS_move_mount, tree, "", AT_FDCWD,
				   arg_path(cx, 1), MOVE_EMPTY_PATH);
	give(cx, ret);
	err = errno;
	close(tree);
	errno = err;
}
