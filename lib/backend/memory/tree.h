/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tree of names: look up, create, link, remove, rename.  Its functions are
 * called with the names lock held (see node.h), for writing but for
 * tree_lookup() and tree_walk(), and return 0 or errno.
 */
#ifndef BACKEND_MEMORY_TREE_H
#define BACKEND_MEMORY_TREE_H

#include "backend/memory/node.h"

/* "." and ".." too. */
int tree_lookup(struct inode_table *t, uint64_t dir, const char *name,
		struct inode **out);
/* From the root along an absolute path, symlinks not followed. */
int tree_walk(struct inode_table *t, const char *path, struct inode **out);
/* Group and S_ISGID are inherited from a directory that has S_ISGID. */
int tree_create(struct inode_table *t, uint64_t dir, const char *name,
		const struct inode_new *what, struct inode **out);
/* An inode without a name: its only claim to life is one lookup, counted. */
int tree_create_nameless(struct inode_table *t, uint64_t dir,
			 const struct inode_new *what, struct inode **out);
int tree_link(struct inode_table *t, uint64_t ino, uint64_t dir,
	      const char *name, struct inode **out);
int tree_unlink(struct inode_table *t, uint64_t dir, const char *name);
int tree_rmdir(struct inode_table *t, uint64_t dir, const char *name);
/* flags: RENAME_NOREPLACE, RENAME_EXCHANGE. */
int tree_rename(struct inode_table *t, uint64_t dir, const char *name,
		uint64_t to_dir, const char *to_name, unsigned flags);

#endif
