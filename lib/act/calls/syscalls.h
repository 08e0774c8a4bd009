/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says which system calls an actor's thread makes, so that it can be kept from
 * all others.  Constant tables, thread-safe. */
#ifndef ACT_CALLS_SYSCALLS_H
#define ACT_CALLS_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/calls.h"

#define SYSCALLS_MAX	256

/* Stores the numbers for the calls of the language that are marked in made, and
 * for what every actor does.  Returns how many.  A number is -1 if this machine
 * does not have the call. */
size_t syscalls_of(const bool made[N_CALLS], int numbers[SYSCALLS_MAX]);

#endif
