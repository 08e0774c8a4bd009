/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A qemu process: started, and ended. */
#ifndef FUSESCEN_VM_QEMU_H
#define FUSESCEN_VM_QEMU_H

#include <sys/types.h>

enum accel {
	ACCEL_TCG,	/* software */
	ACCEL_KVM,
};

#define QEMU_MEMORY_MB	512	/* is enough for scenarios */

struct qemu {
	pid_t pid;		/* 0: none */
	int console_fd;		/* the kernel's console, and qemu's own words */
	int channel_fd;		/* what the guest sends */
};

/* $FUSESCEN_QEMU or qemu-system-x86_64, where it is; NULL after a message. */
char *qemu_find(void);
/* It dies with this process at the latest.  The initrd stays the caller's. */
int qemu_start(struct qemu *q, const char *program, const char *image,
	       int initrd_fd, enum accel accel, unsigned cpus,
	       unsigned memory_mb);
/* At once, and without waiting long; closes the descriptors. */
void qemu_end(struct qemu *q);

#endif
