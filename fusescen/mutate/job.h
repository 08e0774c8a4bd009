/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine does about mutants.  A case is "FILE.INDEX", numbers in the corpus;
 * with what it did without a mutant it is "FILE.INDEX.VERDICT.MS".
 *
 * "reach" runs one case with the mutants noted, and gives its verdict, how many
 * milliseconds it took, and the numbers of the mutants that would have mattered.
 *
 * "mutant" has a number, how many milliseconds it may take, and cases.  It gives one
 * line:
 *
 *	killed FILE.INDEX RUNS MS VERDICT SUMMARY
 *	survived TRIED RUNS MS
 *	stuck FILE.INDEX RUNS MS	the case does not end
 *	dirty FILE.INDEX RUNS MS	without the mutant the case does not do what it did
 */
#ifndef FUSESCEN_MUTATE_JOB_H
#define FUSESCEN_MUTATE_JOB_H

#include "base/verdict.h"

#define GUEST_CORPUS	"fusescen/corpus"

/* As the guest's table has them.  path and text are NULL. */
char *reach_job(const char *path, const char *text, const char *argument,
		enum fusescen_verdict *verdict);
char *mutant_job(const char *path, const char *text, const char *argument,
		 enum fusescen_verdict *verdict);

#endif
