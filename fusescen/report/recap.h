/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the end of a report says again: what failed, and what took longest. */
#ifndef FUSESCEN_REPORT_RECAP_H
#define FUSESCEN_REPORT_RECAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/verdict.h"

struct recap_line {
	char *name;		/* "FILE (CASE) on KERNEL" */
	enum fusescen_verdict verdict;
	uint64_t elapsed_ns;
	char *summary;
	char *failure;		/* what the report says before the ladder */
	unsigned times;		/* of several rounds */
};

struct recap {
	struct recap_line *failures;
	size_t n_failures;
	struct recap_line *slowest;	/* the slowest first */
	size_t n_slowest, max_slowest;
};

/* Adds a run.  name is as point_name() has it, and text as the report has it.
 * Returns whether this case has failed before, and in just this way. */
bool recap_add(struct recap *r, const char *name, enum fusescen_verdict verdict,
	       uint64_t elapsed_ns, const char *summary, const char *text);
void recap_fini(struct recap *r);

#endif
