/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inodes of the memory filesystem; tree.h has the names above them.  Neither
 * knows anything of libfuse: functions take and give inodes and errno values.
 *
 * Locks, in this order:
 *	table->names	who is called what, link counts, an inode's end
 *	inode->lock	its data, attributes, xattrs
 *	table->table	making inodes
 * A read or write takes the inode's lock only.
 *
 * An inode lives while it has a name or the kernel knows it (lookups > 0), and
 * ends under names (for writing).  Its number is never used again.  Its memory
 * is, for another inode, but is not freed before the filesystem: that is why
 * inode_lock() may look at it without any lock and check the number after.
 */
#ifndef BACKEND_MEMORY_NODE_H
#define BACKEND_MEMORY_NODE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "model/scenario.h"
#include "backend/memory/dirents.h"
#include "backend/memory/xattr.h"
#include "backend/memory/sparse.h"

#define NODE_ROOT	1u
#define NODES_CHUNK	8192u
#define NODES_CHUNKS	4096u

struct inode {
	pthread_rwlock_t lock;
	_Atomic uint64_t ino;		/* 0: free memory */
	_Atomic uint64_t lookups;	/* what FORGET counts down */
	mode_t type;			/* S_IFMT of mode: never changes */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	dev_t rdev;
	uint32_t nlink;			/* written under names and lock */
	uint64_t size;			/* files; of a symlink its length */
	struct timespec atime, mtime, ctime, btime;
	struct sparse data;		/* S_IFREG */
	char *target;			/* S_IFLNK */
	struct dirents entries;		/* S_IFDIR, under names */
	struct inode *parent;		/* S_IFDIR, under names */
	struct xattr *xattrs;
	const struct file_spec *spec;	/* NULL: made by a client */
	struct inode *next_free;
};

struct nodes_chunk {
	struct inode *_Atomic at[NODES_CHUNK];
};

struct inode_table {
	pthread_rwlock_t names;
	pthread_mutex_t table;
	struct nodes_chunk *_Atomic chunks[NODES_CHUNKS];
	uint64_t last_ino;
	struct inode *free;
	struct quota quota;
	_Atomic uint64_t live;
	atomic_bool inodes_full, xattrs_full;	/* more was asked for */
};

/* What a new inode is to be. */
struct inode_new {
	mode_t mode;			/* with its type */
	uid_t uid;
	gid_t gid;
	dev_t rdev;
	const char *target;		/* S_ISLNK */
};

void inode_table_init(struct inode_table *t, uint64_t limit);
void inode_table_fini(struct inode_table *t);

/* ---- inodes ---- */

/* The inode, locked for reading or writing; NULL: there is no such inode (any
 * more). */
struct inode *inode_lock(struct inode_table *t, uint64_t ino, bool write);
void inode_unlock(struct inode *i);
/* Under names: the inode, not locked; NULL: there is none. */
struct inode *inode_find(struct inode_table *t, uint64_t ino);
/* With the inode locked. */
void inode_stat(const struct inode *i, struct stat *st);
void inode_touch(struct inode *i, bool mtime);	/* ctime, and mtime too */
/* Cut or extend; zeros beyond the old end. */
void inode_resize(struct inode *i, uint64_t size);
/* A new inode without names; 0 or ENOSPC. */
int inode_make(struct inode_table *t, const struct inode_new *what,
	       struct inode **out);
/* Under names, for writing, the inode not locked. */
void inode_end_if_unused(struct inode_table *t, struct inode *i);
/* The kernel was told of the inode once more.  Under names. */
void inode_seen(struct inode *i);
/* The kernel forgets the inode n times.  Takes names if that ends it. */
void inode_forget(struct inode_table *t, uint64_t ino, uint64_t n);

#endif
