/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Call text to call_use.  One thread at a time. */
#include "config.h"

#include "load/calls/calls.h"

#include <string.h>

#include "load/calls/args.h"
#include "load/calls/expect.h"
#include "load/read/values.h"

static int busy(struct loader *ld, int actor, struct loc loc)
{
	const struct running *r = &ld->running[actor];

	if (!r->call.call)
		return -1;	/* its message is there already */
	return diag(ld->dg, loc, "%s is still in %s (line %u); take its "
		    "result with \"... =\"", ld->sc->actors[actor].name,
		    r->call.call->name, r->loc.line);
}

/* Nothing is said of the result. */
static void expect_success(const struct text *t, struct expectation *out)
{
	*out = (struct expectation){
		.loc = text_loc(t, 0, t->len), .text = "", .kind = EXPECT_OK,
	};
}

/* "... = RESULT", or "...", which must succeed */
static int load_result(struct lex *lx, int actor, struct step *out)
{
	struct loader *ld = lx->ld;
	struct running *r = &ld->running[actor];

	out->kind = STEP_RESULT;
	if (!r->in_call)
		return diag(ld->dg, text_loc(lx->t, 0, 3), "%s is in no call; "
			    "one is started with \" ...\" at its end",
			    ld->sc->actors[actor].name);
	r->in_call = false;
	out->result = (struct result_step){
		.actor = actor, .call = r->call.call,
	};
	if (!r->call.call)
		return -1;	/* its message is there already */
	if (lex_done(lx)) {
		expect_success(lx->t, &out->result.expect);
		return 0;
	}
	if (!lex_accept(lx, "="))
		return lex_expected(lx, "\"= RESULT\"");
	return load_expectation(lx, r->call.call, &out->result.expect);
}

/* "[VAR =] NAME" */
static int read_name(struct lex *lx, struct call_use *use, struct tok *var,
		     struct tok *name)
{
	*name = lex_word(lx);
	if (name->len && lex_accept(lx, "=")) {
		*var = *name;
		*name = lex_word(lx);
	}
	if (!name->len)
		return lex_expected(lx, "a call");
	use->call = call_by_name(name->s, name->len);
	if (!use->call)
		return diag_unknown(lx->ld->dg, lex_loc(lx, *name), "call",
				    name->s, name->len, call_words());
	if (var->len && !is_name(var->s, var->len))
		return diag(lx->ld->dg, lex_loc(lx, *var), "expected a "
			    "variable, got \"%.*s\"", (int)var->len, var->s);
	if (!lex_accept(lx, "("))
		return lex_expected(lx, "\"(\"");
	return 0;
}

/* What follows ")". */
static int read_end(struct lex *lx, struct call_use *use)
{
	if (lex_accept(lx, "=")) {
		if (lex_accept(lx, "..."))
			return diag(lx->ld->dg, lex_here(lx), "a call is "
				    "started with \" ...\", without \"=\"");
		return load_expectation(lx, use->call, &use->expect);
	}
	use->async = lex_accept(lx, "...");
	if (!lex_done(lx))
		return lex_expected(lx, use->async ? "the end of the call" :
				    "\"= RESULT\" or \" ...\"");
	expect_success(lx->t, &use->expect);
	return 0;
}

static int load_new_call(struct lex *lx, struct call_use *use)
{
	struct tok var = { NULL, 0, 0 }, name;
	size_t i;
	int bad;

	if (read_name(lx, use, &var, &name))
		return -1;
	bad = load_args(lx, use);
	use->text = arena_strndup(lx->ld->arena, name.s, lx->at - name.at);
	for (i = 0; i < CALL_PARAMS_MAX; i++)
		use->args[i].draw.at -= use->args[i].draw.n ? name.at : 0;
	/* also after a mistake, so that one does not become many */
	if (var.len)
		bad |= load_assign(lx, var, use);
	return bad ? -1 : read_end(lx, use);
}

/* What cannot be read may still say that it only starts. */
static bool ends_in_dots(const struct text *t)
{
	return t->len >= 3 && !strcmp(t->s + t->len - 3, "...");
}

int load_call(struct loader *ld, int actor, const struct text *t,
	      struct step *out)
{
	struct call_use *use = &out->call;
	struct running *r = &ld->running[actor];
	struct lex lx;
	int bad;

	lex_init(&lx, ld, t);
	if (lex_accept(&lx, "..."))
		return load_result(&lx, actor, out);
	out->kind = STEP_CALL;
	*use = (struct call_use){ .actor = actor, .result_var = NONE };
	if (r->in_call)
		return busy(ld, actor, text_loc(t, 0, t->len));
	bad = load_new_call(&lx, use);
	if (bad ? ends_in_dots(t) : use->async)
		*r = (struct running){ true, text_loc(t, 0, t->len), *use };
	if (bad)
		r->call.call = NULL;
	return bad;
}

int load_listed_text(struct loader *ld, const struct ynode *n, struct text *out)
{
	if (value_text(ld, n, "a call", out))
		return -1;
	if (n->plain && strchr(out->s, '(') && !strchr(out->s, ')'))
		return diag(ld->dg, n->loc, "a call inside [ ] must be in "
			    "quotes because of its commas");
	return 0;
}

int load_repeated_call(struct loader *ld, int actor, const struct text *t,
		       struct call_use *out)
{
	struct lex lx;
	int bad;

	if (ld->running[actor].in_call)
		return busy(ld, actor, text_loc(t, 0, t->len));
	lex_init(&lx, ld, t);
	*out = (struct call_use){ .actor = actor, .result_var = NONE };
	ld->repeats = true;
	bad = load_new_call(&lx, out);
	ld->repeats = false;
	if (!bad && out->async)
		return diag(ld->dg, text_loc(t, t->len - 3, 3), "a call of "
			    "\"stress\" is not started and taken: it has "
			    "\"= RESULT\", or nothing, which is any success");
	return bad;
}

int load_lone_call(struct loader *ld, int actor, const struct text *t,
		   const char *word, struct step *out)
{
	if (load_call(ld, actor, t, out))
		return -1;
	if (out->kind == STEP_CALL && !out->call.async)
		return 0;
	ld->running[actor].in_call = false;
	return diag(ld->dg, text_loc(t, 0, t->len), "a call of \"%s\" is not "
		    "started and taken: it has \"= RESULT\", or nothing, which "
		    "is any result", word);
}

int load_calls_end(struct loader *ld)
{
	int bad = 0;
	size_t i;

	for (i = 0; i < ld->sc->n_actors; i++) {
		const struct running *r = &ld->running[i];

		if (r->in_call && r->call.call)
			bad |= diag(ld->dg, r->loc, "nobody takes the result "
				    "of this call; end with \"%s: ... = ?\"",
				    ld->sc->actors[i].name);
	}
	return bad;
}
