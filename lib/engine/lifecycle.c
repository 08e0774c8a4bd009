/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An engine is made, ended and freed.  Called by the conductor. */
#include "config.h"

#include "engine/engine.h"

#include "base/mem.h"
#include "engine/pipeline.h"

static bool has_backings(const struct mount_spec *m)
{
	for (size_t i = 0; i < m->n_files; i++) {
		if (m->files[i].backing.path)
			return true;
	}
	return false;
}

struct engine *engine_new(const struct scenario *sc, struct evlog *log,
			  const struct engine_hooks *hooks, void *ctx)
{
	struct engine *e = xcalloc(1, sizeof(*e));

	e->sc = sc;
	e->log = log;
	e->hooks = *hooks;
	e->ctx = ctx;
	/* Every request takes it three times. */
	mutex_init_adaptive(&e->lock);
	cond_init(&e->resumed);
	e->rules = rulebook_new(sc);
	e->gates = gates_new(sc);
	e->actor_pids = xcalloc(sc->n_actors, sizeof(*e->actor_pids));
	e->actor_own_pids = xcalloc(sc->n_actors, sizeof(*e->actor_own_pids));
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
		m->queue = delay_queue_new(&e->lock);
	}
	pipeline_start(e);
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	/* All threads end first, because a rule of one mount may answer a
	 * request of another. */
	pipeline_stop(e);
	for (size_t i = 0; i < e->sc->n_mounts; i++) {
		inflight_fini(&e->mounts[i].inflight);
		delay_queue_free(e->mounts[i].queue);
		path_table_free(e->mounts[i].paths);
	}
	rulebook_free(e->rules);
	gates_free(e->gates);
	pthread_cond_destroy(&e->resumed);
	pthread_mutex_destroy(&e->lock);
	free(e->mounts);
	free(e->states);
	free(e->actor_pids);
	free(e->actor_own_pids);
	free(e->violations);
	free(e);
}

/* ---- the script is over ------------------------------------------------------------------ */

static void finish_delayed(void *ctx, struct request *r)
{
	const struct engine *e = ctx;

	request_finish(r, e->failed);
}

static void finish_waiting(void *ctx, struct request *r)
{
	struct engine *e = ctx;

	request_finish(r, e->failed);
	pipeline_let_go(e, r);
}

static void finish_held(struct engine *e, int gate)
{
	struct request *r;

	while ((r = gates_find(e->gates, gate, NULL, 1))) {
		gates_remove(e->gates, gate, r);
		finish_waiting(e, r);
	}
}

static void finish_mount(struct engine *e, struct mount_state *m)
{
	m->stalled = false;
	inflight_each(&m->inflight, REQUEST_DELAYED, finish_delayed, e);
	inflight_each(&m->inflight, REQUEST_REPLY_DELAYED, finish_delayed, e);
	inflight_each(&m->inflight, REQUEST_DROPPED, finish_waiting, e);
	inflight_each(&m->inflight, REQUEST_MISSED, finish_waiting, e);
	delay_queue_hurry(m->queue);
}

void engine_finish(struct engine *e, bool fail)
{
	auto_lock(&e->lock);
	e->finished = true;
	e->failed |= fail;
	e->attention = true;
	pthread_cond_broadcast(&e->resumed);
	for (size_t g = 0; g < e->sc->n_gates; g++)
		finish_held(e, (int)g);
	for (size_t i = 0; i < e->sc->n_mounts; i++)
		finish_mount(e, &e->mounts[i]);
}

struct delivered {
	void (*fn)(void *ctx, uint64_t unique, void *chan);
	void *ctx;
};

static void tell_delivered(void *ctx, struct request *r)
{
	const struct delivered *d = ctx;

	d->fn(d->ctx, r->unique, r->chan);
}

void engine_each_delivered(struct engine *e, int mount,
			   void (*fn)(void *ctx, uint64_t unique, void *chan), void *ctx)
{
	struct delivered d = { fn, ctx };

	auto_lock(&e->lock);
	inflight_each(&e->mounts[mount].inflight, REQUEST_DELIVERED, tell_delivered, &d);
}
