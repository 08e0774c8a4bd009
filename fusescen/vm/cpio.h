/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives that the kernel unpacks into its first root: the "newc" format of
 * cpio (Documentation/driver-api/early-userspace/buffer-format.rst).  One
 * archive may follow another.
 */
#ifndef FUSESCEN_VM_CPIO_H
#define FUSESCEN_VM_CPIO_H

#include <stddef.h>

#include "base/buf.h"

struct cpio {
	struct buf out;
	unsigned inode;
};

/* A directory comes before the files in it.  No path begins with a slash. */
void cpio_dir(struct cpio *c, const char *path);
void cpio_device(struct cpio *c, const char *path, unsigned major, unsigned minor);
void cpio_file(struct cpio *c, const char *path, unsigned mode,
	       const void *data, size_t len);
/* Adds a copy of the file from of this machine; -1 and errno. */
int cpio_copy(struct cpio *c, const char *path, unsigned mode, const char *from);
void cpio_end(struct cpio *c);

#endif
