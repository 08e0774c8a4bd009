/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules, and what they do.  One thread at a time. */
#include "config.h"

#include "load/rules/rules.h"

#include <string.h>

#include "base/units.h"
#include "load/read/render.h"
#include "load/read/schema.h"
#include "load/read/sketch.h"
#include "load/read/values.h"
#include "load/rules/answer.h"
#include "load/rules/gates.h"
#include "load/rules/match.h"
#include "load/rules/notify.h"
#include "load/rules/reply.h"
#include "load/rules/states.h"


static int read_rule_name(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	struct text t;
	size_t i;

	if (value_name(ld, n, "the name of a rule", &t))
		return -1;
	for (i = 0; i < ld->sc->n_rules; i++)
		if (ld->sc->rules[i].name && !strcmp(ld->sc->rules[i].name, t.s))
			return diag(ld->dg, n->loc, "\"%s\" is the name of the "
				    "rule on line %u already", t.s,
				    ld->sc->rules[i].loc.line);
	r->name = t.s;
	return 0;
}

static int read_set(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;

	return load_assigns(ld, n, true, &r->set, &r->n_set);
}

static int read_notify(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	struct notify_spec spec;
	bool before = false;
	int bad = 0;
	size_t i;

	if (n->kind == Y_LIST) {
		for (i = 0; i < n->n_items; i++)
			bad |= read_notify(ld, n->items[i], p);
		return bad;
	}
	if (load_notify(ld, n, &spec, &before, NULL))
		return -1;
	if (before)
		ARENA_PUSH(ld->arena, r->notify_before, r->n_notify_before,
			   spec);
	else
		ARENA_PUSH(ld->arena, r->notify_after, r->n_notify_after, spec);
	return 0;
}

static int read_drop(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	struct text t;

	if (value_text(ld, n, "true or ok", &t))
		return -1;
	r->drop = true;
	r->drop_ok = !strcmp(t.s, "ok");
	return r->drop_ok || !strcmp(t.s, "true") ? 0 :
		value_expected(ld, &t, "true or ok");
}

static int read_gate(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	struct text t;

	return value_name(ld, n, "the name of a gate", &t) ||
	       gate_value(ld, n, &r->gate) ? -1 : 0;
}

static int read_hold(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "gate", read_gate, 0, true },
		{ "after", value_true, offsetof(struct rule, hold_after),
		  false },
		{ "busy", value_true, offsetof(struct rule, busy), false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "a hold", keys, NULL, NULL };

	return n->kind == Y_MAP ? schema_read(ld, n, &schema, p) :
		read_gate(ld, n, p);
}

static int read_delay_time(struct loader *ld, const struct ynode *n, void *p)
{
	static const char what[] = "a time (20ms) or a range (10ms..30ms)";
	struct rule *r = p;
	const char *dots;
	struct text t;
	int bad;

	if (value_text(ld, n, what, &t))
		return -1;
	dots = strstr(t.s, "..");
	if (dots) {
		bad = parse_time(t.s, (size_t)(dots - t.s),
				 &r->delay_min_ns) ||
		      parse_time(dots + 2, strlen(dots + 2),
				 &r->delay_max_ns) ||
		      r->delay_max_ns < r->delay_min_ns;
	} else {
		bad = parse_time(t.s, t.len, &r->delay_min_ns);
		r->delay_max_ns = r->delay_min_ns;
	}
	if (bad)
		return value_expected(ld, &t, what);
	if (r->delay_max_ns > LIMIT_DELAY)
		return diag_limit(ld->dg, text_loc(&t, 0, t.len),
				  LIMIT_OF(DELAY));
	return 0;
}

static int read_delay(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "time", read_delay_time, 0, true },
		{ "after", value_true, offsetof(struct rule, delay_after),
		  false },
		{ "busy", value_true, offsetof(struct rule, busy), false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "a delay", keys, NULL, NULL };

	return n->kind == Y_MAP ? schema_read(ld, n, &schema, p) :
		read_delay_time(ld, n, p);
}

static int read_bandwidth(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;

	return value_count(ld, n, 1, UINT64_MAX, &r->bandwidth);
}

static int read_reply(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;
	const struct op_list list = { r->ops, r->n_ops, false };

	return load_reply(ld, n, &list, r->file.mount, &r->reply);
}

static int read_expect_write(struct loader *ld, const struct ynode *n, void *p)
{
	struct rule *r = p;

	if (!r->reply.present)
		r->reply.loc = n->loc;
	return value_expect_write(ld, n, &r->reply);
}

/* Its turn comes when all rules are known: load_rule_answer(). */
static int read_answer(struct loader *ld, const struct ynode *n, void *p)
{
	(void)p;
	return value_is_map(ld, n, "an answer");
}

#define GENERIC(name, reader) \
	{ #name, reader, offsetof(struct rule, name), false }

static const struct key rule_keys[] = {
	{ "name", read_rule_name, 0, false },
	{ "op", rule_op, 0, true },
	{ "file", rule_file, 0, false },
	{ "where", rule_where, 0, false },
	{ "actor", rule_actor, 0, false },
	{ "nth", rule_nth, 0, false },
	{ "times", rule_times, 0, false },
	{ "when", rule_when, 0, false },
	{ "set", read_set, 0, false },
	{ "notify", read_notify, 0, false },
	{ "drop", read_drop, 0, false },
	GENERIC(stall, value_true),
	GENERIC(abort, value_true),
	GENERIC(die, value_true),
	{ "hold", read_hold, 0, false },
	{ "delay", read_delay, 0, false },
	{ "bandwidth", read_bandwidth, 0, false },
	{ "reply", read_reply, 0, false },
	{ "expect_write", read_expect_write, 0, false },
	{ "answer", read_answer, 0, false },
	{ NULL, NULL, 0, false },
};
static const struct schema rule_schema = { "a rule", rule_keys, NULL, NULL };

static int check_rule(struct loader *ld, const struct rule *r)
{
	if (r->drop && r->reply.present)
		return diag(ld->dg, r->loc, "a dropped request has no reply");
	if (r->drop && r->gate != NONE)
		return diag(ld->dg, r->loc,
			    "a dropped request cannot be held");
	return 0;
}

static int read_rule(struct loader *ld, const struct ynode *n, void *unused)
{
	struct rule r = {
		.loc = n->loc, .file = { .mount = NONE }, .actor = NONE,
		.gate = NONE, .answer_gate = NONE,
	};
	int bad;

	(void)unused;
	bad = schema_read(ld, n, &rule_schema, &r) || check_rule(ld, &r);
	r.text = render_node(ld, n);
	ARENA_PUSH(ld->arena, ld->sc->rules, ld->sc->n_rules, r);
	return bad ? -1 : 0;
}

/* ---- all rules ---------------------------------------------------------- */

/* The name of the gate a rule holds at, so that it may be used above. */
static int find_gate(struct loader *ld, const struct ynode *rule)
{
	const struct ynode *hold = ynode_get(rule, "hold");
	struct scenario *sc = ld->sc;
	struct text t;

	if (hold && hold->kind == Y_MAP)
		hold = ynode_get(hold, "gate");
	if (!hold || hold->kind != Y_SCALAR || text_of(ld, hold, &t))
		return 0;
	if (!is_name(t.s, t.len))	/* read_gate() will say so */
		return 0;
	return names_intern(ld, hold->loc, &sc->gates, &sc->n_gates, t.s,
			    t.len) == NONE ? -1 : 0;
}

int load_rules(struct loader *ld, const struct ynode *n)
{
	struct scenario *sc = ld->sc;
	int bad = 0;
	size_t i;

	if (!n)
		return 0;
	if (value_is_list(ld, n, "a list of rules"))
		return -1;
	for (i = 0; i < n->n_items; i++)
		bad |= find_gate(ld, n->items[i]);
	bad |= schema_each(ld, n, "a list of rules", read_rule, NULL);
	for (i = 0; i < n->n_items && i < sc->n_rules; i++) {
		const struct ynode *answer = ynode_get(n->items[i], "answer");

		if (!answer || answer->kind != Y_MAP)
			continue;
		sketch_enter(ld->sketch, rule_keys, "answer", answer);
		bad |= load_rule_answer(ld, answer, &sc->rules[i]);
		sketch_leave(ld->sketch);
	}
	return bad;
}
