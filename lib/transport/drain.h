/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A pipe on the way from /dev/fuse, for messages whose data may be for nothing:
 * the kernel puts the pages of a WRITE into it as they are (fs/fuse/dev.c,
 * fuse_dev_splice_read()), and what is thrown away from there was never copied.
 * That costs two more system calls and a slot for every page: with large
 * messages about as much as the copy, where it was measured (tests/bench/bare).
 *
 * One thread.
 */
#ifndef TRANSPORT_DRAIN_H
#define TRANSPORT_DRAIN_H

#include <stdbool.h>
#include <sys/types.h>

#include "wire/proto.h"

/* What is read of every message: what a WRITE has before its data. */
#define DRAIN_HEAD	(sizeof(struct wire_in_header) + sizeof(struct wire_write_in))

struct drain;

/* For messages of at most size bytes with at most so many pages of data.
 * wants(arg, head): is what follows the first DRAIN_HEAD bytes wanted too?
 * NULL: a pipe of that size is not to be had; above fs.pipe-max-size it takes
 * CAP_SYS_RESOURCE. */
struct drain *drain_new(size_t size, size_t pages,
			bool (*wants)(void *arg, const void *head), void *arg);
void drain_free(struct drain *d);

/* One message from fd into buf: as read(2), but what is not wanted of it is
 * counted and not there. */
ssize_t drain_read(struct drain *d, int fd, void *buf, size_t size);

#endif
