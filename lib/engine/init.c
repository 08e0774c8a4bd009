/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* INIT requests and replies.  Any thread, under engine->lock. */
#include "config.h"

#include "engine/init.h"

#include <stddef.h>
#include <string.h>

#define INIT_ASYNC_READ		(1ull << 0)
#define INIT_BIG_WRITES		(1ull << 5)
#define DEFAULT_FLAGS		(INIT_ASYNC_READ | INIT_BIG_WRITES | INIT_MAX_PAGES)

/* atomic_o_trunc, dont_mask, auto_inval_data, do_readdirplus, readdirplus_auto,
 * async_dio, parallel_dirops, posix_acl, cache_symlinks, handle_killpriv_v2 */
#define INIT_MIRROR		(1ull << 3 | 1ull << 6 | 1ull << 12 |	\
				 1ull << 13 | 1ull << 14 | 1ull << 15 |	\
				 1ull << 18 | 1ull << 20 | 1ull << 23 |	\
				 1ull << 28)

#define INIT_NULL		(1ull << 15)	/* async_dio */

#define DEFAULT_MAX_WRITE	(1u << 20)
#define DEFAULT_MAX_PAGES	256	/* of 4K: DEFAULT_MAX_WRITE */
/* fs/fuse/inode.c, process_init_reply(): not less to write, whatever the reply
 * says; FUSE_DEFAULT_MAX_PAGES_PER_REQ where it does not say max_pages. */
#define LEAST_MAX_WRITE		4096u
#define LEAST_MAX_PAGES		32u
/* fs/fuse/inode.c: FUSE_DEFAULT_MAX_BACKGROUND, _CONGESTION_THRESHOLD */
#define DEFAULT_MAX_BACKGROUND	12
#define DEFAULT_CONGESTION	9
/* fs/fuse/fuse_i.h, FUSE_DEFAULT_MAX_PAGES_PER_REQ: 32, and a device cannot
 * agree on more */
#define DEFAULT_DEVICE_IO	(128u << 10)

/* fs/fuse/inode.c: how long the reply to INIT is in older minors. */
#define REPLY_BEFORE_5		8u
#define REPLY_BEFORE_23		24u

/* A number of the reply that the script gave by hand, else dflt. */
static uint64_t given(const struct mount_spec *spec, const char *field,
		      uint64_t dflt)
{
	for (size_t i = spec->n_init; i > 0; i--) {
		if (!strcmp(spec->init[i - 1].f->name, field))
			return spec->init[i - 1].num;
	}
	return dflt;
}

/* The minor that the scenario gives, else the highest that we and the kernel
 * know. */
static uint32_t agreed_minor(const struct init *in, const struct mount_spec *spec)
{
	return (uint32_t)given(spec, "minor", in->minor < in->known_minor ?
			       in->minor : in->known_minor);
}

static uint32_t default_max_write(const struct mount_spec *spec)
{
	return spec->backing.kind == BACKING_NULL ? NULL_MAX_WRITE :
		DEFAULT_MAX_WRITE;
}

uint64_t init_max_write(const struct mount_spec *spec)
{
	uint64_t max = given(spec, "max_write", default_max_write(spec));

	return max > LEAST_MAX_WRITE ? max : LEAST_MAX_WRITE;
}

uint64_t init_max_pages(const struct mount_spec *spec)
{
	uint64_t max = given(spec, "max_pages", DEFAULT_MAX_PAGES);

	return max > LEAST_MAX_PAGES ? max : LEAST_MAX_PAGES;
}

static size_t reply_size(uint32_t minor)
{
	if (minor < 5)
		return REPLY_BEFORE_5;
	return minor < 23 ? REPLY_BEFORE_23 : sizeof(struct wire_init_out);
}

void init_record(struct init *in, const struct protocol *p,
		 const struct decoded_request *req)
{
	struct wire_init_in body = { 0 };

	memcpy(&body, req->body, req->args_len < sizeof(body) ?
	       req->args_len : sizeof(body));
	in->seen = true;
	in->minor = body.minor;
	in->known_minor = p->minor;
	if (req->op->opcode == OP_CUSE_INIT) {
		in->offered = body.flags;	/* same place in both layouts */
		return;
	}
	in->max_readahead = body.max_readahead;
	in->offered = body.flags;
	if (body.flags & INIT_EXT)
		in->offered |= (uint64_t)body.flags2 << 32;
}

/* A mirror is what the host has below it: the host keeps ACLs, applies umask
 * and ends setuid; the kernel looks at times and sizes to see what others
 * changed.  The null backing is there for speed. */
static uint64_t backing_flags(const struct mount_spec *spec)
{
	switch (spec->backing.kind) {
	case BACKING_MEMORY:
		return 0;
	case BACKING_NULL:
		return INIT_NULL;
	case BACKING_MIRROR:
	case BACKING_TMPFS:
		return INIT_MIRROR;
	}
	return 0;
}

uint64_t init_flags(const struct init *in, const struct mount_spec *spec)
{
	uint64_t dflt = spec->kind == MOUNT_CUSE ? 0 :
		DEFAULT_FLAGS | backing_flags(spec);
	uint64_t flags = (dflt | spec->init_on) & ~spec->init_off;

	if ((flags & in->offered) >> 32)
		flags |= INIT_EXT;
	return flags & in->offered;
}

uint64_t init_missing_flags(const struct init *in, const struct mount_spec *spec)
{
	return in->seen ? spec->init_on & ~in->offered : 0;
}

void init_edit_request(const struct init *in, const struct mount_spec *spec,
		       void *msg, size_t len)
{
	uint8_t *body = (uint8_t *)msg + sizeof(struct wire_in_header);
	uint64_t flags = init_flags(in, spec);
	uint32_t minor = agreed_minor(in, spec);
	struct wire_init_in edited = { 0 };
	size_t n = len - sizeof(struct wire_in_header);

	if (n > sizeof(edited))
		n = sizeof(edited);
	memcpy(&edited, body, n);
	if (minor < edited.minor)
		edited.minor = minor;
	edited.flags = (uint32_t)flags;
	edited.flags2 = (uint32_t)(flags >> 32);
	memcpy(body, &edited, n);
}

void init_withhold_ring(void *msg, size_t len)
{
	const size_t at = sizeof(struct wire_in_header) +
		offsetof(struct wire_init_in, flags2);
	uint32_t flags2;

	if (len < at + sizeof(flags2))
		return;
	memcpy(&flags2, (uint8_t *)msg + at, sizeof(flags2));
	flags2 &= ~(uint32_t)(INIT_OVER_IO_URING >> 32);
	memcpy((uint8_t *)msg + at, &flags2, sizeof(flags2));
}

void init_replace_reply(const struct init *in, const struct mount_spec *spec,
			struct buf *reply)
{
	uint64_t flags = init_flags(in, spec);
	struct wire_out_header h;
	struct wire_init_out out = {
		.major = WIRE_MAJOR,
		.minor = agreed_minor(in, spec),
		.max_readahead = in->max_readahead,
		.flags = (uint32_t)flags,
		.max_background = DEFAULT_MAX_BACKGROUND,
		.congestion_threshold = DEFAULT_CONGESTION,
		.max_write = default_max_write(spec),
		.time_gran = 1,
		.max_pages = DEFAULT_MAX_PAGES,
		.flags2 = (uint32_t)(flags >> 32),
		.max_stack_depth = flags & INIT_PASSTHROUGH ? 1 : 0,
	};

	for (size_t i = 0; i < spec->n_init; i++)
		field_set(spec->init[i].f, &out, sizeof(out), spec->init[i].num);
	memcpy(&h, reply->data, sizeof(h));
	h.len = (uint32_t)(sizeof(h) + reply_size(out.minor));
	buf_clear(reply);
	buf_add(reply, &h, sizeof(h));
	buf_add(reply, &out, reply_size(out.minor));
}

void init_replace_cuse_reply(const struct init *in,
			     const struct mount_spec *spec, struct buf *reply)
{
	auto_buf struct buf old = *reply;
	struct wire_out_header h;
	struct wire_cuse_init_out out = {
		.major = WIRE_MAJOR,
		.minor = agreed_minor(in, spec),
		.flags = (uint32_t)init_flags(in, spec),
		.max_read = DEFAULT_DEVICE_IO,
		.max_write = DEFAULT_DEVICE_IO,
	};
	size_t fixed = sizeof(h) + sizeof(out);

	*reply = (struct buf)BUF_INIT;
	memcpy(&h, old.data, sizeof(h));
	if (old.len >= fixed)
		memcpy(&out.dev_minor, old.data + sizeof(h) +
		       offsetof(struct wire_cuse_init_out, dev_minor),
		       sizeof(out.dev_minor));
	for (size_t i = 0; i < spec->n_init; i++)
		field_set(spec->init[i].f, &out, sizeof(out), spec->init[i].num);
	buf_add(reply, &h, sizeof(h));
	buf_add(reply, &out, sizeof(out));
	data_copy(&spec->info, 0, buf_reserve(reply, spec->info.len),
		  spec->info.len, 0);
	reply->len += spec->info.len;
	if (old.len > fixed)
		buf_add(reply, old.data + fixed, old.len - fixed);
}
