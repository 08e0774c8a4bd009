/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan says what a machine is to do.  It is written outside of it, and read
 * inside. */
#ifndef FUSESCEN_VM_PLAN_H
#define FUSESCEN_VM_PLAN_H

#include "fusescen/report/batch.h"
#include "fusescen/util/files.h"
#include "fusescen/vm/frame.h"

/* Writes the runs from to to - 1 of all rounds, in order; -1 after a message if
 * a file cannot be read. */
int plan_write(const struct batch *b, size_t from, size_t to, struct buf *out);

/* What the guest reads: a case of a file, or a job.  Its texts are borrowed
 * from the bytes of the plan. */
struct plan_task {
	uint64_t point;
	uint64_t file;		/* NO_FILE: a job that has none */
	uint64_t index;		/* of a case */
	const char *word, *argument;	/* of a job; NULL: a case */
};

struct plan {
	struct buf bytes;
	struct fusescen_options options;
	bool wants_events;
	const char **names, **texts;	/* of the files */
	size_t n_files;
	struct plan_task *tasks;
	size_t n_tasks;
};

/* Returns 0, or -1 if the plan is not whole.  The caller frees it either
 * way. */
int plan_read(struct plan *p, const char *path);
void plan_free(struct plan *p);

#endif
