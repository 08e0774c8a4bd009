/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A log made by hand, for tests of what is printed from it: one mount "fs" with
 * gate "disk", clients, and events whose numbers and times count up by one
 * (millisecond).
 */
#ifndef TESTS_EVENTS_H
#define TESTS_EVENTS_H

#include <string.h>

#include "report/report.h"

#define LOG_MAX		256
#define MSG_MAX		96

struct hand_log {
	struct scenario sc;
	struct mount_spec mounts[2];
	struct actor_spec actors[5];
	const char *gates[1], *notes[1], *vars[1];
	struct rule rules[1];
	struct step steps[1];
	struct event events[LOG_MAX];
	const struct event *sorted[LOG_MAX];
	unsigned char msg[LOG_MAX][MSG_MAX];
	struct outcome outcomes[LOG_MAX];
	struct call_use uses[LOG_MAX];
	size_t n;
};

static inline void hand_init(struct hand_log *l, size_t n_actors)
{
	static const char *const names[] = { "app", "b", "reader", "d", "e" };
	size_t i;

	memset(l, 0, sizeof(*l));
	l->mounts[0].name = "fs";
	l->mounts[1].name = "lower";
	for (i = 0; i < n_actors; i++)
		l->actors[i].name = names[i];
	l->gates[0] = "disk";
	l->notes[0] = "inval";
	l->vars[0] = "fd";
	l->rules[0].loc.line = 7;
	l->steps[0].loc = (struct loc){ 12, 5, 0 };
	l->sc.path = "x.yaml";
	l->sc.protocol = &protocol_builtin;
	l->sc.mounts = l->mounts;
	l->sc.n_mounts = 1;
	l->sc.actors = l->actors;
	l->sc.n_actors = n_actors;
	l->sc.gates = l->gates;
	l->sc.n_gates = 1;
	l->sc.notes = l->notes;
	l->sc.n_notes = 1;
	l->sc.vars = l->vars;
	l->sc.n_vars = 1;
	l->sc.rules = l->rules;
	l->sc.n_rules = 1;
}

static inline struct event *hand_add(struct hand_log *l, enum event_kind kind)
{
	struct event *ev = &l->events[l->n];

	ck_assert_uint_lt(l->n, LOG_MAX);
	l->sorted[l->n++] = ev;
	ev->seq = l->n;
	ev->at_ns = 5000000000ull + l->n * 1000000;
	ev->kind = kind;
	ev->mount = ev->actor = ev->gate = ev->rule = ev->note = ev->queue = NONE;
	return ev;
}

/* A request of opcode with a fixed part. */
static inline struct event *hand_request(struct hand_log *l, uint32_t opcode,
					 const char *path, const void *args,
					 size_t len)
{
	struct event *ev = hand_add(l, EV_REQUEST);
	struct wire_in_header h = {
		.len = (uint32_t)(sizeof(h) + len), .opcode = opcode,
		.unique = 2 * ev->seq, .nodeid = 5, .uid = 1000, .gid = 100,
		.pid = 77,
	};
	unsigned char *msg = l->msg[ev->seq - 1];

	ck_assert_uint_le(sizeof(h) + len, MSG_MAX);
	memcpy(msg, &h, sizeof(h));
	if (len)
		memcpy(msg + sizeof(h), args, len);
	ev->msg = msg;
	ev->msg_len = sizeof(h) + len;
	ev->op = op_by_code(&protocol_builtin, opcode);
	ev->opcode = opcode;
	ev->unique = h.unique;
	ev->nodeid = h.nodeid;
	ev->pid = h.pid;
	ev->path = path;
	ev->mount = 0;
	return ev;
}

/* As the log keeps it: the data is cut off, the header still counts it. */
static inline struct event *hand_write(struct hand_log *l, const char *path,
				       uint64_t offset, uint32_t size)
{
	struct wire_write_in in = { .fh = 3, .offset = offset, .size = size,
				    .write_flags = 1 };
	struct event *ev = hand_request(l, OP_WRITE, path, &in, sizeof(in));
	struct wire_in_header *h = (struct wire_in_header *)l->msg[ev->seq - 1];

	h->len += size;
	ev->data_len = size;
	return ev;
}

/* held, released, reply, ... of a request */
static inline struct event *hand_more(struct hand_log *l, enum event_kind kind,
				      const struct event *request)
{
	struct event *ev = hand_add(l, kind);

	ev->request = request;
	ev->op = request->op;
	ev->opcode = request->opcode;
	ev->unique = request->unique;
	ev->path = request->path;
	ev->mount = request->mount;
	if (kind == EV_HELD || kind == EV_RELEASED)
		ev->gate = 0;
	return ev;
}

static inline struct event *hand_call(struct hand_log *l, int actor,
				      const char *name, const char *text,
				      bool async)
{
	struct event *ev = hand_add(l, EV_CALL);
	struct call_use *use = &l->uses[ev->seq - 1];

	use->actor = actor;
	use->call = call_by_name(name, strlen(name));
	ck_assert_ptr_nonnull(use->call);
	use->text = text;
	use->async = async;
	use->result_var = NONE;
	ev->actor = actor;
	ev->call = use;
	ev->step = &l->steps[0];
	return ev;
}

static inline struct event *hand_return(struct hand_log *l,
					const struct event *call, int64_t ret,
					int err)
{
	struct event *ev = hand_add(l, EV_RETURN);
	struct outcome *o = &l->outcomes[ev->seq - 1];

	o->ret = ret;
	o->err = err;
	ev->actor = call->actor;
	ev->call = call->call;
	ev->step = call->step;
	ev->outcome = o;
	return ev;
}

#endif
