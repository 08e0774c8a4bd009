/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of the engine.  Any thread. */
#include "config.h"

#include "engine/engine_log.h"

struct event event_of_request(const struct engine *e, const struct request *r,
			      enum event_kind kind)
{
	struct event ev = event_of(kind);

	ev.mount = r->mount;
	ev.actor = r->actor;
	ev.op = r->op;
	ev.opcode = r->opcode;
	ev.unique = r->unique;
	ev.pid = r->pid;
	ev.queue = r->queue;
	ev.request = r->ev;
	ev.rule = engine_rule_index(e, r->rule);
	if (r->ev) {
		ev.nodeid = r->ev->nodeid;
		ev.path = r->ev->path;
	}
	return ev;
}

void log_request(struct engine *e, const struct request *r, enum event_kind kind,
		 const char *text)
{
	struct event ev = event_of_request(e, r, kind);

	if (r->muted)
		return;
	ev.text = text;
	if (kind == EV_HELD || kind == EV_RELEASED)
		ev.gate = r->rule->gate;
	evlog_add(e->log, &ev);
}

void change_states(struct engine *e, const struct assign *set, size_t n)
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
