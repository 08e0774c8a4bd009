/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INIT, which the tap answers itself: the backend is asked (it must
 * know the minor and what was agreed on), but what the kernel gets is what the
 * scenario says, so that a libfuse older than a feature does not limit us.
 *
 * Unless the scenario says otherwise: flags big_writes, max_pages, async_read
 * (and init_ext where flags2 is used), as far as the kernel offers them;
 * max_write 1M, max_pages 256, max_background 12, congestion_threshold 9,
 * time_gran 1, max_readahead as offered, max_stack_depth 1 with passthrough.
 * A device: no flags, max_read and max_write 128K, dev_major of the kernel's
 * choice, dev_minor of the backend's.
 *
 * A mirror's mount has more flags by itself, see backing_flags(); the null
 * backing's has async_dio, and max_write 512K.
 *
 * Pure functions; callers hold engine->lock for the struct.
 */
#ifndef ENGINE_INIT_H
#define ENGINE_INIT_H

#include "base/buf.h"
#include "model/scenario.h"

/* A direct write of 1M is two requests then, and with async_dio two workers copy
 * at once (fs/fuse/file.c, fuse_direct_IO()): 1.3 times as fast, on two CPUs. */
#define NULL_MAX_WRITE	(512u << 10)

struct init {
	bool seen;		/* INIT or CUSE_INIT was read */
	bool ready;		/* ... and answered well */
	uint32_t minor;		/* as offered */
	uint32_t known_minor;	/* the newest that the scenario knows of */
	uint32_t max_readahead;
	uint64_t offered;	/* flags | flags2 << 32 */
};

static inline bool init_is_op(uint32_t opcode)
{
	return opcode == OP_INIT || opcode == OP_CUSE_INIT;
}

void init_record(struct init *in, const struct protocol *p,
		 const struct decoded_request *req);
/* What the kernel is to get: wanted and offered. */
uint64_t init_flags(const struct init *in, const struct mount_spec *spec);
/* Wanted by name (init_on) but not offered. */
uint64_t init_missing_flags(const struct init *in, const struct mount_spec *spec);
/* The most that a WRITE may have, in bytes, and any request, in pages, where the
 * reply is the scenario's and no rule's. */
uint64_t init_max_write(const struct mount_spec *spec);
uint64_t init_max_pages(const struct mount_spec *spec);
/* Make the request say to the backend what was agreed on. */
void init_edit_request(const struct init *in, const struct mount_spec *spec,
		       void *msg, size_t len);
/* Make the request offer no io_uring: what came by one would pass by the tap of a
 * session that is attached to. */
void init_withhold_ring(void *msg, size_t len);
/* Put the tap's body in place of the one in reply (header and body). */
void init_replace_reply(const struct init *in, const struct mount_spec *spec,
			struct buf *reply);
/* The same for CUSE_INIT; the info behind it stays, after the scenario's. */
void init_replace_cuse_reply(const struct init *in,
			     const struct mount_spec *spec, struct buf *reply);

#endif
