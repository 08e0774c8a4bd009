/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule matches.  One thread at a time. */
#include "config.h"

#include "load/rules/match.h"

#include <limits.h>
#include <string.h>

#include "base/units.h"
#include "load/read/fields.h"
#include "load/read/refs.h"
#include "load/read/values.h"
#include "load/rules/states.h"

int rule_op(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	const struct op *op;
	struct text t;
	int bad = 0;
	size_t i;

	if (n->kind == Y_LIST) {
		if (!n->n_items)
			return diag(ld->dg, n->loc, "expected an operation, "
				    "got an empty list");
		for (i = 0; i < n->n_items; i++)
			bad |= rule_op(ld, n->items[i], p);
		return bad;
	}
	if (value_text(ld, n, "an operation (WRITE), or a list of them", &t))
		return -1;
	if (!strcmp(t.s, "*"))
		return 0;
	op = op_by_name(ld->sc->protocol, t.s, t.len);
	if (!op)
		return diag_unknown(ld->dg, text_loc(&t, 0, t.len),
				    "operation", t.s, t.len,
				    op_words(ld->sc->protocol));
	ARENA_PUSH(ld->arena, r->ops, r->n_ops, op);
	return 0;
}

int rule_file(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;

	return ref_value(ld, n, REF_GLOB | REF_ANY, &r->file);
}

static int read_cond_list(struct loader *ld, const struct ynode *n,
			  const struct field *f, struct cond *out)
{
	if (f->dim != FD_FLAGS)
		return diag(ld->dg, n->loc, "expected one value for %s, got a "
			    "list", f->name);
	out->loc = n->loc;
	return value_flags(ld, n, f->flags, &out->set, &out->unset) ||
		cond_of_flags(ld, out) ? -1 : 0;
}

/* A value, a list of flags, or {not: one of these}. */
static int read_cond_value(struct loader *ld, const struct ynode *n,
			   const struct field *f, struct cond *out)
{
	const struct ynode *not = ynode_get(n, "not");
	struct text t;

	if (n->kind == Y_MAP && (!not || n->n_items != 2 || out->negate))
		return diag(ld->dg, n->loc, "expected a value for %s or "
			    "{not: value}", f->name);
	if (n->kind == Y_MAP) {
		out->negate = true;
		return read_cond_value(ld, not, f, out);
	}
	if (n->kind == Y_LIST)
		return read_cond_list(ld, n, f, out);
	if (value_text(ld, n, "a value", &t))
		return -1;
	return cond_from_tok(ld, &t, text_tok(&t), f, out);
}

int rule_where(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	const struct op_list list = { r->ops, r->n_ops, false };
	int bad = 0;
	size_t i;

	if (value_is_map(ld, n, "{field: value}"))
		return -1;
	for (i = 0; i + 1 < n->n_items; i += 2) {
		const struct ynode *key = n->items[i];
		const struct text t = { key->text, key->len, key, NULL, 0 };
		const struct field *f = field_find(ld, &t, text_tok(&t), &list);
		struct cond cond = { 0 };

		if (!f || read_cond_value(ld, n->items[i + 1], f, &cond)) {
			bad = -1;
			continue;
		}
		cond.loc = key->loc;
		cond.field = f->name;
		ARENA_PUSH(ld->arena, r->where, r->n_where, cond);
	}
	return bad;
}

int rule_actor(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	struct text t;

	if (value_text(ld, n, "the name of an actor", &t))
		return -1;
	r->actor = actor_find(ld->sc, t.s, t.len);
	return r->actor != NONE ? 0 :
		actor_unknown(ld, text_loc(&t, 0, t.len), t.s, t.len);
}

/* "2" is 2..3; "2.." has no end, which is nth_to 0. */
int rule_nth(struct loader *ld, const struct ynode *n, void *p)
{
	static const char what[] = "a number from 1 or a range (2, 1..4, 3..)";
	struct rule *r = p;
	uint64_t lo, hi;
	struct text t;

	if (value_text(ld, n, what, &t))
		return -1;
	if (parse_range(t.s, t.len, &lo, &hi) || lo < 1 || lo >= UINT_MAX ||
	    hi <= lo || (hi >= UINT_MAX && hi != UINT64_MAX))
		return value_expected(ld, &t, what);
	r->nth_from = (unsigned)lo;
	r->nth_to = hi == UINT64_MAX ? 0 : (unsigned)hi;
	return 0;
}

int rule_times(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	uint64_t v;

	if (value_count(ld, n, 1, UINT_MAX, &v))
		return -1;
	r->times = (unsigned)v;
	return 0;
}

int rule_when(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;

	return load_assigns(ld, n, false, &r->when, &r->n_when);
}
