/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pure functions. */
#include "config.h"

#include "base/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/units.h"

/* ---- characters ------------------------------------------------------------ */

size_t utf8_length(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len, i;

	if (!n)
		return 0;
	if (s[0] < 0x80)
		return 1;
	len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || len > n)
		return 0;
	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* overlong, surrogate, beyond U+10FFFF */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

uint32_t utf8_decode(const char *text, size_t len)
{
	static const unsigned char first[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)text[0] & first[len];
	size_t i;

	for (i = 1; i < len; i++)
		c = c << 6 | ((unsigned char)text[i] & 0x3f);
	return c;
}

/* In the order of their numbers. */
static const struct {
	uint32_t first, last;
} obeyed[] = {
	{ 0, 0x1f }, { 0x7f, 0x9f },
	{ 0x61c, 0x61c }, { 0x200e, 0x200f },	/* marks of direction */
	{ 0x2028, 0x202e },	/* separators of lines; embeddings, overrides */
	{ 0x2066, 0x2069 },	/* isolates */
};

static bool is_obeyed(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(obeyed) / sizeof(obeyed[0]); i++)
		if (c >= obeyed[i].first && c <= obeyed[i].last)
			return true;
	return false;
}

size_t shown_length(const char *s, size_t n)
{
	size_t len = utf8_length(s, n);

	return len && !is_obeyed(utf8_decode(s, len)) ? len : 0;
}

/* ---- text ------------------------------------------------------------------ */

/* One byte that is not shown. */
static void put_escape(struct buf *b, char c)
{
	if (c == '\n')
		buf_puts(b, "\\n");
	else if (c == '\t')
		buf_puts(b, "\\t");
	else
		buf_printf(b, "\\x%02x", (unsigned char)c);
}

static void put_shown(struct buf *b, const char *s, size_t n, const char *kept)
{
	size_t i = 0;

	while (i < n) {
		size_t len = shown_length(s + i, n - i);
		size_t bytes = utf8_length(s + i, n - i);

		if (!len && s[i] && strchr(kept, s[i]))
			len = 1;
		if (len) {
			buf_add(b, s + i, len);
			i += len;
			continue;
		}
		for (bytes = bytes ? bytes : 1; bytes; bytes--)
			put_escape(b, s[i++]);
	}
}

void buf_shown(struct buf *b, const char *s, size_t n)
{
	put_shown(b, s, n, "");
}

void buf_shown_lines(struct buf *b, const char *s, size_t n)
{
	put_shown(b, s, n, "\n\t");
}

/* Not in the middle of a character. */
static size_t cut_at(const char *s, size_t at)
{
	while (at && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static void put_brief_line(struct buf *b, const char *s, size_t n)
{
	size_t head = LINE_SHOWN_MAX * 3 / 4, tail = LINE_SHOWN_MAX / 4;

	if (n <= LINE_SHOWN_MAX) {
		buf_shown_lines(b, s, n);
		return;
	}
	head = cut_at(s, head);
	tail = cut_at(s, n - tail);
	buf_shown_lines(b, s, head);
	buf_puts(b, " ... ");
	buf_shown_lines(b, s + tail, n - tail);
}

void buf_brief(struct buf *b, const char *s, size_t n)
{
	const char *nl;

	while ((nl = memchr(s, '\n', n))) {
		size_t len = (size_t)(nl - s);

		put_brief_line(b, s, len);
		buf_addc(b, '\n');
		s += len + 1;
		n -= len + 1;
	}
	put_brief_line(b, s, n);
}

/* What stands between the quotes, which are of this kind. */
static void put_bytes(struct buf *b, const unsigned char *s, size_t n, char quote)
{
	size_t i;

	for (i = 0; i < n; i++) {
		bool digit = i + 1 < n && s[i + 1] >= '0' && s[i + 1] <= '9';

		if (s[i] == (unsigned char)quote || s[i] == '\\')
			buf_printf(b, "\\%c", s[i]);
		else if (s[i] == '\n')
			buf_puts(b, "\\n");
		else if (s[i] == '\0' && !digit)
			buf_puts(b, "\\0");
		else if (s[i] >= 0x20 && s[i] < 0x7f)
			buf_addc(b, (char)s[i]);
		else
			buf_printf(b, "\\x%02x", s[i]);
	}
}

void buf_quote(struct buf *b, const void *p, size_t n, size_t max)
{
	buf_addc(b, '"');
	put_bytes(b, p, n < max ? n : max, '"');
	buf_addc(b, '"');
	if (max < n)
		buf_puts(b, "...");
}

/* ---- data ------------------------------------------------------------------ */

#define PERIOD_MAX	8	/* what repeats is no longer */
#define REPEATS_MIN	4	/* and not seldomer */
#define RUN_MIN		8	/* fewer bytes are read at a glance */

/* The length of what is repeated; 0: nothing is. */
static size_t find_period(const unsigned char *s, size_t n)
{
	size_t period;

	for (period = 1; period <= PERIOD_MAX; period++) {
		if (n < RUN_MIN || n < period * REPEATS_MIN)
			return 0;
		if (!memcmp(s, s + period, n - period))
			return period;
	}
	return 0;
}

void buf_data(struct buf *b, const void *p, size_t n, uint64_t total)
{
	size_t period = find_period(p, n);
	char quote = period == 1 ? '\'' : '"';

	if (!period) {
		buf_quote(b, p, n, DATA_SHOWN);
		if (n < total && n <= DATA_SHOWN)
			buf_puts(b, "...");
		return;
	}
	buf_addc(b, quote);
	put_bytes(b, p, period, quote);
	buf_printf(b, "%c*", quote);
	print_size(b, n);
	if (n < total)
		buf_puts(b, "...");
}
