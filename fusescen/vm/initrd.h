/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The initial root of a machine has modules, this program with the libraries
 * that it is running with, and the plan. */
#ifndef FUSESCEN_VM_INITRD_H
#define FUSESCEN_VM_INITRD_H

#include "fusescen/util/files.h"

#define GUEST_PROGRAM	"fusescen/program"
#define GUEST_LIBRARIES	"fusescen/lib"
#define GUEST_PLAN	"fusescen/plan"

/* Makes the part that is the same for all machines; -1 after a message. */
int initrd_program(struct buf *out);
/* Returns the descriptor of a file in memory with all parts; -1 after a
 * message. */
int initrd_make(const struct buf *modules, const struct buf *program,
		const struct buf *plan);

#endif
