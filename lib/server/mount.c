/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mount(2) of fuse, the connection's number, and its control files.  Called by
 * the conductor; a rule's abort also comes from workers and delay threads. */
#include "config.h"

#include "server/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

#include "base/mem.h"
#include "server/loop.h"

#define MINOR_BITS	20	/* <linux/kdev_t.h> */

static const struct {
	uint32_t option;
	unsigned long flag;
} mount_flags[] = {
	{ MOPT_RO, MS_RDONLY },
	{ MOPT_SYNC, MS_SYNCHRONOUS },
	{ MOPT_NOATIME, MS_NOATIME },
	{ MOPT_DIRSYNC, MS_DIRSYNC },
};

/* The server of a mirror may be root, so the kernel has to check
 * permissions. */
static bool is_mirror(const struct mount_spec *spec)
{
	return spec->backing.kind == BACKING_MIRROR ||
		spec->backing.kind == BACKING_TMPFS;
}

static int mount_on_block(const struct mount_spec *spec, const char *dir,
			  unsigned long flags, const char *opts)
{
	auto_free char *device = NULL;
	auto_close int loop = loop_new(spec->device_size, &device);

	/* the mount has the device open from now on */
	return loop < 0 || mount(device, dir, "fuseblk", flags, opts) ? errno : 0;
}

void mount_options(const struct mount_spec *spec, struct buf *opts)
{
	buf_printf(opts, "rootmode=40000,user_id=%u,group_id=%u",
		   (unsigned)geteuid(), (unsigned)getegid());
	if (spec->options & MOPT_DEFAULT_PERMISSIONS || is_mirror(spec))
		buf_puts(opts, ",default_permissions");
	if (!(spec->options & MOPT_NO_ALLOW_OTHER))
		buf_puts(opts, ",allow_other");
	if (spec->max_read)
		buf_printf(opts, ",max_read=%u", (unsigned)spec->max_read);
	if (spec->subtype)
		buf_printf(opts, ",subtype=%s", spec->subtype);
	if (spec->block_size)
		buf_printf(opts, ",blksize=%u", (unsigned)spec->block_size);
}

int mount_fuse(const struct mount_spec *spec, int fd, const char *dir)
{
	unsigned long flags = MS_NODEV | MS_NOSUID;
	auto_buf struct buf opts = BUF_INIT;
	const char *source = spec->fsname ? spec->fsname : spec->name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mount_flags); i++)
		if (spec->options & mount_flags[i].option)
			flags |= mount_flags[i].flag;
	buf_printf(&opts, "fd=%d,", fd);
	mount_options(spec, &opts);
	if (spec->device_size)
		return mount_on_block(spec, dir, flags, buf_str(&opts));
	return mount(source, dir, "fuse", flags, buf_str(&opts)) ? errno : 0;
}

/* A path as mountinfo shows it: \040 for a space. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		unsigned c;

		if (*s == '\\' && sscanf(s + 1, "%3o", &c) == 1) {
			*to++ = (char)c;
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

int mount_connection(const char *dir, uint32_t *number)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	auto_free char *line = NULL;
	size_t cap = 0;
	int err = ENOENT;

	if (!f)
		return errno;
	/* Mounts may lie over each other; the last line is the topmost one. */
	while (getline(&line, &cap, f) > 0) {
		auto_free char *at = xmalloc(strlen(line) + 1);
		unsigned maj, min;

		if (sscanf(line, "%*d %*d %u:%u %*s %s", &maj, &min, at) != 3)
			continue;
		unescape(at);
		if (strcmp(at, dir))
			continue;
		/* fs/fuse/control.c names the directory by the whole kernel
		 * dev_t; anonymous devices have major 0, those of fuseblk
		 * another one. */
		*number = maj << MINOR_BITS | min;
		err = 0;
	}
	fclose(f);
	return err;
}

static int set_bdi(uint32_t number, const char *name, const char *value)
{
	unsigned maj = number >> MINOR_BITS;
	auto_free char *path = xasprintf("/sys/class/bdi/%u:%u%s/%s", maj,
					 number & ((1u << MINOR_BITS) - 1),
					 maj ? "-fuseblk" : "", name);
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, value, strlen(value)) < 0 ? -1 : 0;
}

/* Without strict_limit (Linux 6.1 has none) the limit of a mount that has not
 * written anything yet is no page at all, and where the accounting of earlier
 * tasks makes the kernel look, the first write is sent at once.  There a share
 * of its own helps; all shares together must stay below 100 %. */
void mount_relax_writeback(uint32_t number)
{
	int is_strict = set_bdi(number, "strict_limit", "0");

	set_bdi(number, "max_ratio", "100");
	if (is_strict)
		set_bdi(number, "min_ratio", "5");
}

void control_dir(struct buf *out, const char *fusectl, uint32_t number)
{
	buf_printf(out, "%s/%u", fusectl, number);
}

void control_dir_cuse(struct buf *out, const char *device)
{
	buf_printf(out, "/sys/class/cuse/%s", device);
}

static int open_in(const char *dir, const char *name, int flags)
{
	auto_free char *path = xasprintf("%s/%s", dir, name);

	return open(path, flags | O_CLOEXEC);
}

int control_open(struct control_files *c, const char *dir)
{
	int err = 0;

	c->abort = open_in(dir, "abort", O_WRONLY | O_NONBLOCK);
	c->waiting = c->abort < 0 ? -1 : open_in(dir, "waiting", O_PATH);
	if (c->waiting < 0) {
		err = errno;
		control_close(c);
	}
	return err;
}

int control_set(const char *dir, const char *file, uint64_t value)
{
	auto_close int fd = open_in(dir, file, O_WRONLY);

	return fd < 0 || dprintf(fd, "%llu\n", (unsigned long long)value) < 0 ?
		errno : 0;
}

void control_close(struct control_files *c)
{
	if (c->abort >= 0)
		close(c->abort);
	if (c->waiting >= 0)
		close(c->waiting);
	c->abort = c->waiting = -1;
}

int control_abort(const struct control_files *c)
{
	return write(c->abort, "1", 1) == 1 ? 0 : errno;
}

/* 0 or errno; nothing to be read means that the connection is gone. */
static int read_number(int fd, uint64_t *out)
{
	char text[32];
	ssize_t n;

	if (fd < 0)
		return errno;
	n = read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return n ? errno : ENOENT;
	text[n] = '\0';
	*out = strtoull(text, NULL, 10);
	return 0;
}

/* The file cannot be sought, so it is opened anew to be read anew. */
int control_waiting(const struct control_files *c, uint64_t *out)
{
	auto_free char *path = xasprintf("/proc/self/fd/%d", c->waiting);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	return read_number(fd, out);
}

int control_get(const char *dir, const char *file, uint64_t *out)
{
	auto_close int fd = open_in(dir, file, O_RDONLY);

	return read_number(fd, out);
}
