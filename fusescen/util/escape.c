/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pure functions but for what they write. */
#include "config.h"

#include "fusescen/util/escape.h"

#include <stdbool.h>
#include <string.h>

#define REPLACEMENT	"\xef\xbf\xbd"

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Length of the character at s, 0 if it is none (overlong, surrogate, cut). */
static size_t utf8_length(const char *s)
{
	unsigned char a = (unsigned char)s[0], b = (unsigned char)s[1];

	if (a < 0x80)
		return 1;
	if (a < 0xc2 || a > 0xf4 || !is_tail(s[1]))
		return 0;
	if (a < 0xe0)
		return 2;
	if ((a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f) || !is_tail(s[2]))
		return 0;
	if (a < 0xf0)
		return 3;
	if ((a == 0xf0 && b < 0x90) || (a == 0xf4 && b > 0x8f) || !is_tail(s[3]))
		return 0;
	return 4;
}

/* Everything at s that is not ASCII; returns how many bytes that was. */
static size_t put_foreign(FILE *out, const char *s)
{
	size_t n = utf8_length(s);

	if (!n)
		fputs(REPLACEMENT, out);
	else
		fwrite(s, 1, n, out);
	return n ? n : 1;
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

void put_plain(FILE *out, const char *s)
{
	while (*s) {
		if ((unsigned char)*s >= 0x80)
			s += put_foreign(out, s);
		else if (is_control(*s++))
			putc('?', out);
		else
			putc(s[-1], out);
	}
}

void put_json(FILE *out, const char *s)
{
	putc('"', out);
	while (*s) {
		if ((unsigned char)*s >= 0x80) {
			s += put_foreign(out, s);
			continue;
		}
		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if (*s == '\n')
			fputs("\\n", out);
		else if (is_control(*s))
			fprintf(out, "\\u%04x", (unsigned)*s);
		else
			putc(*s, out);
		s++;
	}
	putc('"', out);
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
	return is_control(c) && c != '\n' && c != '\t' ? REPLACEMENT : NULL;
}

void put_html(FILE *out, const char *s)
{
	while (*s) {
		const char *other;

		if ((unsigned char)*s >= 0x80) {
			s += put_foreign(out, s);
			continue;
		}
		other = html_of(*s);
		if (other)
			fputs(other, out);
		else
			putc(*s, out);
		s++;
	}
}

void put_markdown(FILE *out, const char *s)
{
	while (*s) {
		if ((unsigned char)*s >= 0x80) {
			s += put_foreign(out, s);
			continue;
		}
		if (is_control(*s))
			putc(' ', out);
		else if (*s == '<')
			fputs("&lt;", out);
		else if (*s == '&')
			fputs("&amp;", out);
		else if (strchr("\\`*_[]|", *s))
			fprintf(out, "\\%c", *s);
		else
			putc(*s, out);
		s++;
	}
}
