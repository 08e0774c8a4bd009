/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls of libbpf leave our caller's process as it was: libbpf writes its
 * complaints to standard error and may raise RLIMIT_MEMLOCK for good.  Between
 * libbpf_enter() and libbpf_leave() this thread's complaints are kept instead,
 * and the limit is put back.  What other threads, or the caller itself, do with
 * libbpf goes where it went before.  Thread-safe.  Only where there is libbpf.
 */
#ifndef TRACE_LIBBPF_H
#define TRACE_LIBBPF_H

#include <sys/resource.h>

struct libbpf_visit {
	char complaint[160];	/* the first one, without its newline; or "" */
	struct rlimit memlock;
};

/* The visit must not move until it ends; visits do not nest. */
void libbpf_enter(struct libbpf_visit *v);
/* Keeps errno. */
void libbpf_leave(struct libbpf_visit *v);

#endif
