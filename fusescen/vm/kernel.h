/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the kernels that the words of --kernel mean. */
#ifndef FUSESCEN_VM_KERNEL_H
#define FUSESCEN_VM_KERNEL_H

#include <stddef.h>

struct vm_kernel {
	char *name;	/* what the output calls it */
	char *image;	/* bzImage or vmlinux */
	char *modules;	/* what would be /lib/modules/RELEASE; NULL: none */
};

struct vm_kernels {
	struct vm_kernel *at;
	size_t n;
};

/*
 * Takes a list like "6.12,path/to/bzImage".  A word may be a file, which gets
 * the modules of this machine if it has those of that release; a directory that
 * is laid out like one of the cache; the name of a kernel in the cache; or the
 * beginning of a release, which means the newest such kernel in the cache. -1
 * after messages on standard error.
 */
int vm_kernels_find(struct vm_kernels *out, const char *words);
/* Takes the newest kernel in the cache; -1 after a message if there is none. */
int vm_kernels_newest(struct vm_kernels *out);
void vm_kernels_free(struct vm_kernels *k);

#endif
