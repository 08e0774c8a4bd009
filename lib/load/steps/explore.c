/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The step "explore": for each actor its calls, one after the other, and what
 * happens beside them at some time:
 *
 *	ACTOR: [CALL, ...]
 *	others: [STEP, ...]		notify, server and set
 *	faults: [{op: WRITE, error: EIO}, {op: WRITE, short: true}, ...]
 *	allow: [torn_pages, io_modes]
 *
 * One thread at a time.
 */
#include "config.h"

#include "load/steps/explore.h"

#include <string.h>

#include "load/calls/calls.h"
#include "load/read/render.h"
#include "load/read/schema.h"
#include "load/read/values.h"
#include "load/rules/notify.h"
#include "load/rules/states.h"
#include "load/steps/changes.h"
#include "wire/proto.h"

struct filling {
	struct explore *ex;
	struct explore_part part;
	uint64_t n_calls;		/* of all parts */
};

/* ---- what an actor does --------------------------------------------------- */

/* A call says nothing of its result unless it says what it is in every order. */
static void expect_anything(struct call_use *use)
{
	if (!*use->expect.text)
		use->expect.kind = EXPECT_ANY;
}

static int read_call(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;
	struct step step = { .loc = n->loc };
	struct text t;

	if (load_listed_text(ld, n, &t))
		return -1;
	if (load_lone_call(ld, f->part.actor, &t, "explore", &step))
		return -1;
	if (f->n_calls++ == LIMIT_EXPLORE_CALLS)
		return diag_limit(ld->dg, n->loc, LIMIT_OF(EXPLORE_CALLS));
	expect_anything(&step.call);
	step.text = arena_printf(ld->arena, "%s: %s",
				 ld->sc->actors[f->part.actor].name, t.s);
	ARENA_PUSH(ld->arena, f->part.calls, f->part.n_calls, step);
	return 0;
}

/* ACTOR: CALL or [CALL, ...] */
static int read_part(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, void *p)
{
	int actor = actor_find(ld->sc, key->text, key->len);
	struct filling *f = p;
	int bad;

	if (actor == NONE)
		return 1;
	if (f->ex->n_parts == LIMIT_EXPLORE_ACTORS)
		return diag_limit(ld->dg, key->loc, LIMIT_OF(EXPLORE_ACTORS));
	f->part = (struct explore_part){ .actor = actor };
	bad = value->kind == Y_LIST ?
		schema_each(ld, value, "a list of calls", read_call, f) :
		read_call(ld, value, f);
	if (!bad && !f->part.n_calls)
		return diag(ld->dg, value->loc, "what does %s do?", key->text);
	ARENA_PUSH(ld->arena, f->ex->parts, f->ex->n_parts, f->part);
	return bad;
}

/* ---- what else happens ------------------------------------------------------ */

/* Its write(2) may wait for what the explore step holds. */
static int read_notify(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	step->kind = STEP_NOTIFY;
	return load_notify(ld, n, &step->notify, NULL, &step->timeout_ns);
}

static int read_server(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	step->kind = STEP_SERVER;
	return load_step_server(ld, n, step);
}

static int read_set(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	step->kind = STEP_SET;
	return load_assigns(ld, n, true, &step->set.list, &step->set.n);
}

static int read_other(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "notify", read_notify, 0, false },
		{ "server", read_server, 0, false },
		{ "set", read_set, 0, false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "one of \"others\"", keys, NULL, NULL };
	struct step step = { .loc = n->loc };
	struct filling *f = p;

	if (value_is_map(ld, n, "notify, server or set"))
		return -1;
	if (n->n_items != 2)
		return diag(ld->dg, n->loc, "expected one of notify, server and set");
	if (schema_read(ld, n, &schema, &step))
		return -1;
	if (f->ex->n_others == LIMIT_EXPLORE_CALLS)
		return diag_limit(ld->dg, n->loc, LIMIT_OF(EXPLORE_CALLS));
	step.text = render_item(ld, n);
	ARENA_PUSH(ld->arena, f->ex->others, f->ex->n_others, step);
	return 0;
}

static int read_others(struct loader *ld, const struct ynode *n, void *p)
{
	return schema_each(ld, n, "a list of steps", read_other, p);
}

static int read_fault_op(struct loader *ld, const struct ynode *n, void *p)
{
	struct explore_fault *fault = p;
	struct text t;

	if (value_text(ld, n, "an operation (WRITE)", &t))
		return -1;
	fault->op = op_by_name(ld->sc->protocol, t.s, t.len);
	if (!fault->op)
		return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "operation", t.s,
				    t.len, op_words(ld->sc->protocol));
	return fault->op->reply != REPLY_NONE ? 0 :
		diag(ld->dg, n->loc, "%s has no reply that could be an error",
		     fault->op->name);
}

static int read_fault(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "op", read_fault_op, 0, true },
		{ "error", value_errno, offsetof(struct explore_fault, error), false },
		{ "short", value_true, offsetof(struct explore_fault, is_short), false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "a fault", keys, NULL, NULL };
	struct explore_fault fault = { NULL, 0, false };
	struct filling *f = p;

	if (schema_read(ld, n, &schema, &fault))
		return -1;
	if (!fault.error == !fault.is_short)
		return diag(ld->dg, n->loc, "a fault has an error, or is short");
	if (fault.is_short && fault.op->opcode != OP_WRITE)
		return diag(ld->dg, n->loc, "only a WRITE can be short");
	if (f->ex->n_faults == LIMIT_EXPLORE_CALLS)
		return diag_limit(ld->dg, n->loc, LIMIT_OF(EXPLORE_CALLS));
	ARENA_PUSH(ld->arena, f->ex->faults, f->ex->n_faults, fault);
	return 0;
}

static int read_faults(struct loader *ld, const struct ynode *n, void *p)
{
	return schema_each(ld, n, "a list of faults", read_fault, p);
}

#define ALLOWED	"torn_pages or io_modes"

static int read_allowed(struct loader *ld, const struct ynode *n, void *p)
{
	struct filling *f = p;
	struct text t;

	if (value_text(ld, n, ALLOWED, &t))
		return -1;
	if (!strcmp(t.s, "torn_pages"))
		f->ex->torn_pages = true;
	else if (!strcmp(t.s, "io_modes"))
		f->ex->io_modes = true;
	else
		return value_expected(ld, &t, ALLOWED);
	return 0;
}

static int read_allow(struct loader *ld, const struct ynode *n, void *p)
{
	return n->kind == Y_LIST ? schema_each(ld, n, ALLOWED, read_allowed, p) :
		read_allowed(ld, n, p);
}

int load_step_explore(struct loader *ld, const struct ynode *n, struct step *out)
{
	static const struct key keys[] = {
		{ "others", read_others, 0, false },
		{ "faults", read_faults, 0, false },
		{ "allow", read_allow, 0, false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = {
		"explore", keys, read_part, actors_as_keys,
	};
	struct filling f = { .ex = ARENA_NEW(ld->arena, struct explore) };

	out->explore = f.ex;
	for (size_t i = 0; i < ld->sc->n_steps; i++) {
		if (ld->sc->steps[i].kind == STEP_EXPLORE)
			return diag(ld->dg, n->loc, "a scenario explores once, and "
				    "it does so on line %u",
				    ld->sc->steps[i].loc.line);
	}
	if (schema_read(ld, n, &schema, &f))
		return -1;
	return f.ex->n_parts > 1 || f.ex->n_others ? 0 :
		diag(ld->dg, n->loc, "\"explore\" wants two actors or more, or "
		     "one and \"others\": else there is but one order");
}
