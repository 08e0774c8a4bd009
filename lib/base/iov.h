/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes in several pieces.  Pure functions. */
#ifndef BASE_IOV_H
#define BASE_IOV_H

#include <stddef.h>
#include <sys/uio.h>

size_t iov_size(const struct iovec *iov, int n);
/* Copies at most size bytes from offset "from" on; how many. */
size_t iov_copy(const struct iovec *iov, int n, size_t from, void *p, size_t size);

#endif
