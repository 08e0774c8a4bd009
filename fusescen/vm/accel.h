/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides whether a kernel can run on KVM here. */
#ifndef FUSESCEN_VM_ACCEL_H
#define FUSESCEN_VM_ACCEL_H

#include "fusescen/util/files.h"
#include "fusescen/vm/qemu.h"

/*
 * KVM is chosen only after this kernel has booted on it, because the existence
 * of the device proves nothing.  The answer is kept in the cache.  A signal on
 * signal_fd cuts the trial short.
 */
enum accel accel_choose(const char *qemu, const char *image,
			const struct buf *modules, const struct buf *program,
			int signal_fd);

#endif
