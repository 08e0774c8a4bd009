/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of a scenario.  Pure data. */
#ifndef MODEL_CHECKS_H
#define MODEL_CHECKS_H

#include "model/patterns.h"

enum check_kind {
	/* about the log */
	CHECK_ORDER,			/* order: [P, P, ...]: in this order, others between */
	CHECK_BEFORE,			/* before: [P, Q]: every P before every Q, both seen */
	CHECK_COUNT,			/* count: P, is|min|max: n */
	CHECK_NEVER,			/* never: P */
	CHECK_MAX_IN_FLIGHT,		/* max_in_flight: P, is|min|max: n: most open at once */
	CHECK_ELAPSED,			/* elapsed: [P, Q], min|max: time, first to first after it */
	CHECK_SAME,			/* same: [P FIELD, ...]: one value in all of them */
	CHECK_DIFFER,			/* differ: [P FIELD, ...]: no two have one value */
	/* about something else */
	CHECK_FILE,			/* file: /data, size:, data:, at: what the server has */
	CHECK_KERNEL,			/* kernel: function, returns: -EBUSY */
};

/* Does the server have this in a file? */
struct file_check {
	struct file_ref file;
	bool has_size, has_data;
	uint64_t size, at;		/* at: where data begins */
	struct data_spec data;
};

/* Has a function of the kernel returned this? */
struct kernel_check {
	const char *function;
	int64_t returns;
};

struct check {
	struct loc loc;
	const char *text;
	enum check_kind kind;
	/* of those about the log; the others have none */
	struct pattern *patterns;
	size_t n_patterns;
	uint64_t min, max;		/* counts or ns; max UINT64_MAX: none */
	union {
		struct file_check file;
		struct kernel_check kernel;
	};
};

extern const struct keyword check_keywords[];	/* enum check_kind */
extern const struct words check_words;	/* order, before, count, ... */

#endif
