/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tool itself takes of the machine, whatever a scenario is about:
 * descriptors, memory, /proc.  If something is missing, no verdict about the
 * kernel is possible, so it is asked once, before anything else it is about,
 * in the process that runs, serves or is attached to.
 */
#ifndef RUN_ENVIRONMENT_H
#define RUN_ENVIRONMENT_H

#include "model/scenario.h"

struct environment_need {
	const char *name;
	const char *help;
	/* It depends on the namespaces of a run, and a run without it is skipped: it
	 * is a place where nothing can run, like one without /dev/fuse.  Else a
	 * shortage, which is an error. */
	bool inside;
	/* Why a run of this scenario (NULL: any small one) lacks it; NULL: it
	 * does not.  The caller frees. */
	char *(*lack)(const struct scenario *sc);
};

extern const struct environment_need environment_needs[];	/* name NULL ends */

/* The first that is lacking, of those that are asked inside, or of the others (the
 * caller frees); NULL: none. */
char *environment_lack(const struct scenario *sc, bool inside);

/* As many descriptors, tasks and as large files as the hard limits allow.  For a process
 * of ours, early. */
void environment_raise_limits(void);

#endif
