/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The surroundings of a run: namespaces of its own for mounts and processes, and a
 * user namespace if we are not root; one without any network, which root's runs
 * share.  Nothing in them is visible outside, and everything
 * in them disappears with the last process.  Called once by the conductor's
 * process, while it has one thread.
 */
#ifndef RUN_SANDBOX_H
#define RUN_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

struct sandbox {
	char root[32];		/* a small tmpfs; mounts go to root/NAME */
	const char *fusectl;	/* where fusectl is mounted, NULL: nowhere */
	bool has_network;	/* still the caller's: a new one was refused */
};

/* Make what all runs of this process share, once; before they are forked.  Any
 * thread. */
void sandbox_prepare(void);
/*
 * fork(2); if the caller is root, the child is the first process of a pid
 * namespace: it sees nobody but its own children, and they end with it.
 */
pid_t sandbox_fork(void);
/* The beginning of a child: it dies of death_signal with its parent, of which it
 * has a pidfd, or -1. */
void sandbox_begin(int parent, int death_signal);
enum sandbox_part {
	SANDBOX_PIDS, SANDBOX_NETWORK, SANDBOX_FILTER, SANDBOX_FILES,
	N_SANDBOX_PARTS
};
/* Why runs here have to do without it (constant text); NULL: they have it.  Forks. */
const char *sandbox_missing(enum sandbox_part part);
/*
 * 0, or -1 with *why = what is missing and what to do about it (the caller frees):
 * then a run is skipped.  apart: in a pid namespace of its own, if that can be.  If
 * we are not root, whoever returns may be a child, and its parent waits for it.
 */
int sandbox_enter(struct sandbox *sb, bool apart, char **why);
/*
 * The part of it that others need too: a mount namespace of our own, and where
 * we are not root a user namespace, in which our ids are uid and gid.
 * propagation: MS_PRIVATE, or MS_SLAVE to go on seeing what is mounted outside.
 */
int sandbox_unshare(unsigned uid, unsigned gid, unsigned long propagation,
		    char **why);
/* Where fusectl is mounted, after mounting it if it may be; NULL: nowhere. */
const char *sandbox_fusectl(bool may_mount);
/* root/NAME (the caller frees). */
char *sandbox_path(const struct sandbox *sb, const char *name);
/* root/NAME as a directory for a mount: its path (the caller frees), or NULL
 * and errno. */
char *sandbox_mkdir(const struct sandbox *sb, const char *name);

#endif
