/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks, each kind with the keys it has.  One thread at a time. */
#include "config.h"

#include "load/checks/checks.h"

#include <limits.h>
#include <string.h>

#include "base/errnos.h"
#include "base/units.h"
#include "load/read/refs.h"
#include "load/read/render.h"
#include "load/read/schema.h"
#include "load/read/values.h"
#include "load/checks/patterns.h"

/* ---- values ------------------------------------------------------------- */

static int read_pattern(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;
	struct pattern pattern;

	if (load_pattern(ld, n, &pattern))
		return -1;
	ARENA_PUSH(ld->arena, c->patterns, c->n_patterns, pattern);
	return 0;
}

static int read_patterns(struct loader *ld, const struct ynode *n, void *p)
{
	return schema_each(ld, n, "a list of events", read_pattern, p);
}

static int read_order(struct loader *ld, const struct ynode *n, void *p)
{
	if (n->kind == Y_LIST && n->n_items < 2)
		return diag(ld->dg, n->loc,
			    "an order has at least two events");
	return read_patterns(ld, n, p);
}

static int read_pair(struct loader *ld, const struct ynode *n, void *p)
{
	if (n->kind == Y_LIST && n->n_items != 2)
		return diag(ld->dg, n->loc, "expected two events, got %zu",
			    n->n_items);
	return read_patterns(ld, n, p);
}

static int read_field_pattern(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;
	struct pattern pattern;

	if (load_field_pattern(ld, n, &pattern))
		return -1;
	ARENA_PUSH(ld->arena, c->patterns, c->n_patterns, pattern);
	return 0;
}

static int read_fields(struct loader *ld, const struct ynode *n, void *p)
{
	return schema_each(ld, n, "a list of events with a field", read_field_pattern, p);
}

static int read_is(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;

	if (value_count(ld, n, 0, UINT_MAX, &c->min))
		return -1;
	c->max = c->min;
	return 0;
}

static int read_min(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;

	return value_count(ld, n, 0, UINT_MAX, &c->min);
}

static int read_max(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;

	return value_count(ld, n, 0, UINT_MAX, &c->max);
}

static int read_file(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;

	return ref_value(ld, n, REF_DEVICE, &c->file.file);
}

static int read_size(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;

	c->file.has_size = true;
	return value_size(ld, n, &c->file.size);
}

static int read_data(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;

	c->file.has_data = true;
	return value_data(ld, n, &c->file.data);
}

static int read_function(struct loader *ld, const struct ynode *n, void *p)
{
	struct check *c = p;
	struct text t;

	if (value_name(ld, n, "the name of a kernel function", &t))
		return -1;
	c->kernel.function = t.s;
	return 0;
}

/* -EBUSY, 0, 1 */
static int read_returns(struct loader *ld, const struct ynode *n, void *p)
{
	static const char what[] = "what the function returns (-EBUSY, 0)";
	struct check *c = p;
	struct text t;
	int err;

	if (value_text(ld, n, what, &t))
		return -1;
	if (!parse_int(t.s, t.len, &c->kernel.returns))
		return 0;
	if (t.s[0] != '-')
		return errno_by_name(t.s, t.len) ?
			diag(ld->dg, text_loc(&t, 0, t.len), "a kernel "
			     "function returns -%s", t.s) :
			value_expected(ld, &t, what);
	err = errno_by_name(t.s + 1, t.len - 1);
	if (!err)
		return diag_unknown(ld->dg, text_loc(&t, 1, t.len - 1),
				    "errno", t.s + 1, t.len - 1,
				    errno_words());
	c->kernel.returns = -err;
	return 0;
}

/* ---- kinds -------------------------------------------------------------- */

#define AT(member)	offsetof(struct check, member)
#define BOUNDS						\
	{ "is", read_is, 0, false },			\
	{ "min", read_min, 0, false },			\
	{ "max", read_max, 0, false }
#define END		{ NULL, NULL, 0, false }

static const struct key order_keys[] = { { "order", read_order, 0, true }, END };
static const struct key before_keys[] = {
	{ "before", read_pair, 0, true }, END
};
static const struct key count_keys[] = {
	{ "count", read_pattern, 0, true }, BOUNDS, END
};
static const struct key never_keys[] = {
	{ "never", read_pattern, 0, true }, END
};
static const struct key max_in_flight_keys[] = {
	{ "max_in_flight", read_pattern, 0, true }, BOUNDS, END
};
static const struct key elapsed_keys[] = {
	{ "elapsed", read_pair, 0, true },
	{ "min", value_time, AT(min), false },
	{ "max", value_time, AT(max), false },
	END
};
static const struct key same_keys[] = { { "same", read_fields, 0, true }, END };
static const struct key differ_keys[] = { { "differ", read_fields, 0, true }, END };
static const struct key file_keys[] = {
	{ "file", read_file, 0, true },
	{ "size", read_size, 0, false },
	{ "at", value_size, AT(file.at), false },
	{ "data", read_data, 0, false },
	END
};
static const struct key kernel_keys[] = {
	{ "kernel", read_function, 0, true },
	{ "returns", read_returns, 0, true },
	END
};

static const struct schema schemas[] = {
	[CHECK_ORDER] = { "an order check", order_keys, NULL, NULL },
	[CHECK_BEFORE] = { "a before check", before_keys, NULL, NULL },
	[CHECK_COUNT] = { "a count check", count_keys, NULL, NULL },
	[CHECK_NEVER] = { "a never check", never_keys, NULL, NULL },
	[CHECK_MAX_IN_FLIGHT] = { "a max_in_flight check", max_in_flight_keys, NULL, NULL },
	[CHECK_ELAPSED] = { "an elapsed check", elapsed_keys, NULL, NULL },
	[CHECK_SAME] = { "a same check", same_keys, NULL, NULL },
	[CHECK_DIFFER] = { "a differ check", differ_keys, NULL, NULL },
	[CHECK_FILE] = { "a file check", file_keys, NULL, NULL },
	[CHECK_KERNEL] = { "a kernel check", kernel_keys, NULL, NULL },
};

/* The key that says which kind it is. */
static const struct keyword *find_kind(const struct ynode *n)
{
	const struct keyword *k;

	for (k = check_keywords; k->name; k++)
		if (ynode_get(n, k->name))
			return k;
	return NULL;
}

static int check_bounds(struct loader *ld, const struct ynode *n,
			const struct check *c)
{
	bool has_is = ynode_get(n, "is"), has_min = ynode_get(n, "min");
	bool has_max = ynode_get(n, "max");

	if (!has_is && !has_min && !has_max)
		return diag(ld->dg, n->loc, "how many? say is, min or max");
	if (has_is && (has_min || has_max))
		return diag(ld->dg, n->loc,
			    "\"is\" leaves no room for \"min\" or \"max\"");
	if (c->min > c->max)
		return diag(ld->dg, n->loc, "min is larger than max");
	return 0;
}

static int finish(struct loader *ld, const struct ynode *n, struct check *c)
{
	switch (c->kind) {
	case CHECK_ORDER:
	case CHECK_BEFORE:
	case CHECK_NEVER:
	case CHECK_SAME:
	case CHECK_DIFFER:
	case CHECK_KERNEL:
		return 0;
	case CHECK_COUNT:
	case CHECK_MAX_IN_FLIGHT:
		return check_bounds(ld, n, c);
	case CHECK_ELAPSED:
		if (!ynode_get(n, "min") && !ynode_get(n, "max"))
			return diag(ld->dg, n->loc, "how long? say min or max");
		return check_bounds(ld, n, c);
	case CHECK_FILE:
		if (!c->file.has_size && !c->file.has_data)
			return diag(ld->dg, n->loc, "what of the file? say "
				    "size or data");
		return 0;
	}
	return 0;
}

int load_check(struct loader *ld, const struct ynode *n, struct check *out)
{
	const struct keyword *k;

	*out = (struct check){ .loc = n->loc, .max = UINT64_MAX };
	if (value_is_map(ld, n, "a check (order, before, count, ...)"))
		return -1;
	k = find_kind(n);
	if (!k && n->n_items)
		return diag_unknown(ld->dg, n->items[0]->loc, "check",
				    n->items[0]->text, n->items[0]->len,
				    check_words);
	if (!k)
		return diag(ld->dg, n->loc, "which check? (order, before, "
			    "count, ...)");
	out->kind = (enum check_kind)k->kind;
	out->text = render_item(ld, n);
	if (out->kind == CHECK_FILE)
		out->file = (struct file_check){ .file = { .mount = NONE } };
	else if (out->kind == CHECK_KERNEL)
		out->kernel = (struct kernel_check){ NULL, 0 };
	if (schema_read(ld, n, &schemas[out->kind], out))
		return -1;
	return finish(ld, n, out);
}

static int read_check(struct loader *ld, const struct ynode *n, void *unused)
{
	struct check c;

	(void)unused;
	if (load_check(ld, n, &c))
		return -1;
	ARENA_PUSH(ld->arena, ld->sc->expect, ld->sc->n_expect, c);
	return 0;
}

int load_checks(struct loader *ld, const struct ynode *n)
{
	return n ? schema_each(ld, n, "a list of checks", read_check, NULL) : 0;
}
