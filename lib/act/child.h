/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An actor process from the inside.  Its first actor is its first thread. */
#ifndef ACT_CHILD_H
#define ACT_CHILD_H

#include <stdatomic.h>
#include <sys/types.h>

#include "act/calls/slot.h"

struct actor_limits;

struct child_setup {
	const struct scenario *sc;
	const char *root;	/* to chroot into */
	const struct actor_limits *limits;
	_Atomic uint64_t *seq;
	void *slots;		/* of all actors: slot_at() */
	int first;		/* the actor whose process this is */
	int events_fd;		/* write end of the event pipe */
	const int *commands;	/* per actor: its end of the command socket */
	pid_t parent;		/* whose death is ours; 0: it cannot be seen */
	const struct namespaces *ns;
	int groups;		/* the directory of their control groups; -1: they have none */
};

/* Right after fork(), in the child.  Says MSG_READY or MSG_FAILED per actor,
 * then serves commands until it is killed. */
_Noreturn void child_main(const struct child_setup *setup);

#endif
