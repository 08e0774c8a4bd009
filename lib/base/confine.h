/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a thread gives up, mostly for good: capabilities, system calls, and files.  All
 * are the calling thread's alone; what it creates afterwards inherits them.  No memory is
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

/* Do without these for a while; returns what confine_resume() takes, with which the
 * thread has them again. */
uint64_t confine_pause(uint64_t capabilities);
void confine_resume(uint64_t effective);

/*
 * From now on the thread may make these system calls only; a number below 0 is
 * one that this machine does not have.  No program that it executes gets more
 * rights than it has.  fork(2) and clone(2), where they are among them, make no
 * namespaces.  0 or errno: ENOSYS where nobody has told us which architecture
 * this is, EINVAL where the kernel has no seccomp.
 */
int confine_calls(const int *allowed, size_t n, enum confine_denied denied);

/*
 * Landlock (landlock(7)): a set of directories, as a descriptor for the caller to
 * close, or -1 and errno: ENOSYS or EOPNOTSUPP where there is no Landlock.
 */
int confine_files_new(void);
/* What is beneath a directory, or a file alone, belongs to the set.  0 or errno. */
int confine_files_allow(int set, int fd);
/* From now on the thread opens, makes, renames and removes only what is beneath a
 * directory of the set, and mounts nothing.  What is open stays so.  0 or errno. */
int confine_files(int set);

#endif
