/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sparse bytes: a radix tree with 64 slots a node, as high as the highest page
 * needs, so that a small file is one node and a file of 8 EiB with one byte at
 * its end is ten.  Called by whoever serves a request; see the header for locks.
 */
#include "config.h"

#include "backend/memory/sparse.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

#define SLOT_BITS	6
#define SLOTS		(1u << SLOT_BITS)

struct sparse_node {
	unsigned used;		/* slots that are not NULL */
	void *slot[SLOTS];	/* nodes, or pages at the lowest level */
};

static const uint8_t zero_page[SPARSE_PAGE];

static bool quota_take(struct quota *q, uint64_t n)
{
	if (atomic_fetch_add(&q->used, n) + n <= q->limit)
		return true;
	atomic_fetch_sub(&q->used, n);
	atomic_store(&q->full, true);
	return false;
}

static void quota_give(struct quota *q, uint64_t n)
{
	atomic_fetch_sub(&q->used, n);
}

/* Pages a tree of this height can hold. */
static uint64_t span(unsigned height)
{
	return 1ull << (SLOT_BITS * height);
}

static unsigned slot_of(uint64_t page, unsigned level)
{
	return (page >> (SLOT_BITS * level)) & (SLOTS - 1);
}

static uint8_t *page_find(const struct sparse *s, uint64_t page)
{
	const struct sparse_node *n = s->root;
	unsigned level = s->height;

	if (!level || page >= span(level))
		return NULL;
	while (n && --level)
		n = n->slot[slot_of(page, level)];
	return n ? n->slot[slot_of(page, 0)] : NULL;
}

static void *slot_make(struct sparse_node *n, unsigned i, size_t size, bool zero)
{
	if (!n->slot[i]) {
		n->slot[i] = zero ? xcalloc(1, size) : xmalloc(size);
		n->used++;
	}
	return n->slot[i];
}

static void grow(struct sparse *s, uint64_t page)
{
	while (!s->height || page >= span(s->height)) {
		struct sparse_node *top = xcalloc(1, sizeof(*top));

		if (s->root) {
			top->slot[0] = s->root;
			top->used = 1;
		}
		s->root = top;
		s->height++;
	}
}

/* A page that is not there yet; its quota has been taken. */
static uint8_t *page_make(struct sparse *s, uint64_t page, bool zero)
{
	struct sparse_node *n;
	unsigned level;

	grow(s, page);
	n = s->root;
	for (level = s->height - 1; level; level--)
		n = slot_make(n, slot_of(page, level), sizeof(*n), true);
	s->pages++;
	return slot_make(n, slot_of(page, 0), SPARSE_PAGE, zero);
}

/* Free pages first..last (inclusive) below n, whose first page is base.
 * Returns true when n has become empty. */
static bool prune(struct sparse *s, struct sparse_node *n, unsigned level,
		  uint64_t base, uint64_t first, uint64_t last)
{
	uint64_t each = span(level);
	unsigned i;

	for (i = 0; i < SLOTS && n->used; i++) {
		uint64_t lo = base + i * each, hi = lo + (each - 1);

		if (!n->slot[i] || hi < first || lo > last)
			continue;
		if (level && !prune(s, n->slot[i], level - 1, lo, first, last))
			continue;
		if (!level) {
			s->pages--;
			quota_give(s->quota, SPARSE_PAGE);
		}
		free(n->slot[i]);
		n->slot[i] = NULL;
		n->used--;
	}
	return !n->used;
}

static void drop_pages(struct sparse *s, uint64_t first, uint64_t last)
{
	if (!s->root || !prune(s, s->root, s->height - 1, 0, first, last))
		return;
	free(s->root);
	s->root = NULL;
	s->height = 0;
}

/* First page at or after from that is there; UINT64_MAX if none. */
static uint64_t next_page(const struct sparse_node *n, unsigned level,
			  uint64_t base, uint64_t from)
{
	uint64_t each = span(level);
	unsigned i = from > base ? (from - base) >> (SLOT_BITS * level) : 0;

	for (; i < SLOTS; i++) {
		uint64_t lo = base + i * each, found = lo;

		if (!n->slot[i])
			continue;
		if (level)
			found = next_page(n->slot[i], level - 1, lo, from);
		if (found != UINT64_MAX)
			return found;
	}
	return UINT64_MAX;
}

void sparse_init(struct sparse *s, struct quota *quota)
{
	*s = (struct sparse){ .quota = quota };
}

void sparse_fini(struct sparse *s)
{
	drop_pages(s, 0, UINT64_MAX);
}

ssize_t sparse_write(struct sparse *s, uint64_t at, const void *p, size_t len)
{
	const uint8_t *from = p;
	size_t done = 0;

	while (done < len) {
		uint64_t page = (at + done) / SPARSE_PAGE;
		size_t off = (at + done) % SPARSE_PAGE;
		size_t n = SPARSE_PAGE - off;
		uint8_t *to = page_find(s, page);

		if (n > len - done)
			n = len - done;
		if (!to) {
			if (!quota_take(s->quota, SPARSE_PAGE))
				return done ? (ssize_t)done : -ENOSPC;
			to = page_make(s, page, n < SPARSE_PAGE);
		}
		memcpy(to + off, from + done, n);
		done += n;
	}
	return done;
}

int sparse_iov(const struct sparse *s, uint64_t at, size_t len,
	       struct iovec *iov, int max, size_t *done)
{
	int n = 0;

	for (*done = 0; *done < len && n < max; n++) {
		size_t off = (at + *done) % SPARSE_PAGE;
		size_t part = SPARSE_PAGE - off;
		const uint8_t *page = page_find(s, (at + *done) / SPARSE_PAGE);

		if (part > len - *done)
			part = len - *done;
		iov[n].iov_base = (void *)((page ? page : zero_page) + off);
		iov[n].iov_len = part;
		*done += part;
	}
	return n;
}

void sparse_read(const struct sparse *s, uint64_t at, void *p, size_t len)
{
	struct iovec iov;
	size_t done = 0, n;

	for (; done < len; done += n) {
		sparse_iov(s, at + done, len - done, &iov, 1, &n);
		memcpy((uint8_t *)p + done, iov.iov_base, n);
	}
}

/* Zeros within one page. */
static void wipe(struct sparse *s, uint64_t at, size_t len)
{
	uint8_t *page = page_find(s, at / SPARSE_PAGE);

	if (page)
		memset(page + at % SPARSE_PAGE, 0, len);
}

void sparse_punch(struct sparse *s, uint64_t at, uint64_t len)
{
	uint64_t end = len > UINT64_MAX - at ? UINT64_MAX : at + len;
	uint64_t first = at / SPARSE_PAGE + (at % SPARSE_PAGE != 0);
	uint64_t last = end / SPARSE_PAGE;	/* the first page not dropped */

	if (!len)
		return;
	if (at / SPARSE_PAGE == last) {
		wipe(s, at, end - at);
		return;
	}
	if (at % SPARSE_PAGE)
		wipe(s, at, SPARSE_PAGE - at % SPARSE_PAGE);
	if (end % SPARSE_PAGE && end != UINT64_MAX)
		wipe(s, end - end % SPARSE_PAGE, end % SPARSE_PAGE);
	if (end == UINT64_MAX)
		last++;
	if (first < last)
		drop_pages(s, first, last - 1);
}

int sparse_fill(struct sparse *s, uint64_t at, uint64_t len)
{
	uint64_t first = at / SPARSE_PAGE, last, page, missing = 0;

	if (!len)
		return 0;
	if (len > s->quota->limit) {
		atomic_store(&s->quota->full, true);
		return ENOSPC;
	}
	last = (at + len - 1) / SPARSE_PAGE;
	for (page = first; page <= last; page++)
		missing += !page_find(s, page);
	if (!quota_take(s->quota, missing * SPARSE_PAGE))
		return ENOSPC;
	for (page = first; page <= last; page++)
		if (!page_find(s, page))
			page_make(s, page, true);
	return 0;
}

uint64_t sparse_next(const struct sparse *s, uint64_t at, bool data)
{
	uint64_t page = at / SPARSE_PAGE;

	if (data) {
		if (!s->height || page >= span(s->height))
			return UINT64_MAX;
		page = next_page(s->root, s->height - 1, 0, page);
		if (page == UINT64_MAX)
			return UINT64_MAX;
	} else {
		while (page_find(s, page))
			page++;
	}
	return page * SPARSE_PAGE > at ? page * SPARSE_PAGE : at;
}

uint64_t sparse_run(const struct sparse *s, uint64_t at, uint64_t len,
		    uint64_t max, bool *is_data)
{
	uint64_t data = sparse_next(s, at, true), n;

	*is_data = data == at;
	if (!*is_data)
		return data - at < len ? data - at : len;
	len = len < max ? len : max;
	for (n = SPARSE_PAGE - at % SPARSE_PAGE; n < len; n += SPARSE_PAGE)
		if (!page_find(s, (at + n) / SPARSE_PAGE))
			break;
	return n < len ? n : len;
}
