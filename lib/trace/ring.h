/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Our end of a BPF ring buffer: memory shared with the kernel, which appends
 * records on any processor while we take them off.  One reader at a time.
 */
#ifndef TRACE_RING_H
#define TRACE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Positions count bytes and never wrap; a record lies at its position modulo
 * size, and data is mapped twice in a row, so that none is ever split. */
struct ring {
	_Atomic uint64_t *consumer;
	const _Atomic uint64_t *producer;
	const unsigned char *data;
	size_t size;			/* a power of two */
};

/* Give every record that is complete to take(), oldest first, then let the
 * kernel have the room.  True: there was no room left for one more record of
 * record_len bytes, so that some may be missing. */
bool ring_drain(struct ring *r, size_t record_len,
		void (*take)(void *ctx, const void *record, size_t len), void *ctx);

#endif
