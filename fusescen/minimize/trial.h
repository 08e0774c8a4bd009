/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs texts that may become the result, many at once, on one kernel or on two, and
 * says which of them still show what is to be shown.  Main thread only. */
#ifndef FUSESCEN_MINIMIZE_TRIAL_H
#define FUSESCEN_MINIMIZE_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fusescen/minimize/failure.h"
#include "fusescen/vm/kernel.h"
#include "fusescen.h"

/* Where it must fail and, if that is asked for, where it must pass. */
struct trials {
	const struct vm_kernels *fails_on, *passes_on;	/* no kernel in it: the running
							   one; passes_on NULL: anywhere */
	const char *path;		/* by which messages call each text */
	const char **allow_host;
	const char *keep;		/* what the failure has to have in it; NULL: see
					   failure_is_in() */
	struct failure goal;
	bool asks_tmpfs;		/* the calls on a tmpfs must give what is expected */
	bool allow_hazard;
	unsigned jobs, timeout_ms;
	uint64_t runs;			/* so far */
	int signal;			/* that ended it; 0: none did */
};

struct trial {
	const char *text;
	const char *from, *to;		/* a word that was replaced; NULL: none */
	/* What comes of it. */
	bool is_scenario;		/* the loader takes it */
	unsigned failed, passed;	/* so often, where it must */
	bool is_right;			/* a tmpfs gives what is expected */
	unsigned line;			/* of what fails */
	char *report;			/* of its first run where it must fail */
	uint64_t elapsed_ns;
};

/* Runs each of them so often, as long as each run shows it.  Returns 0, or -1 after a
 * message, or if a signal came. */
int trials_run(struct trials *ts, struct trial *trials, size_t n, unsigned times);
/* Did all of these runs show it? */
bool trial_shows(const struct trials *ts, const struct trial *t, unsigned times);
void trial_fini(struct trial *t);

#endif
