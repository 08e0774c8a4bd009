/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RFC 8259 by recursive descent.  A text with U+0000 is refused: nothing here
 * could hold it. */
#include "config.h"

#include "fusescen/util/json.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

#define DEPTH_MAX	32

struct parser {
	const char *at, *end;
	unsigned depth;
};

static void skip_space(struct parser *p)
{
	while (p->at < p->end && strchr(" \t\r\n", *p->at) && *p->at)
		p->at++;
}

/* Is this the next character?  Then it is behind us. */
static bool take(struct parser *p, char c)
{
	skip_space(p);
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) % 16 : -1;
}

static int read_hex4(struct parser *p, unsigned *out)
{
	int i;

	*out = 0;
	for (i = 0; i < 4; i++) {
		int d = p->at < p->end ? hex_digit(*p->at) : -1;

		if (d < 0)
			return -1;
		*out = *out * 16 + (unsigned)d;
		p->at++;
	}
	return 0;
}

static char *put_utf8(char *to, unsigned c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

/* Behind "\u"; NULL if it is no character.  Never longer than what was read. */
static char *read_unicode(struct parser *p, char *to)
{
	unsigned c, low;

	if (read_hex4(p, &c) || !c || (c >= 0xdc00 && c < 0xe000))
		return NULL;
	if (c >= 0xd800 && c < 0xdc00) {
		if (p->end - p->at < 2 || p->at[0] != '\\' || p->at[1] != 'u')
			return NULL;
		p->at += 2;
		if (read_hex4(p, &low) || low < 0xdc00 || low >= 0xe000)
			return NULL;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	return put_utf8(to, c);
}

/* Behind a backslash. */
static char *read_escape(struct parser *p, char *to)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (p->at == p->end || !*p->at)
		return NULL;
	if (*p->at == 'u') {
		p->at++;
		return read_unicode(p, to);
	}
	at = strchr(names, *p->at++);
	if (!at)
		return NULL;
	*to++ = meant[at - names];
	return to;
}

/* Behind the quote; NULL: it is none. */
static char *read_text(struct parser *p)
{
	const char *quote = p->at;
	char *text, *to;

	while (quote < p->end && *quote != '"')
		quote += *quote == '\\' ? 2 : 1;
	if (quote >= p->end)
		return NULL;
	text = to = xmalloc((size_t)(quote - p->at) + 1);
	while (to && *p->at != '"') {
		if ((unsigned char)*p->at < 0x20)
			to = NULL;
		else if (*p->at == '\\')
			p->at++, to = read_escape(p, to);
		else
			*to++ = *p->at++;
	}
	if (!to) {
		free(text);
		return NULL;
	}
	p->at++;
	*to = '\0';
	return text;
}

static bool is_number(const char *s, size_t n)
{
	size_t i = n && s[0] == '-';

	return i < n && s[i] >= '0' && s[i] <= '9' &&
		strspn(s + i, "0123456789.eE+-") >= n - i;
}

/* true, false, null or a number */
static int read_word(struct parser *p, struct json *j)
{
	size_t n = 0;

	while (p->at + n < p->end && p->at[n] &&
	       strchr("abcdefghijklmnopqrstuvwxyzE0123456789.+-", p->at[n]))
		n++;
	j->text = xstrndup(p->at, n);
	j->kind = is_number(j->text, n) ? JSON_NUMBER : JSON_WORD;
	if (j->kind == JSON_WORD && strcmp(j->text, "true") != 0 &&
	    strcmp(j->text, "false") != 0 && strcmp(j->text, "null") != 0)
		return -1;
	p->at += n;
	return 0;
}

static int read_value(struct parser *p, struct json *j);

static int read_part(struct parser *p, struct json *whole, struct json **last)
{
	struct json *part = xcalloc(1, sizeof(*part));

	if (*last)
		(*last)->next = part;
	else
		whole->first = part;
	*last = part;
	if (whole->kind == JSON_OBJECT) {
		if (!take(p, '"'))
			return -1;
		part->key = read_text(p);
		if (!part->key || !take(p, ':'))
			return -1;
	}
	return read_value(p, part);
}

/* Behind the bracket. */
static int read_parts(struct parser *p, struct json *j)
{
	char close = j->kind == JSON_LIST ? ']' : '}';
	struct json *last = NULL;

	if (take(p, close))
		return 0;
	if (++p->depth > DEPTH_MAX)
		return -1;
	do {
		if (read_part(p, j, &last))
			return -1;
	} while (take(p, ','));
	p->depth--;
	return take(p, close) ? 0 : -1;
}

static int read_value(struct parser *p, struct json *j)
{
	if (take(p, '{')) {
		j->kind = JSON_OBJECT;
		return read_parts(p, j);
	}
	if (take(p, '[')) {
		j->kind = JSON_LIST;
		return read_parts(p, j);
	}
	if (take(p, '"')) {
		j->kind = JSON_TEXT;
		j->text = read_text(p);
		return j->text ? 0 : -1;
	}
	return read_word(p, j);
}

static size_t line_of(const char *text, const char *at)
{
	size_t line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

struct json *json_parse(const char *text, size_t len, size_t *line)
{
	struct parser p = { text, text + len, 0 };
	struct json *j = xcalloc(1, sizeof(*j));
	int err = read_value(&p, j);

	skip_space(&p);
	if (!err && p.at == p.end)
		return j;
	*line = line_of(text, p.at);
	json_free(j);
	return NULL;
}

void json_free(struct json *j)
{
	while (j) {
		struct json *next = j->next;

		json_free(j->first);
		free(j->key);
		free(j->text);
		free(j);
		j = next;
	}
}

const struct json *json_member(const struct json *j, const char *key,
			       enum json_kind kind)
{
	const struct json *part = j->kind == JSON_OBJECT ? j->first : NULL;

	while (part && strcmp(part->key, key) != 0)
		part = part->next;
	return part && part->kind == kind ? part : NULL;
}

const char *json_text(const struct json *j, const char *key)
{
	const struct json *part = json_member(j, key, JSON_TEXT);

	return part ? part->text : NULL;
}
