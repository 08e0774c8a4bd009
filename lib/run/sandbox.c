/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Namespaces and the tmpfs of a run.  Runs once, early, in the conductor's
 * process while it has one thread; sandbox_fork() in the caller's. */
#include "config.h"

#include "run/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/mem.h"
#include "run/caps.h"

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

/* ---- what the runs of a process share ------------------------------------------- */

static pthread_once_t shared_once = PTHREAD_ONCE_INIT;
static struct {
	int network_fd;			/* -1: none could be made */
	struct stat network;
	bool pids_inside;		/* see own_pids() */
} shared = { .network_fd = -1 };

/* ---- the network ---------------------------------------------------------------- */

/*
 * To make a network namespace takes the kernel half a millisecond, and to take it
 * down (net/core/net_namespace.c, cleanup_net()) more, on the CPUs of the runs that
 * follow.  All runs of a process therefore have one in common.  Nothing comes from one
 * run to the next in it: not even its loopback device is up, actors are refused
 * the system calls for it, and what is bound in it goes with who has bound it.
 * It is found again by its inode, in case somebody has closed the descriptor.
 */
/* The thread ends in the new namespace, and nobody else was ever in it. */
static void *make_network(void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWNET))
		return NULL;
	shared.network_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (shared.network_fd >= 0 && fstat(shared.network_fd, &shared.network))
		close(steal_fd(&shared.network_fd));
	return NULL;
}

static void share_network(void)
{
	sigset_t all, before;
	pthread_t thread;

	/* the caller's signals are for the caller's threads */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, make_network, NULL) == 0)
		pthread_join(thread, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* False: we are where we were.  (The shared one belongs to the caller's user
 * namespace; from one of our own it cannot be entered.) */
static bool leave_network(void)
{
	struct stat st;

	return (shared.network_fd >= 0 && !fstat(shared.network_fd, &st) &&
		st.st_dev == shared.network.st_dev &&
		st.st_ino == shared.network.st_ino &&
		!setns(shared.network_fd, CLONE_NEWNET)) || !unshare(CLONE_NEWNET);
}

/* ---- the processes -------------------------------------------------------------- */

/*
 * A thread whose children go to another pid namespace can make no threads any
 * more (kernel/fork.c, copy_process()), so it must be able to come back.  Whether
 * it may is found out by going where it is: not without CAP_SYS_ADMIN in the user
 * namespace to which its pid namespace belongs.  That is wanted in the initial one
 * only, where whoever has it may mount a /proc, too.
 */
static bool leave_pids(int here)
{
	return here >= 0 && caps_is_initial_user_ns("/proc/self/uid_map") &&
		!setns(here, CLONE_NEWPID) && !unshare(CLONE_NEWPID);
}

pid_t sandbox_fork(void)
{
	auto_close int here = open("/proc/thread-self/ns/pid_for_children",
				   O_RDONLY | O_CLOEXEC);
	bool apart = leave_pids(here);
	pid_t pid = fork();
	int err = errno;

	if (pid && apart && setns(here, CLONE_NEWPID))
		die_bug("setns: %s", strerror(errno));
	errno = err;
	return pid;
}

/* The first process of a pid namespace does not see its parent. */
static bool is_gone(int parent)
{
	struct pollfd p = { .fd = parent, .events = POLLIN };

	return parent >= 0 && poll(&p, 1, 0) != 0;
}

/* SIGABRT, as it comes from itself, means nothing to a first process: abort(3)
 * would end in a signal that says something else (kernel/signal.c,
 * sig_task_ignored()). */
static void on_abort(int sig)
{
	_exit(128 + sig);
}

void sandbox_begin(int parent, int death_signal)
{
	prctl(PR_SET_PDEATHSIG, death_signal);
	if (is_gone(parent))
		_exit(1);
	if (getpid() == 1)
		signal(SIGABRT, on_abort);
}

/* In a child, which it ends; a pid namespace is had if the child is its first. */
static bool holds(pid_t (*make)(void), bool (*try)(void))
{
	pid_t pid = make();
	int status = 1;

	if (pid == 0)
		_exit(try ? !try() : getpid() != 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

/* Numbers in /proc are those of the namespace of whoever mounts it. */
static int mount_proc(char **why)
{
	if (getpid() != 1 || !mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV |
				    MS_NOEXEC, NULL))
		return 0;
	*why = xasprintf("cannot mount a /proc of the run's own: %s",
			 strerror(errno));
	return -1;
}

/* ... and may do so unless parts of the one outside are covered, as they are in
 * containers (fs/namespace.c, mount_too_revealing()). */
static bool try_own_pids(void)
{
	auto_free char *why = NULL;
	int status = 1;
	pid_t pid;

	if (sandbox_unshare(0, 0, MS_PRIVATE, &why) || unshare(CLONE_NEWPID))
		return false;
	pid = fork();
	if (pid == 0)
		_exit(mount_proc(&why) != 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

/* For whoever started the run, this process goes on being it, and ends as it does. */
static _Noreturn void stand_in(pid_t pid)
{
	const struct rlimit no_core = { 0, 0 };
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status)) {
		setrlimit(RLIMIT_CORE, &no_core);
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/*
 * Others than root's get processes of their own only when they have a user
 * namespace, from inside: by a second fork(2), whose child goes on.  0 or errno.
 */
static int own_pids(void)
{
	auto_close int parent = (int)syscall(SYS_pidfd_open, getpid(), 0);
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		return errno;
	pid = fork();
	if (pid < 0)
		return errno;
	if (pid > 0)
		stand_in(pid);
	sandbox_begin(parent, SIGKILL);
	return 0;
}

static void share(void)
{
	share_network();
	shared.pids_inside = !holds(sandbox_fork, NULL) && holds(fork, try_own_pids);
}

void sandbox_prepare(void)
{
	pthread_once(&shared_once, share);
}

int sandbox_enter(struct sandbox *sb, bool apart, char **why)
{
	int err;

	memset(sb, 0, sizeof(*sb));
	if (sandbox_unshare(0, 0, MS_PRIVATE, why))
		return -1;
	err = apart && shared.pids_inside ? own_pids() : 0;
	if (err) {
		*why = xasprintf("no process of the run's own: %s", strerror(err));
		return -1;
	}
	/* without it, it is the filter that keeps actors from the network */
	sb->has_network = !leave_network();
	if (mount_proc(why))
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

/* ---- what of it can be had ---------------------------------------------------- */

static bool try_network(void)
{
	return (!unshare(CLONE_NEWNET) || !enter_user_namespace(0, 0)) &&
		!unshare(CLONE_NEWNET);
}

static bool try_filter(void)
{
	const int ends[] = { SYS_exit, SYS_exit_group };

	return !confine_calls(ends, ARRAY_SIZE(ends), DENIED_ENOSYS);
}

static bool try_files(void)
{
	auto_close int set = confine_files_new();

	return set >= 0 && !confine_files(set);
}

const char *sandbox_missing(enum sandbox_part part)
{
	switch (part) {
	case SANDBOX_PIDS:
		return holds(sandbox_fork, NULL) || holds(fork, try_own_pids) ? NULL :
			"no other /proc may be mounted here (parts of it are "
			"covered), or the kernel has no CONFIG_PID_NS";
	case SANDBOX_NETWORK:
		return holds(fork, try_network) ? NULL :
			"the kernel has no CONFIG_NET_NS, or forbids it";
	case SANDBOX_FILTER:
		return holds(fork, try_filter) ? NULL :
			"the kernel has no CONFIG_SECCOMP_FILTER, or this "
			"architecture is not known";
	case SANDBOX_FILES:
		return holds(fork, try_files) ? NULL :
			"the kernel has no Landlock with renames (Linux 5.19), it is "
			"not among the boot parameter lsm=, or the program was "
			"built without it";
	case N_SANDBOX_PARTS:
		break;
	}
	return NULL;
}
