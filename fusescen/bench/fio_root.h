/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fio for a machine. */
#ifndef FUSESCEN_BENCH_FIO_ROOT_H
#define FUSESCEN_BENCH_FIO_ROOT_H

#include "fusescen/util/files.h"

/* Put it, with all the libraries that it needs, behind an archive; -1 after a
 * message. */
int fio_add_to_root(struct buf *program);

#endif
