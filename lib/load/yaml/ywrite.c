/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decides for each node between { } on one line and a block below, and for each text
 * which quotes it needs.  Pure functions. */
#include "config.h"

#include "load/yaml/ywrite.h"

#include <string.h>

#include "base/mem.h"

#define LINE_MAX_COLUMNS	88

/* ---- scalars ---------------------------------------------------------------------- */

static bool has_control(const struct ynode *n)
{
	for (size_t i = 0; i < n->len; i++)
		if ((unsigned char)n->text[i] < ' ' || n->text[i] == 0x7f)
			return true;
	return false;
}

/* Does YAML take it for something else than these characters? */
static bool needs_quotes(const struct ynode *n, bool in_flow)
{
	const char *s = n->text;
	size_t len = n->len;

	if (!len)
		return false;	/* plain, so it is nothing at all */
	if (has_control(n) || s[0] == ' ' || s[len - 1] == ' ' || s[len - 1] == ':' ||
	    strstr(s, ": ") || strstr(s, " #"))
		return true;
	if (in_flow && (strpbrk(s, ",[]{}") || (s[0] == ':' && !s[1])))
		return true;
	if (strchr("-?:", s[0]))
		return len == 1 || s[1] == ' ' || (in_flow && strchr(",[]{}", s[1]));
	return strchr(",[]{}#&*!|>'\"%@`", s[0]) != NULL;
}

static void put_double_quoted(struct buf *b, const struct ynode *n)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < n->len; i++) {
		unsigned char c = (unsigned char)n->text[i];

		if (c == '\n')
			buf_puts(b, "\\n");
		else if (c == '\t')
			buf_puts(b, "\\t");
		else if (c < ' ' || c == 0x7f)
			buf_printf(b, "\\x%02x", c);
		else if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else
			buf_addc(b, (char)c);
	}
	buf_addc(b, '"');
}

static void put_single_quoted(struct buf *b, const struct ynode *n)
{
	buf_addc(b, '\'');
	for (size_t i = 0; i < n->len; i++) {
		if (n->text[i] == '\'')
			buf_addc(b, '\'');
		buf_addc(b, n->text[i]);
	}
	buf_addc(b, '\'');
}

static void put_scalar(struct buf *b, const struct ynode *n, bool in_flow)
{
	if (n->plain && !needs_quotes(n, in_flow))
		buf_add(b, n->text, n->len);
	else if (!has_control(n) && strpbrk(n->text, "\"\\"))
		put_single_quoted(b, n);
	else
		put_double_quoted(b, n);
}

/* ---- on one line --------------------------------------------------------------------- */

void ynode_write_flow(struct buf *b, const struct ynode *n)
{
	size_t step = n->kind == Y_MAP ? 2 : 1, i;

	if (n->kind == Y_SCALAR) {
		put_scalar(b, n, true);
		return;
	}
	buf_addc(b, n->kind == Y_MAP ? '{' : '[');
	for (i = 0; i + step <= n->n_items; i += step) {
		const struct ynode *value = n->items[i + step - 1];

		buf_puts(b, i ? ", " : "");
		if (n->kind == Y_MAP) {
			put_scalar(b, n->items[i], true);
			buf_puts(b, value->kind == Y_SCALAR && !value->len &&
				 value->plain ? ":" : ": ");
		}
		ynode_write_flow(b, value);
	}
	buf_addc(b, n->kind == Y_MAP ? '}' : ']');
}

/* A text that would need quotes there only because of the braces. */
static bool wants_block(const struct ynode *n)
{
	if (n->kind == Y_SCALAR)
		return n->plain && needs_quotes(n, true) && !needs_quotes(n, false);
	for (size_t i = 0; i < n->n_items; i++)
		if (wants_block(n->items[i]))
			return true;
	return false;
}

static bool fits(const struct ynode *n, size_t column)
{
	auto_buf struct buf line = BUF_INIT;

	if (n->kind == Y_SCALAR || !n->n_items)
		return true;
	if (wants_block(n))
		return false;
	ynode_write_flow(&line, n);
	return column + line.len <= LINE_MAX_COLUMNS;
}

/* ---- below one another ------------------------------------------------------------- */

static size_t column_of(const struct buf *b)
{
	size_t n = 0;

	while (n < b->len && b->data[b->len - 1 - n] != '\n')
		n++;
	return n;
}

static void put_block(struct buf *b, const struct ynode *n, size_t indent);

/* Behind "key:" or "-". */
static void put_value(struct buf *b, const struct ynode *n, size_t indent)
{
	if (n->kind == Y_SCALAR) {
		if (n->len || !n->plain) {
			buf_addc(b, ' ');
			put_scalar(b, n, false);
		}
		buf_addc(b, '\n');
	} else if (fits(n, column_of(b) + 1)) {
		buf_addc(b, ' ');
		ynode_write_flow(b, n);
		buf_addc(b, '\n');
	} else {
		buf_addc(b, '\n');
		put_block(b, n, indent + 2);
	}
}

static void put_pairs(struct buf *b, const struct ynode *map, size_t indent, bool begun)
{
	for (size_t i = 0; i + 1 < map->n_items; i += 2) {
		buf_fill(b, ' ', i || !begun ? indent : 0);
		put_scalar(b, map->items[i], false);
		buf_addc(b, ':');
		put_value(b, map->items[i + 1], indent);
	}
}

/* A mapping of one key needs no braces: "- app: close(fd)". */
static void put_item(struct buf *b, const struct ynode *n, size_t indent)
{
	buf_fill(b, ' ', indent);
	buf_addc(b, '-');
	if (n->kind == Y_MAP && n->n_items && (n->n_items == 2 || !fits(n, indent + 2))) {
		buf_addc(b, ' ');
		put_pairs(b, n, indent + 2, true);
	} else if (n->kind == Y_LIST) {
		buf_addc(b, ' ');
		ynode_write_flow(b, n);
		buf_addc(b, '\n');
	} else {
		put_value(b, n, indent);
	}
}

static void put_block(struct buf *b, const struct ynode *n, size_t indent)
{
	if (n->kind == Y_MAP)
		put_pairs(b, n, indent, false);
	for (size_t i = 0; n->kind == Y_LIST && i < n->n_items; i++)
		put_item(b, n->items[i], indent);
}

/* ---- sections --------------------------------------------------------------------------- */

/* These are read at a glance, whatever is in them. */
static const char *const lines[] = { "actors", "needs", "tags", "states", NULL };

static bool is_line(const char *key)
{
	for (size_t i = 0; lines[i]; i++)
		if (!strcmp(lines[i], key))
			return true;
	return false;
}

static bool has_inner(const struct ynode *n)
{
	for (size_t i = 0; n->kind != Y_SCALAR && i < n->n_items; i++)
		if (n->items[i]->kind == Y_MAP)
			return true;
	return false;
}

void ytree_write(struct buf *b, const struct ynode *root)
{
	for (size_t i = 0; i + 1 < root->n_items; i += 2) {
		const struct ynode *key = root->items[i], *value = root->items[i + 1];

		put_scalar(b, key, false);
		buf_addc(b, ':');
		if (has_inner(value) && !(is_line(key->text) && fits(value, key->len + 2))) {
			buf_addc(b, '\n');
			put_block(b, value, 2);
		} else {
			put_value(b, value, 0);
		}
	}
}
