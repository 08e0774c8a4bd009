/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Puts the kernel's node of a character device where actors can open it: they
 * do not see /dev, and nodes that they make do not work.  Needs root.
 * Thread-safe.
 */
#ifndef BACKEND_CUSE_DEVNODE_H
#define BACKEND_CUSE_DEVNODE_H

/* Make path, which does not exist, the node /dev/NAME: 0 or errno. */
int devnode_bind(const char *name, const char *path);

#endif
