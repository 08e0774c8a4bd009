/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A request that was just read is decoded, its path, its actor and the rule
 * that applies are found, and it is logged.  Runs on the workers.
 */
#include "config.h"

#include "engine/arrival.h"

#include <string.h>

#include "base/mem.h"
#include "base/namespaces.h"
#include "engine/engine_log.h"
#include "engine/reply_build.h"

#define MAX_HEAD	16384u	/* names of 4K at most come twice */

/* A longer message is not copied under the lock. */
#define LARGE		MAX_HEAD

void arrival_init(struct arrival *a, const struct protocol *p, int mount,
		  void *chan, void *msg, size_t len)
{
	a->r = request_new(p, mount, chan, msg);
	a->msg = msg;
	a->len = len;
	a->copy = NULL;
	a->why = NULL;
	a->is_malformed = false;
	a->path = NULL;
	request_decode(&a->decoded, p, msg, len, &a->why);
}

void arrival_fini(struct arrival *a)
{
	free(a->copy);
}

static uint64_t nodeid_of(const struct arrival *a)
{
	return ((const struct wire_in_header *)a->msg)->nodeid;
}

/* ---- rules -------------------------------------------------------------------- */

/* Could a rule apply to it?  Says yes too often rather than too seldom. */
static bool may_meet_rule(const struct engine *e, const struct arrival *a)
{
	const struct request *r = a->r;

	if (!rulebook_knows(e->rules, r->op))
		return false;
	if (r->op && r->op->flags & OPF_PARENT)
		return true;	/* it is about another path than the node's */
	return rulebook_concerns(e->rules, r->op,
			path_table_hash(e->mounts[r->mount].paths, nodeid_of(a)));
}

/* May the request have to be delivered later, by another thread? */
static bool keeps_message(const struct rule *rule)
{
	return rule->drop || (rule->gate != NONE && !rule->hold_after) ||
		((rule->delay_max_ns || rule->delay_min_ns || rule->bandwidth) &&
		 !rule->delay_after);
}

void arrival_copy_large(struct engine *e, struct arrival *a)
{
	bool may_be_kept;

	if (a->len <= LARGE || !rulebook_knows(e->rules, a->r->op))
		return;
	mutex_lock(&e->lock);
	may_be_kept = may_meet_rule(e, a);
	mutex_unlock(&e->lock);
	if (may_be_kept)
		a->copy = xmemdup(a->msg, a->len);
}

/* The copy made beforehand, unless its path has become that of a rule since. */
static void keep_message(struct arrival *a)
{
	a->r->msg = a->copy ? steal_ptr(&a->copy) : xmemdup(a->msg, a->len);
	a->r->msg_len = a->len;
}

/* ---- the log ------------------------------------------------------------------- */

/* On a mount of another pid namespace only those who are in it have a number. */
static int actor_of(const struct engine *e, int mount, uint32_t pid)
{
	bool inside = e->sc->mounts[mount].namespaces & NS_PID;

	for (size_t i = 0; pid && i < e->sc->n_actors; i++) {
		if ((inside ? e->actor_own_pids[i] : e->actor_pids[i]) == pid)
			return (int)i;
	}
	return NONE;
}

/* How much of the message is kept: all of it except most of its data. */
static size_t head_len(const struct engine *e, const struct arrival *a)
{
	size_t data = e->sc->request_data > LIMIT_LOG_DATA ?
		e->sc->request_data : LIMIT_LOG_DATA;
	size_t len = a->len;

	if (!a->why && a->decoded.data_len > data)
		len = (size_t)(a->decoded.data - (const uint8_t *)a->msg) + data;
	return len < MAX_HEAD + data ? len : MAX_HEAD + data;
}

static const struct event *log_arrival(struct engine *e, const struct arrival *a)
{
	struct event ev = event_of_request(e, a->r, EV_REQUEST);

	ev.path = a->path;
	ev.msg = a->msg;
	ev.msg_len = head_len(e, a);
	ev.data_len = a->decoded.data_len;
	ev.text = a->why;
	ev.nodeid = nodeid_of(a);
	return evlog_add_held(e->log, &ev);
}

/* Keep the part of the request that is looked at when the reply comes. */
static void keep_head(struct engine *e, const struct arrival *a)
{
	struct request *r = a->r;

	if (r->ev) {
		r->head = r->ev->msg;
		r->head_len = r->ev->msg_len;
	} else if (r->rule || path_table_learns_from(r->op) ||
		   (r->op && r->op->flags & OPF_OPEN &&
		    mount_of(e, r)->has_backings)) {
		r->head_len = head_len(e, a);
		r->own_head = xmemdup(a->msg, r->head_len);
		r->head = r->own_head;
	}
}

/* ---- all of it ------------------------------------------------------------------ */

/* RESEND (7.40): the kernel has forgotten the old unique. */
static void notice_resend(struct mount_state *m, uint64_t unique)
{
	struct request *old;

	if (!(unique & WIRE_UNIQUE_RESEND))
		return;
	old = inflight_find(&m->inflight, unique & ~WIRE_UNIQUE_RESEND);
	if (old && !old->resent)
		inflight_set_resent(&m->inflight, old);
}

/* Is it a request that is neither logged nor met by a rule, now or when its
 * reply comes? */
static bool is_plain_traffic(const struct engine *e, const struct arrival *a)
{
	const struct request *r = a->r;

	return e->quiet && r->op && !(r->op->flags & OPF_DECLARED) && !a->why &&
		!path_table_learns_from(r->op) &&
		!init_is_op(r->opcode) && !(r->op->flags & OPF_OPEN) &&
		!may_meet_rule(e, a);
}

/* Is there a backend that can make something of the request?  It reads the
 * built-in layout, whatever the scenario has declared. */
static bool is_for_backend(const struct engine *e, const struct arrival *a)
{
	const struct op *op = a->r->op;
	struct decoded_request req;
	const char *why;

	if (e->foreign || (op && !(op->flags & OPF_DECLARED)))
		return true;
	return op && op_by_code(&protocol_builtin, op->opcode) &&
		!request_decode(&req, &protocol_builtin, a->msg, a->len, &why);
}

/* Returns the rule that applies, or NULL. */
static const struct rule *find_rule(struct engine *e, struct arrival *a)
{
	struct mount_state *m = mount_of(e, a->r);

	if (init_is_op(a->r->opcode))
		init_record(&m->init, e->sc->protocol, &a->decoded);
	a->path = path_table_request_path(m->paths, &a->decoded, a->path_buf,
					  sizeof(a->path_buf));
	if (e->finished)
		return NULL;
	return rulebook_pick(e->rules, &a->decoded, a->r->mount, a->path,
			     a->r->actor, e->states);
}

void arrival_examine(struct engine *e, struct arrival *a)
{
	struct request *r = a->r;
	struct mount_state *m = mount_of(e, r);
	const struct rule *rule = NULL;

	notice_resend(m, r->unique);
	if (is_plain_traffic(e, a))
		return;
	r->actor = actor_of(e, r->mount, r->pid);
	/* A foreign session gets every request that it would get without
	 * fusescen, except those whose length is wrong. */
	if (!a->why)
		rule = find_rule(e, a);
	else
		a->is_malformed = !a->decoded.op || !e->foreign;
	if (a->is_malformed)
		r->reply = &reply_eio;
	request_set_rule(r, rule);
	r->no_backend = !is_for_backend(e, a);
	if (r->no_backend && (r->op ? !reply_needs_no_backend(r->reply) :
			      !reply_is_whole(r->reply))) {
		r->reply = &reply_enosys;
		r->reply_rule = NULL;
	}
	r->muted = e->mute && !(rule && rule->gate != NONE);
	if (!r->muted && (rule || !e->quiet))
		r->ev = log_arrival(e, a);
	keep_head(e, a);
	if (r->opcode == OP_INIT && !a->why && !e->foreign)
		init_edit_request(&m->init, &e->sc->mounts[r->mount], a->msg,
				  a->len);
	else if (r->opcode == OP_INIT && !a->why)
		init_withhold_ring(a->msg, a->len);
	if (rule && keeps_message(rule))
		keep_message(a);
}
