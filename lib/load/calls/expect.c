/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results of calls as a script expects them.  One thread at a time. */
#include "config.h"

#include "load/calls/expect.h"

#include <string.h>
#include <sys/stat.h>

#include "base/errnos.h"
#include "base/units.h"
#include "load/read/fields.h"
#include "load/read/series.h"

#define RESULT_STOPS	",={}[]\""

static const char result_forms[] =
	"a result (4K, -1 EIO, success, SIGBUS, killed, ?)";

/* "EIO|ENOTCONN" behind "-1" */
static int read_errnos(struct lex *lx, struct expectation *out)
{
	size_t n = 0;

	do {
		struct tok tok = lex_token(lx, "|");
		int err = errno_by_name(tok.s, tok.len);

		if (!tok.len)
			return lex_expected(lx, "an errno after -1 (-1 EIO)");
		if (!err)
			return diag_unknown(lx->ld->dg, lex_loc(lx, tok),
					    "errno", tok.s, tok.len,
					    errno_words());
		if (n == ARRAY_SIZE(out->errnos))
			return diag_limit(lx->ld->dg, lex_loc(lx, tok),
					  LIMIT_OF(ERRNOS));
		out->errnos[n++] = err;
	} while (lex_accept(lx, "|"));
	out->kind = EXPECT_ERRNO;
	return 0;
}

/* "grows", "shrinks": in a stress step, where there are numbers before. */
static enum trend trend_from_tok(const struct lex *lx, struct tok tok)
{
	enum trend t;

	for (t = TREND_GROWS; trend_words[t] && lx->ld->repeats; t++)
		if (tok_is(tok, trend_words[t]))
			return t;
	return TREND_NONE;
}

/* "/4K" at the end of a range is cut off: 4096; 0: there is none. */
static int step_from_tok(struct tok *tok, int64_t *step)
{
	const char *slash = memchr(tok->s, '/', tok->len);
	size_t left;

	*step = 0;
	if (!slash)
		return 0;
	left = (size_t)(slash - tok->s);
	if (parse_int(slash + 1, tok->len - left - 1, step) || *step <= 0)
		return -1;
	tok->len = left;
	return 0;
}

static void name_actors(struct loader *ld, struct expectation *out)
{
	size_t i;

	out->n_actors = 0;
	for (i = 0; i < ld->sc->n_actors; i++)
		ARENA_PUSH(ld->arena, out->actors, out->n_actors,
			   ld->sc->actors[i].name);
}

/* The value of a field: a number, a range of some or all, a trend. */
static int read_field_value(struct lex *lx, const struct call *call,
			    struct field_expect *fe, struct expectation *out)
{
	struct tok value = lex_token(lx, ",}");
	enum trend trend = trend_from_tok(lx, value);
	int64_t step;

	if (trend) {
		out->trend = trend;
		out->trend_field = fe->field;
		fe->lo = 0;
		fe->hi = UINT64_MAX;
		return 0;
	}
	if (step_from_tok(&value, &step))
		return diag(lx->ld->dg, lex_loc(lx, value), "expected a range "
			    "of multiples (0..64K/4K), got \"%.*s\"",
			    (int)value.len, value.s);
	fe->step = (uint64_t)step;
	if (call->fields[fe->field].dim == FD_PROCESS)
		name_actors(lx->ld, out);
	return result_field_range(lx, call, fe->field, value, fe);
}

/* "{size: 64K, mode: 0600..0700}"; "size=64K" as strace prints it too. */
static int read_fields(struct lex *lx, const struct call *call,
		       struct expectation *out)
{
	do {
		struct field_expect fe = { .step = 0 };
		struct tok name = lex_word(lx);

		fe.field = result_field_find(lx, call, name);
		if (fe.field == NONE)
			return -1;
		if (!lex_accept(lx, ":") && !lex_accept(lx, "="))
			return lex_expected(lx, "\":\" and a value");
		if (read_field_value(lx, call, &fe, out))
			return -1;
		ARENA_PUSH(lx->ld->arena, out->fields, out->n_fields, fe);
	} while (lex_accept(lx, ","));
	if (!lex_accept(lx, "}"))
		return lex_expected(lx, "\",\" or \"}\"");
	out->kind = EXPECT_VALUE;
	return 0;
}

static int read_quoted_name(struct lex *lx, struct expectation *out)
{
	const char *name;
	uint8_t *bytes;
	size_t len;

	if (lex_string(lx, &bytes, &len))
		return -1;
	name = (const char *)bytes;
	ARENA_PUSH(lx->ld->arena, out->names, out->n_names, name);
	return 0;
}

static int read_name_or_series(struct lex *lx, struct expectation *out)
{
	struct tok tok = lex_token(lx, ",]");
	struct series s;
	uint64_t i;

	if (!tok.len)
		return lex_expected(lx, "a name");
	if (series_of(lx->ld, lex_loc(lx, tok), tok.s, tok.len, &s))
		return -1;
	for (i = 0; i < s.n; i++) {
		const char *name = series_name(lx->ld->arena, &s, i);

		ARENA_PUSH(lx->ld->arena, out->names, out->n_names, name);
	}
	return 0;
}

/* "[a, "b c", file{0..300}]" */
static int read_names(struct lex *lx, struct expectation *out)
{
	out->kind = EXPECT_OK;
	out->has_names = true;
	if (lex_accept(lx, "]"))
		return 0;
	do {
		if (lex_next_is(lx, '"') ? read_quoted_name(lx, out) :
					   read_name_or_series(lx, out))
			return -1;
	} while (lex_accept(lx, ","));
	if (!lex_accept(lx, "]"))
		return lex_expected(lx, "\",\" or \"]\"");
	return 0;
}

/* lo..hi (hi not in it), lo.., or one number; "/4K" behind it. */
static int range_from_tok(struct tok tok, int64_t *lo, int64_t *hi,
			  int64_t *step)
{
	const char *dots;
	size_t left;

	if (step_from_tok(&tok, step))
		return -1;
	dots = memmem(tok.s, tok.len, "..", 2);
	left = dots ? (size_t)(dots - tok.s) : tok.len;
	if (parse_int(tok.s, left, lo))
		return -1;
	*hi = *lo;
	if (!dots)
		return 0;
	*hi = INT64_MAX;
	if (left + 2 == tok.len)
		return 0;
	if (parse_int(dots + 2, tok.len - left - 2, hi) || *hi <= *lo)
		return -1;
	(*hi)--;
	return 0;
}

/* What the number can be for this call. */
static int check_number(struct lex *lx, const struct call *call,
			struct tok tok, const struct expectation *e)
{
	struct loc loc = lex_loc(lx, tok);

	switch (call->result) {
	case RES_COUNT:
		return 0;
	case RES_ZERO:
	case RES_FIELDS:
		if (!e->lo && !e->hi)
			return 0;
		return diag(lx->ld->dg, loc, "%s gives 0 or -1 ERRNO, never "
			    "%.*s", call->name, (int)tok.len, tok.s);
	case RES_VAR:
		return diag(lx->ld->dg, loc, "the number %s gives cannot be "
			    "known; name it: \"x = %s(...)\"", call->name,
			    call->name);
	case RES_NAMES:
		if (call->id == CALL_listxattr)
			return 0;
		return diag(lx->ld->dg, loc, "%s gives names: [a, b]",
			    call->name);
	}
	return 0;
}

/* The events poll() gives, by name. */
static bool poll_events(const struct call *call, struct tok tok, int64_t *out)
{
	const char *p = tok.s, *end = tok.s + tok.len;
	uint64_t bits = 0;

	while (call->id == CALL_poll) {
		const char *bar = memchr(p, '|', (size_t)(end - p));
		size_t n = (size_t)((bar ? bar : end) - p);
		uint64_t bit = flag_by_name(&flags_poll_events, p, n);

		if (!bit)
			return false;
		bits |= bit;
		*out = (int64_t)bits;
		if (!bar)
			return true;
		p = bar + 1;
	}
	return false;
}

static bool at_or(struct lex *lx)
{
	return tok_is(lex_peek(lx, ""), "or");
}

/* A number, with data behind it perhaps. */
static int read_number(struct lex *lx, const struct call *call, struct tok tok,
		       struct expectation *out)
{
	out->kind = EXPECT_VALUE;
	if (poll_events(call, tok, &out->lo)) {
		out->hi = out->lo;
		return 0;
	}
	if (errno_by_name(tok.s, tok.len))
		return diag(lx->ld->dg, lex_loc(lx, tok), "a failure is "
			    "\"-1 %.*s\"", (int)tok.len, tok.s);
	if (tok.len > 1 && tok.s[0] == '-' &&
	    errno_by_name(tok.s + 1, tok.len - 1))
		return diag(lx->ld->dg, lex_loc(lx, tok), "a failure is "
			    "\"-1 %.*s\"", (int)tok.len - 1, tok.s + 1);
	if (call->result == RES_COUNT) {
		out->trend = trend_from_tok(lx, tok);
		out->hi = INT64_MAX;
	}
	if (out->trend)
		return 0;
	if (range_from_tok(tok, &out->lo, &out->hi, &out->step))
		return diag(lx->ld->dg, lex_loc(lx, tok),
			    "expected %s, got \"%.*s\"", result_forms,
			    (int)tok.len, tok.s);
	if (check_number(lx, call, tok, out))
		return -1;
	if (lex_done(lx) || call->result != RES_COUNT || at_or(lx))
		return 0;
	out->has_data = true;
	return lex_data(lx, false, &out->data);
}

static int read_word(struct lex *lx, const struct call *call,
		     struct expectation *out)
{
	struct tok tok;

	if (lex_next_is(lx, '"') || lex_next_is(lx, '\''))
		return diag(lx->ld->dg, lex_here(lx), "expected the number of "
			    "bytes before the data: 5 \"hello\"");
	tok = lex_token(lx, RESULT_STOPS);
	if (!tok.len)
		return lex_expected(lx, result_forms);
	if (tok_is(tok, "-1"))
		return read_errnos(lx, out);
	if (tok_is(tok, "success")) {
		out->kind = EXPECT_OK;
		return 0;
	}
	if (tok_is(tok, "?")) {
		out->kind = EXPECT_ANY;
		return 0;
	}
	if (tok_is(tok, "killed")) {
		out->kind = EXPECT_KILLED;
		return 0;
	}
	if (tok.len > 3 && !memcmp(tok.s, "SIG", 3)) {
		out->kind = EXPECT_SIGNAL;
		out->signal = signal_by_name(tok.s, tok.len);
		return out->signal ? 0 :
			diag_unknown(lx->ld->dg, lex_loc(lx, tok), "signal",
				     tok.s, tok.len, signal_words());
	}
	return read_number(lx, call, tok, out);
}

static int read_one(struct lex *lx, const struct call *call,
		    struct expectation *out)
{
	struct tok all = lex_rest(lx);

	*out = (struct expectation){ .loc = lex_loc(lx, all),
				     .text = tok_dup(lx->ld, all),
				     .trend_field = NONE };
	if (call->result == RES_FIELDS && lex_accept(lx, "{"))
		return read_fields(lx, call, out);
	if (call->result == RES_NAMES && lex_accept(lx, "["))
		return read_names(lx, out);
	if (lex_next_is(lx, '{') || lex_next_is(lx, '['))
		return diag(lx->ld->dg, out->loc, "%s has no %s to look at",
			    call->name, lex_next_is(lx, '{') ? "fields" :
			    "names");
	return read_word(lx, call, out);
}

int load_expectation(struct lex *lx, const struct call *call,
		     struct expectation *out)
{
	if (read_one(lx, call, out))
		return -1;
	while (at_or(lx)) {
		lex_token(lx, "");
		out->alt = ARENA_NEW(lx->ld->arena, struct expectation);
		out = out->alt;
		if (read_one(lx, call, out))
			return -1;
	}
	return lex_done(lx) ? 0 : lex_expected(lx, "the end of the result");
}
