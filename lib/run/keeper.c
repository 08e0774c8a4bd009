/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a pipe tells the keeper that the run is over, whatever ended it. */
#include "config.h"

#include "run/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A session of its own: what kills our process group leaves it be. */
static _Noreturn void keep(int pipe, void (*undo)(const void *what), const void *what)
{
	sigset_t all;
	char c;

	setsid();
	prctl(PR_SET_NAME, "fusescen-keeper");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	while (read(pipe, &c, 1) < 0 && errno == EINTR)
		;
	undo(what);
	_exit(0);
}

/* Whoever inherits the pipe's end would put off the end: actors close it, and so must
 * a keeper that is started later. */
int keeper_start(struct keeper *k, void (*undo)(const void *what), const void *what)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	k->pid = fork();
	if (k->pid == 0) {
		close(ends[1]);
		keep(ends[0], undo, what);
	}
	close(ends[0]);
	k->alive = ends[1];
	return k->pid < 0 ? -1 : 0;
}

void keeper_end(struct keeper *k)
{
	if (k->alive >= 0)
		close(k->alive);
	if (k->pid > 0)
		while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
			;
	*k = (struct keeper)KEEPER_NONE;
}
