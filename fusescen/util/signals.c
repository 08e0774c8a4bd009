/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals that end something early.  Main thread only. */
#include "config.h"

#include "fusescen/util/signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/verdict.h"

static int open_for(const int *signals, size_t n)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < n; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int signals_open(void)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

	return open_for(ending, ARRAY_SIZE(ending));
}

int signals_open_command(void)
{
	static const int all[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD };

	return open_for(all, ARRAY_SIZE(all));
}

int signals_status(int status)
{
	return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) :
		WEXITSTATUS(status);
}

int signals_read(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}
