/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A mount that is made in other namespaces than the run's.  The kernel takes the user
 * namespace of whoever opens the device and the filesystem, which have to be the same
 * one, and the pid namespace of whoever makes the superblock (fs/fuse/inode.c).  So a
 * child does these, with our table of descriptors, and what it has made is mounted here,
 * where everybody can see it.  Called by the conductor.
 */
#include "config.h"

#include "server/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/namespaces.h"
#include "base/units.h"

#define CHILD_NS		(10 * NS_PER_S)
#define CHILD_GAP_NS		(100 * NS_PER_US)

/* <linux/mount.h> and <linux/sched.h>, which C libraries are not at one with */
#define CLOEXEC			1u	/* FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC */
#define SET_FLAG		0u	/* enum fsconfig_command */
#define SET_STRING		1u
#define CREATE			6u
#define ATTRIBUTES		6u	/* MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV */
#define ATTRIBUTE_RDONLY	1u
#define ATTRIBUTE_NOATIME	0x10u
#define MOVE_EMPTY_PATH		4u	/* MOVE_MOUNT_F_EMPTY_PATH */
struct wire_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack,
		 stack_size, tls;
};

/* What the child tells: how it went, and descriptors. */
struct made {
	int err, device, fs;
};

/* fork(2) with one table of descriptors for both. */
static pid_t fork_sharing(void)
{
	const struct wire_clone_args args = {
		.flags = CLONE_FILES, .exit_signal = SIGCHLD,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static int set(int fs, char *option)
{
	char *value = strchr(option, '=');

	if (value)
		*value++ = '\0';
	return (int)syscall(SYS_fsconfig, fs, value ? SET_STRING : SET_FLAG, option,
			    value, 0);
}

/* In the child, which takes no memory: other threads may have been about to. */
static struct made make(char *source, char *options)
{
	struct made m = { .device = open("/dev/fuse", O_RDWR | O_CLOEXEC), .fs = -1 };
	char fd[32], *option, *rest = options;

	m.fs = m.device < 0 ? -1 : (int)syscall(SYS_fsopen, "fuse", CLOEXEC);
	snprintf(fd, sizeof(fd), "fd=%d", m.device);
	if (m.fs < 0 || set(m.fs, source) || set(m.fs, fd))
		goto fails;
	while ((option = strsep(&rest, ",")))
		if (set(m.fs, option))
			goto fails;
	if (!syscall(SYS_fsconfig, m.fs, CREATE, NULL, NULL, 0))
		return m;
fails:
	m.err = errno;
	return m;
}

_Noreturn static void child(const struct namespaces *ns, unsigned which, char *source,
			    char *options, int tell)
{
	struct made m = { .err = namespaces_enter(ns, which), .device = -1, .fs = -1 };
	pid_t pid = 0;
	int status;

	/* without one of its own it may not even prepare a mount (fs/fsopen.c) */
	if (!m.err && which & NS_USER && unshare(CLONE_NEWNS))
		m.err = errno;
	if (!m.err && which & NS_PID)
		pid = fork_sharing();
	if (pid > 0) {
		waitpid(pid, &status, 0);
		_exit(0);
	}
	if (!m.err)
		m = make(source, options);
	_exit(write(tell, &m, sizeof(m)) != sizeof(m));
}

/* A mount that takes as long as this is none.  0 or errno. */
static int await_child(pid_t pid)
{
	uint64_t until = clock_ns() + CHILD_NS;
	int status, err = 0;
	pid_t got;

	while (!(got = waitpid(pid, &status, WNOHANG)) && clock_ns() < until)
		sleep_ns(CHILD_GAP_NS);
	if (got == pid)
		return 0;
	err = got ? errno : ETIMEDOUT;
	kill(pid, SIGKILL);
	return err;
}

/* 0 or errno. */
static int make_apart(const struct mount_spec *spec, const struct namespaces *ns,
		      struct made *m)
{
	auto_free char *source = xasprintf("source=%s", spec->fsname ? spec->fsname :
					   spec->name);
	auto_buf struct buf options = BUF_INIT;
	int ends[2], err = 0;
	pid_t pid;

	mount_options(spec, &options);
	if (spec->options & MOPT_RO)
		buf_puts(&options, ",ro");
	if (spec->options & MOPT_SYNC)
		buf_puts(&options, ",sync");
	if (spec->options & MOPT_DIRSYNC)
		buf_puts(&options, ",dirsync");
	/* Whoever was killed has written nothing, and will not. */
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return errno;
	pid = fork_sharing();
	if (pid == 0)
		child(ns, spec->namespaces, source, (char *)buf_str(&options), ends[1]);
	err = pid < 0 ? errno : await_child(pid);
	if (!err && read(ends[0], m, sizeof(*m)) != sizeof(*m))
		err = EPROTO;
	close(ends[0]);
	close(ends[1]);
	return err ? err : m->err;
}

int mount_apart(const struct mount_spec *spec, const struct namespaces *ns,
		const char *dir, int *device)
{
	unsigned attributes = ATTRIBUTES |
		(spec->options & MOPT_RO ? ATTRIBUTE_RDONLY : 0) |
		(spec->options & MOPT_NOATIME ? ATTRIBUTE_NOATIME : 0);
	struct made m = { .device = -1, .fs = -1 };
	int err = make_apart(spec, ns, &m);
	auto_close int dev = m.device, fs = m.fs, tree = -1;

	if (err)
		return err;
	tree = (int)syscall(SYS_fsmount, fs, CLOEXEC, attributes);
	if (tree < 0 || syscall(SYS_move_mount, tree, "", AT_FDCWD, dir,
				MOVE_EMPTY_PATH))
		return errno;
	*device = steal_fd(&dev);
	return 0;
}
