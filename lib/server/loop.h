/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A block device for a mount of type fuseblk.  Thread-safe. */
#ifndef SERVER_LOOP_H
#define SERVER_LOOP_H

#include <stdint.h>

/*
 * A loop device over memory, which the kernel takes away when nobody has it open any
 * more, be that because everybody was killed.  Its descriptor and *path, which the
 * caller frees; -1 with errno.
 */
int loop_new(uint64_t size, char **path);

#endif
