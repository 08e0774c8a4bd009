/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a thread gives up for good: capabilities, and system calls.  Both are the
 * calling thread's alone; what it creates afterwards inherits them.  No memory is
 * taken, so that the child of a thread may call these too.
 */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stddef.h>
#include <stdint.h>

#define CAPABILITY(n)	(UINT64_C(1) << (n))

/* Of the capabilities that the thread has, keep these.  0 or errno. */
int confine_capabilities(uint64_t keep);
/* Those that it has now. */
uint64_t confine_capabilities_now(void);

enum confine_denied {
	DENIED_ENOSYS,		/* as on a kernel that does not know the call */
	DENIED_KILLS,		/* SIGSYS, for the whole process */
};

/*
 * From now on the thread may make these system calls only; a number below 0 is
 * one that this machine does not have.  No program that it executes gets more
 * rights than it has.  fork(2) and clone(2), where they are among them, make no
 * namespaces.  0 or errno: ENOSYS where nobody has told us which architecture
 * this is, EINVAL where the kernel has no seccomp.
 */
int confine_calls(const int *allowed, size_t n, enum confine_denied denied);

#endif
