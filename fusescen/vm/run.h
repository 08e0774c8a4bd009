/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs cases on other kernels, in virtual machines. */
#ifndef FUSESCEN_VM_RUN_H
#define FUSESCEN_VM_RUN_H

#include "fusescen/report/runner.h"
#include "fusescen/vm/kernel.h"

/*
 * All work of r on each of the kernels: first all that is of the first one is
 * delivered.  r->jobs machines at once, each runs one case at a time.  What a
 * piece of work without a file delivers as its text is what the machine can do
 * (as `doctor`).  0; the number of the signal that ended it early; or -1 after
 * a message if no machine can be made.
 */
int vm_run(const struct runner *r, const struct vm_kernels *kernels,
	   unsigned cpus);

#endif
