/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Delays, gates and deliveries.  Workers, the filesystem end's threads,
 * later-threads and the conductor come here. */
#include "config.h"

#include "engine/pipeline.h"

#include "base/mem.h"
#include "base/units.h"
#include "engine/reply_build.h"
#include "engine/match.h"
#include "engine/reply_out.h"

static struct mount_state *mount_of(struct engine *e, const struct request *p)
{
	return &e->mounts[p->mount];
}

/* Bytes of data a bandwidth is about: those the message has, or, for what is
 * read, those that were read or asked for. */
static uint64_t data_bytes(const struct request *p)
{
	const struct field *f;
	struct decoded_request req;
	struct field_value v;
	const char *why;

	if (p->ev && p->ev->data_len)
		return p->ev->data_len;
	if (p->backend_reply_len > sizeof(struct wire_out_header))
		return p->backend_reply_len - sizeof(struct wire_out_header);
	f = p->op ? op_arg(p->op, "size", 4) : NULL;
	if (!f || request_decode_cut(&req, p->head, p->head_len, &why) ||
	    request_get(&req, f, &v))
		return 0;
	return v.num;
}

static bool must_delay(struct engine *e, struct request *p, bool after)
{
	const struct rule *rule = p->rule;
	auto_buf struct buf text = BUF_INIT;
	uint64_t ns, now;

	if (!rule || rule->delay_after != after || p->skip_waits || e->finished ||
	    (!rule->delay_min_ns && !rule->delay_max_ns && !rule->bandwidth))
		return false;
	now = clock_ns();
	ns = rulebook_delay(e->rules, rule, data_bytes(p), now);
	if (!ns)
		return false;
	print_time(&text, ns);
	inflight_move(&mount_of(e, p)->inflight, p, STAGE_DELAYED);
	pipeline_log(e, p, EV_DELAYED, buf_str(&text));
	delay_queue_add(mount_of(e, p)->queue, p, now + ns);
	return true;
}

static bool must_hold(struct engine *e, struct request *p, bool after)
{
	const struct rule *rule = p->rule;

	if (!rule || rule->gate == NONE || rule->hold_after != after ||
	    p->skip_waits || e->finished || gates_lets_pass(e->gates, rule->gate, p))
		return false;
	inflight_move(&mount_of(e, p)->inflight, p, STAGE_HELD);
	gates_hold(e->gates, rule->gate, p);
	pipeline_log(e, p, EV_HELD, NULL);
	return true;
}

/* An INTERRUPT is the filesystem end's business only while it works on the
 * request meant (libfuse keeps others for a request to come). */
static bool is_interrupt_of_known(struct engine *e, const struct request *p)
{
	const struct request *meant = inflight_find(&mount_of(e, p)->inflight,
						    p->unique & ~WIRE_UNIQUE_INT);

	return meant && meant->delivered && !meant->answered;
}

enum next pipeline_next(struct engine *e, struct request *p)
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
			if (!p->ask_backend && reply_is_whole(p->reply)) {
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

void pipeline_resume(struct engine *e, struct request *p)
{
	struct mount_state *m = mount_of(e, p);

	inflight_move(&m->inflight, p, STAGE_BUSY);
	p->let_go = true;
	m->let_go++;
	delay_queue_add(m->queue, p, 0);
}

struct event event_of_request(const struct engine *e, const struct request *p,
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

void pipeline_log(struct engine *e, const struct request *p, enum event_kind kind,
		const char *text)
{
	struct event ev = event_of_request(e, p, kind);

	if (p->muted)
		return;
	ev.text = text;
	if (kind == EV_HELD || kind == EV_RELEASED)
		ev.gate = p->rule->gate;
	evlog_add(e->log, &ev);
}

void pipeline_set_states(struct engine *e, const struct assign *set, size_t n)
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

bool pipeline_answer(struct engine *e, int gate, const struct pattern *match,
		   unsigned nth, const struct reply_spec *reply,
		   const struct rule *by, bool now)
{
	struct request *p;

	engine_lock(e);
	p = gates_find(e->gates, gate, match, nth);
	if (!p) {
		engine_unlock(e);
		return false;
	}
	gates_remove(e->gates, gate, p);
	pipeline_log(e, p, EV_RELEASED, NULL);
	p->reply = reply;
	p->reply_rule = by;
	p->skip_waits = true;
	if (reply_is_whole(reply))
		p->station = AT_WRITE;
	now = now && p->station == AT_WRITE;
	if (now)
		inflight_move(&mount_of(e, p)->inflight, p, STAGE_BUSY);
	else
		pipeline_resume(e, p);
	engine_unlock(e);
	if (now)
		reply_send(e, p, NULL, 0);
	return true;
}

void pipeline_after(struct engine *e, const struct rule *rule)
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
		pipeline_answer(e, rule->answer_gate, NULL, 0, &rule->answer,
			      rule, true);
	for (size_t i = 0; i < rule->n_notify_after; i++)
		e->hooks.notify(e->ctx, &rule->notify_after[i]);
}

void pipeline_end(struct engine *e, struct request *p)
{
	pipeline_after(e, p->rule);
	engine_lock(e);
	inflight_end(&mount_of(e, p)->inflight, p);
	engine_unlock(e);
}

/* p may be answered, and gone, before the hook returns, so the message is
 * taken out of it. */
static void deliver(struct engine *e, struct request *p)
{
	auto_free void *msg = steal_ptr(&p->msg);
	size_t len = p->msg_len;
	int mount = p->mount;

	if (!p->counted)
		pipeline_end(e, p);
	e->hooks.deliver(e->ctx, mount, msg, len);
}

void pipeline_run(struct engine *e, struct request *p)
{
	enum next next;

	engine_lock(e);
	next = pipeline_next(e, p);
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
		pipeline_end(e, p);
		break;
	}
}
