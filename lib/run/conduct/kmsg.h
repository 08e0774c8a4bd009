/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel log during a run: lines that mean the kernel broke.  One thread
 * at a time. */
#ifndef RUN_CONDUCT_KMSG_H
#define RUN_CONDUCT_KMSG_H

#include <stdint.h>

#include "base/buf.h"

/* Open at the end of the log; -1 when it may not be read. */
int kmsg_open(void);
/* Append lines that came since and say WARNING, BUG, a hung task, ...; at most
 * a few with what follows them.  age_ns: since when it was opened.  Returns how many
 * such there were. */
unsigned kmsg_collect(int fd, uint64_t age_ns, struct buf *out);

#endif
