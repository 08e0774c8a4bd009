/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory that a RETRY of an ioctl(2) asks for.  One thread at a time. */
#ifndef LOAD_CALLS_RETRY_H
#define LOAD_CALLS_RETRY_H

#include "load/read/lex.h"

/* {in: [0..8], out: [0..8, 16..24]}: ranges behind the call's argument. */
int load_retry(struct loader *ld, const struct ynode *n, struct reply_spec *out);

#endif
