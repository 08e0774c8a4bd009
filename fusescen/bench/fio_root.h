/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fio for a virtual machine. */
#ifndef FUSESCEN_BENCH_FIO_ROOT_H
#define FUSESCEN_BENCH_FIO_ROOT_H

#include "fusescen/util/files.h"

/* For vm_machine's equip: appends fio and the libraries that it needs to an archive;
 * -1 after a message. */
int fio_add_to_root(struct buf *program, const void *ctx);

#endif
