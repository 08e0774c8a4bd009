/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be run: a list of tasks, how often, how many of them at once, and who
 * gets the results.  batch_run_here() runs cases on this kernel, and vm_run() runs
 * any task on other ones.
 */
#ifndef FUSESCEN_REPORT_BATCH_H
#define FUSESCEN_REPORT_BATCH_H

#include "fusescen.h"
#include "fusescen/report/output.h"

/* What a virtual machine can do besides running a case.  The guest finds the word
 * in its table, and the function that it finds there reads the argument. */
struct guest_job {
	const char *word, *argument;
	bool takes_file;	/* the task's path is a file that it reads */
};

/* A case of a loaded file, or a job. */
struct task {
	const char *path;
	const char *text;	/* of the file, where there is none at the path; NULL */
	const fusescen_file *file;
	size_t index;		/* of the case */
	const struct guest_job *job;	/* NULL: a case */
};

struct batch {
	const struct task *tasks;
	size_t n_tasks;
	unsigned rounds;	/* the whole list so often */
	unsigned jobs;		/* at once */
	bool wants_events;	/* else deliver() gets none */
	struct fusescen_options options;
	/* Called in the order of the list, round after round; events may be "". */
	void (*deliver)(void *ctx, const struct point *p, const char *events);
	/* Called a few times a second while it waits for this task, which has been
	 * running for so long; NULL: never. */
	void (*waiting)(void *ctx, const struct task *task, uint64_t running_ns);
	/* Is this the result of a job behind which a virtual machine is to do nothing
	 * more?  NULL: of none. */
	bool (*is_last)(const char *text);
	void *ctx;
	const bool *is_over;	/* deliver() may set it: no more runs; NULL: never */
	bool waits;		/* at such an end, for those under way: the caller goes on */
};

static inline bool batch_is_over(const struct batch *b)
{
	return b->is_over && *b->is_over;
}

/* How many runs at once, or machines, finish soonest. */
unsigned batch_default_jobs(size_t n_tasks, bool in_machines);
/* 0, or the number of the signal (SIGINT, SIGTERM, SIGHUP) that ended it early.
 * What was running then, or when *is_over was set, dies with this process, unless the
 * batch waits for it; each run has its time limit. */
int batch_run_here(const struct batch *b);

#endif
