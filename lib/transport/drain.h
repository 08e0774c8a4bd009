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

/* The part that is read of every message: what a WRITE has before its data. */
#define DRAIN_HEAD	(sizeof(struct wire_in_header) + sizeof(struct wire_write_in))

struct drain;

/* For messages of at most size bytes with at most so many pages of data.
 * wants(arg, head) says whether the bytes behind the first DRAIN_HEAD are
 * wanted too; without it they always are.  NULL: the kernel gives no pipe of that size; above
 * fs.pipe-max-size it demands CAP_SYS_RESOURCE. */
struct drain *drain_new(size_t size, size_t pages,
			bool (*wants)(void *arg, const void *head), void *arg);
void drain_free(struct drain *d);

/* Read one message from fd into buf, as read(2) does; bytes that are not wanted
 * are counted but not put into buf. */
ssize_t drain_read(struct drain *d, int fd, void *buf, size_t size);

#endif
