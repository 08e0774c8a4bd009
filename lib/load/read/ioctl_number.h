/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers of ioctl commands, written as kernel headers write them.  One thread
 * at a time. */
#ifndef LOAD_READ_IOCTL_NUMBER_H
#define LOAD_READ_IOCTL_NUMBER_H

#include "load/read/lex.h"

/* A number, or _IO('f', 1), _IOR('f', 1, 8), _IOW(...), _IOWR(...). */
int lex_ioctl_number(struct lex *lx, const char *stops, int64_t *out);

#endif
