/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mutants of a scenario, one for each expectation.  A mutant is a small
 * change of the loaded model that makes the expectation wrong, so that the run
 * has to fail there.  Nothing is copied: a mutant is swapped in before the
 * run's process is forked, and swapped out in the parent.  One thread at a
 * time.
 */
#ifndef TOOLS_MUTATE_MUTANTS_H
#define TOOLS_MUTATE_MUTANTS_H

#include "model/scenario.h"

#define MUTANT_CHANGES	4

struct change {
	void *at;		/* in the model */
	void *other;		/* what replaces it, or what was there */
	size_t len;
};

struct mutant {
	struct loc loc;		/* where the run has to fail */
	const char *flip;	/* "is+1", "errno"; unique at its place */
	struct change changes[MUTANT_CHANGES];
	unsigned n_changes;
	bool acts;		/* it changes the script; any failure will do */
	bool is_unused;		/* a part goes out of use; a note of that will do */
	bool by_chance;		/* a stress step may not make its call */
};

struct mutants {
	struct arena *arena;
	struct mutant *at;
	size_t n;
};

/* What this machine does not show is not judged, and so has no mutants. */
struct mutant_sight {
	bool stacks;		/* the stacks of threads in the kernel */
	bool tracing;		/* what functions of the kernel return */
};

/* sc must live longer than the mutants. */
void mutants_init(struct mutants *out, struct scenario *sc,
		  const struct mutant_sight *sight);
void mutants_fini(struct mutants *ms);

/* Swaps the mutant in, and, when it is called again, out. */
void mutant_swap(const struct mutant *m);

#endif
