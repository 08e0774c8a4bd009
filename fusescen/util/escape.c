/* SPDX-License-Identifier: GPL-2.0-or-later */
/* These functions do nothing but write. */
#include "config.h"

#include "fusescen/util/escape.h"

#include <string.h>

#include "base/escape.h"

#define REPLACEMENT	"\xef\xbf\xbd"

void put_plain(FILE *out, const char *s)
{
	auto_buf struct buf b = BUF_INIT;

	buf_shown(&b, s, strlen(s));
	fputs(buf_str(&b), out);
}

void put_lines(FILE *out, const char *s)
{
	auto_buf struct buf b = BUF_INIT;

	buf_shown_lines(&b, s, strlen(s));
	fputs(buf_str(&b), out);
}

void put_report(FILE *out, const char *s)
{
	auto_buf struct buf b = BUF_INIT;

	buf_brief(&b, s, strlen(s));
	fputs(buf_str(&b), out);
}

/* How a character is written.  NULL: as it is. */
typedef const char *escape_fn(char c);

static void add_escaped(struct buf *b, const char *s, escape_fn *escape)
{
	size_t left = strlen(s), len;

	for (; left; s += len, left -= len) {
		size_t shown = shown_length(s, left);
		const char *other = (unsigned char)*s < 0x80 ? escape(*s) : NULL;

		len = utf8_length(s, left);
		if (other)
			buf_puts(b, other);
		else if (shown || *s == '\n' || *s == '\t')
			buf_add(b, s, len);
		else
			buf_puts(b, REPLACEMENT);
		len = len ? len : 1;
	}
}

static void put_escaped(FILE *out, const char *s, escape_fn *escape)
{
	auto_buf struct buf b = BUF_INIT;

	add_escaped(&b, s, escape);
	fwrite(buf_str(&b), 1, b.len, out);
}

static const char *html_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	}
	return NULL;
}

void buf_html(struct buf *b, const char *s)
{
	add_escaped(b, s, html_of);
}

void put_html(FILE *out, const char *s)
{
	put_escaped(out, s, html_of);
}

static const char *markdown_of(char c)
{
	static const char special[] = "\\`*_[]|";
	static const char escaped[][3] = {
		"\\\\", "\\`", "\\*", "\\_", "\\[", "\\]", "\\|",
	};
	const char *at = strchr(special, c);

	if (at)
		return escaped[at - special];
	if (c == '<')
		return "&lt;";
	if (c == '&')
		return "&amp;";
	return c < 0x20 || c == 0x7f ? " " : NULL;
}

void put_markdown(FILE *out, const char *s)
{
	put_escaped(out, s, markdown_of);
}
