/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How often each duration occurred.  Buckets grow with the value: each power of
 * two is divided into eight, so that a value that is read back is at most an
 * eighth too large.  Any number of threads may add and read at once, without a
 * lock; a reader sees each count as it is at that moment.
 */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_BUCKETS	320u	/* up to 2^41 ns: half an hour and more */

struct histogram {
	_Atomic uint64_t buckets[HISTOGRAM_BUCKETS];	/* zeroed: empty */
};

void histogram_add(struct histogram *h, uint64_t ns);
uint64_t histogram_count(const struct histogram *h);
/*
 * For n shares in ascending order, in thousandths (500: the median), the values
 * that so many durations do not exceed.  Each is the upper end of its bucket,
 * or 0 if the histogram is empty.
 */
void histogram_shares(const struct histogram *h, const unsigned *permille,
		      uint64_t *out, size_t n);

#endif
