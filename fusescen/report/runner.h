/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs cases, several at once, and hands their reports on in order.
 */
#ifndef FUSESCEN_REPORT_RUNNER_H
#define FUSESCEN_REPORT_RUNNER_H

#include "fusescen/report/output.h"

/* How long a bench file is measured; a virtual machine is told. */
struct bench_length {
	unsigned seconds, ramp, rounds;
};

/* A case of a loaded file. */
struct work {
	const char *path;
	const fusescen_file *file;
	size_t index;		/* of the case */
	const struct bench_length *bench;	/* of path, in a virtual machine */
};

struct runner {
	const struct work *work;
	size_t n_work;
	unsigned rounds;	/* the whole list so often */
	unsigned jobs;		/* at once */
	bool events;		/* deliver wants them */
	struct fusescen_options options;
	/* Called in order of the list, round after round; events may be "". */
	void (*deliver)(void *ctx, const struct point *p, const char *events);
	void *ctx;
};

/* 0, or the number of the signal (SIGINT, SIGTERM, SIGHUP) that ended it early;
 * runs under way then die with this process. */
int runner_run(const struct runner *r);

#endif
