/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the text of a report: a failure begins at the left edge, "NAME:LINE:COL: fail:
 * WHAT", and what belongs to it is indented.  Pure functions. */
#include "config.h"

#include "fusescen/minimize/failure.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define TITLE_MAX	120	/* columns, about */

/* ---- words ------------------------------------------------------------------------------ */

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The next place of the word at p or behind it; NULL: there is none. */
static const char *find_word(const char *text, const char *p, const char *word)
{
	size_t n = strlen(word);

	for (; n && (p = strstr(p, word)); p++) {
		if ((p == text || !is_word_char(p[-1]) || !is_word_char(word[0])) &&
		    (!is_word_char(p[n]) || !is_word_char(word[n - 1])))
			return p;
	}
	return NULL;
}

bool has_word(const char *text, const char *word)
{
	return find_word(text, text, word) != NULL;
}

char *words_replaced(const char *text, const char *from, const char *to)
{
	struct buf b = BUF_INIT;
	const char *p = text, *at;

	while (from && (at = find_word(text, p, from))) {
		buf_add(&b, p, (size_t)(at - p));
		buf_puts(&b, to);
		p = at + strlen(from);
	}
	buf_puts(&b, p);
	buf_puts(&b, "");
	return b.data ? buf_steal(&b) : xstrdup("");
}

/* ---- reading ---------------------------------------------------------------------------- */

/* "#12" is an event, and another run has other numbers. */
static char *unnumbered(const char *text, size_t n)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		buf_addc(&b, text[i]);
		if (text[i] != '#')
			continue;
		while (i + 1 < n && isdigit((unsigned char)text[i + 1]))
			i++;
	}
	return b.len ? buf_steal(&b) : xstrdup("");
}

/* What follows "  LABEL" in the lines of a failure, with the lines that go on with
 * it, which are indented further. */
static char *labelled(const char *text, const char *end, const char *label)
{
	struct buf b = BUF_INIT;
	bool is_in = false;

	for (const char *p = text; p < end;) {
		size_t n = strcspn(p, "\n");
		const char *rest = p + n > p + 12 ? p + 12 : p + n;

		if (!strncmp(p, label, strlen(label)))
			is_in = true;
		else if (strncmp(p, "            ", 12) != 0)
			is_in = false;
		if (is_in && b.len)
			buf_addc(&b, '\n');
		if (is_in)
			buf_add(&b, rest, (size_t)(p + n - rest));
		p += n + (p[n] == '\n');
	}
	if (b.len) {
		char *out = unnumbered(buf_str(&b), b.len);

		buf_fini(&b);
		return out;
	}
	return xstrdup("");
}

/* The end of the failure that begins at p. */
static const char *block_end(const char *p)
{
	const char *end = p + strcspn(p, "\n");

	while (end[0] == '\n' && end[1] == ' ' && strncmp(end + 1, "  events:", 9) != 0 &&
	       strncmp(end + 1, "  with ", 7) != 0)
		end += 1 + strcspn(end + 1, "\n");
	return end;
}

/* ":8:34" before ": fail" */
static void read_place(struct failure *f, const char *line, const char *label)
{
	auto_free char *head = xstrndup(line, (size_t)(label - line));
	char *col = strrchr(head, ':'), *row;

	if (!col || !isdigit((unsigned char)col[1]))
		return;
	*col = '\0';
	row = strrchr(head, ':');
	if (row && isdigit((unsigned char)row[1])) {
		f->line = (unsigned)strtoul(row + 1, NULL, 10);
		f->col = (unsigned)strtoul(col + 1, NULL, 10);
	}
}

static bool read_block(struct failure *f, const char *p, const char *end)
{
	size_t n = strcspn(p, "\n");
	auto_free char *line = xstrndup(p, n);
	const char *label = strstr(line, ": fail: ");

	*f = (struct failure){ NULL, NULL, NULL, 0, 0 };
	if (!label)
		return false;
	read_place(f, line, label);
	f->what = unnumbered(label + 8, strlen(label + 8));
	f->expected = labelled(p, end, "  expected:");
	f->actual = labelled(p, end, "  actual:");
	return true;
}

static bool next_failure(const char **report, struct failure *f, const char **from,
			 const char **to)
{
	while (**report) {
		const char *p = *report, *end = block_end(p);

		*report = *end ? end + 1 : end;
		if (*p != ' ' && *p != '\n' && read_block(f, p, end)) {
			*from = p;
			*to = end;
			return true;
		}
	}
	return false;
}

void failure_free(struct failure *f)
{
	free(f->what);
	free(f->expected);
	free(f->actual);
	*f = (struct failure){ NULL, NULL, NULL, 0, 0 };
}

bool failure_read(struct failure *f, const char *report, const char *with)
{
	const char *from, *to;

	while (next_failure(&report, f, &from, &to)) {
		if (!with || memmem(from, (size_t)(to - from), with, strlen(with)))
			return true;
		failure_free(f);
	}
	return false;
}

/* ---- comparing ---------------------------------------------------------------------------- */

static bool is_same(const char *a, const char *b, const char *from, const char *to)
{
	auto_free char *other = words_replaced(a, from, to);

	return strcmp(other, b) == 0;
}

bool failure_is_in(const struct failure *f, const char *report, const char *from,
		   const char *to, unsigned *line)
{
	const char *p, *end;
	struct failure other;
	bool same = false;

	while (!same && next_failure(&report, &other, &p, &end)) {
		same = is_same(f->what, other.what, from, to) &&
			is_same(f->expected, other.expected, from, to) &&
			is_same(f->actual, other.actual, from, to);
		if (same && line)
			*line = other.line;
		failure_free(&other);
	}
	return same;
}

/* ---- words for people ----------------------------------------------------------------------- */

/* Up to and with the last " = ", where both have it. */
static size_t common_call(const char *a, const char *b)
{
	const char *end = NULL;

	for (const char *p = a; (p = strstr(p, " = ")); p += 3)
		end = p + 3;
	return end && !strncmp(a, b, (size_t)(end - a)) ? (size_t)(end - a) : 0;
}

char *failure_title(const struct failure *f)
{
	size_t n = common_call(f->expected, f->actual);
	const char *detail = strstr(f->actual, " (data differs");
	int actual = (int)(detail ? (size_t)(detail - f->actual) : strlen(f->actual));
	char *out;

	if (n)
		out = xasprintf("%.*s%.*s, and should be %s", (int)n, f->expected,
				actual - (int)n, f->actual + n, f->expected + n);
	else if (*f->expected && *f->actual)
		out = xasprintf("Expected: %s; got: %s", f->expected, f->actual);
	else
		out = xstrdup(f->what);
	for (char *p = out; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	if (strlen(out) > TITLE_MAX)
		strcpy(out + TITLE_MAX - 3, "...");
	return out;
}
