/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which system calls of the kernel an actor's thread makes, so that it may be
 * kept from all others.  Constant tables, thread-safe. */
#ifndef ACT_CALLS_SYSCALLS_H
#define ACT_CALLS_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/calls.h"

#define SYSCALLS_MAX	256

/* Numbers for the calls of the language that are marked in made, and for what
 * every actor does; returns how many.  Some are -1: not on this machine. */
size_t syscalls_of(const bool made[N_CALLS], int numbers[SYSCALLS_MAX]);

#endif
