/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the child between fork(2) and exec(3), or instead of it. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/*
 * From now on this process is killed when its parent ends; it ends at once if that
 * has ended already.  `parent` is what getpid() was there, in the same pid namespace.
 * A change of rights undoes it (prctl(2), PR_SET_PDEATHSIG), so call it behind one.
 * Async-signal-safe.
 */
static inline void die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(126);
}

#endif
