/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lane: consecutive runs on one kernel, in one machine after another, until
 * each has a result.  A machine that dies takes the run with it that it was at;
 * the next machine goes on behind that, and behind a run that made it warn.
 */
#ifndef FUSESCEN_VM_LANE_H
#define FUSESCEN_VM_LANE_H

#include <stdbool.h>

#include "fusescen/report/runner.h"
#include "fusescen/vm/console.h"
#include "fusescen/util/files.h"
#include "fusescen/vm/frame.h"
#include "fusescen/vm/kernel.h"
#include "fusescen/vm/qemu.h"

struct result {
	enum fusescen_verdict verdict;
	char *summary, *text, *events;
	uint64_t elapsed_ns;
};

/* A kernel made ready. */
struct lane_kernel {
	const struct vm_kernel *kernel;
	char *image;		/* what qemu boots */
	struct buf modules;
	enum accel accel;
	unsigned losses;	/* machines that died at a run */
	unsigned renewals;	/* machines that ended because it warned */
	struct result **results;	/* of all its runs; NULL: not yet */
};

/* What all lanes share. */
struct lane_config {
	const struct runner *runner;
	char *qemu;
	struct buf program;
	unsigned cpus, memory_mb;
	unsigned patience_s;	/* with a machine that gives no sign of life */
};

struct lane {
	const struct lane_config *config;
	struct lane_kernel *on;
	size_t next, to;	/* runs that no machine has started yet */
	bool is_running;		/* a machine is up, or should be */
	/* of the machine */
	struct qemu qemu;
	struct frame_stream frames;
	struct console console;	/* since the current run was started */
	char *release;		/* NULL until the guest says hello */
	uint64_t deadline_ns;	/* for the next sign of life */
	unsigned failed_boots;	/* machines that died before any run */
	bool has_warned;		/* at a run: what it says once is said */
	size_t current;		/* its number + 1; 0: none */
	struct result *result;	/* the current one's, until it is settled */
};

/* Boot a machine for what is left. */
void lane_start(struct lane *l);
/* There may be something to read, or the deadline may be over. */
void lane_look(struct lane *l);
/* End its machine. */
void lane_stop(struct lane *l);

void result_free(struct result *r);

#endif
