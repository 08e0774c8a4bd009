/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs tasks on other kernels, in virtual machines. */
#ifndef FUSESCEN_VM_RUN_H
#define FUSESCEN_VM_RUN_H

#include "base/buf.h"
#include "fusescen/report/batch.h"
#include "fusescen/vm/kernel.h"

/* What the machines are like. */
struct vm_machine {
	unsigned cpus;
	unsigned memory_mb;	/* 0: as much as scenarios need */
	const char *append;	/* more arguments for the kernel; NULL: none */
	/* Adds files to the initial root, as a cpio archive; -1 after a message.
	 * NULL: there is nothing to add. */
	int (*equip)(struct buf *root, const void *ctx);
	const void *equip_ctx;
	/* A kernel that is broken on purpose: it is never given up, and gets a new
	 * machine after each warning. */
	bool is_broken;
	unsigned task_limit_s;	/* a task may take so long; 0: it limits itself */
};

/*
 * All tasks of the batch on each of the kernels.  The results of the first kernel are
 * all delivered before any of the second.  b->jobs machines run at once, and each of
 * them does one task at a time.  Returns 0, the number of the signal that ended it
 * early, or -1 after a message if no machine can be made.
 */
int vm_run(const struct batch *b, const struct vm_kernels *kernels,
	   const struct vm_machine *machine);

#endif
