/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a run lives: a mount namespace of its own (and a user namespace where
 * we are not root), nothing of it visible outside, everything gone with its
 * last process.  Called once by the conductor's process, single-threaded.
 */
#ifndef RUN_SANDBOX_H
#define RUN_SANDBOX_H

#include <stdbool.h>

struct sandbox {
	char root[32];		/* a small tmpfs; mounts go to root/NAME */
	const char *fusectl;	/* where fusectl is mounted, NULL: nowhere */
};

/* 0, or -1 with *why = what is missing and what to do about it (the caller
 * frees): then a run is skipped. */
int sandbox_enter(struct sandbox *sb, char **why);
/* root/NAME (the caller frees). */
char *sandbox_path(const struct sandbox *sb, const char *name);
/* root/NAME as a directory for a mount: its path (the caller frees), or NULL
 * and errno. */
char *sandbox_mkdir(const struct sandbox *sb, const char *name);

#endif
