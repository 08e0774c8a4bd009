/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A user and a pid namespace below our own, for the actors and mounts that are to be in
 * them.  A process that does nothing keeps them; it ends with whoever has made them.
 */
#ifndef BASE_NAMESPACES_H
#define BASE_NAMESPACES_H

#include <sys/types.h>

#define NS_USER		1u
#define NS_PID		2u

/* What is 0 inside is this outside, 1 is the next one, and so on for so many. */
#define NS_FIRST_ID	100000
#define NS_IDS		65536

struct namespaces {
	int user_fd, pid_fd;		/* -1: there is none */
	pid_t keeper;			/* 0: there is none */
};

#define NAMESPACES_NONE	{ -1, -1, 0 }

/* which: NS_*.  For root, in a process with one thread.  0 or errno. */
int namespaces_make(struct namespaces *ns, unsigned which);
void namespaces_free(struct namespaces *ns);

/* The calling process, which has one thread, goes into the user namespace; those that
 * it makes from then on are in the pid namespace.  0 or errno. */
int namespaces_enter(const struct namespaces *ns, unsigned which);

/* fork(2) into the pid namespace, if which says so. */
pid_t namespaces_fork(const struct namespaces *ns, unsigned which);

#endif
