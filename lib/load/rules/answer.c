/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers to what is held.  One thread at a time. */
#include "config.h"

#include "load/rules/answer.h"

#include <limits.h>

#include "load/read/schema.h"
#include "load/read/values.h"
#include "load/checks/patterns.h"
#include "load/rules/gates.h"
#include "load/rules/reply.h"

struct answer_load {
	struct reply_load reply;
	struct op_list about;
	struct rule *rule;	/* one of these two */
	struct step *step;
};

static int read_gate(struct loader *ld, const struct ynode *n, void *p)
{
	struct answer_load *a = p;
	int *gate = a->rule ? &a->rule->answer_gate : &a->step->answer.which.gate;

	if (gate_value(ld, n, gate))
		return -1;
	gate_ops(ld, *gate, &a->about);
	a->reply.mount = gate_mount(ld, *gate);
	return 0;
}

static int read_first(struct loader *ld, const struct ynode *n, void *p)
{
	struct answer_load *a = p;

	return value_true(ld, n, &a->rule->answer_first);
}

static int read_nth(struct loader *ld, const struct ynode *n, void *p)
{
	struct answer_load *a = p;
	uint64_t v;

	if (value_count(ld, n, 1, UINT_MAX, &v))
		return -1;
	a->step->answer.which.nth = (unsigned)v;
	return 0;
}

/* The reply is then for the operation this names. */
static int read_only(struct loader *ld, const struct ynode *n, void *p)
{
	struct answer_load *a = p;
	struct held_choice *which = &a->step->answer.which;

	if (load_request_pattern(ld, n, &which->match))
		return -1;
	which->has_match = true;
	if (which->match.op)
		a->about = (struct op_list){ &which->match.op, 1, false };
	if (which->match.file.mount != NONE)
		a->reply.mount = which->match.file.mount;
	return 0;
}

static int read_timeout(struct loader *ld, const struct ynode *n, void *p)
{
	struct answer_load *a = p;

	return value_time(ld, n, &a->step->timeout_ns);
}

static int other_key(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, void *p)
{
	struct answer_load *a = p;

	return reply_key(ld, &a->reply, key, value);
}

static struct words other_words(struct loader *ld, void *p)
{
	struct answer_load *a = p;

	return reply_words(ld, &a->reply);
}

static int load(struct loader *ld, const struct ynode *n,
		const struct key *keys, struct answer_load *a,
		struct reply_spec *out)
{
	const struct schema schema = {
		"an answer", keys, other_key, other_words,
	};

	a->reply.out = out;
	a->reply.about = &a->about;
	a->reply.mount = NONE;
	out->loc = n->loc;
	out->present = true;
	if (schema_read(ld, n, &schema, a))
		return -1;
	return reply_end(ld, &a->reply, n->loc);
}

int load_rule_answer(struct loader *ld, const struct ynode *n,
		     struct rule *rule)
{
	static const struct key keys[] = {
		{ "gate", read_gate, 0, true },
		{ "first", read_first, 0, false },
		{ NULL, NULL, 0, false },
	};
	struct answer_load a = { .rule = rule };

	return load(ld, n, keys, &a, &rule->answer);
}

int load_step_answer(struct loader *ld, const struct ynode *n,
		     struct step *step)
{
	static const struct key keys[] = {
		{ "gate", read_gate, 0, true },
		{ "nth", read_nth, 0, false },
		{ "only", read_only, 0, false },
		{ "timeout", read_timeout, 0, false },
		{ NULL, NULL, 0, false },
	};
	struct answer_load a = { .step = step };

	step->answer = (struct answer_step){ .which = { .gate = NONE } };
	return load(ld, n, keys, &a, &step->answer.reply);
}
