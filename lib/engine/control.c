/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Life and end of an engine, and the conductor's side of it: gates, states,
 * stalls, and what there is to know.
 */
#include "config.h"

#include "engine/engine.h"

#include <errno.h>

#include "base/mem.h"
#include "engine/print.h"
#include "engine/pipeline.h"

static const struct reply_spec io_error = {
	.present = true, .has_error = true, .error = EIO,
	.backing = { .mount = NONE }, .expect_write = NONE,
};

/* ---- later-threads --------------------------------------------------------------- */

/* Lock held. */
static void take_later(void *ctx, struct request *p)
{
	struct mount_state *m = ctx;

	inflight_move(&m->inflight, p, STAGE_BUSY);
}

static void run_later(void *ctx, struct request *p)
{
	struct mount_state *m = ctx;
	bool let_go = p->let_go;

	p->let_go = false;
	pipeline_run(m->e, p);
	if (!let_go)
		return;
	engine_lock(m->e);
	m->handed_on++;
	engine_unlock(m->e);
}

static const struct delay_queue_hooks delay_queue_hooks = { take_later, run_later };

/* ---- life --------------------------------------------------------------------------- */

static bool has_backings(const struct mount_spec *m)
{
	for (size_t i = 0; i < m->n_files; i++) {
		if (m->files[i].backing.path)
			return true;
	}
	return false;
}

/* Every request takes it three times, each for less than the cost of a sleep:
 * who finds it taken spins for a moment first. */
static void init_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attr;

	if (pthread_mutexattr_init(&attr) ||
	    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ADAPTIVE_NP) ||
	    pthread_mutex_init(lock, &attr))
		die_bug("engine: no lock");
	pthread_mutexattr_destroy(&attr);
}

struct engine *engine_new(const struct scenario *sc, struct evlog *log,
			  const struct engine_hooks *hooks, void *ctx)
{
	struct engine *e = xcalloc(1, sizeof(*e));

	e->sc = sc;
	e->log = log;
	e->hooks = *hooks;
	e->ctx = ctx;
	init_lock(&e->lock);
	if (pthread_cond_init(&e->resumed, NULL))
		die_bug("engine: no condition variable");
	e->rules = rulebook_new(sc);
	e->gates = gates_new(sc);
	e->actor_pids = xcalloc(sc->n_actors, sizeof(*e->actor_pids));
	e->states = xcalloc(sc->n_states, sizeof(*e->states));
	for (size_t i = 0; i < sc->n_states; i++)
		e->states[i] = sc->states[i].initial;
	e->mounts = xcalloc(sc->n_mounts, sizeof(*e->mounts));
	for (size_t i = 0; i < sc->n_mounts; i++) {
		struct mount_state *m = &e->mounts[i];

		m->e = e;
		m->mount = (int)i;
		m->paths = path_table_new();
		m->has_backings = has_backings(&sc->mounts[i]);
		inflight_init(&m->inflight);
		m->queue = delay_queue_new(&e->lock, &delay_queue_hooks, m);
	}
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	/* All threads first: a rule of one mount may answer another's. */
	for (size_t i = 0; i < e->sc->n_mounts; i++)
		delay_queue_free(e->mounts[i].queue);
	for (size_t i = 0; i < e->sc->n_mounts; i++) {
		inflight_fini(&e->mounts[i].inflight);
		path_table_free(e->mounts[i].paths);
	}
	rulebook_free(e->rules);
	gates_free(e->gates);
	pthread_cond_destroy(&e->resumed);
	pthread_mutex_destroy(&e->lock);
	free(e->mounts);
	free(e->states);
	free(e->actor_pids);
	free(e->violations);
	free(e);
}

void engine_set_foreign(struct engine *e)
{
	e->foreign = true;
}

void engine_set_actor_pid(struct engine *e, int actor, uint32_t pid)
{
	engine_lock(e);
	e->actor_pids[actor] = pid;
	engine_unlock(e);
}

void engine_set_quiet(struct engine *e, bool quiet)
{
	e->quiet = quiet;
}

void engine_set_mute(struct engine *e, bool mute)
{
	engine_lock(e);
	e->mute = mute;
	engine_unlock(e);
}

bool engine_is_quiet(const struct engine *e)
{
	return atomic_load_explicit(&e->quiet, memory_order_relaxed);
}

bool engine_concerns(const struct engine *e, uint32_t opcode, const char *path)
{
	return rulebook_concerns(e->rules, op_by_code(opcode),
				 path_hash(path));
}

/* ---- gates --------------------------------------------------------------------------- */

unsigned engine_held(struct engine *e, int gate)
{
	unsigned n;

	engine_lock(e);
	n = gates_count(e->gates, gate);
	engine_unlock(e);
	return n;
}

void engine_print_held(struct engine *e, int gate, unsigned max, struct buf *out)
{
	struct request *p;

	engine_lock(e);
	p = gates_find(e->gates, gate, NULL, 1);
	for (; p && max; p = p->next, max--) {
		if (p->ev) {
			buf_printf(out, "#%llu ", (unsigned long long)p->ev->seq);
			event_print(out, e->sc, p->ev);
		} else {
			buf_puts(out, p->op ? p->op->name : "unknown operation");
		}
		buf_addc(out, '\n');
	}
	engine_unlock(e);
}

unsigned engine_release(struct engine *e, int gate, const struct pattern *match,
			unsigned nth, uint64_t max, bool open)
{
	struct request *p;
	unsigned n = 0;

	engine_lock(e);
	while (n < max && (p = gates_find(e->gates, gate, match, nth))) {
		gates_remove(e->gates, gate, p);
		pipeline_log(e, p, EV_RELEASED, NULL);
		pipeline_resume(e, p);
		n++;
	}
	if (open)
		gates_open(e->gates, gate, match);
	engine_unlock(e);
	return n;
}

void engine_close(struct engine *e, int gate)
{
	engine_lock(e);
	gates_close(e->gates, gate);
	engine_unlock(e);
}

bool engine_answer(struct engine *e, int gate, const struct pattern *match,
		   unsigned nth, const struct reply_spec *reply)
{
	return pipeline_answer(e, gate, match, nth, reply, NULL, false);
}

void engine_set_state(struct engine *e, const struct assign *set, size_t n)
{
	engine_lock(e);
	pipeline_set_states(e, set, n);
	engine_unlock(e);
}

int engine_state(struct engine *e, size_t state)
{
	int value;

	engine_lock(e);
	value = e->states[state];
	engine_unlock(e);
	return value;
}

void engine_switch_rule(struct engine *e, size_t rule, bool on)
{
	engine_lock(e);
	rulebook_switch(e->rules, rule, on);
	engine_unlock(e);
}

bool engine_rule_is_on(struct engine *e, size_t rule)
{
	bool on;

	engine_lock(e);
	on = rulebook_is_on(e->rules, rule);
	engine_unlock(e);
	return on;
}

void engine_let_go(struct engine *e, int mount, uint64_t *go, uint64_t *handed)
{
	engine_lock(e);
	*go = e->mounts[mount].let_go;
	*handed = e->mounts[mount].handed_on;
	engine_unlock(e);
}

/* ---- stalls --------------------------------------------------------------------------- */

void engine_stall(struct engine *e, int mount)
{
	engine_lock(e);
	if (!e->finished) {
		e->mounts[mount].stalled = true;
		e->attention = true;
	}
	engine_unlock(e);
}

void engine_resume(struct engine *e, int mount)
{
	engine_lock(e);
	e->mounts[mount].stalled = false;
	pthread_cond_broadcast(&e->resumed);
	engine_unlock(e);
}

bool engine_may_read(struct engine *e, int mount)
{
	struct mount_state *m = &e->mounts[mount];
	bool ok;

	if (!atomic_load_explicit(&e->attention, memory_order_acquire))
		return true;
	engine_lock(e);
	m->parked++;
	while (m->stalled && !e->finished) {
		if (pthread_cond_wait(&e->resumed, &e->lock))
			die_bug("engine: wait");
	}
	m->parked--;
	ok = !e->failed;
	engine_unlock(e);
	return ok;
}

unsigned engine_parked(struct engine *e, int mount)
{
	unsigned n;

	engine_lock(e);
	n = e->mounts[mount].stalled ? e->mounts[mount].parked : 0;
	engine_unlock(e);
	return n;
}

bool engine_is_stalled(struct engine *e, int mount)
{
	bool stalled;

	engine_lock(e);
	stalled = e->mounts[mount].stalled && !e->finished;
	engine_unlock(e);
	return stalled;
}

/* ---- what there is to know --------------------------------------------------------------- */

static void count_forgiven(void *ctx, struct request *p)
{
	struct engine_load *out = ctx;

	out->dropped_ok += p->drop_ok && !p->stale;
}

void engine_load(struct engine *e, int mount, struct engine_load *out)
{
	struct inflight *t = &e->mounts[mount].inflight;

	*out = (struct engine_load){ 0 };
	engine_lock(e);
	for (size_t i = 0; i < N_STAGES; i++)
		out->open += t->counts[i];
	out->busy = t->counts[STAGE_BUSY];
	out->stalled = t->counts[STAGE_STALLED];
	out->delayed = t->counts[STAGE_DELAYED];
	out->held = t->counts[STAGE_HELD];
	out->dropped = t->counts[STAGE_DROPPED];
	if (out->dropped)
		inflight_each(t, STAGE_DROPPED, count_forgiven, out);
	engine_unlock(e);
}

bool engine_holds_pid(struct engine *e, uint32_t pid)
{
	struct request *p;
	bool found = false;

	engine_lock(e);
	for (size_t g = 0; g < e->sc->n_gates && !found; g++) {
		p = gates_find(e->gates, (int)g, NULL, 1);
		for (; p && !found; p = p->next)
			found = p->pid == pid;
	}
	engine_unlock(e);
	return found;
}

bool engine_offered(struct engine *e, int mount, uint64_t *flags, uint32_t *minor)
{
	const struct init *init = &e->mounts[mount].init;
	bool seen;

	engine_lock(e);
	seen = init->seen;
	if (seen) {
		*flags = init->offered;
		*minor = init->minor;
	}
	engine_unlock(e);
	return seen;
}

uint64_t engine_missing_flags(struct engine *e, int mount)
{
	uint64_t flags;

	engine_lock(e);
	flags = init_missing_flags(&e->mounts[mount].init,
				   &e->sc->mounts[mount]);
	engine_unlock(e);
	return flags;
}

bool engine_ready(struct engine *e, int mount)
{
	bool ready;

	engine_lock(e);
	ready = e->mounts[mount].init.ready;
	engine_unlock(e);
	return ready;
}

uint64_t engine_nodeid(struct engine *e, int mount, const char *path)
{
	uint64_t id;

	engine_lock(e);
	id = path_table_find(e->mounts[mount].paths, path);
	engine_unlock(e);
	return id;
}

unsigned engine_rule_hits(struct engine *e, size_t rule)
{
	unsigned n;

	engine_lock(e);
	n = rulebook_hits(e->rules, rule);
	engine_unlock(e);
	return n;
}

bool engine_get_violation(struct engine *e, size_t i, struct engine_violation *out)
{
	bool has;

	engine_lock(e);
	has = i < e->n_violations;
	if (has)
		*out = e->violations[i];
	engine_unlock(e);
	return has;
}

/* ---- the end -------------------------------------------------------------------------- */

/* No rule has a say any more; it is answered by whoever can. */
static void set_free(struct engine *e, struct request *p)
{
	p->skip_waits = true;
	p->reply_rule = NULL;
	if (p->op)
		p->reply = NULL;
	if (e->failed && p->counted) {
		p->reply = &io_error;
		p->station = AT_WRITE;
	}
}

static void free_delayed(void *ctx, struct request *p)
{
	set_free(ctx, p);
}

static void free_dropped(void *ctx, struct request *p)
{
	struct engine *e = ctx;

	set_free(e, p);
	p->station = AT_WRITE;
	if (e->failed || (!p->backend_reply && !p->msg) || (!p->backend_reply && p->delivered))
		p->reply = &io_error;
	else if (!p->backend_reply && p->op)
		p->station = AT_SERVER;
	pipeline_resume(e, p);
}

void engine_finish(struct engine *e, bool fail)
{
	struct request *p;

	engine_lock(e);
	e->finished = true;
	e->failed |= fail;
	e->attention = true;
	pthread_cond_broadcast(&e->resumed);
	for (size_t g = 0; g < e->sc->n_gates; g++) {
		while ((p = gates_find(e->gates, (int)g, NULL, 1))) {
			gates_remove(e->gates, (int)g, p);
			set_free(e, p);
			pipeline_resume(e, p);
		}
	}
	for (size_t i = 0; i < e->sc->n_mounts; i++) {
		struct mount_state *m = &e->mounts[i];

		m->stalled = false;
		inflight_each(&m->inflight, STAGE_DELAYED, free_delayed, e);
		inflight_each(&m->inflight, STAGE_DROPPED, free_dropped, e);
		delay_queue_hurry(m->queue);
	}
	engine_unlock(e);
}
