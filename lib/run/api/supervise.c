/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs in the caller's process.  The run's process dies with the thread that
 * started it (PR_SET_PDEATHSIG), and its actors die with it.  The mounts
 * disappear with the last of these processes, and the connections with the
 * descriptors of the run's process.
 */
#include "config.h"

#include "run/api/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/procstat.h"
#include "base/units.h"
#include "run/environment.h"
#include "run/uring_switch.h"

#define PLACE_NS	(60 * NS_PER_S)	/* to be alone on the machine (conductor.c) */
#define GRACE_NS	(25 * NS_PER_S)	/* teardown and report after the deadline */
#define LOOK_NS		(60 * NS_PER_S)	/* poll(2) counts in an int */
#define KILLED_NS	(5 * NS_PER_S)	/* for a killed process to go */

static _Noreturn void supervised_child(int out_fd, int parent_fd,
				       int death_signal,
				       void (*body)(void *ctx, int out_fd),
				       void *ctx)
{
	sigset_t none;

	sandbox_begin(parent_fd, death_signal);
	close(parent_fd);
	/* Whatever the caller blocks, a script's signals must arrive. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	environment_raise_limits();
	body(ctx, out_fd);
	_exit(0);
}

static int fork_it(struct supervised *s, int death_signal, pid_t (*make)(void),
		   void (*body)(void *ctx, int out_fd), void *ctx)
{
	auto_close int self_fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	s->out_fd = memfd_create("fusescen-report", MFD_CLOEXEC);
	if (s->out_fd < 0)
		return -1;
	fflush(NULL);
	s->start_ns = clock_ns();
	s->kill_at_ns = UINT64_MAX;
	s->pid = make();
	if (s->pid == 0)
		supervised_child(s->out_fd, steal_fd(&self_fd), death_signal,
				 body, ctx);
	s->pidfd = s->pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, s->pid, 0);
	if (s->pidfd >= 0)
		return 0;
	if (s->pid > 0) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	close(s->out_fd);
	return -1;
}

int supervise_fork(struct supervised *s, int death_signal, pid_t (*make)(void),
		   void (*body)(void *ctx, int out_fd), void *ctx)
{
	int err;

	if (s->uses_uring)
		uring_switch_hold();
	if (!fork_it(s, death_signal, make, body, ctx))
		return 0;
	err = errno;
	if (s->uses_uring)
		uring_switch_release();
	errno = err;
	return -1;
}

struct conducting {
	const struct scenario *(*get)(void *ctx);
	void *ctx;
	const struct run_options *opts;
};

static void conduct_it(void *ctx, int out_fd)
{
	const struct conducting *c = ctx;

	conduct(c->get(c->ctx), c->opts, out_fd);
}

int supervise_start(struct supervised *s, const struct run_options *opts, bool apart,
		    const struct scenario *(*get)(void *ctx), void *ctx)
{
	struct conducting c = { get, ctx, opts };

	sandbox_prepare();
	if (supervise_fork(s, SIGKILL, apart ? sandbox_fork : fork, conduct_it, &c))
		return -1;
	s->kill_at_ns = s->start_ns + PLACE_NS + opts->timeout_ns + GRACE_NS;
	return 0;
}

void supervise_end_soon(struct supervised *s)
{
	kill(s->pid, SIGTERM);
	if (s->kill_at_ns == UINT64_MAX)
		s->kill_at_ns = clock_ns() + GRACE_NS;
}

/* True once the process has ended; false at the deadline. */
static bool wait_ended(int pidfd, uint64_t deadline_ns)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	for (;;) {
		uint64_t now = clock_ns();
		uint64_t left = now >= deadline_ns ? 0 : deadline_ns - now;
		int ms = (int)((left < LOOK_NS ? left : LOOK_NS) / NS_PER_MS);
		int n = poll(&p, 1, ms + (left > 0));

		if (n > 0)
			return true;
		if (n == 0 && clock_ns() >= deadline_ns)
			return false;
	}
}

static char *ending(int status)
{
	if (WIFSIGNALED(status))
		return xasprintf("the run's process died: %s",
				 strsignal(WTERMSIG(status)));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGABRT)
		return xasprintf("the run's process died: %s", strsignal(SIGABRT));
	return xstrdup("the run's process ended without a report");
}

static char *still_there(pid_t pid)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "the run's process %d does not die: ", (int)pid);
	if (!thread_stack(pid, &b))
		buf_puts(&b, "(stack not readable)");
	return buf_steal(&b);
}

void supervise_finish(struct supervised *s, struct transported *out)
{
	bool late = !wait_ended(s->pidfd, s->kill_at_ns);
	char *problem = NULL;
	int status = 0;

	if (late)
		kill(s->pid, SIGKILL);
	if (!wait_ended(s->pidfd, clock_ns() + KILLED_NS))
		problem = still_there(s->pid);
	else if (waitpid(s->pid, &status, 0) == s->pid)
		problem = late ? xstrdup("the run did not end in time and was killed") :
			  ending(status);
	else
		problem = xstrdup("the run's process was reaped by somebody else");
	*out = (struct transported){ .verdict = FUSESCEN_ERROR };
	if (!transport_read(s->out_fd, out)) {
		for (int i = 0; i < N_REPORT_PARTS; i++)
			out->parts[i] = i == REPORT_SUMMARY ? steal_ptr(&problem) :
				xstrdup("");
		out->elapsed_ns = clock_ns() - s->start_ns;
	}
	free(problem);
	close(s->pidfd);
	close(s->out_fd);
	if (s->uses_uring)
		uring_switch_release();
}
