/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenarios, requests and events built by hand, for tests that must not
 * depend on the loader.  All memory is in one arena.
 */
#ifndef TESTS_BUILD_H
#define TESTS_BUILD_H

#include <string.h>

#include "engine/evlog.h"
#include "base/mem.h"

#define MAX_RULES	1200

struct build {
	struct arena *a;
	struct scenario sc;
	_Atomic uint64_t seq;
};

static inline void build_init(struct build *b, size_t n_mounts)
{
	static const char *const names[] = { "fs", "lower", "third" };

	*b = (struct build){ .a = arena_new() };
	b->sc.protocol = &protocol_builtin;
	b->sc.seed = 1;
	b->sc.n_mounts = n_mounts;
	b->sc.mounts = ARENA_ARRAY(b->a, struct mount_spec, n_mounts);
	for (size_t i = 0; i < n_mounts; i++) {
		b->sc.mounts[i].name = names[i];
		b->sc.mounts[i].workers = 1;
	}
	b->sc.rules = ARENA_ARRAY(b->a, struct rule, MAX_RULES);
}

static inline void build_fini(struct build *b)
{
	arena_free(b->a);
}

static inline const struct op *op_named(const char *name)
{
	const struct op *op = op_by_name(&protocol_builtin, name, strlen(name));

	if (!op)
		die_bug("no operation %s", name);
	return op;
}

static inline void no_reply(struct reply_spec *r)
{
	*r = (struct reply_spec){ .backing = { .mount = NONE },
				  .expect_write = NONE };
}

/* op NULL: any; path NULL: any file. */
static inline struct rule *build_rule(struct build *b, const char *op,
				      const char *path)
{
	struct rule *r = &b->sc.rules[b->sc.n_rules++];

	*r = (struct rule){ .actor = NONE, .gate = NONE, .answer_gate = NONE };
	r->file = (struct file_ref){ .mount = NONE, .path = path };
	no_reply(&r->reply);
	no_reply(&r->answer);
	if (op) {
		r->ops = ARENA_NEW(b->a, const struct op *);
		r->ops[0] = op_named(op);
		r->n_ops = 1;
	}
	return r;
}

static inline int build_gate(struct build *b, const char *name)
{
	ARENA_PUSH(b->a, b->sc.gates, b->sc.n_gates, name);
	return (int)b->sc.n_gates - 1;
}

static inline int build_actor(struct build *b, const char *name)
{
	struct actor_spec actor = { .name = name, .cpu = NONE,
				    .process = (int)b->sc.n_actors };

	ARENA_PUSH(b->a, b->sc.actors, b->sc.n_actors, actor);
	return (int)b->sc.n_actors - 1;
}

static inline int build_note(struct build *b, const char *name)
{
	ARENA_PUSH(b->a, b->sc.notes, b->sc.n_notes, name);
	return (int)b->sc.n_notes - 1;
}

/* A state variable with the values "off" (0, at first) and "on" (1). */
static inline int build_state(struct build *b, const char *name)
{
	struct state_var state = { .name = name };

	if (!b->sc.n_words) {
		ARENA_PUSH(b->a, b->sc.words, b->sc.n_words, "off");
		ARENA_PUSH(b->a, b->sc.words, b->sc.n_words, "on");
	}
	ARENA_PUSH(b->a, b->sc.states, b->sc.n_states, state);
	return (int)b->sc.n_states - 1;
}

static inline struct cond cond_range(const char *field, uint64_t lo, uint64_t hi)
{
	return (struct cond){ .field = field, .kind = COND_RANGE,
			      .lo = lo, .hi = hi };
}

static inline struct cond cond_flags(const char *field, uint64_t set,
				     uint64_t unset)
{
	return (struct cond){ .field = field, .kind = COND_FLAGS,
			      .set = set, .unset = unset };
}

static inline struct cond cond_text(const char *field, const char *text)
{
	return (struct cond){ .field = field, .kind = COND_STR,
			      .p = text, .len = strlen(text) };
}

static inline void add_cond(struct build *b, struct cond **where, size_t *n,
			    struct cond c)
{
	ARENA_PUSH(b->a, *where, *n, c);
}

/* op NULL: "*". */
static inline struct pattern pat(enum pattern_kind kind, const char *op,
				 const char *path)
{
	return (struct pattern){
		.kind = kind, .op = op ? op_named(op) : NULL,
		.file = { .mount = NONE, .path = path },
		.actor = NONE, .note = NONE,
	};
}

/* ---- requests ------------------------------------------------------------ */

struct ask {
	uint32_t opcode, pid, uid;
	uint64_t unique, nodeid;
	const void *body;
	size_t len;
};

/* Header and body as one message; returns its length. */
static inline size_t ask_write(void *out, const struct ask *ask)
{
	struct wire_in_header h = {
		.len = (uint32_t)(sizeof(h) + ask->len), .opcode = ask->opcode,
		.unique = ask->unique, .nodeid = ask->nodeid,
		.pid = ask->pid, .uid = ask->uid,
	};

	memcpy(out, &h, sizeof(h));
	if (ask->len)
		memcpy((char *)out + sizeof(h), ask->body, ask->len);
	return h.len;
}

/* A WRITE of len bytes 'a'; into out. */
static inline size_t ask_write_op(void *out, uint64_t unique, uint64_t nodeid,
				  uint64_t offset, uint32_t len)
{
	struct wire_write_in in = { .offset = offset, .size = len };
	uint8_t body[sizeof(in) + 8192];
	struct ask ask = { .opcode = OP_WRITE, .unique = unique,
			   .nodeid = nodeid, .body = body,
			   .len = sizeof(in) + len };

	memcpy(body, &in, sizeof(in));
	memset(body + sizeof(in), 'a', len);
	return ask_write(out, &ask);
}

/* ---- events --------------------------------------------------------------- */

/* The event of a request whose message is msg. */
static inline struct event request_event(const void *msg, size_t len,
					 const char *path)
{
	struct event ev = event_of(EV_REQUEST);
	struct wire_in_header h;

	memcpy(&h, msg, sizeof(h));
	ev.mount = 0;
	ev.opcode = h.opcode;
	ev.op = op_by_code(&protocol_builtin, h.opcode);
	ev.unique = h.unique;
	ev.nodeid = h.nodeid;
	ev.pid = h.pid;
	ev.path = path;
	ev.msg = msg;
	ev.msg_len = len;
	return ev;
}

static inline struct event reply_event(const struct event *to, int error)
{
	struct event ev = event_of(EV_REPLY);

	ev.mount = to->mount;
	ev.op = to->op;
	ev.opcode = to->opcode;
	ev.unique = to->unique;
	ev.path = to->path;
	ev.error = error;
	ev.request = to;
	return ev;
}

#endif
