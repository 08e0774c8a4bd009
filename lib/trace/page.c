/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Taking pages of the trace buffer apart. */
#include "config.h"

#include "trace/page.h"

#include <endian.h>
#include <string.h>

#define PAGE_HEADER	(8 + sizeof(long))
#define LENGTH_MASK	0x3fffffffu
#define MISSED		(1u << 31)	/* kernel/trace/ring_buffer.c: RB_MISSED_EVENTS */

/* include/linux/ring_buffer.h: enum ring_buffer_type; below them, up to 28, a
 * record of so many words, or 0: the length is in the next word */
enum { TYPE_PADDING = 29, TYPE_TIME_EXTEND = 30, TYPE_TIME_STAMP = 31 };

/* The first word of a record: five bits of type, the rest time. */
static void split(uint32_t word, unsigned *type, uint32_t *delta)
{
#if BYTE_ORDER == LITTLE_ENDIAN
	*type = word & 31;
	*delta = word >> 5;
#else
	*type = word >> 27;
	*delta = word & 0x7ffffff;
#endif
}

static uint32_t word_at(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

bool page_walk(const void *page, size_t len,
	       void (*take)(void *ctx, uint64_t at_ns, const void *record, size_t len),
	       void *ctx)
{
	const uint8_t *p = (const uint8_t *)page + PAGE_HEADER, *end;
	unsigned long commit;
	uint64_t at_ns;

	if (len < PAGE_HEADER)
		return false;
	memcpy(&at_ns, page, sizeof(at_ns));
	memcpy(&commit, (const uint8_t *)page + 8, sizeof(commit));
	len -= PAGE_HEADER;
	end = p + ((commit & LENGTH_MASK) < len ? commit & LENGTH_MASK : len);
	while (end - p >= 8) {
		uint32_t delta, next = word_at(p + 4), size;
		unsigned type;

		split(word_at(p), &type, &delta);
		if (type == TYPE_TIME_STAMP) {
			at_ns = delta + ((uint64_t)next << 27);
			p += 8;
			continue;
		}
		if (type == TYPE_PADDING && !delta)
			break;
		at_ns += delta;
		if (type == TYPE_TIME_EXTEND) {
			at_ns += (uint64_t)next << 27;
			p += 8;
			continue;
		}
		size = type && type != TYPE_PADDING ? 4 * type : next;
		if (size < 4 || size > (size_t)(end - p) - 4)
			break;
		if (type == 0)
			take(ctx, at_ns, p + 8, size - 4);
		else if (type != TYPE_PADDING)
			take(ctx, at_ns, p + 4, size);
		p += 4 + size;
	}
	return commit & MISSED;
}
