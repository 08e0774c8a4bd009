/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clients.  One thread at a time. */
#ifndef LOAD_ACTORS_H
#define LOAD_ACTORS_H

#include "load/read/loader.h"

/* "actors:", may be NULL. */
int load_actors(struct loader *ld, const struct ynode *n);

#endif
