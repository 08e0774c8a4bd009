/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kernel/bpf/ringbuf.c: eight bytes of header before each record, of which the
 * first four are its length and two bits, and everything begins at a multiple
 * of eight.  The kernel drops what finds no room.
 */
#include "config.h"

#include "trace/ring.h"

#include <linux/bpf.h>

#define ROUND_UP_8(n)	(((n) + 7) & ~(size_t)7)

bool ring_drain(struct ring *r, size_t record_len,
		void (*take)(void *ctx, const void *record, size_t len), void *ctx)
{
	uint64_t at = atomic_load_explicit(r->consumer, memory_order_relaxed);
	uint64_t end = atomic_load_explicit(r->producer, memory_order_acquire);
	bool full = end - at + BPF_RINGBUF_HDR_SZ + record_len > r->size;

	while (at < end) {
		const unsigned char *p = r->data + (at & (r->size - 1));
		uint32_t len = atomic_load_explicit((const _Atomic uint32_t *)p,
						    memory_order_acquire);

		if (len & BPF_RINGBUF_BUSY_BIT)
			break;		/* being written: the next time */
		if (!(len & BPF_RINGBUF_DISCARD_BIT))
			take(ctx, p + BPF_RINGBUF_HDR_SZ, len);
		len &= ~BPF_RINGBUF_DISCARD_BIT;
		at += ROUND_UP_8((size_t)len + BPF_RINGBUF_HDR_SZ);
	}
	atomic_store_explicit(r->consumer, at, memory_order_release);
	return full;
}
