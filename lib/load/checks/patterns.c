/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns of events.  One thread at a time. */
#include "config.h"

#include "load/checks/patterns.h"

#include <string.h>

#include "load/read/fields.h"
#include "load/read/refs.h"
#include "load/read/values.h"
#include "load/calls/expect.h"

static const char pattern_forms[] =
	"an event (WRITE /data, reply WRITE, app fsync = 0)";

/* ---- requests and replies ----------------------------------------------- */

/* Up to a blank, or in parentheses of its own up to the last: _IO('f', 1). */
static struct tok value_token(struct lex *lx, const struct field *f)
{
	struct tok tok = lex_token(lx, "");
	const char *close;

	if (f->dim != FD_IOCTL || !memchr(tok.s, '(', tok.len))
		return tok;
	close = memchr(tok.s, ')', lx->end - tok.at);
	tok.len = close ? (size_t)(close + 1 - tok.s) : lx->end - tok.at;
	lx->at = tok.at + tok.len;
	return tok;
}

/* The name is read, its sign is next. */
static int read_value(struct lex *lx, struct tok name, const struct field *f,
		      struct pattern *out)
{
	struct cond cond = { 0 };
	struct tok value;

	cond.field = f->name;
	cond.negate = lx->t->s[lx->at] == '!';
	lx->at += cond.negate ? 2 : 1;
	value = (struct tok){ lx->t->s + lx->at, 0, lx->at };
	if (lx->at < lx->end && strchr("\"'", lx->t->s[lx->at])) {
		struct data_spec data;

		if (lex_data(lx, false, &data))
			return -1;
		value.len = lx->at - value.at;
	} else if (lx->at < lx->end && lx->t->s[lx->at] != ' ') {
		value = value_token(lx, f);
	}
	if (!value.len)
		return diag(lx->ld->dg, lex_loc(lx, name), "expected a value "
			    "right behind \"%.*s=\"", (int)name.len, name.s);
	if (cond_from_tok(lx->ld, lx->t, value, f, &cond))
		return -1;
	cond.loc = text_loc(lx->t, name.at, lx->at - name.at);
	ARENA_PUSH(lx->ld->arena, out->where, out->n_where, cond);
	return 0;
}

/* "offset=4K", "flags!=O_DIRECT" */
static int read_cond(struct lex *lx, struct tok name, struct pattern *out)
{
	const struct op_list list = { &out->op, out->op ? 1 : 0,
				      out->kind == PAT_REPLY };
	const struct field *f = field_find(lx->ld, lx->t, name, &list);

	return f ? read_value(lx, name, f, out) : -1;
}

static bool at_sign(const struct lex *lx)
{
	const char *p = lx->t->s + lx->at;

	return lx->at < lx->end && (p[0] == '=' || (p[0] == '!' && p[1] == '='));
}

/* [FILE] [field=value ...] */
static int read_details(struct lex *lx, struct pattern *out)
{
	while (!lex_done(lx) && !lex_next_is(lx, '=')) {
		struct lex before = *lx;
		struct tok tok = lex_word(lx);

		if (tok.len && at_sign(lx)) {
			if (read_cond(lx, tok, out))
				return -1;
			continue;
		}
		*lx = before;
		tok = lex_token(lx, "");
		if (!ref_is(lx->ld, tok))
			return diag(lx->ld->dg, lex_loc(lx, tok), "expected a "
				    "file (/path) or field=value, got "
				    "\"%.*s\"", (int)tok.len, tok.s);
		if (out->file.mount != NONE)
			return diag(lx->ld->dg, lex_loc(lx, tok),
				    "a second file in one pattern");
		if (ref_from_tok(lx->ld, lx->t, tok, REF_GLOB | REF_ANY,
				 &out->file))
			return -1;
	}
	return 0;
}

/* "= EIO", "= 0" */
static int read_error(struct lex *lx, struct pattern *out)
{
	struct tok tok;

	if (!lex_accept(lx, "="))
		return 0;
	tok = lex_token(lx, "");
	if (!tok.len)
		return lex_expected(lx, "an errno or 0");
	out->has_error = true;
	return errno_from_tok(lx->ld, lx->t, tok, &out->error);
}

static int read_request(struct lex *lx, struct pattern *out)
{
	if (read_details(lx, out))
		return -1;
	if (out->kind == PAT_REPLY)
		return read_error(lx, out);
	if (lex_next_is(lx, '='))
		return diag(lx->ld->dg, lex_here(lx), "a request has no "
			    "result; its reply has: \"reply %s ... = EIO\"",
			    out->op ? out->op->name : "*");
	return 0;
}

static int read_reply(struct lex *lx, struct pattern *out)
{
	struct tok tok = lex_token(lx, "=");

	out->kind = PAT_REPLY;
	if (!tok.len)
		return lex_expected(lx, "an operation after \"reply\"");
	if (!tok_is(tok, "*")) {
		out->op = op_by_name(lx->ld->sc->protocol, tok.s, tok.len);
		if (!out->op)
			return diag_unknown(lx->ld->dg, lex_loc(lx, tok),
					    "operation", tok.s, tok.len,
					    op_words(lx->ld->sc->protocol));
	}
	return read_request(lx, out);
}

/* The log keeps what it is compared with. */
static int read_result(struct lex *lx, struct pattern *out)
{
	size_t *most = &lx->ld->sc->result_data;
	const struct expectation *e;

	if (load_expectation(lx, out->call, &out->result))
		return -1;
	for (e = &out->result; e; e = e->alt) {
		size_t n = e->has_data ? e->data.len :
			e->has_names ? LIMIT_CALL_NAMES : 0;

		*most = n > *most ? n : *most;
	}
	return 0;
}

/* ---- calls and notifications -------------------------------------------- */

static int read_call(struct lex *lx, struct pattern *out)
{
	struct tok tok = lex_token(lx, "=");

	if (!tok_is(tok, "starts") && !tok_is(tok, "returns")) {
		if (!tok.len)
			return lex_expected(lx, "a call, \"starts\" or "
					    "\"returns\"");
		out->call = call_by_name(tok.s, tok.len);
		if (!out->call)
			return diag_unknown(lx->ld->dg, lex_loc(lx, tok),
					    "call", tok.s, tok.len,
					    call_words());
		if (lex_accept(lx, "=")) {
			out->kind = PAT_RETURN;
			out->has_result = true;
			return read_result(lx, out);
		}
		tok = lex_token(lx, "");
	}
	if (!tok_is(tok, "starts") && !tok_is(tok, "returns"))
		return diag(lx->ld->dg, tok.len ? lex_loc(lx, tok) :
			    lex_here(lx), "expected \"starts\", \"returns\" or "
			    "\"= RESULT\" after the call");
	out->kind = tok_is(tok, "starts") ? PAT_CALL : PAT_RETURN;
	return 0;
}

static int read_note(struct lex *lx, struct pattern *out)
{
	struct tok tok;

	out->kind = PAT_NOTE_DONE;
	if (lex_next_is(lx, '='))
		return read_error(lx, out);
	tok = lex_token(lx, "=");
	if (tok_is(tok, "starts"))
		out->kind = PAT_NOTE_START;
	else if (!tok_is(tok, "returns"))
		return diag(lx->ld->dg, tok.len ? lex_loc(lx, tok) :
			    lex_here(lx), "expected \"starts\", \"returns\" or "
			    "\"= 0\" after the notification");
	return 0;
}

/* ---- events of the kernel ------------------------------------------------ */

static const struct field *trace_field(struct lex *lx, struct tok name,
				       const struct tracepoint *tp)
{
	const struct field *f = field_by_name(tp->fields, name.s, name.len);
	auto_free char *what = NULL;
	const char **list = NULL;
	size_t n = 0, i;

	if (f)
		return f;
	for (i = 0; tp->fields[i].name; i++)
		ARENA_PUSH(lx->ld->arena, list, n, tp->fields[i].name);
	ARENA_PUSH(lx->ld->arena, list, n, "actor");
	ARENA_PUSH(lx->ld->arena, list, n, NULL);
	what = xasprintf("field of %s", tp->name);
	diag_unknown(lx->ld->dg, lex_loc(lx, name), what, name.s, name.len,
		     words_array(list));
	return NULL;
}

/* "actor=app" */
static int read_trace_actor(struct lex *lx, struct pattern *out)
{
	struct loader *ld = lx->ld;
	struct tok tok;
	const char **list = NULL;
	size_t n = 0, i;

	lex_accept(lx, "=");
	tok = lex_token(lx, "");
	out->actor = actor_find(ld->sc, tok.s, tok.len);
	if (out->actor != NONE)
		return 0;
	for (i = 0; i < ld->sc->n_actors; i++)
		ARENA_PUSH(ld->arena, list, n, ld->sc->actors[i].name);
	ARENA_PUSH(ld->arena, list, n, NULL);
	return diag_unknown(ld->dg, lex_loc(lx, tok), "actor", tok.s, tok.len,
			    words_array(list));
}

/* "lower:", the mount it is about */
static int read_trace_mount(struct lex *lx, struct tok tok, struct pattern *out)
{
	if (!tok.len || tok.s[tok.len - 1] != ':' || !ref_is(lx->ld, tok))
		return diag(lx->ld->dg, lex_loc(lx, tok), "expected a mount "
			    "(fs:) or field=value, got \"%.*s\"", (int)tok.len,
			    tok.s);
	if (out->tracepoint->scope == SCOPE_TASK)
		return diag(lx->ld->dg, lex_loc(lx, tok), "%s is about no mount",
			    out->tracepoint->name);
	return ref_from_tok(lx->ld, lx->t, tok, REF_ANY, &out->file);
}

/* The scenario sees what its patterns name. */
static void note_traced(struct loader *ld, const struct tracepoint *tp)
{
	struct scenario *sc = ld->sc;
	size_t i;

	for (i = 0; i < sc->n_traced; i++)
		if (sc->traced[i] == tp)
			return;
	ARENA_PUSH(ld->arena, sc->traced, sc->n_traced, tp);
}

int load_tracepoint(struct loader *ld, const struct text *t, struct tok tok,
		    const struct tracepoint **out)
{
	*out = tracepoint_by_name(tok.s, tok.len);
	if (!*out)
		return diag_unknown(ld->dg, text_loc(t, tok.at, tok.len),
				    "event of the kernel", tok.s, tok.len,
				    tracepoint_words());
	note_traced(ld, *out);
	return 0;
}

/* EVENT [MOUNT:] [field=value ...] */
static int read_trace(struct lex *lx, struct pattern *out)
{
	struct tok tok = lex_token(lx, "=");

	out->kind = PAT_TRACE;
	if (!tok.len)
		return lex_expected(lx, "an event of the kernel after \"trace\"");
	if (load_tracepoint(lx->ld, lx->t, tok, &out->tracepoint))
		return -1;
	while (!lex_done(lx)) {
		struct lex before = *lx;
		const struct field *f;
		int bad;

		tok = lex_word(lx);
		if (!tok.len || !at_sign(lx)) {
			*lx = before;
			bad = read_trace_mount(lx, lex_token(lx, ""), out);
		} else if (tok_is(tok, "actor") && lex_next_is(lx, '=')) {
			bad = read_trace_actor(lx, out);
		} else {
			f = trace_field(lx, tok, out->tracepoint);
			bad = !f || read_value(lx, tok, f, out);
		}
		if (bad)
			return -1;
	}
	return 0;
}

/* ---- the first word decides --------------------------------------------- */

static int unknown_first(struct lex *lx, struct tok tok)
{
	struct loader *ld = lx->ld;
	const struct scenario *sc = ld->sc;
	const char **list = NULL;
	size_t n = 0, i;

	for (i = 0; i < sc->protocol->n_ops; i++)
		ARENA_PUSH(ld->arena, list, n, sc->protocol->ops[i].name);
	for (i = 0; i < sc->n_actors; i++)
		ARENA_PUSH(ld->arena, list, n, sc->actors[i].name);
	for (i = 0; i < sc->n_notes; i++)
		ARENA_PUSH(ld->arena, list, n, sc->notes[i]);
	ARENA_PUSH(ld->arena, list, n, "reply");
	ARENA_PUSH(ld->arena, list, n, "trace");
	ARENA_PUSH(ld->arena, list, n, NULL);
	return diag_unknown(ld->dg, lex_loc(lx, tok),
			    "operation, actor or notification", tok.s, tok.len,
			    words_array(list));
}

static int read_pattern(struct lex *lx, struct pattern *out)
{
	const struct scenario *sc = lx->ld->sc;
	struct tok tok = lex_token(lx, "=");

	if (tok_is(tok, "reply"))
		return read_reply(lx, out);
	if (tok_is(tok, "trace"))
		return read_trace(lx, out);
	out->op = op_by_name(sc->protocol, tok.s, tok.len);
	if (out->op || tok_is(tok, "*"))
		return read_request(lx, out);
	out->actor = actor_find(sc, tok.s, tok.len);
	if (out->actor != NONE)
		return read_call(lx, out);
	out->note = names_find(sc->notes, sc->n_notes, tok.s, tok.len);
	if (out->note != NONE)
		return read_note(lx, out);
	return unknown_first(lx, tok);
}

/* What of the text is the pattern's; forms: what is expected there. */
static int begin(struct loader *ld, const struct ynode *n, const char *forms,
		 struct text *t, struct lex *lx, struct pattern *out)
{
	*out = (struct pattern){
		.loc = n->loc, .kind = PAT_REQUEST, .file = { .mount = NONE },
		.actor = NONE, .note = NONE,
	};
	if (value_text(ld, n, forms, t))
		return -1;
	out->text = t->s;
	lex_init(lx, ld, t);
	return lex_done(lx) ? value_expected(ld, t, forms) : 0;
}

int load_pattern(struct loader *ld, const struct ynode *n, struct pattern *out)
{
	struct text t;
	struct lex lx;

	if (begin(ld, n, pattern_forms, &t, &lx, out) || read_pattern(&lx, out))
		return -1;
	return lex_done(&lx) ? 0 : lex_expected(&lx, "the end of the event");
}

/* The last word is cut off the text, and is the field. */
static struct tok cut_last_word(struct lex *lx)
{
	size_t end = lx->end, at;

	while (end > lx->at && lx->t->s[end - 1] == ' ')
		end--;
	for (at = end; at > lx->at && lx->t->s[at - 1] != ' '; at--)
		;
	lx->end = at;
	return (struct tok){ lx->t->s + at, end - at, at };
}

int load_field_pattern(struct loader *ld, const struct ynode *n, struct pattern *out)
{
	static const char forms[] =
		"a request or reply, and a field of it (FLUSH /data lock_owner)";
	struct op_list list = { &out->op, 1, false };
	const struct field *f;
	struct tok name;
	struct text t;
	struct lex lx;

	if (begin(ld, n, forms, &t, &lx, out))
		return -1;
	name = cut_last_word(&lx);
	if (lex_done(&lx) || memchr(name.s, '=', name.len))
		return value_expected(ld, &t, forms);
	if (read_pattern(&lx, out))
		return -1;
	if (!lex_done(&lx))
		return lex_expected(&lx, "the end of the event");
	if ((out->kind != PAT_REQUEST && out->kind != PAT_REPLY) || !out->op)
		return value_expected(ld, &t, forms);
	list.replies = out->kind == PAT_REPLY;
	f = field_find(ld, &t, name, &list);
	if (!f)
		return -1;
	out->field = f->name;
	return 0;
}

int load_request_pattern(struct loader *ld, const struct ynode *n,
			 struct pattern *out)
{
	if (load_pattern(ld, n, out))
		return -1;
	if (out->kind != PAT_REQUEST)
		return diag(ld->dg, n->loc, "expected a request (WRITE /data), "
			    "got \"%s\"", out->text);
	return 0;
}
