/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A thread's state as /proc shows it.  Thread-safe, never blocks. */
#ifndef ACT_PROCSTAT_H
#define ACT_PROCSTAT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

struct thread_look {
	char state;		/* R S D Z T ...; 0: gone */
	uint64_t switches;	/* voluntary + involuntary context switches */
};

/* Is there a /proc, and does it show this process's pid namespace?  Where it does
 * not, the numbers below mean other threads, and nothing here says anything. */
bool procstat_is_ours(void);

/* Is this process traced, by strace(1) or a debugger?  To be asked before it has a
 * /proc of its own, which does not show a tracer outside. */
bool self_is_traced(void);

/* How many threads of the whole machine run or want to, this one among them; 0
 * where it cannot be told. */
unsigned machine_runnable(void);
/* 0, or errno (ESRCH: gone). */
int thread_look(pid_t tid, struct thread_look *out);
/* Function names from the innermost out, "a < b < c"; scheduler frames and
 * addresses left out.  Falls back to wchan; false when neither may be read. */
bool thread_stack(pid_t tid, struct buf *out);

#endif
