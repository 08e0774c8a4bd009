/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The states of a request.  Any thread, under engine->lock. */
#include "config.h"

#include "engine/request.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "engine/reply_build.h"

const struct reply_spec reply_eio = {
	.present = true, .has_error = true, .error = EIO,
	.backing = { .mount = NONE }, .expect_write = NONE,
};

const struct reply_spec reply_enosys = {
	.present = true, .has_error = true, .error = ENOSYS,
	.backing = { .mount = NONE }, .expect_write = NONE,
};

/* ---- what it is ---------------------------------------------------------------- */

struct request *request_new(const struct protocol *p, int mount, void *chan,
			    const void *msg)
{
	struct request *r = xmalloc(sizeof(*r));
	struct wire_in_header h;

	memcpy(&h, msg, sizeof(h));
	*r = (struct request){
		.state = REQUEST_ARRIVED, .mount = mount, .chan = chan,
		.opcode = h.opcode, .op = op_by_code(p, h.opcode), .pid = h.pid,
		.unique = h.unique, .actor = NONE, .queue = NONE,
	};
	return r;
}

void request_free(struct request *r)
{
	evlog_drop(r->ev);
	free(r->own_head);
	free(r->msg);
	free(r->backend_reply);
	free(r);
}

bool request_wants_reply(const struct request *r)
{
	return !r->op || (r->op->reply != REPLY_NONE &&
			  r->op->opcode != OP_INTERRUPT);
}

bool request_is_counted(const struct request *r)
{
	return request_wants_reply(r) && !r->resent;
}

bool request_drop_is_ok(const struct request *r)
{
	return r->state == REQUEST_MISSED ||
		(r->state == REQUEST_DROPPED && r->rule->drop_ok);
}

/* ---- what its rule says ----------------------------------------------------------- */

void request_set_rule(struct request *r, const struct rule *rule)
{
	r->rule = rule;
	if (!rule)
		return;
	if (rule->reply.present) {
		r->reply = &rule->reply;
		r->reply_rule = rule;
	}
	r->ask_backend = rule->hold_after || rule->delay_after;
}

bool request_is_to_drop(const struct request *r)
{
	return r->rule && r->rule->drop && request_wants_reply(r);
}

bool request_reply_may_wait(const struct request *r)
{
	return r->rule && (r->rule->hold_after || r->rule->delay_after);
}

static bool has_first_effects(const struct request *r)
{
	const struct rule *rule = r->rule;

	return rule && (rule->n_notify_before || rule->abort || rule->die ||
			(rule->answer_gate != NONE && rule->answer_first) ||
			request_is_to_drop(r));
}

/* after: the rule stops the reply and not the request. */
static bool has_delay(const struct request *r, bool after)
{
	const struct rule *rule = r->rule;

	return rule && !r->skip_waits && rule->delay_after == after &&
		(rule->delay_min_ns || rule->delay_max_ns || rule->bandwidth);
}

static bool has_gate(const struct request *r, bool after)
{
	const struct rule *rule = r->rule;

	return rule && !r->skip_waits && rule->hold_after == after &&
		rule->gate != NONE;
}

static bool needs_no_backend(const struct request *r)
{
	return r->no_backend || (!r->ask_backend && reply_is_whole(r->reply));
}

/* ---- from state to state ---------------------------------------------------------- */

void request_set_state(struct request *r, enum request_state state)
{
	bool counted = request_is_counted(r);

	r->counts[r->state] -= counted;
	r->state = state;
	r->counts[r->state] += counted;
}

static enum action go(struct request *r, enum request_state state,
		      enum action action)
{
	request_set_state(r, state);
	return action;
}

enum action request_advance(struct request *r, bool script_over)
{
	enum request_state s = r->state;

	for (;;) {
		switch (s) {
		case REQUEST_ARRIVED:
			s = REQUEST_PREPARED;
			if (has_first_effects(r))
				return go(r, s, ACTION_EFFECTS);
			break;
		case REQUEST_PREPARED:
			if (r->rule && r->rule->drop && !script_over)
				return go(r, REQUEST_DROPPED, ACTION_DROP);
			if (has_delay(r, false) && !script_over)
				return go(r, REQUEST_DELAYED, ACTION_DELAY);
			s = REQUEST_DUE;
			break;
		case REQUEST_DUE:
			if (has_gate(r, false) && !script_over)
				return go(r, REQUEST_HELD, ACTION_HOLD);
			s = REQUEST_RELEASED;
			break;
		case REQUEST_RELEASED:
			if (!needs_no_backend(r))
				return go(r, REQUEST_DELIVERED, ACTION_DELIVER);
			if (r->no_backend && !request_wants_reply(r))
				return go(r, REQUEST_DROPPED, ACTION_END);
			s = r->no_backend && r->ask_backend ? REQUEST_REPLIED :
				REQUEST_SENDING;
			break;
		case REQUEST_REPLIED:
			if (has_delay(r, true) && !script_over)
				return go(r, REQUEST_REPLY_DELAYED, ACTION_DELAY);
			s = REQUEST_REPLY_DUE;
			break;
		case REQUEST_REPLY_DUE:
			if (has_gate(r, true) && !script_over)
				return go(r, REQUEST_REPLY_HELD, ACTION_HOLD);
			s = REQUEST_SENDING;
			break;
		case REQUEST_SENDING:
			return go(r, s, ACTION_SEND);
		case REQUEST_STALLED:
		case REQUEST_DROPPED:
		case REQUEST_DELAYED:
		case REQUEST_HELD:
		case REQUEST_DELIVERED:
		case REQUEST_REPLY_DELAYED:
		case REQUEST_REPLY_HELD:
		case REQUEST_MISSED:
		case N_REQUEST_STATES:
			return ACTION_NONE;
		}
	}
}

void request_end_wait(struct request *r)
{
	static const enum request_state next[N_REQUEST_STATES] = {
		[REQUEST_DELAYED] = REQUEST_DUE,
		[REQUEST_HELD] = REQUEST_RELEASED,
		[REQUEST_REPLY_DELAYED] = REQUEST_REPLY_DUE,
		[REQUEST_REPLY_HELD] = REQUEST_SENDING,
	};

	if (next[r->state])
		request_set_state(r, next[r->state]);
}

void request_answer(struct request *r, const struct reply_spec *reply,
		    const struct rule *by)
{
	r->reply = reply;
	r->reply_rule = by;
	r->skip_waits = true;
	if (reply_is_whole(reply))
		request_set_state(r, REQUEST_SENDING);
	else
		request_end_wait(r);
}

/* The request was dropped, or its reply was missed: it gets the best reply that
 * there is. */
static void revive(struct request *r, bool failed)
{
	enum request_state to = REQUEST_SENDING;

	if (failed || (!r->backend_reply && !r->msg))
		r->reply = &reply_eio;
	else if (!r->backend_reply && r->op && !r->no_backend)
		to = REQUEST_RELEASED;
	request_set_state(r, to);
}

void request_finish(struct request *r, bool failed)
{
	r->skip_waits = true;
	r->reply_rule = NULL;
	if (r->no_backend)
		r->reply = reply_needs_no_backend(r->reply) ? r->reply : &reply_enosys;
	else if (r->op)
		r->reply = NULL;
	if (failed && request_wants_reply(r)) {
		r->reply = &reply_eio;
		r->ask_backend = false;
	}
	if (r->state == REQUEST_DROPPED || r->state == REQUEST_MISSED)
		revive(r, failed);
	else if (r->state == REQUEST_HELD || r->state == REQUEST_REPLY_HELD)
		request_end_wait(r);
}
