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
#include <strings.h>
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
	int tree, ret;

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
	close(tree);
}

/* ---- what there is ------------------------------------------------------------- */

/* All of the file; NULL with errno. */
static char *read_all(int fd)
{
	auto_buf struct buf b = BUF_INIT;
	char part[4096];
	ssize_t n;

	while ((n = pread(fd, part, sizeof(part), (off_t)b.len)) > 0)
		buf_add(&b, part, (size_t)n);
	if (n < 0)
		return NULL;
	buf_addc(&b, '\0');
	return buf_steal(&b);
}

/* proc(5), by the bits of flags_mountinfo: the number of a field from the left, or,
 * behind the "-" that ends the optional ones, from there. */
static const struct {
	unsigned number;
	bool behind;
} places[] = {
	{ 3, false }, { 5, false }, { 0, true }, { 1, true }, { 2, true },
};

#define PLACE_MOUNT_POINT	4

static char *nth_word(char *line, unsigned n)
{
	char *save = NULL, *word = strtok_r(line, " ", &save);

	while (word && n--)
		word = strtok_r(NULL, " ", &save);
	return word;
}

static char *field_of(const char *line, int bit)
{
	size_t which = (size_t)ffs(bit) - 1;
	const char *dash = strstr(line, " - ");
	auto_free char *copy = NULL;
	char *word;

	if (!dash)
		return NULL;
	copy = xstrdup(places[which].behind ? dash + 3 : line);
	word = nth_word(copy, places[which].number);
	return word ? xstrdup(word) : NULL;
}

static bool is_at(const char *line, const char *path)
{
	auto_free char *copy = xstrdup(line);
	char *at = nth_word(copy, PLACE_MOUNT_POINT);

	return at && !strcmp(at, path);
}

/* Of the topmost mount there.  The file was opened outside, and shows paths as they
 * are there (fs/proc_namespace.c). */
void run_mountinfo(struct call_cx *cx)
{
	auto_free char *path = xasprintf("%s%s", cx->root, arg_path(cx, 0));
	auto_free char *text = read_all(cx->mountinfo_fd);
	auto_free char *found = NULL;
	char *line, *save = NULL;
	size_t len = strlen(path);

	if (!text) {
		give(cx, -1);
		return;
	}
	if (path[len - 1] == '/')
		path[len - 1] = '\0';
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!is_at(line, path))
			continue;
		free(found);
		found = field_of(line, arg_int(cx, 1));
	}
	if (!found) {
		give_errno(cx, EINVAL);
		return;
	}
	give(cx, (int64_t)strlen(found));
	give_data(cx, found, strlen(found));
}
