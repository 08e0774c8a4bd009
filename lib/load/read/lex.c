/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cursor over a scalar's text.  One thread at a time. */
#include "config.h"

#include "load/read/lex.h"

#include <ctype.h>
#include <string.h>

#include "base/limits.h"
#include "base/units.h"

void lex_init(struct lex *lx, struct loader *ld, const struct text *t)
{
	*lx = (struct lex){ ld, t, 0, t->len };
}

struct loc lex_loc(const struct lex *lx, struct tok tok)
{
	return text_loc(lx->t, tok.at, tok.len);
}

static void skip_blanks(struct lex *lx)
{
	while (lx->at < lx->end && isspace((unsigned char)lx->t->s[lx->at]))
		lx->at++;
}

static struct tok tok_make(const struct lex *lx, size_t from, size_t to)
{
	return (struct tok){ lx->t->s + from, to - from, from };
}

bool lex_done(struct lex *lx)
{
	skip_blanks(lx);
	return lx->at >= lx->end;
}

bool lex_next_is(struct lex *lx, char c)
{
	return !lex_done(lx) && lx->t->s[lx->at] == c;
}

bool lex_accept(struct lex *lx, const char *sign)
{
	size_t n = strlen(sign);

	if (lex_done(lx) || lx->end - lx->at < n ||
	    memcmp(lx->t->s + lx->at, sign, n) != 0)
		return false;
	lx->at += n;
	return true;
}

struct tok lex_word(struct lex *lx)
{
	size_t from;

	skip_blanks(lx);
	from = lx->at;
	while (lx->at < lx->end && (isalnum((unsigned char)lx->t->s[lx->at]) ||
				    lx->t->s[lx->at] == '_'))
		lx->at++;
	return tok_make(lx, from, lx->at);
}

struct tok lex_token(struct lex *lx, const char *stops)
{
	size_t from;

	skip_blanks(lx);
	from = lx->at;
	while (lx->at < lx->end && !isspace((unsigned char)lx->t->s[lx->at]) &&
	       !strchr(stops, lx->t->s[lx->at]))
		lx->at++;
	return tok_make(lx, from, lx->at);
}

struct tok lex_peek(struct lex *lx, const char *stops)
{
	size_t at = lx->at;
	struct tok tok = lex_token(lx, stops);

	lx->at = at;
	return tok;
}

struct loc lex_here(const struct lex *lx)
{
	struct lex ahead = *lx;
	struct tok tok = lex_token(&ahead, "(),={}[]");

	if (!tok.len && tok.at < lx->end)
		tok.len = 1;
	return lex_loc(lx, tok);
}

struct tok lex_rest(struct lex *lx)
{
	size_t to = lx->end;

	skip_blanks(lx);
	while (to > lx->at && isspace((unsigned char)lx->t->s[to - 1]))
		to--;
	return tok_make(lx, lx->at, to);
}

/* Why a text may end too early. */
static const char *comment_hint(const struct lex *lx)
{
	return lx->t->node->commented ? " (\" #\" begins a comment; put the "
		"whole text in quotes: '...')" : "";
}

int lex_expected(struct lex *lx, const char *what)
{
	struct tok tok = lex_peek(lx, "(),={}[]");

	if (lex_done(lx))
		return diag(lx->ld->dg, lex_here(lx),
			    "expected %s, got the end of the text%s", what,
			    comment_hint(lx));
	if (!tok.len)
		tok.len = 1;
	return diag(lx->ld->dg, lex_loc(lx, tok), "expected %s, got \"%.*s\"",
		    what, tok.len > 60 ? 60 : (int)tok.len, tok.s);
}

/* ---- strings and data --------------------------------------------------- */

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' :
	       isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* \x41 or \101 at s[0..n), behind the backslash; bytes used, 0 if it is not. */
static size_t numeric_escape(const char *s, size_t n, uint8_t *out)
{
	unsigned v = 0;
	size_t i = 0;

	if (n >= 3 && s[0] == 'x' && hex_digit(s[1]) >= 0 &&
	    hex_digit(s[2]) >= 0) {
		*out = (uint8_t)(hex_digit(s[1]) << 4 | hex_digit(s[2]));
		return 3;
	}
	while (i < n && i < 3 && s[i] >= '0' && s[i] <= '7')
		v = v * 8 + (unsigned)(s[i++] - '0');
	*out = (uint8_t)v;
	return v < 256 ? i : 0;
}

static size_t escape(const char *s, size_t n, uint8_t *out)
{
	static const char from[] = "ntr\\\"'abfv";
	static const char to[] = "\n\t\r\\\"'\a\b\f\v";
	const char *p = n ? memchr(from, s[0], sizeof(from) - 1) : NULL;

	if (!p)
		return numeric_escape(s, n, out);
	*out = (uint8_t)to[p - from];
	return 1;
}

int lex_string(struct lex *lx, uint8_t **p, size_t *len)
{
	auto_buf struct buf b = BUF_INIT;
	const char *s = lx->t->s;
	size_t start = lx->at;
	char quote = s[lx->at++];

	while (lx->at < lx->end && s[lx->at] != quote) {
		uint8_t c = (uint8_t)s[lx->at++];

		if (c == '\\') {
			size_t used = escape(s + lx->at, lx->end - lx->at, &c);

			if (!used)
				return diag(lx->ld->dg,
					    text_loc(lx->t, lx->at - 1, 2),
					    "unknown escape in text; known "
					    "are \\n \\t \\r \\\\ \\\" \\' "
					    "\\x41 \\101");
			lx->at += used;
		}
		buf_addc(&b, (char)c);
	}
	if (lx->at >= lx->end)
		return diag(lx->ld->dg, text_loc(lx->t, start, lx->end - start),
			    "the closing %c is missing%s", quote,
			    comment_hint(lx));
	lx->at++;
	*len = b.len;
	*p = (uint8_t *)arena_strndup(lx->ld->arena, buf_str(&b), b.len);
	return 0;
}

static int data_size(struct lex *lx, uint64_t *out)
{
	struct tok tok = lex_token(lx, ",)=\"'");

	if (parse_size(tok.s, tok.len, out))
		return diag(lx->ld->dg, lex_loc(lx, tok),
			    "expected a size, got \"%.*s\"", (int)tok.len,
			    tok.s);
	if (*out > LIMIT_CALL_DATA)
		return diag_limit(lx->ld->dg, lex_loc(lx, tok),
				  LIMIT_OF(CALL_DATA));
	return 0;
}

static bool at_quote(struct lex *lx)
{
	return lex_next_is(lx, '"') || lex_next_is(lx, '\'');
}

static int data_piece(struct lex *lx, bool bare, struct data_spec *out)
{
	uint8_t *p;
	size_t len;

	*out = (struct data_spec){ 0 };
	if (!at_quote(lx)) {
		struct tok tok = lex_peek(lx, ",)=");
		uint64_t size;

		if (!bare || parse_size(tok.s, tok.len, &size))
			return lex_expected(lx, bare ? "data (\"text\", "
					    "'c'*4K or a size)" :
					    "data (\"text\" or 'c'*4K)");
		return data_size(lx, &out->len);
	}
	if (lex_string(lx, &p, &len))
		return -1;
	out->p = p;
	out->period = len;
	out->len = len;
	if (!lex_accept(lx, "*"))
		return 0;
	if (!len)
		return diag(lx->ld->dg, lex_here(lx),
			    "nothing cannot be repeated");
	return data_size(lx, &out->len);
}

/* One piece, and what follows it in a list of its own: the lengths are those from
 * a piece to the end, so that they are known last. */
int lex_data(struct lex *lx, bool bare, struct data_spec *out)
{
	struct data_spec *piece = out, *next;
	size_t start;

	lex_done(lx);
	start = lx->at;
	if (data_piece(lx, bare, out))
		return -1;
	while (at_quote(lx)) {
		struct data_spec *p;

		next = ARENA_NEW(lx->ld->arena, struct data_spec);
		if (data_piece(lx, false, next))
			return -1;
		piece->next = next;
		piece = next;
		for (p = out; p != next; p = (struct data_spec *)p->next)
			p->len += next->len;
		if (out->len > LIMIT_CALL_DATA)
			return diag_limit(lx->ld->dg,
					  text_loc(lx->t, start, lx->at - start),
					  LIMIT_OF(CALL_DATA));
	}
	return 0;
}

bool tok_is(struct tok tok, const char *word)
{
	return strlen(word) == tok.len && !memcmp(tok.s, word, tok.len);
}

char *tok_dup(struct loader *ld, struct tok tok)
{
	return arena_strndup(ld->arena, tok.s, tok.len);
}
