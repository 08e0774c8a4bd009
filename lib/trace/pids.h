/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tracepoints and BPF record the numbers that tasks have in the initial pid
 * namespace.  In another one we could not tell our own tasks among them.
 */
#ifndef TRACE_PIDS_H
#define TRACE_PIDS_H

#include <stddef.h>
#include <sys/stat.h>

/* include/uapi/linux/nsfs.h: PID_NS_INIT_INO; the same since Linux 3.8 */
#define INITIAL_PID_NS	0xEFFFFFFCu

/* NULL: we are in the initial pid namespace.  Otherwise why this is in the way
 * (constant text). */
static inline const char *pids_are_others(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) || st.st_ino == INITIAL_PID_NS ?
		NULL : "in a pid namespace: the kernel records other numbers of "
		       "processes; run outside of the container";
}

#endif
