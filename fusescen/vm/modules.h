/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules a machine is given. */
#ifndef FUSESCEN_VM_MODULES_H
#define FUSESCEN_VM_MODULES_H

#include "fusescen/util/files.h"

/* Where they are in the machine; they go in by the order of their names. */
#define GUEST_MODULES	"fusescen/modules"

/*
 * An archive with what the scenarios need of a kernel's modules, unpacked, with
 * what they depend on; from the cache if it is there.  dir may be NULL.  What is
 * no module is built in, or missing: the scenarios notice.  -1 after a message.
 */
int modules_archive(const char *dir, struct buf *out);

#endif
