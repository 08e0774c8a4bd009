/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What only ioctl(2) has: numbers of commands, written as kernel headers write
 * them, and the memory that a RETRY asks for.  One thread at a time.
 */
#ifndef LOAD_CALLS_IOCTL_H
#define LOAD_CALLS_IOCTL_H

#include "load/read/lex.h"

/* A number, or _IO('f', 1), _IOR('f', 1, 8), _IOW(...), _IOWR(...). */
int load_command(struct lex *lx, const char *stops, int64_t *out);
/* {in: [0..8], out: [0..8, 16..24]}: ranges behind the call's argument. */
int load_retry(struct loader *ld, const struct ynode *n, struct reply_spec *out);

#endif
