/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RETRY of an ioctl(2).  One thread at a time. */
#include "config.h"

#include "load/calls/retry.h"

#include "base/units.h"
#include "load/read/schema.h"
#include "load/read/values.h"

static int read_area(struct loader *ld, const struct ynode *n,
		     struct retry_area *out)
{
	static const char what[] = "memory behind the argument (0..8)";
	struct text t;

	if (value_text(ld, n, what, &t))
		return -1;
	if (parse_range(t.s, t.len, &out->lo, &out->hi) || out->hi <= out->lo)
		return value_expected(ld, &t, what);
	return 0;
}

static int read_in(struct loader *ld, const struct ynode *item, void *reply)
{
	struct reply_spec *r = reply;
	struct retry_area area;

	if (read_area(ld, item, &area))
		return -1;
	ARENA_PUSH(ld->arena, r->retry_in, r->n_retry_in, area);
	return 0;
}

static int read_out(struct loader *ld, const struct ynode *item, void *reply)
{
	struct reply_spec *r = reply;
	struct retry_area area;

	if (read_area(ld, item, &area))
		return -1;
	ARENA_PUSH(ld->arena, r->retry_out, r->n_retry_out, area);
	return 0;
}

static int read_ins(struct loader *ld, const struct ynode *n, void *reply)
{
	return schema_each(ld, n, "a list of ranges", read_in, reply);
}

static int read_outs(struct loader *ld, const struct ynode *n, void *reply)
{
	return schema_each(ld, n, "a list of ranges", read_out, reply);
}

int load_retry(struct loader *ld, const struct ynode *n, struct reply_spec *out)
{
	static const struct key keys[] = {
		{ "in", read_ins, 0, false },
		{ "out", read_outs, 0, false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "retry", keys, NULL, NULL };

	out->has_retry = true;
	return schema_read(ld, n, &schema, out);
}
