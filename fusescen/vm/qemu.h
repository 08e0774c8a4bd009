/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts and ends a process of qemu. */
#ifndef FUSESCEN_VM_QEMU_H
#define FUSESCEN_VM_QEMU_H

#include <sys/types.h>

enum accel {
	ACCEL_TCG,	/* software */
	ACCEL_KVM,
};

#define QEMU_MEMORY_MB	512	/* this is enough for scenarios */

/* What it is like.  append: more arguments for the kernel, "" for none. */
struct qemu_machine {
	unsigned cpus, memory_mb;
	const char *append;
};

struct qemu {
	pid_t pid;		/* 0: none */
	int console_fd;		/* the kernel's console, and what qemu says */
	int channel_fd;		/* what the guest sends */
};

/* Returns the path of $FUSESCEN_QEMU or qemu-system-x86_64; NULL after a
 * message. */
char *qemu_find(void);
/* -1 after a message: these cannot be more arguments of the kernel. */
int qemu_check_append(const char *append);
/* qemu dies with this process at the latest.  The caller keeps initrd_fd. */
int qemu_start(struct qemu *q, const char *program, const char *image,
	       int initrd_fd, enum accel accel, const struct qemu_machine *m);
/* Ends it at once, without waiting long, and closes the descriptors. */
void qemu_end(struct qemu *q);

#endif
