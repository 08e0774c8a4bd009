/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A worker does consecutive tasks on one kernel, in one virtual machine after
 * another, until each task has a result.  A machine that dies takes with it the task
 * that it was at, and the next machine goes on behind that one.  The same happens
 * behind a task that made the kernel warn.
 */
#ifndef FUSESCEN_VM_WORKER_H
#define FUSESCEN_VM_WORKER_H

#include <stdbool.h>

#include "fusescen/report/batch.h"
#include "fusescen/vm/console.h"
#include "fusescen/util/files.h"
#include "fusescen/vm/frame.h"
#include "fusescen/vm/kernel.h"
#include "fusescen/vm/qemu.h"

/* The summaries of tasks whose machine shows no sign of life any more, or has gone
 * beyond the time limit of a task. */
#define VM_HANGS	"the machine hangs"
#define VM_TOO_LONG	"the task takes too long"

struct result {
	enum fusescen_verdict verdict;
	char *summary, *text, *events;
	char *console;		/* during the run; NULL unless it went wrong */
	uint64_t elapsed_ns;
};

/* A kernel that is ready to boot.  Its workers share it. */
struct vm_target {
	const struct vm_kernel *kernel;
	char *image;		/* what qemu boots */
	struct buf modules;
	enum accel accel;
	unsigned deaths;	/* machines that died at a run */
	unsigned reboots;	/* machines that were ended because it warned */
	struct result **results;	/* of all its runs; NULL: not yet */
};

/* What all workers share. */
struct vm_worker_config {
	const struct batch *batch;
	char *qemu;
	struct buf program;
	unsigned patience_s;	/* with a machine that shows no sign of life */
	bool is_broken;		/* as in struct vm_machine */
	unsigned task_limit_s;
};

struct vm_worker {
	const struct vm_worker_config *config;
	struct vm_target *on;
	size_t next, to;	/* runs that no machine has started yet */
	bool is_running;	/* a machine is up, or should be */
	struct qemu_machine machine;
	char *append;		/* the machine's */
	/* of the machine */
	struct qemu qemu;
	struct frame_stream frames;
	struct console console;	/* since the current run was started */
	char *release;		/* NULL until the guest says hello */
	uint64_t deadline_ns;	/* for the next sign of life */
	unsigned failed_boots;	/* machines that died before any run */
	bool has_warned;	/* at a run: the kernel may not say it again */
	bool is_spent;		/* a result says that nothing else may run there */
	uint64_t started_ns;	/* the current run */
	uint64_t wake_ns;	/* when the machine is woken next, if it sleeps */
	size_t current;		/* its number + 1; 0: none */
	struct result *result;	/* the current one's, until it is settled */
};

/* Boots a machine for what is left. */
void vm_worker_start(struct vm_worker *w);
/* Reads what there is to read, and ends the machine if its deadline is over. */
void vm_worker_look(struct vm_worker *w);
/* End its machine. */
void vm_worker_stop(struct vm_worker *w);

void result_free(struct result *r);

#endif
