/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A character device in memory, by CUSE: every read gives the content from its
 * beginning (the kernel sends no offsets), a write replaces the beginning.
 * Knows nothing of scripts.  Thread-safe.
 */
#ifndef BACKEND_CUSE_DEVICE_H
#define BACKEND_CUSE_DEVICE_H

#include <sys/types.h>

#include "model/scenario.h"

struct cusedev;
struct fuse_session;

#define CUSEDEV_MAX	(1u << 20)	/* bytes of content, then ENOSPC */

/* A struct cusedev starts with a struct fs_end (session.h). */
struct cusedev *cusedev_new(const struct data_spec *content);
void cusedev_free(struct cusedev *d);
/* A session for it, with that name under /dev and minor number (the major one
 * is the kernel's choice); NULL when libfuse cannot. */
struct fuse_session *cusedev_session(struct cusedev *d, const char *name,
				     uint32_t minor);
/* As memfs_peek(). */
ssize_t cusedev_peek(struct cusedev *d, uint64_t offset, void *p, size_t len,
		     uint64_t *size);

#endif
