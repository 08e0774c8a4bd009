/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mappings of ids for mount_idmapped.  The kernel takes a mapping from a user
 * namespace, which is made while there is a /proc to say so, before the actor's
 * chroot; a call then only looks it up.
 */
#ifndef ACT_CALLS_IDMAPS_H
#define ACT_CALLS_IDMAPS_H

#include "model/scenario.h"

struct idmaps;

/* One for each mapping that calls of the scenario name.  Never NULL. */
struct idmaps *idmaps_new(const struct scenario *sc);
/* The user namespace of the mapping; -1 with errno: it could not be made. */
int idmaps_find(const struct idmaps *im, int64_t id, int64_t shown, int64_t count);

#endif
