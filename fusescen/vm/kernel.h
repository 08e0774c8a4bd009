/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernels the words of --kernel mean. */
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
 * "6.12,path/to/bzImage": a file (with the modules of this machine, if it has
 * those of its release); a directory as the cache has them; the name of one in
 * the cache; or the newest in the cache whose release begins so.  -1 after
 * messages on standard error.
 */
int vm_kernels_find(struct vm_kernels *out, const char *words);
/* The newest in the cache.  -1 after a message: there is none. */
int vm_kernels_newest(struct vm_kernels *out);
void vm_kernels_free(struct vm_kernels *k);

#endif
