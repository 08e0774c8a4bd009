/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fio for a machine. */
#ifndef FUSESCEN_VM_FIO_H
#define FUSESCEN_VM_FIO_H

#include "fusescen/util/files.h"

/* Put it, with all the libraries that it needs, behind an archive; -1 after a
 * message. */
int initrd_add_fio(struct buf *program);

#endif
