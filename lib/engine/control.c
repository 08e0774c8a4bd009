/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the conductor orders (gates, states, stalls) and what it asks.
 */
#include "config.h"

#include "engine/engine.h"

#include "engine/engine_log.h"
#include "engine/pipeline.h"
#include "engine/print.h"

void engine_set_foreign(struct engine *e)
{
	e->foreign = true;
}

void engine_set_actor_pid(struct engine *e, int actor, uint32_t pid, uint32_t own)
{
	auto_lock(&e->lock);
	e->actor_pids[actor] = pid;
	e->actor_own_pids[actor] = own;
}

void engine_set_quiet(struct engine *e, bool quiet)
{
	e->quiet = quiet;
}

void engine_set_mute(struct engine *e, bool mute)
{
	auto_lock(&e->lock);
	e->mute = mute;
}

bool engine_is_quiet(const struct engine *e)
{
	return atomic_load_explicit(&e->quiet, memory_order_relaxed);
}

bool engine_concerns(const struct engine *e, uint32_t opcode, const char *path)
{
	return rulebook_concerns(e->rules, op_by_code(e->sc->protocol, opcode),
				 path_hash(path));
}

/* ---- gates --------------------------------------------------------------------------- */

unsigned engine_held(struct engine *e, int gate)
{
	auto_lock(&e->lock);
	return gates_count(e->gates, gate);
}

void engine_set_over(struct engine *e, int mount)
{
	auto_lock(&e->lock);
	e->mounts[mount].over = true;
}

unsigned engine_owed(struct engine *e, int gate)
{
	struct request *r;
	unsigned n = 0;

	auto_lock(&e->lock);
	for (r = gates_find(e->gates, gate, NULL, 1); r; r = r->next)
		n += !mount_of(e, r)->over;
	return n;
}

static void print_request(const struct engine *e, const struct request *r,
			  struct buf *out)
{
	if (r->ev) {
		buf_printf(out, "#%llu ", (unsigned long long)r->ev->seq);
		event_print(out, e->sc, r->ev);
	} else {
		buf_puts(out, r->op ? r->op->name : "unknown operation");
	}
}

void engine_print_held(struct engine *e, int gate, unsigned max, struct buf *out)
{
	struct request *r;

	auto_lock(&e->lock);
	r = gates_find(e->gates, gate, NULL, 1);
	for (; r && max; r = r->next, max--) {
		print_request(e, r, out);
		buf_addc(out, '\n');
	}
}

/* For the requests of a table, one after the other. */
struct dropped_text {
	const struct engine *e;
	struct buf *out;
	unsigned left;
};

static void print_dropped(void *ctx, struct request *r)
{
	struct dropped_text *t = ctx;

	if (!t->left)
		return;
	t->left--;
	print_request(t->e, r, t->out);
	buf_printf(t->out, ": dropped by the rule in line %u\n", r->rule->loc.line);
}

void engine_print_dropped(struct engine *e, int mount, unsigned max, struct buf *out)
{
	struct dropped_text t = { e, out, max };

	auto_lock(&e->lock);
	inflight_each(&e->mounts[mount].inflight, REQUEST_DROPPED, print_dropped, &t);
}

unsigned engine_release(struct engine *e, int gate, const struct pattern *match,
			unsigned nth, uint64_t max, bool open)
{
	struct request *r;
	unsigned n = 0;

	auto_lock(&e->lock);
	while (n < max && (r = gates_find(e->gates, gate, match, nth))) {
		gates_remove(e->gates, gate, r);
		log_request(e, r, EV_RELEASED, NULL);
		request_end_wait(r);
		pipeline_let_go(e, r);
		n++;
	}
	if (open)
		gates_open(e->gates, gate, match);
	return n;
}

void engine_rearm(struct engine *e, int gate)
{
	auto_lock(&e->lock);
	gates_rearm(e->gates, gate);
}

void engine_set_state(struct engine *e, const struct assign *set, size_t n)
{
	auto_lock(&e->lock);
	change_states(e, set, n);
}

int engine_state(struct engine *e, size_t state)
{
	auto_lock(&e->lock);
	return e->states[state];
}

void engine_switch_rule(struct engine *e, size_t rule, bool on)
{
	auto_lock(&e->lock);
	rulebook_switch(e->rules, rule, on);
}

bool engine_rule_is_on(struct engine *e, size_t rule)
{
	auto_lock(&e->lock);
	return rulebook_is_on(e->rules, rule);
}

void engine_let_go(struct engine *e, int mount, uint64_t *go, uint64_t *handed)
{
	auto_lock(&e->lock);
	*go = e->mounts[mount].let_go;
	*handed = e->mounts[mount].handed_on;
}

/* ---- stalls --------------------------------------------------------------------------- */

void engine_stall(struct engine *e, int mount)
{
	auto_lock(&e->lock);
	if (!e->finished) {
		e->mounts[mount].stalled = true;
		e->attention = true;
	}
}

void engine_resume(struct engine *e, int mount)
{
	auto_lock(&e->lock);
	e->mounts[mount].stalled = false;
	pthread_cond_broadcast(&e->resumed);
}

bool engine_may_read(struct engine *e, int mount)
{
	struct mount_state *m = &e->mounts[mount];

	if (!atomic_load_explicit(&e->attention, memory_order_acquire))
		return true;
	auto_lock(&e->lock);
	m->parked++;
	while (m->stalled && !e->finished)
		cond_wait(&e->resumed, &e->lock);
	m->parked--;
	return !e->failed;
}

unsigned engine_parked(struct engine *e, int mount)
{
	auto_lock(&e->lock);
	return e->mounts[mount].stalled ? e->mounts[mount].parked : 0;
}

bool engine_is_stalled(struct engine *e, int mount)
{
	auto_lock(&e->lock);
	return e->mounts[mount].stalled && !e->finished;
}

/* ---- what there is to know --------------------------------------------------------------- */

static void count_ok(void *ctx, struct request *r)
{
	struct engine_load *out = ctx;

	out->dropped_ok += request_drop_is_ok(r) && !r->resent;
}

void engine_load(struct engine *e, int mount, struct engine_load *out)
{
	struct inflight *t = &e->mounts[mount].inflight;
	const uint64_t *counts = t->counts;

	*out = (struct engine_load){ 0 };
	auto_lock(&e->lock);
	for (size_t i = 0; i < N_REQUEST_STATES; i++)
		out->open += counts[i];
	out->stalled = counts[REQUEST_STALLED];
	out->delayed = counts[REQUEST_DELAYED] + counts[REQUEST_REPLY_DELAYED];
	out->held = counts[REQUEST_HELD] + counts[REQUEST_REPLY_HELD];
	out->dropped = counts[REQUEST_DROPPED] + counts[REQUEST_MISSED];
	out->notifying = e->mounts[mount].notifying;
	out->occupied = out->notifying + e->mounts[mount].waiting;
	out->busy = out->open - out->stalled - out->delayed - out->held -
		out->dropped - out->notifying;
	if (out->dropped) {
		inflight_each(t, REQUEST_DROPPED, count_ok, out);
		inflight_each(t, REQUEST_MISSED, count_ok, out);
	}
}

bool engine_holds_pid(struct engine *e, uint32_t pid)
{
	struct request *r;
	bool found = false;

	auto_lock(&e->lock);
	for (size_t g = 0; g < e->sc->n_gates && !found; g++) {
		r = gates_find(e->gates, (int)g, NULL, 1);
		for (; r && !found; r = r->next)
			found = r->pid == pid;
	}
	return found;
}

struct pid_search {
	uint32_t pid;
	bool found;
};

static void find_pid(void *ctx, struct request *r)
{
	struct pid_search *s = ctx;

	s->found |= r->pid == s->pid;
}

bool engine_serves_pid(struct engine *e, uint32_t pid)
{
	struct pid_search s = { .pid = pid };

	auto_lock(&e->lock);
	for (size_t i = 0; i < e->sc->n_mounts && !s.found; i++)
		inflight_each(&e->mounts[i].inflight, REQUEST_DELIVERED,
			      find_pid, &s);
	return s.found;
}

bool engine_offered(struct engine *e, int mount, uint64_t *flags, uint32_t *minor)
{
	const struct init *init = &e->mounts[mount].init;
	bool seen;

	auto_lock(&e->lock);
	seen = init->seen;
	if (seen) {
		*flags = init->offered;
		*minor = init->minor;
	}
	return seen;
}

uint64_t engine_missing_flags(struct engine *e, int mount)
{
	auto_lock(&e->lock);
	return init_missing_flags(&e->mounts[mount].init,
				   &e->sc->mounts[mount]);
}

bool engine_ready(struct engine *e, int mount)
{
	auto_lock(&e->lock);
	return e->mounts[mount].init.ready;
}

uint64_t engine_nodeid(struct engine *e, int mount, const char *path)
{
	auto_lock(&e->lock);
	return path_table_find(e->mounts[mount].paths, path);
}

size_t engine_paths(struct engine *e, int mount, const char *path, char ***out)
{
	auto_lock(&e->lock);
	return path_table_below(e->mounts[mount].paths, path, out);
}

unsigned engine_rule_hits(struct engine *e, size_t rule)
{
	auto_lock(&e->lock);
	return rulebook_hits(e->rules, rule);
}

unsigned engine_rule_matches(struct engine *e, size_t rule)
{
	auto_lock(&e->lock);
	return rulebook_matches(e->rules, rule);
}

bool engine_get_violation(struct engine *e, size_t i, struct engine_violation *out)
{
	bool has;

	auto_lock(&e->lock);
	has = i < e->n_violations;
	if (has)
		*out = e->violations[i];
	return has;
}
