/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What memnode.c and memtree.c need of each other and nobody else does. */
#ifndef BACKEND_MEMORY_TREE_H
#define BACKEND_MEMORY_TREE_H

#include "backend/memory/node.h"

/* A new inode without names; 0 or ENOSPC. */
int inode_make(struct memnodes *t, const struct inode_new *what,
	       struct inode **out);
/* Under names, for writing, the inode not locked. */
void inode_end_if_unused(struct memnodes *t, struct inode *i);

#endif
