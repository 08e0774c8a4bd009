/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Delays, gates and deliveries.  Workers, the filesystem end's threads,
 * later-threads and the conductor come here. */
#include "config.h"

#include "engine/course.h"

#include "base/mem.h"
#include "base/units.h"
#include "engine/answer.h"
#include "engine/match.h"
#include "engine/reply.h"

static struct side *side_of(struct engine *e, const struct pending *p)
{
	return &e->sides[p->mount];
}

/* Bytes of data a bandwidth is about: those the message has, or, for what is
 * read, those that were read or asked for. */
static uint64_t data_bytes(const struct pending *p)
{
	const struct field *f;
	struct request req;
	struct field_value v;
	const char *why;

	if (p->ev && p->ev->data_len)
		return p->ev->data_len;
	if (p->answer_len > sizeof(struct wire_out_header))
		return p->answer_len - sizeof(struct wire_out_header);
	f = p->op ? op_arg(p->op, "size", 4) : NULL;
	if (!f || request_decode_cut(&req, p->head, p->head_len, &why) ||
	    request_get(&req, f, &v))
		return 0;
	return v.num;
}

static bool must_delay(struct engine *e, struct pending *p, bool after)
{
	const struct rule *rule = p->rule;
	auto_buf struct buf text = BUF_INIT;
	uint64_t ns, now;

	if (!rule || rule->delay_after != after || p->hurry || e->finished ||
	    (!rule->delay_min_ns && !rule->delay_max_ns && !rule->bandwidth))
		return false;
	now = clock_ns();
	ns = rulebook_delay(e->rules, rule, data_bytes(p), now);
	if (!ns)
		return false;
	print_time(&text, ns);
	inflight_move(&side_of(e, p)->inflight, p, STAGE_DELAYED);
	course_log(e, p, EV_DELAYED, buf_str(&text));
	later_add(side_of(e, p)->later, p, now + ns);
	return true;
}

static bool must_hold(struct engine *e, struct pending *p, bool after)
{
	const struct rule *rule = p->rule;

	if (!rule || rule->gate == NONE || rule->hold_after != after ||
	    p->hurry || e->finished || gates_lets_pass(e->gates, rule->gate, p))
		return false;
	inflight_move(&side_of(e, p)->inflight, p, STAGE_HELD);
	gates_hold(e->gates, rule->gate, p);
	course_log(e, p, EV_HELD, NULL);
	return true;
}

/* An INTERRUPT is the filesystem end's business only while it works on the
 * request meant (libfuse keeps others for a request to come). */
static bool is_interrupt_of_known(struct engine *e, const struct pending *p)
{
	const struct pending *meant = inflight_find(&side_of(e, p)->inflight,
						    p->unique & ~WIRE_UNIQUE_INT);

	return meant && meant->delivered && !meant->answered;
}

enum next course_next(struct engine *e, struct pending *p)
{
	for (;;) {
		switch (p->station) {
		case AT_DELAY:
			p->station = AT_GATE;
			if (must_delay(e, p, false))
				return NEXT_WAIT;
			break;
		case AT_GATE:
			p->station = AT_SERVER;
			if (must_hold(e, p, false))
				return NEXT_WAIT;
			break;
		case AT_SERVER:
			p->station = AT_DELAY_AFTER;
			if (!p->ask && answer_is_whole(p->spec)) {
				p->station = AT_WRITE;
				break;
			}
			if (p->opcode == OP_INTERRUPT &&
			    !is_interrupt_of_known(e, p))
				return NEXT_END;
			p->delivered = true;
			return NEXT_DELIVER;
		case AT_DELAY_AFTER:
			p->station = AT_GATE_AFTER;
			if (must_delay(e, p, true))
				return NEXT_WAIT;
			break;
		case AT_GATE_AFTER:
			p->station = AT_WRITE;
			if (must_hold(e, p, true))
				return NEXT_WAIT;
			break;
		case AT_WRITE:
			return NEXT_SEND;
		}
	}
}

void course_resume(struct engine *e, struct pending *p)
{
	struct side *side = side_of(e, p);

	inflight_move(&side->inflight, p, STAGE_BUSY);
	p->let_go = true;
	side->let_go++;
	later_add(side->later, p, 0);
}

struct event event_of_request(const struct engine *e, const struct pending *p,
			      enum event_kind kind)
{
	struct event ev = event_of(kind);

	ev.mount = p->mount;
	ev.actor = p->actor;
	ev.op = p->op;
	ev.opcode = p->opcode;
	ev.unique = p->unique;
	ev.pid = p->pid;
	ev.request = p->ev;
	ev.rule = engine_rule_index(e, p->rule);
	if (p->ev) {
		ev.nodeid = p->ev->nodeid;
		ev.path = p->ev->path;
	}
	return ev;
}

void course_log(struct engine *e, const struct pending *p, enum event_kind kind,
		const char *text)
{
	struct event ev = event_of_request(e, p, kind);

	if (p->mute)
		return;
	ev.text = text;
	if (kind == EV_HELD || kind == EV_RELEASED)
		ev.gate = p->rule->gate;
	evlog_add(e->log, &ev);
}

void course_set_states(struct engine *e, const struct assign *set, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		auto_buf struct buf text = BUF_INIT;
		struct event ev = event_of(EV_STATE);

		e->states[set[i].state] = set[i].value;
		buf_printf(&text, "%s = %s", e->sc->states[set[i].state].name,
			   e->sc->words[set[i].value]);
		ev.text = buf_str(&text);
		if (!e->mute)
			evlog_add(e->log, &ev);
	}
}

bool course_answer(struct engine *e, int gate, const struct pattern *match,
		   unsigned nth, const struct reply_spec *reply,
		   const struct rule *by, bool now)
{
	struct pending *p;

	engine_lock(e);
	p = gates_find(e->gates, gate, match, nth);
	if (!p) {
		engine_unlock(e);
		return false;
	}
	gates_remove(e->gates, gate, p);
	course_log(e, p, EV_RELEASED, NULL);
	p->spec = reply;
	p->spec_rule = by;
	p->hurry = true;
	if (answer_is_whole(reply))
		p->station = AT_WRITE;
	now = now && p->station == AT_WRITE;
	if (now)
		inflight_move(&side_of(e, p)->inflight, p, STAGE_BUSY);
	else
		course_resume(e, p);
	engine_unlock(e);
	if (now)
		reply_send(e, p, NULL, 0);
	return true;
}

void course_after(struct engine *e, const struct rule *rule)
{
	bool finished;

	if (!rule)
		return;
	engine_lock(e);
	finished = e->finished;
	engine_unlock(e);
	if (finished)
		return;
	if (rule->answer_gate != NONE && !rule->answer_first)
		course_answer(e, rule->answer_gate, NULL, 0, &rule->answer,
			      rule, true);
	for (size_t i = 0; i < rule->n_notify_after; i++)
		e->hooks.notify(e->ctx, &rule->notify_after[i]);
}

void course_end(struct engine *e, struct pending *p)
{
	course_after(e, p->rule);
	engine_lock(e);
	inflight_end(&side_of(e, p)->inflight, p);
	engine_unlock(e);
}

/* p may be answered, and gone, before the hook returns, so the message is
 * taken out of it. */
static void deliver(struct engine *e, struct pending *p)
{
	auto_free void *msg = steal_ptr(&p->msg);
	size_t len = p->msg_len;
	int mount = p->mount;

	if (!p->counted)
		course_end(e, p);
	e->hooks.deliver(e->ctx, mount, msg, len);
}

void course_run(struct engine *e, struct pending *p)
{
	enum next next;

	engine_lock(e);
	next = course_next(e, p);
	engine_unlock(e);
	switch (next) {
	case NEXT_WAIT:
		break;
	case NEXT_DELIVER:
		deliver(e, p);
		break;
	case NEXT_SEND:
		reply_send(e, p, NULL, 0);
		break;
	case NEXT_END:
		course_end(e, p);
		break;
	}
}
