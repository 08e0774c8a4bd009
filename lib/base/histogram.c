/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations in buckets.  Any thread. */
#include "config.h"

#include "base/histogram.h"

#define CUT_BITS	3u
#define CUTS		(1u << CUT_BITS)

/* Below CUTS every value has a bucket of its own; then every power of two has
 * CUTS of them. */
static size_t bucket_of(uint64_t ns)
{
	unsigned power;
	size_t i;

	if (ns < CUTS)
		return (size_t)ns;
	power = 63u - (unsigned)__builtin_clzll(ns);
	i = (power - CUT_BITS + 1) * CUTS +
		(size_t)((ns >> (power - CUT_BITS)) & (CUTS - 1));
	return i < HISTOGRAM_BUCKETS ? i : HISTOGRAM_BUCKETS - 1;
}

/* The greatest value that goes there. */
static uint64_t bucket_end(size_t i)
{
	unsigned shift;

	if (i < CUTS)
		return i;
	shift = (unsigned)(i / CUTS) - 1;
	return ((uint64_t)(CUTS + i % CUTS + 1) << shift) - 1;
}

void histogram_add(struct histogram *h, uint64_t ns)
{
	atomic_fetch_add_explicit(&h->buckets[bucket_of(ns)], 1,
				  memory_order_relaxed);
}

static uint64_t count_at(const struct histogram *h, size_t i)
{
	return atomic_load_explicit(&h->buckets[i], memory_order_relaxed);
}

uint64_t histogram_count(const struct histogram *h)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		sum += count_at(h, i);
	return sum;
}

void histogram_shares(const struct histogram *h, const unsigned *permille,
		      uint64_t *out, size_t n)
{
	uint64_t total = histogram_count(h), sum = 0, last = 0;
	size_t i, k = 0;

	for (i = 0; i < HISTOGRAM_BUCKETS && k < n && total; i++) {
		uint64_t here = count_at(h, i);

		sum += here;
		if (here)
			last = bucket_end(i);
		while (k < n && here && sum * 1000 >= total * permille[k])
			out[k++] = last;
	}
	while (k < n)
		out[k++] = last;
}
