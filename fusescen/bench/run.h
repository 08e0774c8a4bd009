/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures a bench file on this kernel, or on others in virtual machines. */
#ifndef FUSESCEN_BENCH_RUN_H
#define FUSESCEN_BENCH_RUN_H

#include "fusescen/bench/results.h"
#include "fusescen/vm/kernel.h"

/* Both add results to r, and return an exit status, after a message if it is
 * not 0.  append: more arguments for the kernels; NULL: none. */
int bench_here(struct results *r, const char *raw_dir);
int bench_on(struct results *r, const struct vm_kernels *kernels, unsigned cpus,
	     const char *append);

/* What the guest does for the job "bench", with the argument that bench_on() gives
 * to it.  path and text are the bench file's.  Returns the results as JSON, or what
 * was said on standard error if it is no pass; the caller frees it. */
char *bench_job(const char *path, const char *text, const char *argument,
		enum fusescen_verdict *verdict);

#endif
