/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that make a process.  The child makes raw system calls only, because it
 * is a copy of one of several threads.  Runs on the actors' threads. */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/mem.h"

/*
 * The program comes from a scenario, whose author may be a stranger, and root
 * may run it.  A script can see only that the kernel loads and starts it, so
 * the program may do nothing but exit.  Anything else ends it with SIGSYS.
 */
static int lock_in(void)
{
	static const int numbers[] = {
		SYS_execve, SYS_execveat, SYS_exit, SYS_exit_group, SYS_rt_sigreturn,
	};

	return confine_calls(numbers, ARRAY_SIZE(numbers), DENIED_KILLS);
}

_Noreturn static void leave(int status)
{
	for (;;)
		syscall(SYS_exit_group, status);
}

/* The child dies with the thread that made it, even if that is gone already. */
static void die_with(pid_t parent)
{
	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (syscall(SYS_getppid) != parent)
		leave(0);
}

/* alive_fd stays open over the exec, so that the conductor can tell when the
 * program is gone.  Under the filter the program cannot use it. */
_Noreturn static void child_exec(struct call_cx *cx, const char *path, int fd)
{
	const char *argv[] = { path ? path : "program", NULL }, *envp[] = { NULL };

	signal(SIGPIPE, SIG_DFL);
	syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
	syscall(SYS_fcntl, cx->alive_fd, F_SETFD, 0);
	cx->slot->exec_errno = lock_in();
	if (!cx->slot->exec_errno) {
		if (path)
			syscall(SYS_execve, path, argv, envp);
		else
			syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
		cx->slot->exec_errno = errno;
	}
	leave(127);
}

/* Returns the status as a shell reports it.  A signal does not interrupt this
 * wait. */
static int await(struct call_cx *cx, pid_t pid)
{
	int status = 0;

	atomic_store(&cx->slot->helper, pid);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	atomic_store(&cx->slot->helper, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* path NULL: fd is executed. */
static void exec_in_child(struct call_cx *cx, const char *path, int fd)
{
	pid_t self = getpid(), pid;
	int status;

	cx->slot->exec_errno = 0;
	pid = fork();
	if (pid == 0) {
		die_with(self);
		child_exec(cx, path, fd);
	}
	if (pid < 0) {
		give(cx, -1);
		return;
	}
	status = await(cx, pid);
	if (cx->slot->exec_errno)
		give_errno(cx, cx->slot->exec_errno);
	else
		give(cx, status);
}

void run_exec(struct call_cx *cx)
{
	exec_in_child(cx, arg_path(cx, 0), -1);
}

void run_fexecve(struct call_cx *cx)
{
	exec_in_child(cx, NULL, arg_fd(cx, 0));
}

/* When the child ends, its copies of all descriptors are closed.  That makes a
 * FLUSH from a process that is another lock owner. */
void run_fork(struct call_cx *cx)
{
	pid_t self = getpid(), pid = fork();

	if (pid == 0) {
		die_with(self);
		leave(0);
	}
	if (pid < 0) {
		give(cx, -1);
		return;
	}
	await(cx, pid);
	give(cx, 0);
}
