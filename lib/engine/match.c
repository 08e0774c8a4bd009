/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Matching requests and events.  One walk serves both questions, "does it
 * match" and "what differs": a tally counts the differences and puts the first
 * one into words.  Pure functions, any thread.
 */
#include "config.h"

#include "engine/match.h"

#include <fnmatch.h>
#include <string.h>

#include "base/escape.h"
#include "engine/init.h"
#include "engine/print.h"

struct tally {
	const struct protocol *protocol;	/* for the words; NULL with "why" */
	int n;
	struct buf *why;	/* NULL: only whether, the first one ends it */
};

/* Where the fields of a pattern may stand: in the request, and for replies
 * also in their own body. */
struct message {
	const struct decoded_request *req;	/* NULL: not to be had */
	const void *reply;
	size_t reply_len;
};

/* True if nobody wants to hear of more. */
static bool enough(const struct tally *t)
{
	return t->n && !t->why;
}

/* Count a difference; the buffer to put it into words, if it is the first. */
static struct buf *differs(struct tally *t)
{
	return t->n++ ? NULL : t->why;
}

static bool message_get(const struct message *m, const char *name,
			const struct field **f, struct field_value *v)
{
	size_t len = strlen(name);

	*v = (struct field_value){ 0 };
	*f = NULL;
	if (!m->req)
		return false;
	*f = op_arg(m->req->op, name, len);
	if (*f)
		return !request_get(m->req, *f, v);
	if (m->reply && m->req->op)
		*f = op_reply_field(m->req->op, name, len);
	return *f && !field_get(*f, m->reply, m->reply_len, &v->num);
}

static bool value_meets(const struct cond *c, const struct field_value *v)
{
	switch (c->kind) {
	case COND_RANGE:
		return c->lo <= v->num &&
			(v->num < c->hi || c->hi == UINT64_MAX);
	case COND_FLAGS:
		return (v->num & c->set) == c->set && !(v->num & c->unset);
	case COND_STR:
		return v->p && v->len == c->len && !memcmp(v->p, c->p, c->len);
	case COND_BYTES:
		return v->p && v->len >= c->len && !memcmp(v->p, c->p, c->len);
	}
	return false;
}

static void print_value(struct buf *b, const struct protocol *p,
			const struct cond *c, const struct field *f,
			const struct field_value *v)
{
	if (c->kind == COND_STR)
		buf_quote(b, v->p, v->len, NAME_SHOWN);
	else if (c->kind == COND_BYTES)
		buf_data(b, v->p, v->len, v->len);
	else
		field_print(b, p, f, v->num);
}

/* "offset is 8K, not 0..4K" */
static void say_value(struct buf *b, const struct protocol *p,
		      const struct cond *c, const struct field *f,
		      const struct field_value *v)
{
	buf_printf(b, "%s is ", c->field);
	print_value(b, p, c, f, v);
	buf_puts(b, c->negate ? ", which is excluded" : ", not ");
	if (!c->negate)
		print_cond(b, p, c, f);
}

static void compare_conds(struct tally *t, const struct cond *where, size_t n,
			  const struct message *m)
{
	for (size_t i = 0; i < n && !enough(t); i++) {
		const struct cond *c = &where[i];
		const struct field *f;
		struct field_value v;
		struct buf *b;
		bool has = message_get(m, c->field, &f, &v);

		if (has && value_meets(c, &v) != c->negate)
			continue;
		b = differs(t);
		if (!b)
			continue;
		if (has)
			say_value(b, t->protocol, c, f, &v);
		else
			buf_printf(b, "it has no %s", c->field);
	}
}

static void compare_file(struct tally *t, const struct scenario *sc,
			 const struct file_ref *file, const struct event *ev)
{
	struct buf *b;

	if (match_file(file, ev->mount, ev->path))
		return;
	b = differs(t);
	if (!b)
		return;
	buf_puts(b, "file is ");
	if (ev->path)
		print_path(b, sc, ev->mount, ev->path);
	else
		buf_puts(b, "not known");
	buf_puts(b, ", not ");
	print_path(b, sc, file->mount, file->path);
}

/* Noise is what nobody asked for: it counts only where a pattern names it, and
 * GETXATTR security.* only where the pattern also asks for a name.  INIT comes
 * before the first step, so "*" does not mean it either. */
static bool is_unasked(const struct pattern *p, const struct decoded_request *req)
{
	if (!p->op && req && req->op && init_is_op(req->op->opcode))
		return true;
	if (!req || !request_is_noise(req))
		return false;
	if (!p->op)
		return true;
	if (p->op->flags & OPF_NOISE)
		return false;
	for (size_t i = 0; i < p->n_where; i++) {
		if (!strcmp(p->where[i].field, "name"))
			return false;
	}
	return true;
}

static void compare_error(struct tally *t, const struct pattern *p, int error)
{
	struct buf *b;

	if (!p->has_error || p->error == error)
		return;
	b = differs(t);
	if (!b)
		return;
	buf_puts(b, "the result is ");
	print_error(b, error);
	buf_puts(b, ", not ");
	print_error(b, p->error);
}

/* req: for the message to point to */
static struct message message_of(const struct event *ev, struct decoded_request *req)
{
	bool is_reply = ev->kind == EV_REPLY;
	const struct event *asked = is_reply ? ev->request : ev;
	struct message m = { NULL, NULL, 0 };
	const char *why;

	if (asked && !request_decode_cut(req, asked->op, asked->msg, asked->msg_len, &why)) {
		req->queue = (unsigned)(asked->queue + 1);
		m.req = req;
	}
	if (is_reply && !ev->error) {
		m.reply = ev->msg;
		m.reply_len = ev->msg_len;
	}
	return m;
}

int match_value(const struct pattern *p, const struct event *ev,
		const struct field **f, struct field_value *v)
{
	struct decoded_request req;
	struct message m = message_of(ev, &req);

	return message_get(&m, p->field, f, v) ? 0 : -1;
}

/* False: not comparable at all. */
static bool compare_request(struct tally *t, const struct scenario *sc,
			    const struct pattern *p, const struct event *ev)
{
	bool is_reply = p->kind == PAT_REPLY;
	struct decoded_request req;
	struct message m;

	if (ev->kind != (is_reply ? EV_REPLY : EV_REQUEST) ||
	    (p->op && p->op != ev->op))
		return false;
	m = message_of(ev, &req);
	if (is_unasked(p, m.req))
		return false;
	compare_file(t, sc, &p->file, ev);
	if (p->n_where && !enough(t))
		compare_conds(t, p->where, p->n_where, &m);
	if (is_reply && !enough(t))
		compare_error(t, p, ev->error);
	return true;
}

static uint8_t actor_first_letter(const struct scenario *sc, int actor)
{
	return actor < 0 ? 'x' : (uint8_t)sc->actors[actor].name[0];
}

static bool compare_call(struct tally *t, const struct scenario *sc,
			 const struct pattern *p, const struct event *ev)
{
	const struct call_use *use = ev->call;
	struct buf *b;

	if (ev->kind != (p->kind == PAT_CALL ? EV_CALL : EV_RETURN) || !use ||
	    (p->actor != NONE && p->actor != ev->actor) ||
	    (p->call && p->call != use->call))
		return false;
	if (!p->has_result || !ev->outcome ||
	    outcome_meets(ev->outcome, &p->result, use->call,
			  actor_first_letter(sc, ev->actor), NULL))
		return true;
	b = differs(t);
	if (b)
		outcome_meets(ev->outcome, &p->result, use->call,
			      actor_first_letter(sc, ev->actor), b);
	return true;
}

static bool compare_note(struct tally *t, const struct pattern *p,
			 const struct event *ev)
{
	bool is_done = p->kind == PAT_NOTE_DONE;

	if (ev->kind != (is_done ? EV_NOTE_DONE : EV_NOTE_START) ||
	    p->note != ev->note)
		return false;
	if (is_done)
		compare_error(t, p, event_error(ev));
	return true;
}

static void compare_values(struct tally *t, const struct pattern *p,
			   const struct event *ev)
{
	for (size_t i = 0; i < p->n_where && !enough(t); i++) {
		const struct cond *c = &p->where[i];
		const struct field *f = field_by_name(p->tracepoint->fields,
						      c->field, strlen(c->field));
		struct field_value v = { 0 };
		struct buf *b;

		if (!field_get(f, ev->msg, ev->msg_len, &v.num) &&
		    value_meets(c, &v) != c->negate)
			continue;
		b = differs(t);
		if (b)
			say_value(b, t->protocol, c, f, &v);
	}
}

static bool compare_trace(struct tally *t, const struct scenario *sc,
			  const struct pattern *p, const struct event *ev)
{
	struct buf *b;

	if (ev->kind != EV_TRACE || ev->tracepoint != p->tracepoint)
		return false;
	compare_file(t, sc, &p->file, ev);
	if (p->actor != NONE && p->actor != ev->actor && !enough(t)) {
		b = differs(t);
		if (b)
			buf_printf(b, "the actor is %s, not %s", ev->actor == NONE ?
				   "not known" : sc->actors[ev->actor].name,
				   sc->actors[p->actor].name);
	}
	compare_values(t, p, ev);
	return true;
}

static bool compare(struct tally *t, const struct scenario *sc,
		    const struct pattern *p, const struct event *ev)
{
	if (ev->teardown)
		return false;
	switch (p->kind) {
	case PAT_REQUEST:
	case PAT_REPLY:
		return compare_request(t, sc, p, ev);
	case PAT_CALL:
	case PAT_RETURN:
		return compare_call(t, sc, p, ev);
	case PAT_NOTE_START:
	case PAT_NOTE_DONE:
		return compare_note(t, p, ev);
	case PAT_TRACE:
		return compare_trace(t, sc, p, ev);
	}
	return false;
}

bool match_file(const struct file_ref *file, int mount, const char *path)
{
	if (file->mount != NONE && file->mount != mount)
		return false;
	if (!file->path || !*file->path)
		return true;
	if (!path)
		return false;
	if (file->is_glob)
		return !fnmatch(file->path, path, FNM_PATHNAME);
	return !strcmp(file->path, path);
}

bool match_conds(const struct cond *where, size_t n, const struct decoded_request *req)
{
	struct message m = { req, NULL, 0 };
	struct tally t = { NULL, 0, NULL };

	compare_conds(&t, where, n, &m);
	return !t.n;
}

/* A rule for any operation does not mean the mount's own business: INIT must
 * be named, and so must noise. */
static bool is_any(const struct decoded_request *req)
{
	return !req->op || (req->op->opcode != OP_INIT &&
			    req->op->opcode != OP_CUSE_INIT &&
			    !request_is_noise(req));
}

static bool match_op(const struct rule *rule, const struct decoded_request *req)
{
	if (!rule->n_ops)
		return is_any(req);
	for (size_t i = 0; i < rule->n_ops; i++) {
		if (rule->ops[i] == req->op)
			return true;
	}
	return false;
}

bool match_rule(const struct rule *rule, const struct decoded_request *req, int mount,
		const char *path, int actor)
{
	return match_op(rule, req) && match_file(&rule->file, mount, path) &&
		(rule->actor == NONE || rule->actor == actor) &&
		match_conds(rule->where, rule->n_where, req);
}

bool match_event(const struct scenario *sc, const struct pattern *p,
		 const struct event *ev)
{
	struct tally t = { sc->protocol, 0, NULL };

	return compare(&t, sc, p, ev) && !t.n;
}

int match_distance(const struct scenario *sc, const struct pattern *p,
		   const struct event *ev, struct buf *why)
{
	struct tally t = { sc->protocol, 0, why };

	return compare(&t, sc, p, ev) ? t.n : MATCH_FAR;
}
