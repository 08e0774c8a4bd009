/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command that a queue's thread gives the kernel for the script. */
#include "config.h"

#include "load/steps/ring.h"

#include <string.h>

#include "load/read/refs.h"
#include "load/read/schema.h"
#include "load/read/values.h"

#define AT(member)	offsetof(struct step, ring.member)

static int read_mount(struct loader *ld, const struct ynode *n, void *p)
{
	return mount_value(ld, n, &((struct step *)p)->ring.mount);
}

static int read_queue(struct loader *ld, const struct ynode *n, void *p)
{
	uint64_t v;

	if (value_count(ld, n, 0, UINT16_MAX, &v))
		return -1;
	((struct step *)p)->ring.queue = (unsigned)v;
	return 0;
}

/* One of the four that say what it is. */
static int set_kind(struct loader *ld, const struct ynode *n, void *p,
		    enum ring_command kind)
{
	struct ring_step *r = &((struct step *)p)->ring;

	if (r->kind != RING_NOTHING)
		return diag(ld->dg, n->loc, "one command at a time");
	r->kind = kind;
	return 0;
}

static int read_for_queue(struct loader *ld, const struct ynode *n, void *p,
			  enum ring_command kind)
{
	struct text t;

	if (set_kind(ld, n, p, kind) ||
	    value_text(ld, n, "the number of a queue, or all", &t))
		return -1;
	if (strcmp(t.s, "all") != 0)
		return read_queue(ld, n, p);
	((struct step *)p)->ring.queue = RING_ALL;
	return 0;
}

static int read_register(struct loader *ld, const struct ynode *n, void *p)
{
	return read_for_queue(ld, n, p, RING_REGISTER);
}

static int read_add_queue(struct loader *ld, const struct ynode *n, void *p)
{
	return read_for_queue(ld, n, p, RING_ADD_QUEUE);
}

static int read_add_pool(struct loader *ld, const struct ynode *n, void *p)
{
	return read_for_queue(ld, n, p, RING_ADD_POOL);
}

static int read_flags(struct loader *ld, const struct ynode *n, void *p)
{
	return value_count(ld, n, 0, UINT64_MAX, &((struct step *)p)->ring.flags);
}

static int read_index(struct loader *ld, const struct ynode *n, void *p)
{
	return value_count(ld, n, 0, UINT16_MAX, &((struct step *)p)->ring.index);
}

static int read_registered(struct loader *ld, const struct ynode *n, void *p)
{
	return value_switch(ld, n, &((struct step *)p)->ring.registered);
}

static int read_cancel(struct loader *ld, const struct ynode *n, void *p)
{
	return set_kind(ld, n, p, RING_CANCEL) || read_queue(ld, n, p) ? -1 : 0;
}

static int read_commit(struct loader *ld, const struct ynode *n, void *p)
{
	return set_kind(ld, n, p, RING_COMMIT) ||
		value_count(ld, n, 0, UINT64_MAX, &((struct step *)p)->ring.unique) ?
		-1 : 0;
}

static int read_unknown(struct loader *ld, const struct ynode *n, void *p)
{
	return set_kind(ld, n, p, RING_UNKNOWN) ||
		value_count(ld, n, 4, UINT32_MAX, &((struct step *)p)->ring.unique) ?
		-1 : 0;
}

static int read_buffers(struct loader *ld, const struct ynode *n, void *p)
{
	return value_count(ld, n, 0, RING_BUFFERS_MAX,
			   &((struct step *)p)->ring.buffers);
}

static int check(struct loader *ld, const struct ynode *n, const struct ring_step *r)
{
	bool adds = r->kind == RING_ADD_QUEUE || r->kind == RING_ADD_POOL;

	if (r->kind == RING_NOTHING)
		return diag(ld->dg, n->loc, "say \"register\", \"commit\", \"cancel\", "
			    "\"add_queue\", \"add_pool\" or \"unknown\"");
	if (r->kind != RING_REGISTER &&
	    (r->header != RING_RIGHT || r->buffers != RING_BUFFERS ||
	     r->index != RING_RIGHT ||
	     (r->payload != RING_RIGHT && r->kind != RING_ADD_POOL)))
		return diag(ld->dg, n->loc, "sizes are those of \"register\"");
	if (r->flags && !adds)
		return diag(ld->dg, n->loc, "flags are those of \"add_queue\" and "
			    "\"add_pool\"");
	if (r->registered && r->kind != RING_ADD_POOL)
		return diag(ld->dg, n->loc, "only a pool is registered");
	if (ld->sc->mounts[r->mount].transport != TRANSPORT_URING)
		return diag(ld->dg, n->loc, "\"%s\" has to say \"transport: uring\"",
			    ld->sc->mounts[r->mount].name);
	return 0;
}

int load_step_ring(struct loader *ld, const struct ynode *n, struct step *out)
{
	static const struct key keys[] = {
		{ "mount", read_mount, 0, false },
		{ "register", read_register, 0, false },
		{ "header", value_size, AT(header), false },
		{ "payload", value_size, AT(payload), false },
		{ "buffers", read_buffers, 0, false },
		{ "commit", read_commit, 0, false },
		{ "queue", read_queue, 0, false },
		{ "cancel", read_cancel, 0, false },
		{ "unknown", read_unknown, 0, false },
		{ "add_queue", read_add_queue, 0, false },
		{ "add_pool", read_add_pool, 0, false },
		{ "flags", read_flags, 0, false },
		{ "registered", read_registered, 0, false },
		{ "index", read_index, 0, false },
		{ "result", value_errno, AT(result), false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "ring", keys, NULL, NULL };
	struct ring_step *r = &out->ring;

	*r = (struct ring_step){
		.mount = NONE, .header = RING_RIGHT, .payload = RING_RIGHT,
		.buffers = RING_BUFFERS, .index = RING_RIGHT,
	};
	if (schema_read(ld, n, &schema, out) ||
	    (r->mount == NONE && mount_only(ld, n->loc, NULL, 0, &r->mount)))
		return -1;
	return check(ld, n, r);
}
