/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which cases reach a mutant, and whether one of them notices it, in
 * machines with a kernel that has all of them. */
#ifndef FUSESCEN_MUTATE_MEASURE_H
#define FUSESCEN_MUTATE_MEASURE_H

#include "fusescen/mutate/findings.h"

struct measurement {
	const struct vm_kernels *kernel;	/* one */
	const struct mutants *mutants;
	struct corpus *corpus;
	struct findings *findings;
	unsigned jobs;
	unsigned cases;		/* at most so many for each mutant */
	unsigned patience_ms;	/* and at most so long */
	uint64_t until_ns;	/* on clock_ns(): nothing new is begun then; 0: never */
};

/* Both go on where the results end, and return 0, the number of the signal that ended
 * it, or -1 after a message. */
/* Runs each case that is not known once without a mutant. */
int measure_reach(const struct measurement *m);
/* Tries each mutant that is wanted and of which the results say nothing, or nothing
 * that these cases would not change. */
int measure_kills(const struct measurement *m);

#endif
