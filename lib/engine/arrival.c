/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The way in: a request was read; log it, find the rule that applies, do what
 * the rule says at once, and start it on its course.  Workers.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "engine/reply_build.h"
#include "engine/pipeline.h"
#include "engine/reply_out.h"

#define PATH_SIZE	4096u
#define MAX_DATA_LOGGED	256u
#define MAX_LOGGED	16384u	/* names of 4K at most come twice */

/* A request on its way in; all of it borrowed from the worker's buffer. */
struct arrival {
	struct request *p;
	void *msg;
	size_t len;
	struct decoded_request req;
	const char *why;	/* it could not be decoded; NULL: it could */
	bool ruined;		/* not even its length is right: do not deliver */
	char path_buf[PATH_SIZE];
	const char *path;
};

static const struct reply_spec no_such_op = {
	.present = true, .has_error = true, .error = ENOSYS,
	.backing = { .mount = NONE }, .expect_write = NONE,
};

static const struct reply_spec malformed = {
	.present = true, .has_error = true, .error = EIO,
	.backing = { .mount = NONE }, .expect_write = NONE,
};

/* Does the kernel wait for an answer?  Not to an INTERRUPT, though one may be
 * given. */
static bool wants_answer(const struct op *op)
{
	return !op || (op->reply != REPLY_NONE && op->opcode != OP_INTERRUPT);
}

static struct request *request_new(int mount, void *chan, const void *msg)
{
	struct request *p = xmalloc(sizeof(*p));
	const struct op *op;
	struct wire_in_header h;

	memcpy(&h, msg, sizeof(h));
	op = op_by_code(h.opcode);
	*p = (struct request){
		.mount = mount, .chan = chan, .opcode = h.opcode, .op = op,
		.pid = h.pid, .unique = h.unique, .actor = NONE,
		.counted = wants_answer(op), .station = AT_DELAY,
	};
	return p;
}

static int actor_of(const struct engine *e, uint32_t pid)
{
	for (size_t i = 0; pid && i < e->sc->n_actors; i++) {
		if (e->actor_pids[i] == pid)
			return (int)i;
	}
	return NONE;
}

static void wait_while_stalled(struct engine *e, struct request *p)
{
	struct mount_state *m = &e->mounts[p->mount];

	if (!m->stalled || e->finished)
		return;
	inflight_move(&m->inflight, p, STAGE_STALLED);
	while (m->stalled && !e->finished) {
		if (pthread_cond_wait(&e->resumed, &e->lock))
			die_bug("engine: wait");
	}
	inflight_move(&m->inflight, p, STAGE_BUSY);
}

/* How much of the message is worth keeping: all but most of its data. */
static size_t kept_len(const struct arrival *a)
{
	size_t len = a->len;

	if (!a->why && a->req.data_len > MAX_DATA_LOGGED)
		len = (size_t)(a->req.data - (const uint8_t *)a->msg) +
			MAX_DATA_LOGGED;
	return len < MAX_LOGGED ? len : MAX_LOGGED;
}

static const struct event *log_request(struct engine *e, const struct arrival *a)
{
	const struct request *p = a->p;
	struct event ev = event_of_request(e, p, EV_REQUEST);

	ev.path = a->path;
	ev.msg = a->msg;
	ev.msg_len = kept_len(a);
	ev.data_len = a->req.data_len;
	ev.text = a->why;
	ev.nodeid = ((const struct wire_in_header *)a->msg)->nodeid;
	return evlog_add_held(e->log, &ev);
}

/* What is looked at when the reply comes. */
static void keep_head(struct engine *e, const struct arrival *a)
{
	struct request *p = a->p;

	if (p->ev) {
		p->head = p->ev->msg;
		p->head_len = p->ev->msg_len;
	} else if (p->rule || path_table_learns_from(p->opcode) ||
		   (p->op && p->op->flags & OPF_OPEN &&
		    e->mounts[p->mount].has_backings)) {
		p->head_len = kept_len(a);
		p->own_head = xmemdup(a->msg, p->head_len);
		p->head = p->own_head;
	}
}

/* RESEND (7.40): the kernel has forgotten the old unique. */
static void notice_resend(struct mount_state *m, uint64_t unique)
{
	struct request *old;

	if (!(unique & WIRE_UNIQUE_RESEND))
		return;
	old = inflight_find(&m->inflight, unique & ~WIRE_UNIQUE_RESEND);
	if (old && !old->stale)
		inflight_set_stale(&m->inflight, old);
}

static void apply_rule(struct request *p, const struct rule *rule)
{
	p->rule = rule;
	if (rule->reply.present) {
		p->reply = &rule->reply;
		p->reply_rule = rule;
	}
	p->ask_backend = rule->hold_after || rule->delay_after;
}

/* Could a rule apply to it?  Says yes too often rather than too seldom. */
static bool may_meet_rule(const struct engine *e, const struct request *p,
			  uint64_t nodeid)
{
	if (!rulebook_knows(e->rules, p->op))
		return false;
	if (p->op->flags & OPF_PARENT)
		return true;	/* it is about another path than the node's */
	return rulebook_concerns(e->rules, p->op,
			path_table_hash(e->mounts[p->mount].paths, nodeid));
}

/* Nobody wants to know of it, now or when its reply comes. */
static bool is_plain_traffic(const struct engine *e, const struct request *p,
			     uint64_t nodeid)
{
	return e->quiet && p->op && !path_table_learns_from(p->opcode) &&
		!init_is_op(p->opcode) && !(p->op->flags & OPF_OPEN) &&
		!may_meet_rule(e, p, nodeid);
}

/* Decode it, find its path, actor and rule, log it.  Lock held. */
static void look_at(struct engine *e, struct arrival *a)
{
	struct request *p = a->p;
	struct mount_state *m = &e->mounts[p->mount];
	const struct rule *rule = NULL;

	notice_resend(m, p->unique);
	if (is_plain_traffic(e, p,
			     ((const struct wire_in_header *)a->msg)->nodeid))
		return;
	p->actor = actor_of(e, p->pid);
	a->why = NULL;
	if (request_decode(&a->req, a->msg, a->len, &a->why)) {
		a->ruined = !a->req.op;
		if (a->ruined)
			p->reply = &malformed;
	} else {
		if (init_is_op(p->opcode))
			init_record(&m->init, &a->req);
		a->path = path_table_request_path(m->paths, &a->req, a->path_buf,
					     sizeof(a->path_buf));
		if (!e->finished)
			rule = rulebook_pick(e->rules, &a->req, p->mount,
					     a->path, p->actor, e->states);
	}
	if (rule)
		apply_rule(p, rule);
	if (!p->op && !e->foreign && !reply_is_whole(p->reply)) {
		p->reply = &no_such_op;
		p->reply_rule = NULL;
	}
	p->muted = e->mute && !(rule && rule->gate != NONE);
	if (!p->muted && (rule || !e->quiet))
		p->ev = log_request(e, a);
	keep_head(e, a);
	if (p->opcode == OP_INIT && !a->why && !e->foreign)
		init_edit_request(&m->init, &e->sc->mounts[p->mount],
				  a->msg, a->len);
}

/* May it have to be delivered later, by another thread? */
static bool may_be_late(const struct rule *r)
{
	return r->drop || (r->gate != NONE && !r->hold_after) ||
		((r->delay_max_ns || r->delay_min_ns || r->bandwidth) &&
		 !r->delay_after);
}

/* Does the rule do anything before the request moves on? */
static bool acts_first(const struct rule *r)
{
	return r->n_notify_before || (r->answer_gate != NONE && r->answer_first) ||
		r->abort || r->die || r->drop;
}

/* What that is.  False: the request does not move on (dropped).  Lock not
 * held. */
static bool act(struct engine *e, struct request *p, const struct rule *rule)
{
	bool counted = p->counted, dropped = false;

	for (size_t i = 0; i < rule->n_notify_before; i++)
		e->hooks.notify(e->ctx, &rule->notify_before[i]);
	if (rule->answer_gate != NONE && rule->answer_first)
		pipeline_answer(e, rule->answer_gate, NULL, 0, &rule->answer,
			      rule, true);
	if (rule->abort)
		e->hooks.control(e->ctx, p->mount, CONTROL_ABORT);
	if (rule->die)
		e->hooks.control(e->ctx, p->mount, CONTROL_DIE);
	if (!rule->drop)
		return true;
	engine_lock(e);
	if (!e->finished) {
		dropped = true;
		p->station = AT_SERVER;
		p->drop_ok = rule->drop_ok;
		if (counted)
			inflight_move(&e->mounts[p->mount].inflight, p,
				      STAGE_DROPPED);
	}
	engine_unlock(e);
	if (!dropped)
		return true;
	/* What is counted is now engine_finish()'s, and may be gone already. */
	if (counted)
		pipeline_after(e, rule);
	else
		pipeline_end(e, p);
	return false;
}

/* Do what comes next.  True: the worker delivers it. */
static bool move_on(struct engine *e, struct request *p, enum next next)
{
	switch (next) {
	case NEXT_WAIT:
		return false;
	case NEXT_DELIVER:
		if (!p->counted)
			pipeline_end(e, p);
		return true;
	case NEXT_SEND:
		reply_send(e, p, NULL, 0);
		return false;
	case NEXT_END:
		pipeline_end(e, p);
		return false;
	}
	return false;
}

bool engine_request(struct engine *e, int mount, void *chan, void *msg, size_t len)
{
	struct arrival a;
	const struct rule *rule, *first = NULL;
	enum next next = NEXT_END;

	if (len < sizeof(struct wire_in_header))
		return false;
	a.p = request_new(mount, chan, msg);
	a.msg = msg;
	a.len = len;
	a.path = NULL;
	a.ruined = false;
	engine_lock(e);
	inflight_add(&e->mounts[mount].inflight, a.p);
	wait_while_stalled(e, a.p);
	look_at(e, &a);
	rule = a.p->rule;
	if (rule) {
		pipeline_set_states(e, rule->set, rule->n_set);
		if (rule->stall) {
			e->mounts[mount].stalled = true;
			e->attention = true;
		}
		if (may_be_late(rule)) {
			a.p->msg = xmemdup(msg, len);
			a.p->msg_len = len;
		}
		if (acts_first(rule))
			first = rule;
	}
	/* Not unlocked before, so that gates hold in the order of the log. */
	if (!first && (rule || !a.ruined || a.p->counted))
		next = pipeline_next(e, a.p);
	engine_unlock(e);
	if (!first)
		return move_on(e, a.p, next);
	if (!act(e, a.p, first))
		return false;
	engine_lock(e);
	next = pipeline_next(e, a.p);
	engine_unlock(e);
	return move_on(e, a.p, next);
}
