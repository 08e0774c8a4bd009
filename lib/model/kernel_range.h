/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernel versions as `fails:` names them: "< 6.12", ">= 6.16, < 7.3", "6.18",
 * "any".  Pure functions, thread-safe.
 */
#ifndef MODEL_KERNEL_RANGE_H
#define MODEL_KERNEL_RANGE_H

#include <stdbool.h>
#include <stddef.h>

#define KERNEL_BOUNDS_MAX	4

enum kernel_compare {
	KERNEL_LT, KERNEL_LE, KERNEL_GT, KERNEL_GE, KERNEL_IS,
};

/* As many parts as were written are compared: "6.18" is every 6.18.x, and
 * "<= 6.18" holds for 6.18.9. */
struct kernel_bound {
	enum kernel_compare compare;
	unsigned parts[3];
	unsigned n_parts;
};

struct kernel_range {
	struct kernel_bound bounds[KERNEL_BOUNDS_MAX];	/* all must hold */
	unsigned n_bounds;				/* 0: any */
};

/* 0, or -1 and *bad_at = where in text it stops making sense. */
int kernel_range_parse(const char *text, size_t len, struct kernel_range *out,
		       size_t *bad_at);
/* release: as uname -r says it, "6.18.5-arch1"; an -rc counts as its version.
 * False for a release that does not begin with a number. */
bool kernel_range_holds(const struct kernel_range *range, const char *release);
/* Both at once; false also for a text that is no range. */
bool kernel_range_has(const char *text, const char *release);

#endif
