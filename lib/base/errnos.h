/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errno values and signals by name, including those the kernel keeps to
 * itself (ERESTARTSYS).  Thread-safe: constant tables only. */
#ifndef BASE_ERRNOS_H
#define BASE_ERRNOS_H

#include <stddef.h>

#include "base/diag.h"

/* EIO -> 5; 0 if there is no such name. */
int errno_by_name(const char *name, size_t len);
/* 5 -> "EIO"; NULL if it has no name. */
const char *errno_name(int err);
struct words errno_words(void);

/* SIGUSR1 -> 10; 0 if there is no such name. */
int signal_by_name(const char *name, size_t len);
const char *signal_name(int sig);
struct words signal_words(void);

#endif
