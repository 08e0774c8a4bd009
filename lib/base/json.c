/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One thread at a time. */
#include "config.h"

#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"

void buf_json(struct buf *b, const char *s, size_t n)
{
	size_t i, len;

	buf_addc(b, '"');
	for (i = 0; i < n; i += len) {
		size_t shown = shown_length(s + i, n - i);

		len = utf8_length(s + i, n - i);
		if (s[i] == '"' || s[i] == '\\')
			buf_printf(b, "\\%c", s[i]);
		else if (shown)
			buf_add(b, s + i, shown);
		else if (s[i] == '\n')
			buf_puts(b, "\\n");
		else if (len)
			buf_printf(b, "\\u%04" PRIx32, utf8_decode(s + i, len));
		else
			buf_printf(b, "\\u%04x", (unsigned char)s[i]);
		len = len ? len : 1;
	}
	buf_addc(b, '"');
}

static void break_line(struct json_writer *w)
{
	buf_addc(w->out, '\n');
	buf_fill(w->out, ' ', w->indent);
	w->breaks = false;
}

/* All that stands before a value. */
static void put_key(struct json_writer *w, const char *key)
{
	uint32_t bit = UINT32_C(1) << w->depth;

	if (w->depth && (w->filled & bit))
		buf_puts(w->out, w->spaced && !w->breaks ? ", " : ",");
	w->filled |= bit;
	if (w->breaks)
		break_line(w);
	if (!key)
		return;
	buf_json(w->out, key, strlen(key));
	buf_puts(w->out, w->spaced ? ": " : ":");
}

void json_begin(struct json_writer *w, const char *key, char bracket)
{
	uint32_t bit;

	put_key(w, key);
	buf_addc(w->out, bracket);
	if (++w->depth >= 32)
		die_bug("JSON that nests too deep");
	bit = UINT32_C(1) << w->depth;
	w->filled &= ~bit;
	w->lists = bracket == '[' ? w->lists | bit : w->lists & ~bit;
}

void json_end(struct json_writer *w)
{
	if (w->breaks)
		break_line(w);
	buf_addc(w->out, w->lists >> w->depth & 1 ? ']' : '}');
	w->depth--;
}

void json_break(struct json_writer *w, unsigned indent)
{
	w->breaks = true;
	w->indent = indent;
}

void json_put_bytes(struct json_writer *w, const char *key, const char *at,
		    size_t n)
{
	put_key(w, key);
	buf_json(w->out, at, n);
}

void json_put_text(struct json_writer *w, const char *key, const char *text)
{
	if (text)
		json_put_bytes(w, key, text, strlen(text));
}

void json_put_u64(struct json_writer *w, const char *key, uint64_t v)
{
	put_key(w, key);
	buf_printf(w->out, "%" PRIu64, v);
}

void json_put_i64(struct json_writer *w, const char *key, int64_t v)
{
	put_key(w, key);
	buf_printf(w->out, "%" PRId64, v);
}

void json_put_bool(struct json_writer *w, const char *key, bool v)
{
	json_put_raw(w, key, v ? "true" : "false");
}

void json_put_real(struct json_writer *w, const char *key, double v)
{
	put_key(w, key);
	if (isfinite(v))
		buf_printf(w->out, "%.17g", v);
	else
		buf_puts(w->out, "null");
}

void json_put_raw(struct json_writer *w, const char *key, const char *json)
{
	put_key(w, key);
	buf_puts(w->out, json);
}
