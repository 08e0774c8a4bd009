/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's node of a character device where actors can open it.  They see
 * neither /dev nor may they make nodes that work.  Needs root.  Thread-safe.
 */
#ifndef BACKEND_CUSE_DEVNODE_H
#define BACKEND_CUSE_DEVNODE_H

/* Make path, which does not exist, the node /dev/NAME: 0 or errno. */
int devnode_bind(const char *name, const char *path);

#endif
