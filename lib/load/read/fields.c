/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields by name and their values.  One thread at a time. */
#include "config.h"

#include "load/read/fields.h"

#include <string.h>

#include "base/errnos.h"
#include "base/units.h"
#include "load/read/ioctl_number.h"
#include "load/read/values.h"

static int bad_value(struct loader *ld, const struct text *t, struct tok tok,
		     const char *what, const char *name)
{
	return diag(ld->dg, text_loc(t, tok.at, tok.len),
		    "expected %s for %s, got \"%.*s\"", what, name,
		    tok.len > 60 ? 60 : (int)tok.len, tok.s);
}

/* ---- numbers ------------------------------------------------------------ */

static int width_of(enum field_type type)
{
	switch (type) {
	case FT_U16:
		return 16;
	case FT_U32:
	case FT_S32:
		return 32;
	case FT_U64:
	case FT_S64:
	case FT_NAME:
	case FT_DATA:
		return 64;
	}
	return 64;
}

/* -1 is all bits set, in any field. */
static int plain_number(struct loader *ld, const struct text *t,
			struct tok tok, const struct field *f, uint64_t *out)
{
	int width = width_of(f->type);
	int64_t v;

	if (tok.len && tok.s[0] == '-' && !parse_int(tok.s, tok.len, &v)) {
		if (width < 64 && v < -(1ll << (width - 1)))
			return bad_value(ld, t, tok, "a smaller number",
					 f->name);
		*out = width < 64 ? (uint64_t)v & ((1ull << width) - 1) :
		       (uint64_t)v;
		return 0;
	}
	if (parse_size(tok.s, tok.len, out))
		return bad_value(ld, t, tok, "a number", f->name);
	if (width < 64 && *out >> width)
		return diag(ld->dg, text_loc(t, tok.at, tok.len),
			    "%.*s does not fit: %s has %d bits", (int)tok.len,
			    tok.s, f->name, width);
	return 0;
}

/* Whole seconds, with or without a unit. */
static int seconds(struct loader *ld, const struct text *t, struct tok tok,
		   const char *name, uint64_t *out)
{
	if (!parse_size(tok.s, tok.len, out))
		return 0;
	if (parse_time(tok.s, tok.len, out) || *out % NS_PER_S)
		return bad_value(ld, t, tok, "whole seconds", name);
	*out /= NS_PER_S;
	return 0;
}

/* -ENOENT, 0, 1 */
static int result_number(struct loader *ld, const struct text *t, struct tok tok,
			 const struct field *f, uint64_t *out)
{
	int err = tok.len > 1 && tok.s[0] == '-' ?
		errno_by_name(tok.s + 1, tok.len - 1) : 0;

	if (errno_by_name(tok.s, tok.len))
		return diag(ld->dg, text_loc(t, tok.at, tok.len), "in the kernel "
			    "%s is -%.*s", f->name, (int)tok.len, tok.s);
	*out = (uint64_t)-(int64_t)err;
	return err ? 0 : plain_number(ld, t, tok, f, out);
}

static int opcode(struct loader *ld, const struct text *t, struct tok tok,
		  const struct field *f, uint64_t *out)
{
	const struct op *op = op_by_name(ld->sc->protocol, tok.s, tok.len);

	if (op) {
		*out = op->opcode;
		return 0;
	}
	if (tok.len && tok.s[0] >= '0' && tok.s[0] <= '9')
		return plain_number(ld, t, tok, f, out);
	return diag_unknown(ld->dg, text_loc(t, tok.at, tok.len), "operation",
			    tok.s, tok.len, op_words(ld->sc->protocol));
}

/* A word, or a number that has none, for a reply that is wrong on purpose. */
static int choice(struct loader *ld, const struct text *t, struct tok tok,
		  const struct field *f, uint64_t *out)
{
	const struct flag *row = flag_find(f->flags, tok.s, tok.len);

	if (row) {
		*out = row->bits;
		return 0;
	}
	if (tok.len && (tok.s[0] == '-' || (tok.s[0] >= '0' && tok.s[0] <= '9')))
		return plain_number(ld, t, tok, f, out);
	return diag_unknown(ld->dg, text_loc(t, tok.at, tok.len), f->flags->what,
			    tok.s, tok.len, flag_words(f->flags));
}

static int ioctl_number(struct loader *ld, const struct text *t, struct tok tok,
			const struct field *f, uint64_t *out)
{
	int64_t num;
	struct lex lx;

	if (tok.len && tok.s[0] != '_')
		return plain_number(ld, t, tok, f, out);
	lex_init(&lx, ld, t);
	lx.at = tok.at;
	lx.end = tok.at + tok.len;
	if (lex_ioctl_number(&lx, "", &num))
		return -1;
	*out = (uint64_t)num;
	return lex_done(&lx) ? 0 : lex_expected(&lx, "the end of the value");
}

int field_number(struct loader *ld, const struct text *t, struct tok tok,
		 const struct field *f, uint64_t *out)
{
	int err;

	switch (f->dim) {
	case FD_FLAGS:
		*out = 0;
		return flags_from_tok(ld, t, tok, f->flags, out, NULL);
	case FD_TIME_S:
		return seconds(ld, t, tok, f->name, out);
	case FD_ERRNO:
		err = errno_by_name(tok.s, tok.len);
		*out = (uint64_t)err;
		return err ? 0 : plain_number(ld, t, tok, f, out);
	case FD_RESULT:
		return result_number(ld, t, tok, f, out);
	case FD_OPCODE:
		return opcode(ld, t, tok, f, out);
	case FD_CHOICE:
		return choice(ld, t, tok, f, out);
	case FD_IOCTL:
		return ioctl_number(ld, t, tok, f, out);
	case FD_PROCESS:
	case FD_NUM:
	case FD_SIZE:
	case FD_OCT:
	case FD_HEX:
	case FD_MODE:
		return plain_number(ld, t, tok, f, out);
	}
	return 0;
}

/* ---- finding ------------------------------------------------------------ */

static const struct field *field_of(const struct op *op, struct tok name,
				    bool replies)
{
	const struct field *f = op_arg(op, name.s, name.len);

	return f || !replies ? f : op_reply_field(op, name.s, name.len);
}

static void push_words(struct loader *ld, const char ***list, size_t *n,
		       struct words words)
{
	const char *w;
	size_t i;

	for (i = 0; (w = words.at(words.ctx, i)); i++)
		ARENA_PUSH(ld->arena, *list, *n, w);
}

static void push_op_words(struct loader *ld, const char ***list, size_t *n,
			  const struct op *op, bool replies)
{
	push_words(ld, list, n, op_arg_words(op));
	if (replies)
		push_words(ld, list, n, field_words(op->reply_fields));
}

static struct words list_words(struct loader *ld, const struct op_list *list)
{
	const struct protocol *p = ld->sc->protocol;
	const char **all = NULL;
	size_t n = 0, i;

	for (i = 0; i < list->n; i++)
		push_op_words(ld, &all, &n, list->ops[i], list->replies);
	for (i = 0; !list->n && i < p->n_ops; i++)
		push_op_words(ld, &all, &n, &p->ops[i], list->replies);
	ARENA_PUSH(ld->arena, all, n, NULL);
	return words_array(all);
}

const struct field *field_find(struct loader *ld, const struct text *t,
			       struct tok name, const struct op_list *list)
{
	const struct protocol *p = ld->sc->protocol;
	auto_free char *what = NULL;
	const struct field *f = NULL;
	size_t i;

	for (i = 0; i < list->n && !f; i++)
		f = field_of(list->ops[i], name, list->replies);
	for (i = 0; !list->n && i < p->n_ops && !f; i++)
		f = field_of(&p->ops[i], name, list->replies);
	if (f)
		return f;
	what = list->n == 1 ? xasprintf("field of %s", list->ops[0]->name) :
	       xstrdup("field");
	diag_unknown(ld->dg, text_loc(t, name.at, name.len), what, name.s,
		     name.len, list_words(ld, list));
	return NULL;
}

/* ---- conditions --------------------------------------------------------- */

/* lo..hi of any dimension. */
static int field_range(struct loader *ld, const struct text *t, struct tok tok,
		       const struct field *f, uint64_t *lo, uint64_t *hi)
{
	const char *dots = memmem(tok.s, tok.len, "..", 2);
	size_t left = dots ? (size_t)(dots - tok.s) : tok.len;
	struct tok a = { tok.s, left, tok.at };
	struct tok b = { tok.s + left + 2, tok.len - left - 2,
			 tok.at + left + 2 };

	if (field_number(ld, t, a, f, lo))
		return -1;
	if (!dots) {
		*hi = *lo == UINT64_MAX ? *lo : *lo + 1;
		return 0;
	}
	*hi = UINT64_MAX;
	if (b.len && field_number(ld, t, b, f, hi))
		return -1;
	if (*hi <= *lo)
		return diag(ld->dg, text_loc(t, tok.at, tok.len), "\"%.*s\" "
			    "holds no number: the end is not part of a range",
			    (int)tok.len, tok.s);
	return 0;
}

/* More than any request has. */
#define BYTES_MAX	(1u << 20)

/* Bytes as they are, or as data in quotes. */
static int bytes(struct loader *ld, const struct text *t, struct tok tok,
		 struct cond *out)
{
	struct data_spec data;
	struct lex lx;
	uint8_t *p;

	if (tok.len < 2 || (tok.s[0] != '"' && tok.s[0] != '\'')) {
		out->p = tok_dup(ld, tok);
		out->len = tok.len;
		return 0;
	}
	lex_init(&lx, ld, t);
	lx.at = tok.at;
	lx.end = tok.at + tok.len;
	if (lex_data(&lx, false, &data))
		return -1;
	if (data.len > BYTES_MAX)
		return diag(ld->dg, out->loc, "more than 1M of bytes");
	p = arena_alloc(ld->arena, data.len + 1);
	data_copy(&data, 0, p, data.len, 0);
	out->p = p;
	out->len = data.len;
	return lex_done(&lx) ? 0 : lex_expected(&lx, "the end of the value");
}

int cond_of_flags(struct loader *ld, struct cond *c)
{
	c->kind = COND_FLAGS;
	if (c->set & c->unset)
		return diag(ld->dg, c->loc, "no request can have all of these: "
			    "they exclude each other");
	if (!c->set && !c->unset)
		c->unset = UINT64_MAX;
	return 0;
}

int cond_from_tok(struct loader *ld, const struct text *t, struct tok tok,
		  const struct field *f, struct cond *out)
{
	out->loc = text_loc(t, tok.at, tok.len);
	if (f->type == FT_NAME || f->type == FT_DATA) {
		out->kind = f->type == FT_NAME ? COND_STR : COND_BYTES;
		if (bytes(ld, t, tok, out))
			return -1;
		if (f->type == FT_DATA && out->len > ld->sc->request_data)
			ld->sc->request_data = out->len;
		return 0;
	}
	if (f->dim == FD_FLAGS)
		return flags_from_tok(ld, t, tok, f->flags, &out->set,
				      &out->unset) ||
			cond_of_flags(ld, out) ? -1 : 0;
	out->kind = COND_RANGE;
	return field_range(ld, t, tok, f, &out->lo, &out->hi);
}

/* ---- results ------------------------------------------------------------ */

static const char *result_word_at(const void *ctx, size_t i)
{
	return ((const struct result_field *)ctx)[i].name;
}

int result_field_find(struct lex *lx, const struct call *call, struct tok name)
{
	const struct result_field *f;
	auto_free char *what = xasprintf("field of %s", call->name);

	for (f = call->fields; f->name; f++)
		if (tok_is(name, f->name))
			return (int)(f - call->fields);
	diag_unknown(lx->ld->dg, lex_loc(lx, name), what, name.s, name.len,
		     (struct words){ result_word_at, call->fields });
	return NONE;
}

/* The process of an actor, 1 for any, or 0. */
static int process_range(struct lex *lx, struct tok value, struct field_expect *out)
{
	const struct scenario *sc = lx->ld->sc;
	int actor;

	if (value.len == 1 && (value.s[0] == '0' || value.s[0] == '1')) {
		out->lo = value.s[0] == '0' ? PROCESS_NONE : PROCESS_OTHER;
		out->hi = value.s[0] == '0' ? PROCESS_OTHER : UINT64_MAX;
		return 0;
	}
	actor = actor_find(sc, value.s, value.len);
	if (actor == NONE)
		return diag_unknown(lx->ld->dg, lex_loc(lx, value), "process",
				    value.s, value.len, actor_words(sc));
	out->lo = PROCESS_ACTOR + (uint64_t)sc->actors[actor].process;
	out->hi = out->lo + 1;
	return 0;
}

int result_field_range(struct lex *lx, const struct call *call, int field,
		       struct tok value, struct field_expect *out)
{
	const struct result_field *r = &call->fields[field];
	const struct field f = { r->name, FT_U64, (enum field_dim)r->dim, 0, 0,
				 r->flags };
	uint64_t off = 0;

	if (r->dim == FD_PROCESS)
		return process_range(lx, value, out);
	if (r->dim != FD_FLAGS)
		return field_range(lx->ld, lx->t, value, &f, &out->lo, &out->hi);
	if (flags_from_tok(lx->ld, lx->t, value, r->flags, &out->lo,
			   r->is_open ? &off : NULL))
		return -1;
	if (r->is_open && (out->lo || off))
		out->ignored = ~(out->lo | off);
	out->hi = out->lo + 1;
	return 0;
}
