/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nodes as one line.  One thread at a time. */
#include "config.h"

#include "load/read/render.h"

#include <string.h>

#define RENDER_MAX	400	/* bytes; longer ones end in "..." */

static void render_scalar(struct loader *ld, const struct ynode *n,
			  struct buf *b)
{
	struct text t;

	/* an unknown variable has its message from whoever reads the value */
	t = (struct text){ n->text, n->len, n, NULL, 0 };
	if (memmem(n->text, n->len, "${", 2) && ld->vars && text_of(ld, n, &t))
		return;
	if (!n->plain && strcspn(t.s, "\"\\\n") == t.len)
		buf_printf(b, "\"%s\"", t.s);
	else if (!n->plain && strcspn(t.s, "'\n") == t.len)
		buf_printf(b, "'%s'", t.s);
	else
		buf_puts(b, t.s);
}

static void render(struct loader *ld, const struct ynode *n, struct buf *b)
{
	size_t i;

	if (b->len > RENDER_MAX)
		return;
	switch (n->kind) {
	case Y_SCALAR:
		render_scalar(ld, n, b);
		return;
	case Y_LIST:
		buf_addc(b, '[');
		for (i = 0; i < n->n_items && b->len <= RENDER_MAX; i++) {
			buf_puts(b, i ? ", " : "");
			render(ld, n->items[i], b);
		}
		buf_addc(b, ']');
		return;
	case Y_MAP:
		buf_addc(b, '{');
		for (i = 0; i + 1 < n->n_items && b->len <= RENDER_MAX; i += 2) {
			buf_printf(b, "%s%s: ", i ? ", " : "",
				   n->items[i]->text);
			render(ld, n->items[i + 1], b);
		}
		buf_addc(b, '}');
		return;
	}
}

static const char *take(struct loader *ld, const struct buf *b)
{
	size_t n = b->len;
	char *out, *p;

	if (n > RENDER_MAX) {
		n = RENDER_MAX;
		while (n && (b->data[n] & 0xc0) == 0x80)
			n--;
		out = arena_printf(ld->arena, "%.*s...", (int)n, b->data);
	} else {
		out = arena_strndup(ld->arena, buf_str(b), n);
	}
	for (p = out; *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	return out;
}

const char *render_node(struct loader *ld, const struct ynode *n)
{
	auto_buf struct buf b = BUF_INIT;

	render(ld, n, &b);
	return take(ld, &b);
}

const char *render_item(struct loader *ld, const struct ynode *n)
{
	auto_buf struct buf b = BUF_INIT;
	const struct ynode *value;

	if (n->kind != Y_MAP || n->n_items != 2)
		return render_node(ld, n);
	value = n->items[1];
	buf_printf(&b, "%s: ", n->items[0]->text);
	/* a call in quotes reads better without them */
	if (value->kind == Y_SCALAR && ld->vars) {
		struct text t;

		if (!text_of(ld, value, &t))
			buf_puts(&b, t.s);
	} else if (value->kind == Y_SCALAR) {
		buf_puts(&b, value->text);
	} else {
		render(ld, value, &b);
	}
	return take(ld, &b);
}
