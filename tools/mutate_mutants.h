/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutants of a scenario: one per expectation, each a small change of the loaded
 * model after which the expectation is wrong, so that the run has to fail
 * there.  Nothing is copied: a mutant is swapped in before the run's process is
 * forked, and out again in the parent.  One thread at a time.
 */
#ifndef TOOLS_MUTATE_MUTANTS_H
#define TOOLS_MUTATE_MUTANTS_H

#include "model/scenario.h"

#define MUTANT_CHANGES	3

struct change {
	void *at;		/* in the model */
	void *other;		/* what is to be there, or what was */
	size_t len;
};

struct mutant {
	struct loc loc;		/* where the run has to fail */
	const char *flip;	/* "is+1", "errno"; unique at its place */
	struct change changes[MUTANT_CHANGES];
	unsigned n_changes;
	bool acts;		/* changes what the script does: any failure will do */
	bool is_unused;		/* takes a part out of use: that it is told of will do */
	bool by_chance;		/* of a call that a stress step may not come to make */
};

struct mutants {
	struct arena *arena;
	struct mutant *at;
	size_t n;
};

/* What cannot be seen here is not judged either, and has no mutants. */
struct mutant_sight {
	bool stacks;		/* of threads in the kernel */
	bool tracing;		/* of what its functions return */
};

/* sc must outlive the mutants. */
void mutants_init(struct mutants *out, struct scenario *sc,
		  const struct mutant_sight *sight);
void mutants_fini(struct mutants *ms);

/* In, and, called again, out. */
void mutant_swap(const struct mutant *m);

#endif
