/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes in several pieces. */
#include "config.h"

#include "base/iov.h"

#include <stdint.h>
#include <string.h>

size_t iov_size(const struct iovec *iov, int n)
{
	size_t total = 0;

	for (int i = 0; i < n; i++)
		total += iov[i].iov_len;
	return total;
}

size_t iov_copy(const struct iovec *iov, int n, size_t from, void *p, size_t size)
{
	size_t done = 0;

	for (int i = 0; i < n && done < size; i++) {
		size_t part = iov[i].iov_len;

		if (from >= part) {
			from -= part;
			continue;
		}
		part -= from;
		if (part > size - done)
			part = size - done;
		memcpy((uint8_t *)p + done,
		       (const uint8_t *)iov[i].iov_base + from, part);
		done += part;
		from = 0;
	}
	return done;
}
