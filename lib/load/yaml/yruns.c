/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Columns inside of scalars.  libyaml tells where a scalar starts and ends and
 * what its text is; what lies between is read here a second time, because a
 * message must point at the word in it.  Pure functions on nodes.
 */
#include "config.h"

#include "load/yaml/yruns.h"

#include <string.h>

struct walk {
	struct arena *arena;
	struct ynode *n;
	uint32_t first_col;	/* of src[0] */
	const char *src;
	size_t len;
};

static void add_run(struct walk *w, size_t text_at, size_t src_at,
		    size_t width)
{
	struct yrun run = {
		.at = (uint32_t)text_at,
		.col = w->first_col + (uint32_t)src_at,
		.width = (uint32_t)width,
	};

	ARENA_PUSH(w->arena, w->n->runs, w->n->n_runs, run);
}

static size_t utf8_len(unsigned long c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* A backslash and what follows: how many source bytes, how many of text. */
static size_t escape_len(const char *p, size_t n, size_t *out)
{
	size_t digits = 0, i;
	unsigned long c = 0;

	*out = 1;
	if (n < 2)
		return n;
	switch (p[1]) {
	case 'x':
		digits = 2;
		break;
	case 'u':
		digits = 4;
		break;
	case 'U':
		digits = 8;
		break;
	case 'N':		/* U+0085 */
	case '_':		/* U+00A0 */
		*out = 2;
		return 2;
	case 'L':		/* U+2028 */
	case 'P':		/* U+2029 */
		*out = 3;
		return 2;
	}
	for (i = 2; i < n && i < digits + 2; i++)
		c = c << 4 | (unsigned long)((p[i] & 0xf) +
					     (p[i] > '9' ? 9 : 0));
	if (digits)
		*out = utf8_len(c);
	return i;
}

/* Between the quotes; returns how much text that makes. */
static size_t walk_quoted(struct walk *w, char quote)
{
	size_t at = 1, text = 0, run_open = 0;

	while (at + 1 < w->len) {
		size_t used = 0, out = 1;

		if (quote == '"' && w->src[at] == '\\')
			used = escape_len(w->src + at, w->len - 1 - at, &out);
		else if (quote == '\'' && w->src[at] == '\'')
			used = 2;
		if (used) {
			add_run(w, text, at, used);
			run_open = 0;
			at += used;
			text += out;
			continue;
		}
		if (!run_open)
			add_run(w, text, at, 0);
		run_open = 1;
		at++;
		text++;
	}
	return text;
}

void yruns_find(struct arena *a, struct ynode *n, const char *src, size_t len)
{
	struct walk w = { a, n, n->loc.col, src, len };
	size_t text = len;

	if (n->plain)
		add_run(&w, 0, 0, 0);
	else if (len >= 2 && (src[0] == '"' || src[0] == '\''))
		text = walk_quoted(&w, src[0]);
	if (text != n->len)
		n->n_runs = 0;
}
