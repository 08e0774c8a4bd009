/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mounts and devices.  One thread at a time. */
#ifndef LOAD_MOUNTS_MOUNTS_H
#define LOAD_MOUNTS_MOUNTS_H

#include "load/read/loader.h"

/* "mounts:" and "devices:"; either may be NULL. */
int load_mounts(struct loader *ld, const struct ynode *mounts,
		const struct ynode *devices);
/* The word for a transport. */
int load_transport(struct loader *ld, const struct ynode *n, enum transport *out);

#endif
