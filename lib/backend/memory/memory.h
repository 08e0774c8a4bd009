/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A filesystem in memory that behaves like one: names, sizes, times, xattr,
 * links, rename, readdir and readdirplus, sparse data, fallocate, lseek,
 * locks.  An ordinary libfuse3 low-level filesystem: it knows nothing of
 * scripts.  Thread-safe (any number of session threads).
 *
 * nodeid = inode number; the root is 1, files made by memfs_add() count up
 * from 2 in the order they are added.  Numbers are not used again.
 */
#ifndef BACKEND_MEMORY_MEMORY_H
#define BACKEND_MEMORY_MEMORY_H

#include <sys/types.h>

#include "backend/backend.h"

struct memfs;

/* limit: bytes of file data it may hold, then ENOSPC. */
struct memfs *memfs_new(uint64_t entry_ns, uint64_t attr_ns, uint64_t negative_ns,
			uint64_t limit);
/* Another mount of the same files. */
struct memfs *memfs_share(struct memfs *of, uint64_t entry_ns, uint64_t attr_ns,
			  uint64_t negative_ns);
void memfs_free(struct memfs *fs);
/* 0 or errno.  spec is borrowed (timeouts are read from it). */
int memfs_add(struct memfs *fs, const struct file_spec *spec);
/* The operations; the userdata of their session is the struct memfs, which starts
 * with a struct backend. */
extern const struct fuse_lowlevel_ops memfs_ops;
extern const struct own_op memfs_own_ops[];
extern const struct backend_ops memory_backend;
/* Change the files behind the kernel's back: 0 or errno. */
int memfs_change(struct memfs *fs, const struct file_change *c);
/* 0: no such file. */
uint64_t memfs_find(struct memfs *fs, const char *path);
/* What memfs_add() was given for it; NULL for files made by clients. */
const struct file_spec *memfs_spec(struct memfs *fs, uint64_t nodeid);
/* Bytes copied or -errno; *size is the file's size. */
ssize_t memfs_peek(struct memfs *fs, const char *path, uint64_t offset,
		   void *p, size_t len, uint64_t *size);
/* The limit of ours by which it has refused something, or NULL. */
const struct limit *memfs_limit_reached(struct memfs *fs);
/* How many requests wait for a lock. */
unsigned memfs_waiting(struct memfs *fs);
/* Answer all requests that wait for a lock with EINTR, now and from now on. */
void memfs_cancel(struct memfs *fs);

#endif
