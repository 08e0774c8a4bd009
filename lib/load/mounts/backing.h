/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What keeps the files of a mount: `backing:`.  One thread at a time. */
#ifndef LOAD_MOUNTS_BACKING_H
#define LOAD_MOUNTS_BACKING_H

#include "load/read/loader.h"

/* memory, null, {mirror: DIR} or {tmpfs: SIZE}; out: a struct backing_spec. */
int load_backing(struct loader *ld, const struct ynode *n, void *out);
/* Can it have the files that the mount names?  After both were read. */
int backing_check_files(struct loader *ld, const struct mount_spec *m);

#endif
