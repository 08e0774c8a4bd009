/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sizes (4K, 1M), times (20ms, 1s), ranges (0..4K), octal and hexadecimal
 * numbers: parsed and printed alike everywhere.  Thread-safe.
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* All parse the whole of text[0..len) and return 0, or -1 if it is no such
 * thing (or does not fit).  Nothing is written on failure. */

/* 123, 0x7b, 0173, 4K, 1M, 2G, 1T (powers of 1024) */
int parse_size(const char *text, size_t len, uint64_t *out);
/* the same with a sign */
int parse_int(const char *text, size_t len, int64_t *out);
/* 100ns, 5us, 20ms, 1s, 2min, 1h; a bare 0 too */
int parse_time(const char *text, size_t len, uint64_t *out_ns);
/* lo..hi (hi exclusive), lo.. (to the end: UINT64_MAX), or one size */
int parse_range(const char *text, size_t len, uint64_t *lo, uint64_t *hi);

/* Exact and short: 4096 -> 4K, 4097 -> 4097; 20000000 -> 20ms. */
void print_size(struct buf *b, uint64_t v);
void print_time(struct buf *b, uint64_t ns);
/* For what was measured: 1.234s, 20.5ms, 87us; nothing below microseconds. */
void print_duration(struct buf *b, uint64_t ns);

/* CLOCK_MONOTONIC in nanoseconds; one clock for all processes. */
uint64_t clock_ns(void);
/* Sleep for so long, or until a signal is handled. */
void sleep_ns(uint64_t ns);

#define NS_PER_US	1000ull
#define NS_PER_MS	1000000ull
#define NS_PER_S	1000000000ull

#endif
