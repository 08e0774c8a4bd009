/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is on a mount when the script starts.  One thread at a time. */
#ifndef LOAD_MOUNTS_FILES_H
#define LOAD_MOUNTS_FILES_H

#include "load/read/loader.h"

int load_files(struct loader *ld, const struct ynode *n,
	       struct mount_spec *mount);

#endif
