/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A character device in memory, by CUSE: every read gives the content from its
 * beginning (the kernel sends no offsets), a write replaces the beginning.
 * Knows nothing of scripts.  Thread-safe.
 */
#ifndef BACKEND_CUSE_DEVICE_H
#define BACKEND_CUSE_DEVICE_H

#include "backend/backend.h"

struct fuse_session;

extern const struct backend_ops cuse_backend;
/* A session for a backend of that sort, with that name under /dev and minor
 * number (the kernel chooses the major one); NULL when libfuse cannot. */
struct fuse_session *cusedev_session(struct backend *b, const char *name,
				     uint32_t minor);

#endif
