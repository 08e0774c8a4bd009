/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Probes for the capabilities a scenario can need.  Each tries the thing
 * itself, never a version.  Thread-safe. */
#include "config.h"

#include "run/caps.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/actors.h"
#include "base/mem.h"
#include "run/groups.h"
#include "run/uring_switch.h"
#include "server/loop.h"
#include "trace/fexit.h"
#include "trace/tracefs.h"
#include "transport/channel.h"

#define FUSECTL_MAGIC	0x65735543	/* fs/fuse/fuse_i.h: FUSE_CTL_SUPER_MAGIC */

static bool can_open(const char *path, int flags)
{
	auto_close int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);

	return fd >= 0;
}

bool caps_is_initial_user_ns(const char *uid_map)
{
	unsigned long inside, outside, count;
	FILE *f = fopen(uid_map, "re");
	bool whole;

	if (!f)
		return errno == ENOENT;
	whole = fscanf(f, "%lu %lu %lu", &inside, &outside, &count) == 3 &&
		inside == 0 && outside == 0 && count == 4294967295ul;
	fclose(f);
	return whole;
}

/* Up to "=", - and _ are the same to the kernel. */
static bool is_same_arg(const char *a, const char *b)
{
	bool in_name = true;

	for (; *a || *b; a++, b++) {
		bool are_lines = (*a == '-' || *a == '_') && (*b == '-' || *b == '_');

		if (*a != *b && !(in_name && are_lines))
			return false;
		in_name &= *a != '=';
	}
	return true;
}

static bool has_arg(const char *cmdline, const char *arg)
{
	auto_free char *copy = xstrdup(cmdline);
	char *rest = copy, *word;

	while ((word = strsep(&rest, " \t\n")) && strcmp(word, "--"))
		if (is_same_arg(word, arg))
			return true;
	return false;
}

char *caps_missing_arg(const char *args, const char *cmdline)
{
	auto_free char *copy = xstrdup(args);
	char *rest = copy, *word;

	while ((word = strsep(&rest, " ")))
		if (*word && !has_arg(cmdline, word))
			return xstrdup(word);
	return NULL;
}

char *caps_lacks_args(const char *args)
{
	FILE *f = fopen("/proc/cmdline", "re");
	auto_free char *line = NULL;
	size_t cap = 0;

	if (f && getline(&line, &cap, f) < 0) {
		free(line);
		line = NULL;
	}
	if (f)
		fclose(f);
	return caps_missing_arg(args, line ? line : "");
}

static bool is_real_root(void)
{
	return geteuid() == 0 &&
	       caps_is_initial_user_ns("/proc/self/uid_map");
}

static const char *probe_root(void)
{
	return is_real_root() ? NULL :
	       "not root: run as root (user namespaces do not do)";
}

static const char *probe_dev_fuse(void)
{
	if (can_open("/dev/fuse", O_RDWR))
		return NULL;
	if (errno == EMFILE || errno == ENFILE)
		return "no descriptor left to open /dev/fuse with (ulimit -n)";
	if (access("/dev/fuse", F_OK))
		return "no /dev/fuse: load the fuse module, or give the "
		       "container the device";
	return "no permission to open /dev/fuse: run as root, or chmod 666 it";
}

static const char *probe_fusectl(void)
{
	struct statfs st;

	/* root's runs mount it; an empty directory of sysfs is not it */
	if (is_real_root() || (statfs("/sys/fs/fuse/connections", &st) == 0 &&
			       (unsigned long)st.f_type == FUSECTL_MAGIC))
		return NULL;
	return "no fusectl: mount -t fusectl none /sys/fs/fuse/connections";
}

static const char *probe_other_uids(void)
{
	return is_real_root() ? NULL : "one uid only: run as root";
}

static const char *probe_kernel_stack(void)
{
	auto_close int fd = open("/proc/self/stack", O_RDONLY | O_CLOEXEC);
	char c;

	if (fd >= 0 && read(fd, &c, 1) == 1)
		return NULL;
	return "no /proc/PID/stack: run as root on a kernel with "
	       "CONFIG_STACKTRACE";
}

static const char *probe_kernel_log(void)
{
	return can_open("/dev/kmsg", O_RDONLY) ? NULL :
	       "cannot read /dev/kmsg: run as root, or set "
	       "kernel.dmesg_restrict=0";
}

static const char *probe_cuse(void)
{
	if (access("/dev/cuse", F_OK))
		return "no /dev/cuse: load the cuse module";
	/* Its node needs root, even if anybody may open the device. */
	if (is_real_root() && can_open("/dev/cuse", O_RDWR))
		return NULL;
	return "no permission to make devices: run as root";
}

static const char *probe_drop_caches(void)
{
	return can_open("/proc/sys/vm/drop_caches", O_WRONLY) ? NULL :
	       "cannot write /proc/sys/vm/drop_caches: run as root";
}

/* In a child: as others than root we may mount in a user namespace only.  That makes
 * the kernel load its module, too. */
static bool has_filesystem(const char *type)
{
	pid_t pid = fork();
	int status = 1;

	if (pid == 0)
		_exit((unshare(CLONE_NEWNS) &&
		       unshare(CLONE_NEWUSER | CLONE_NEWNS)) ||
		      syscall(SYS_fsopen, type, 0) < 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

static const char *probe_overlay(void)
{
	return has_filesystem("overlay") ? NULL :
	       "no overlay: the kernel has no CONFIG_OVERLAY_FS, or no module of it";
}

static const char *probe_fuseblk(void)
{
	auto_free char *path = NULL;
	auto_close int loop = -1;

	if (!is_real_root())
		return "no permission to mount block devices: run as root";
	loop = loop_new(1 << 20, &path);
	if (loop < 0)
		return "no loop device: load the loop module, or give the "
		       "container /dev/loop-control and its devices";
	return has_filesystem("fuseblk") ? NULL :
	       "no fuseblk: the kernel has no CONFIG_BLOCK";
}

static const char *probe_sync_init(void)
{
	struct channel *c = channel_open("/dev/fuse");
	bool works = c && !channel_sync_init(c);

	channel_free(c);
	return works ? NULL : c ?
		"no synchronous INIT: the kernel has no FUSE_DEV_IOC_SYNC_INIT" :
		probe_dev_fuse();
}

/* Made by a child, so that the caller may have threads. */
static const char *probe_namespaces(void)
{
	int status = 1;
	pid_t pid;

	if (!is_real_root())
		return "no permission to make user namespaces for others: run as root";
	pid = fork();
	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status ? NULL :
		"no user and pid namespaces: the kernel has no CONFIG_USER_NS or "
		"CONFIG_PID_NS, or forbids them";
}

static const char *probe_uring(void)
{
	return uring_switch_missing(is_real_root());
}

static const char *probe_freezer(void)
{
	return is_real_root() ? groups_missing(false) :
		"no permission to make control groups: run as root";
}

static const char *probe_memory_limits(void)
{
	return is_real_root() ? groups_missing(true) :
		"no permission to make control groups: run as root";
}

/* A machine of fusescen's, whose clock cannot wake it (fusescen/vm/worker.c). */
static bool is_woken_by_host(void)
{
	auto_close int fd = open(SUSPEND_SERIAL, O_RDONLY | O_CLOEXEC);
	char word[] = "enabled", text[sizeof(word)] = "";

	return fd >= 0 && read(fd, text, sizeof(word) - 1) > 0 && !strcmp(text, word);
}

/* kernel/power/main.c, state_show() */
static const char *probe_suspend(void)
{
	FILE *f = fopen(SUSPEND_FILE, "re");
	char states[64];
	bool has = f && fgets(states, sizeof(states), f) && strstr(states, "freeze");

	if (f)
		fclose(f);
	if (!has)
		return "no suspend to idle: the kernel has no CONFIG_SUSPEND";
	return access(SUSPEND_ALARM, W_OK) && !is_woken_by_host() ?
		"no clock that could wake the machine (" SUSPEND_ALARM ")" : NULL;
}

static const char *(*const probes[N_CAPABILITIES])(void) = {
	[CAP_ROOT] = probe_root,
	[CAP_DEV_FUSE] = probe_dev_fuse,
	[CAP_FUSECTL] = probe_fusectl,
	[CAP_OTHER_UIDS] = probe_other_uids,
	[CAP_KERNEL_STACK] = probe_kernel_stack,
	[CAP_KERNEL_LOG] = probe_kernel_log,
	[CAP_CUSE] = probe_cuse,
	[CAP_TRACING] = fexit_missing,
	[CAP_TRACEPOINTS] = tracefs_missing,
	[CAP_DROP_CACHES] = probe_drop_caches,
	[CAP_CLONE_FD] = probe_dev_fuse,	/* since Linux 4.2 with it */
	[CAP_OVERLAY] = probe_overlay,
	[CAP_FUSEBLK] = probe_fuseblk,
	[CAP_SYNC_INIT] = probe_sync_init,
	[CAP_NAMESPACES] = probe_namespaces,
	[CAP_URING] = probe_uring,
	[CAP_FREEZER] = probe_freezer,
	[CAP_MEMORY_LIMITS] = probe_memory_limits,
	[CAP_SUSPEND] = probe_suspend,
};

const char *capability_missing(enum capability cap)
{
	return probes[cap]();
}
