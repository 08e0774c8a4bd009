/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of exploring a case or a story, here or in a virtual machine. */
#ifndef FUSESCEN_EXPLORE_EXPLORED_H
#define FUSESCEN_EXPLORE_EXPLORED_H

#include <stddef.h>

#include "fusescen.h"

struct explored {
	const char *name;	/* for people */
	const char *kernel;	/* NULL: the running one */
	enum fusescen_verdict verdict;
	const char *summary;	/* one line */
	const char *findings;	/* scenarios with "---" between them */
	const char *trouble;	/* what the kernel printed, or how the machine ended;
				 * NULL: nothing of that */
};

/* The next finding at *at, which moves behind it; NULL: there is none.  *len: with the
 * newline at its end. */
const char *finding_next(const char **at, size_t *len);

/* Explores a case, and runs each finding as a scenario.  The text: the summary's
 * line, and behind it the findings, each of which ends with how often it failed.  The
 * caller frees it. */
char *explore_case(const fusescen_file *file, size_t index,
		   const struct fusescen_explore_options *options,
		   enum fusescen_verdict *verdict);
/* Fills in summary and findings.  text: of explore_case(); it is cut in two, and
 * borrowed. */
void explored_split(struct explored *e, char *text);

#endif
