/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading single values.  One thread at a time. */
#include "config.h"

#include "load/read/values.h"

#include <ctype.h>
#include <string.h>

#include "base/errnos.h"
#include "base/units.h"

#define SHOWN	60	/* bytes of a wrong value in a message */

struct tok text_tok(const struct text *t)
{
	return (struct tok){ t->s, t->len, 0 };
}

static int shown(size_t len)
{
	return len > SHOWN ? SHOWN : (int)len;
}

int value_expected(struct loader *ld, const struct text *t, const char *what)
{
	if (!t->len)
		return diag(ld->dg, text_loc(t, 0, 0),
			    "expected %s, got nothing", what);
	return diag(ld->dg, text_loc(t, 0, t->len), "expected %s, got \"%.*s\"",
		    what, shown(t->len), t->s);
}

int value_text(struct loader *ld, const struct ynode *n, const char *what,
	       struct text *out)
{
	if (n->kind != Y_SCALAR)
		return diag(ld->dg, n->loc, "expected %s, got %s", what,
			    ynode_describe(n));
	if (text_of(ld, n, out))
		return -1;
	if (!n->len && n->plain)
		return value_expected(ld, out, what);
	return 0;
}

static int value_is(struct loader *ld, const struct ynode *n, enum ykind kind,
		    const char *what)
{
	if (n->kind == kind)
		return 0;
	if (n->kind == Y_SCALAR && n->len)
		return diag(ld->dg, n->loc, "expected %s, got \"%.*s\"", what,
			    shown(n->len), n->text);
	return diag(ld->dg, n->loc, "expected %s, got %s", what,
		    ynode_describe(n));
}

int value_is_list(struct loader *ld, const struct ynode *n, const char *what)
{
	return value_is(ld, n, Y_LIST, what);
}

int value_is_map(struct loader *ld, const struct ynode *n, const char *what)
{
	return value_is(ld, n, Y_MAP, what);
}

/* ---- numbers ------------------------------------------------------------ */

int value_size(struct loader *ld, const struct ynode *n, void *u64)
{
	static const char what[] = "a size (4096, 4K, 1M)";
	struct text t;

	if (value_text(ld, n, what, &t))
		return -1;
	if (parse_size(t.s, t.len, u64))
		return value_expected(ld, &t, what);
	return 0;
}

int value_time(struct loader *ld, const struct ynode *n, void *u64_ns)
{
	static const char what[] = "a time (20ms, 1s, 2min)";
	struct text t;

	if (value_text(ld, n, what, &t))
		return -1;
	if (parse_time(t.s, t.len, u64_ns))
		return value_expected(ld, &t, what);
	return 0;
}

/* A number of min at least. */
static int read_count(struct loader *ld, const struct ynode *n, uint64_t min,
		      struct text *t, uint64_t *out)
{
	if (value_text(ld, n, "a number", t))
		return -1;
	if (parse_size(t->s, t->len, out))
		return value_expected(ld, t, "a number");
	if (*out < min)
		return diag(ld->dg, text_loc(t, 0, t->len),
			    "%.*s is too small: at least %llu", shown(t->len),
			    t->s, (unsigned long long)min);
	return 0;
}

int value_count(struct loader *ld, const struct ynode *n, uint64_t min,
		uint64_t max, uint64_t *out)
{
	struct text t;
	uint64_t v;

	if (read_count(ld, n, min, &t, &v))
		return -1;
	if (v > max)
		return diag(ld->dg, text_loc(&t, 0, t.len),
			    "%.*s is too large: at most %llu", shown(t.len),
			    t.s, (unsigned long long)max);
	*out = v;
	return 0;
}

int value_limited(struct loader *ld, const struct ynode *n, uint64_t min,
		  const struct limit *max, uint64_t *out)
{
	struct text t;
	uint64_t v;

	if (read_count(ld, n, min, &t, &v))
		return -1;
	if (v > max->value)
		return diag_limit(ld->dg, text_loc(&t, 0, t.len), max);
	*out = v;
	return 0;
}

int value_u32(struct loader *ld, const struct ynode *n, void *u32)
{
	uint64_t v = 0;

	if (value_count(ld, n, 0, UINT32_MAX, &v))
		return -1;
	*(uint32_t *)u32 = (uint32_t)v;
	return 0;
}

int value_mode(struct loader *ld, const struct ynode *n, void *u32)
{
	static const char what[] = "permission bits in octal (0644)";
	struct text t;
	uint64_t v;

	if (value_text(ld, n, what, &t))
		return -1;
	if (t.s[0] != '0' || parse_size(t.s, t.len, &v) || v > 07777)
		return value_expected(ld, &t, what);
	*(uint32_t *)u32 = (uint32_t)v;
	return 0;
}

/* ---- words -------------------------------------------------------------- */

int value_true(struct loader *ld, const struct ynode *n, void *boolean)
{
	struct text t;

	if (value_text(ld, n, "true or false", &t))
		return -1;
	if (strcmp(t.s, "true") && strcmp(t.s, "false"))
		return value_expected(ld, &t, "true or false");
	*(bool *)boolean = t.s[0] == 't';
	return 0;
}

int value_string(struct loader *ld, const struct ynode *n, void *string)
{
	struct text t;

	if (value_text(ld, n, "a text", &t))
		return -1;
	*(const char **)string = t.s;
	return 0;
}

int value_name(struct loader *ld, const struct ynode *n, const char *what,
	       struct text *out)
{
	if (value_text(ld, n, what, out))
		return -1;
	if (!is_name(out->s, out->len))
		return value_expected(ld, out, what);
	return 0;
}

int errno_from_tok(struct loader *ld, const struct text *t, struct tok tok,
		   int *out)
{
	int64_t v;

	*out = errno_by_name(tok.s, tok.len);
	if (*out)
		return 0;
	if (parse_int(tok.s, tok.len, &v) || v < -4095 || v > 4095)
		return diag_unknown(ld->dg, text_loc(t, tok.at, tok.len),
				    "errno", tok.s, tok.len, errno_words());
	*out = (int)v;
	return 0;
}

int value_switch(struct loader *ld, const struct ynode *n, void *boolean)
{
	bool *is_on = boolean;
	struct text t;

	if (value_text(ld, n, "true or false", &t))
		return -1;
	*is_on = !strcmp(t.s, "true");
	return *is_on || !strcmp(t.s, "false") ? 0 :
		value_expected(ld, &t, "true or false");
}

int value_errno(struct loader *ld, const struct ynode *n, void *integer)
{
	struct text t;

	if (value_text(ld, n, "an errno (EIO)", &t))
		return -1;
	return errno_from_tok(ld, &t, text_tok(&t), integer);
}

/* ---- flags -------------------------------------------------------------- */

static int flag_from_tok(struct loader *ld, const struct text *t,
			 struct tok tok, const struct flagset *set,
			 uint64_t *on, uint64_t *off)
{
	const struct flag *row;
	uint64_t bits;
	bool without = tok.len && tok.s[0] == '-';

	if (without) {
		if (!off)
			return diag(ld->dg, text_loc(t, tok.at, tok.len),
				    "\"%.*s\": a flag cannot be taken away "
				    "here", shown(tok.len), tok.s);
		tok = (struct tok){ tok.s + 1, tok.len - 1, tok.at + 1 };
	}
	if (!tok.len)
		return diag(ld->dg, text_loc(t, tok.at, 0),
			    "expected a name (%s), got nothing", set->what);
	row = flag_find(set, tok.s, tok.len);
	if (row && row->within && without)
		return diag(ld->dg, text_loc(t, tok.at, tok.len), "%s is a value "
			    "and not a bit: exclude it with != or {not: %s}",
			    row->name, row->name);
	if (row && off)
		*off |= row->within & ~row->bits;
	if (row) {
		*(without ? off : on) |= row->bits;
		return 0;
	}
	if (tok.len && isdigit((unsigned char)tok.s[0]) &&
	    !parse_size(tok.s, tok.len, &bits)) {
		*(without ? off : on) |= bits;
		return 0;
	}
	return diag_unknown(ld->dg, text_loc(t, tok.at, tok.len), set->what,
			    tok.s, tok.len, flag_words(set));
}

int flags_from_tok(struct loader *ld, const struct text *t, struct tok tok,
		   const struct flagset *set, uint64_t *on, uint64_t *off)
{
	size_t from = 0, to, end;

	set = flagset_of(ld->sc->protocol, set);
	do {
		to = from;
		while (to < tok.len && tok.s[to] != '|')
			to++;
		end = to;
		while (from < end && isspace((unsigned char)tok.s[from]))
			from++;
		while (end > from && isspace((unsigned char)tok.s[end - 1]))
			end--;
		if (flag_from_tok(ld, t, (struct tok){ tok.s + from, end - from,
						       tok.at + from },
				  set, on, off))
			return -1;
		from = to + 1;
	} while (to < tok.len);
	return 0;
}

int value_flags(struct loader *ld, const struct ynode *n,
		const struct flagset *set, uint64_t *on, uint64_t *off)
{
	int bad = 0;
	struct text t;
	size_t i;

	set = flagset_of(ld->sc->protocol, set);
	*on = 0;
	if (off)
		*off = 0;
	if (n->kind == Y_LIST) {
		for (i = 0; i < n->n_items; i++)
			bad |= value_text(ld, n->items[i], set->what, &t) ||
			       flags_from_tok(ld, &t, text_tok(&t), set, on,
					      off);
		return bad ? -1 : 0;
	}
	if (n->kind == Y_MAP)
		return diag(ld->dg, n->loc, "expected a list of %ss, got a "
			    "mapping", set->what);
	if (value_text(ld, n, set->what, &t))
		return -1;
	/* an empty text, most often that of a case's variable: no flags */
	return t.len ? flags_from_tok(ld, &t, text_tok(&t), set, on, off) : 0;
}

/* ---- data --------------------------------------------------------------- */

/* 'c'*SIZE or "text" with quotes of our own inside the YAML scalar, or several of
 * them, the last of which may have others than the first. */
static bool has_own_quotes(const struct text *t)
{
	size_t last = t->len;

	if (t->len < 2 || (t->s[0] != '"' && t->s[0] != '\''))
		return false;
	while (--last && t->s[last] != '"' && t->s[last] != '\'')
		;
	return last && (last == t->len - 1 || strchr(t->s + last, '*'));
}

/* Backslash and what C has behind one. */
static const char *find_escape(const struct text *t)
{
	const char *p = t->s, *end = t->s + t->len;

	while ((p = memchr(p, '\\', (size_t)(end - p))) && p + 1 < end) {
		if (strchr("ntrabfvx\\\"'01234567", p[1]))
			return p;
		p++;
	}
	return NULL;
}

/* Without quotes of its own a text is taken as it is, which is not what whoever
 * writes an escape wants. */
static int refuse_escape(struct loader *ld, const struct text *t, const char *at)
{
	return diag(ld->dg, text_loc(t, (size_t)(at - t->s), 2), "an escape needs "
		    "quotes of its own around the text: '\"%.*s\"' (and a "
		    "backslash is \\\\)", shown(t->len), t->s);
}

int value_data(struct loader *ld, const struct ynode *n, void *data_spec)
{
	struct data_spec *out = data_spec;
	struct text t;
	struct lex lx;
	uint64_t size;
	const char *escape;

	if (value_text(ld, n, "data (text or \"'c'*4K\")", &t))
		return -1;
	if (has_own_quotes(&t)) {
		lex_init(&lx, ld, &t);
		if (lex_data(&lx, false, out))
			return -1;
		return lex_done(&lx) ? 0 : lex_expected(&lx, "the end");
	}
	if (n->plain && !parse_size(t.s, t.len, &size))
		return diag(ld->dg, text_loc(&t, 0, t.len), "data cannot be a "
			    "bare size here; write \"'c'*%s\", or '\"%s\"' "
			    "for these characters", t.s, t.s);
	escape = find_escape(&t);
	if (escape)
		return refuse_escape(ld, &t, escape);
	*out = (struct data_spec){ (const uint8_t *)t.s, t.len, t.len, NULL };
	return 0;
}

/* More than any reply that the kernel takes. */
#define HEX_MAX		(1u << 20)

static int hex_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' :
	       isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* "ff", or "ff*4095" for a byte that is repeated. */
static int read_hex(struct loader *ld, const struct text *t, size_t *at,
		    uint8_t *byte, uint64_t *times)
{
	static const char what[] = "bytes in hexadecimal (\"00 ff\")";
	int hi = hex_value(t->s[*at]);
	int lo = hi < 0 ? -1 : hex_value(t->s[*at + 1]);
	size_t digits = *at + 3, end = digits;

	if (lo < 0)
		return diag(ld->dg, text_loc(t, *at, 1),
			    "expected %s, got \"%.*s\"", what,
			    t->len - *at > 1 ? 2 : 1, t->s + *at);
	*byte = (uint8_t)(hi << 4 | lo);
	*times = 1;
	*at += 2;
	if (t->s[*at] != '*')
		return 0;
	while (isalnum((unsigned char)t->s[end]))
		end++;
	if (parse_size(t->s + digits, end - digits, times) ||
	    *times > HEX_MAX)
		return diag(ld->dg, text_loc(t, digits, end - digits),
			    "expected how many times, at most 1M");
	*at = end;
	return 0;
}

int value_hex(struct loader *ld, const struct ynode *n, uint8_t **p,
	      size_t *len)
{
	struct text t;
	size_t at = 0;

	if (value_text(ld, n, "bytes in hexadecimal", &t))
		return -1;
	*p = NULL;
	*len = 0;
	while (at < t.len) {
		uint64_t times, i;
		uint8_t byte = 0;

		if (isspace((unsigned char)t.s[at])) {
			at++;
			continue;
		}
		if (read_hex(ld, &t, &at, &byte, &times))
			return -1;
		if (*len + times > HEX_MAX)
			return diag(ld->dg, n->loc, "more than 1M of bytes");
		for (i = 0; i < times; i++)
			ARENA_PUSH(ld->arena, *p, *len, byte);
	}
	return 0;
}

int value_namespaces(struct loader *ld, const struct ynode *n, void *out)
{
	uint64_t bits;

	if (value_flags(ld, n, &flags_namespaces, &bits, NULL))
		return -1;
	*(uint32_t *)out = (uint32_t)bits;
	return 0;
}
