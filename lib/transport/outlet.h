/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A pipe on the way to /dev/fuse, for servers that hand over pages rather than
 * copies: the kernel may take a page of it for its cache as it is (fs/fuse/dev.c,
 * fuse_try_move_folio()).  Thread-safe.
 */
#ifndef TRANSPORT_OUTLET_H
#define TRANSPORT_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

struct outlet;

/* For messages of at most size bytes; longer ones are written as they are.  With
 * is_moving, the kernel is asked to take pages.  NULL: it gives no such pipe. */
struct outlet *outlet_new(size_t size, bool is_moving);
void outlet_free(struct outlet *o);

/* Write a message to fd as a whole: 0 or errno. */
int outlet_send(struct outlet *o, int fd, const struct iovec *iov, int n);

#endif
