/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exploring on other kernels: a machine searches a case by itself, with its own runs
 * beside each other, and sends what it found.
 */
#ifndef FUSESCEN_EXPLORE_MACHINES_H
#define FUSESCEN_EXPLORE_MACHINES_H

#include <stddef.h>

#include "fusescen/explore/explored.h"
#include "fusescen/vm/kernel.h"

/* A case of a file, or a story made by chance. */
struct exploration {
	char *name;		/* for people */
	char *path;		/* of the file */
	char *text;		/* of the story; NULL: it is in the file */
	size_t index;		/* of the case */
};

struct exploration_plan {
	const struct exploration *at;
	size_t n;
	unsigned machines;	/* at once */
	const char *append;	/* more arguments for the kernels; NULL */
	struct fusescen_explore_options options;
	void (*deliver)(void *ctx, const struct explored *e);
	void *ctx;
};

/* All of the plan on each kernel.  0; the signal that ended it; -1 after a message. */
int explore_in_machines(const struct exploration_plan *plan,
			const struct vm_kernels *kernels);

/* The guest's part, as its table of jobs has it. */
char *explore_job(const char *path, const char *text, const char *argument,
		  enum fusescen_verdict *verdict);

#endif
