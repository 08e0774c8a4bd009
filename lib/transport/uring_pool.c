/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffers of a queue's entries that are not the entry's own (7.46).  All entries of a
 * queue may share a pool, from which the kernel takes a buffer for a request that has
 * any use for one; and the pages of a READ or WRITE may be registered with the io_uring
 * instead of being copied (zero copy).  The rest of the program knows of neither: here
 * a request's bytes are put into the entry's own memory, and a reply's are taken from
 * there.  That costs the copies that the kernel has spared, which is well for a tap.
 * On the queue's thread.
 */
#include "config.h"

#include "transport/uring_impl.h"

#include <errno.h>
#include <liburing.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/steps.h"
#include "wire/ops.h"
#include "wire/proto.h"

/* Slots of the registered buffers: the pool, then one for each entry. */
#define SLOT_POOL	0u
#define SLOT_ENTRIES	1u

static bool make_slots(struct uring_queue *q)
{
	if (!q->has_slots)
		q->has_slots = !io_uring_register_buffers_sparse(q->ring,
			SLOT_ENTRIES + q->uring->config.depth);
	return q->has_slots;
}

uint16_t uring_slot(const struct uring_queue *q, unsigned entry)
{
	return (uint16_t)(q->zero_copy ? SLOT_ENTRIES + entry : 0);
}

/* ---- commands ------------------------------------------------------------------ */

void uring_queue_added(struct uring_queue *q, const struct ring_step *r)
{
	q->zero_copy = r->flags & URING_ZERO_COPY;
}

/* What takes its place stays: the kernel may use it. */
int uring_pool_make(struct uring_queue *q, const struct ring_step *r,
		    struct wire_uring_cmd *cmd)
{
	const struct uring *u = q->uring;
	size_t len = r->payload == RING_RIGHT ? u->payload * u->config.depth :
		(size_t)r->payload;
	struct iovec iov = { .iov_len = len ? len : 1 };

	if (len > UINT32_MAX)
		return E2BIG;
	iov.iov_base = mmap(NULL, iov.iov_len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (iov.iov_base == MAP_FAILED)
		return errno;
	if (q->n_pools == URING_POOLS_MAX) {
		munmap(iov.iov_base, iov.iov_len);
		return ENOSPC;
	}
	q->pools[q->n_pools++] = iov;
	cmd->flags = r->flags;
	cmd->pool.address = (uintptr_t)iov.iov_base;
	cmd->pool.len = (uint32_t)len;
	if (r->registered &&
	    (!make_slots(q) ||
	     io_uring_register_buffers_update_tag(q->ring, SLOT_POOL, &iov, NULL, 1) < 0))
		return ENOMEM;
	return 0;
}

void uring_pool_made(struct uring_queue *q, const struct ring_step *r)
{
	q->pool = q->pools[q->n_pools - 1];
	q->pool_is_registered = r->registered;
}

bool uring_slots_needed(struct uring_queue *q)
{
	return !q->zero_copy || make_slots(q);
}

/* ---- pages that were not copied --------------------------------------------------- */

/* Between a file in memory and an entry's slot: bytes moved, or -errno. */
static int move(struct uring_queue *q, uint8_t opcode, const struct uring_entry *e,
		size_t len)
{
	struct io_uring_sqe *sqe = uring_next_sqe(q);
	unsigned slot = SLOT_ENTRIES + (unsigned)(e - q->entries);

	/* The kernel's own pages begin at address 0. */
	io_uring_prep_rw(opcode, sqe, q->file, NULL, (unsigned)len, 0);
	sqe->buf_index = (uint16_t)slot;
	return uring_do_now(q, sqe);
}

static bool has_file(struct uring_queue *q)
{
	if (q->file < 0)
		q->file = memfd_create("fusescen-pages", MFD_CLOEXEC);
	return q->file >= 0;
}

static void fetch_pages(struct uring_queue *q, const struct uring_entry *e, size_t len)
{
	ssize_t n;

	if (!has_file(q) || move(q, IORING_OP_WRITE_FIXED, e, len) != (int)len)
		die_bug("io_uring: the pages of a request cannot be read");
	n = pread(q->file, e->payload, len, 0);
	if (n != (ssize_t)len)
		die_bug("io_uring: pages are lost");
}

static void store_pages(struct uring_queue *q, const struct uring_entry *e, size_t len)
{
	if (!len)
		return;
	if (!has_file(q) || pwrite(q->file, e->payload, len, 0) != (ssize_t)len)
		die_bug("io_uring: no memory for pages");
	/* More than was asked for does not fit, and the kernel says so at the commit. */
	move(q, IORING_OP_READ_FIXED, e, len);
}

/* ---- requests and replies -------------------------------------------------------- */

static const struct op *op_of(const struct uring_entry *e)
{
	struct wire_in_header in;

	memcpy(&in, e->head->in_out, sizeof(in));
	return op_by_code(&protocol_builtin, in.opcode);
}

/* fs/fuse/dev_uring.c, fuse_uring_req_has_copyable_payload() */
static bool has_buffer(const struct uring_entry *e, const struct op *op)
{
	return !e->takes_pages &&
		(e->head->payload_sz || !op || op->reply != REPLY_EMPTY);
}

/* What a WRITE's pages are is in none of the buffers, but its reply goes there. */
void uring_pool_fetch(struct uring_entry *e)
{
	struct uring_queue *q = e->queue;
	const struct wire_uring_header *h = e->head;
	const struct op *op = op_of(e);
	bool has_pages = h->flags & URING_ENT_ZERO_COPY;
	size_t len = h->payload_sz, room = q->uring->payload;

	e->takes_pages = has_pages && op && op->opcode == OP_READ;
	e->buffer = NULL;
	if (q->pool.iov_base && has_buffer(e, op) &&
	    h->offset <= q->pool.iov_len && q->pool.iov_len - h->offset >= room)
		e->buffer = (uint8_t *)q->pool.iov_base + h->offset;
	if (len > room)
		len = room;
	if (len && has_pages && !e->takes_pages)
		fetch_pages(q, e, len);
	else if (len && e->buffer)
		memcpy(e->payload, e->buffer, len);
}

void uring_pool_store(const struct uring_entry *e)
{
	size_t len = e->head->payload_sz;

	if (len > e->queue->uring->payload)
		len = e->queue->uring->payload;
	if (e->takes_pages)
		store_pages(e->queue, e, len);
	else if (e->buffer)
		memcpy(e->buffer, e->payload, len);
}
