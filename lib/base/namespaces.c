/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Namespaces beside our own.  Runs in the conductor before it has threads, and in
 * children of its. */
#include "config.h"

#include "base/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/mem.h"

static int write_map(pid_t pid, const char *name)
{
	auto_free char *path = xasprintf("/proc/%d/%s", (int)pid, name);
	auto_free char *text = xasprintf("0 %d %d\n", NS_FIRST_ID, NS_IDS);
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) > 0 ? 0 : errno;
}

static int open_ns(pid_t pid, const char *name)
{
	auto_free char *path = xasprintf("/proc/%d/ns/%s", (int)pid, name);

	return open(path, O_RDONLY | O_CLOEXEC);
}

/* A pid namespace is there as long as its first process is, which is a child of the
 * keeper's.  Says by a byte that all is made. */
_Noreturn static void keep(unsigned which, int ready, pid_t parent)
{
	const unsigned flags[] = {
		[0] = 0, [NS_USER] = CLONE_NEWUSER, [NS_PID] = CLONE_NEWPID,
		[NS_USER | NS_PID] = CLONE_NEWUSER | CLONE_NEWPID,
	};
	pid_t first = 0;

	die_with(parent);
	if (unshare((int)flags[which]))
		_exit(1);
	/* it has other rights now */
	die_with(parent);
	if (which & NS_PID)
		first = fork();
	/* whoever says it is the last one to be made; and should the reader have gone,
	 * that ends it */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (first < 0 || (first == 0 && write(ready, "", 1) != 1))
		_exit(1);
	close(ready);
	for (;;)
		pause();
}

/* What the keeper has made, as descriptors: 0 or errno. */
static int take(struct namespaces *ns, unsigned which)
{
	int err = 0;

	if (which & NS_USER) {
		err = write_map(ns->keeper, "uid_map");
		err = err ? err : write_map(ns->keeper, "gid_map");
		ns->user_fd = err ? -1 : open_ns(ns->keeper, "user");
		err = !err && ns->user_fd < 0 ? errno : err;
	}
	if (which & NS_PID && !err) {
		ns->pid_fd = open_ns(ns->keeper, "pid_for_children");
		err = ns->pid_fd < 0 ? errno : 0;
	}
	return err;
}

int namespaces_make(struct namespaces *ns, unsigned which)
{
	pid_t parent = getpid();
	int ready[2], err;
	char c;

	if (!which)
		return 0;
	if (pipe2(ready, O_CLOEXEC))
		return errno;
	ns->keeper = fork();
	if (ns->keeper == 0)
		keep(which, ready[1], parent);
	err = ns->keeper < 0 ? errno : 0;
	close(ready[1]);
	if (!err)
		err = read(ready[0], &c, 1) == 1 ? take(ns, which) : EPERM;
	close(ready[0]);
	if (err)
		namespaces_free(ns);
	return err;
}

void namespaces_free(struct namespaces *ns)
{
	if (ns->keeper > 0) {
		kill(ns->keeper, SIGKILL);
		waitpid(ns->keeper, NULL, 0);
	}
	if (ns->user_fd >= 0)
		close(ns->user_fd);
	if (ns->pid_fd >= 0)
		close(ns->pid_fd);
	*ns = (struct namespaces)NAMESPACES_NONE;
}

int namespaces_enter(const struct namespaces *ns, unsigned which)
{
	if (which & NS_USER && setns(ns->user_fd, CLONE_NEWUSER))
		return errno;
	return which & NS_PID && setns(ns->pid_fd, CLONE_NEWPID) ? errno : 0;
}

/* A thread whose children go elsewhere makes no threads (kernel/fork.c,
 * copy_process()), so it comes back. */
pid_t namespaces_fork(const struct namespaces *ns, unsigned which)
{
	auto_close int here = -1;
	pid_t pid;
	int err;

	if (!(which & NS_PID))
		return fork();
	here = open("/proc/thread-self/ns/pid_for_children", O_RDONLY | O_CLOEXEC);
	if (here < 0 || setns(ns->pid_fd, CLONE_NEWPID))
		return -1;
	pid = fork();
	err = errno;
	if (pid && setns(here, CLONE_NEWPID))
		die_bug("setns: %s", strerror(errno));
	errno = err;
	return pid;
}
