/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variables in scalars.  One thread at a time. */
#include "config.h"

#include "load/read/text.h"

#include <string.h>

#include "base/limits.h"
#include "load/read/splice.h"

/* The row of a case as words; its own name is one of them. */
static const char *var_at(const void *ctx, size_t i)
{
	const struct ynode *row = ctx;

	return row && 2 * i < row->n_items ? row->items[2 * i]->text : NULL;
}

/* One "${name}" at node_at, its end at node_end. */
static int fill_in(struct loader *ld, const struct ynode *n, size_t node_at,
		   size_t node_end, struct buf *b, struct subst *out)
{
	const char *name = n->text + node_at + 2;
	size_t len = node_end - node_at - 3;
	const struct ynode *value = case_variable(ld->vars, name, len);

	struct loc loc = ynode_loc(n, node_at, node_end - node_at);

	if (!ld->vars)
		return diag(ld->dg, loc, "unknown variable \"%.*s\": the file "
			    "has no cases", (int)len, name);
	if (!value)
		return diag_unknown(ld->dg, loc, "variable of the case", name,
				    len, (struct words){ var_at, ld->vars });
	if (value->kind != Y_SCALAR)
		return diag(ld->dg, loc, "\"%.*s\" is %s in this case, which has to "
			    "stand alone", (int)len, name, ynode_describe(value));
	*out = (struct subst){ b->len, value->len, node_at,
			       node_end - node_at };
	buf_add(b, value->text, value->len);
	return 0;
}

static int fill_in_all(struct loader *ld, const struct ynode *n,
		       struct buf *b, struct text *out)
{
	struct subst *substs = NULL, s;
	size_t at = 0;

	while (at < n->len) {
		const char *p = memmem(n->text + at, n->len - at, "${", 2);
		size_t start = p ? (size_t)(p - n->text) : n->len;
		const char *close;

		buf_add(b, n->text + at, start - at);
		if (!p)
			break;
		close = memchr(p, '}', n->len - start);
		if (!close)
			return diag(ld->dg, ynode_loc(n, start, 2),
				    "expected \"}\" after the variable's name");
		at = (size_t)(close - n->text) + 1;
		if (fill_in(ld, n, start, at, b, &s))
			return -1;
		/* a few small variables can make a text very long */
		if (b->len > LIMIT_TEXT_BYTES)
			return diag_limit(ld->dg, n->loc, LIMIT_OF(TEXT_BYTES));
		ARENA_PUSH(ld->arena, substs, out->n_substs, s);
	}
	out->substs = substs;
	return 0;
}

int text_of(struct loader *ld, const struct ynode *scalar, struct text *out)
{
	auto_buf struct buf b = BUF_INIT;

	*out = (struct text){ scalar->text, scalar->len, scalar, NULL, 0 };
	if (!memmem(scalar->text, scalar->len, "${", 2))
		return 0;
	if (fill_in_all(ld, scalar, &b, out))
		return -1;
	out->len = b.len;
	out->s = arena_strndup(ld->arena, buf_str(&b), b.len);
	return 0;
}

/* Where a byte of the text was in the scalar; end: of what it came from, if
 * it came from a variable. */
static size_t node_offset(const struct text *t, size_t at, bool end)
{
	size_t shift_text = 0, shift_node = 0, i;

	for (i = 0; i < t->n_substs; i++) {
		const struct subst *s = &t->substs[i];

		if (at < s->at)
			break;
		if (at < s->at + s->len)
			return s->node_at + (end ? s->node_len - 1 : 0);
		shift_text = s->at + s->len;
		shift_node = s->node_at + s->node_len;
	}
	return at - shift_text + shift_node;
}

struct loc text_loc(const struct text *t, size_t at, size_t len)
{
	size_t from = node_offset(t, at, false);
	size_t to = len ? node_offset(t, at + len - 1, true) + 1 : from;

	return ynode_loc(t->node, from, to - from);
}
