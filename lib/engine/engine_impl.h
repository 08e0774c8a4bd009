/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an engine is made of; nobody outside of this folder includes this.
 *
 *	pipeline	moves requests on: the way in, the way back, delays
 *	arrival		looks at a request that was just read
 *	reply_out	builds, writes and judges its reply
 *	control		what the conductor asks and orders
 *	lifecycle	its beginning and its end
 *
 * Locks: engine->lock guards everything here that changes, and is taken before
 * evlog's own.  It is never held while a hook runs.
 */
#ifndef ENGINE_ENGINE_IMPL_H
#define ENGINE_ENGINE_IMPL_H

#include <pthread.h>

#include "base/lock.h"
#include "engine/delay_queue.h"
#include "engine/engine.h"
#include "engine/gates.h"
#include "engine/inflight.h"
#include "engine/init.h"
#include "engine/path_table.h"
#include "engine/rules.h"

/* What the engine knows of one mount. */
struct mount_state {
	struct engine *e;
	int mount;
	struct inflight inflight;
	struct path_table *paths;
	struct delay_queue *queue;
	pthread_t delay_thread;		/* takes from the queue */
	struct init init;
	bool stalled;
	bool over;			/* engine_set_over() */
	unsigned parked;		/* workers that wait before a read */
	unsigned notifying;		/* workers that write a notification */
	unsigned waiting;		/* workers that wait for their request's end */
	uint64_t let_go, handed_on;	/* engine_let_go() */
	bool has_backings;		/* some file's OPEN replies need an id */
};

struct engine {
	const struct scenario *sc;
	struct evlog *log;
	struct engine_hooks hooks;
	void *ctx;
	pthread_mutex_t lock;
	pthread_cond_t resumed;		/* a mount is no longer stalled */
	struct mount_state *mounts;
	struct rulebook *rules;
	struct gates *gates;
	int *states;			/* values of the state variables */
	uint32_t *actor_pids;		/* 0: not known */
	uint32_t *actor_own_pids;	/* in a pid namespace of their own; 0: in none */
	struct engine_violation *violations;
	size_t n_violations;
	_Atomic bool quiet;
	_Atomic bool attention;		/* ask before each read: stalled, failed */
	bool mute;			/* engine_set_mute() */
	bool foreign;			/* engine_set_foreign() */
	bool finished, failed;		/* engine_finish() */
};

static inline struct mount_state *mount_of(struct engine *e,
					   const struct request *r)
{
	return &e->mounts[r->mount];
}

/* Index of a rule, NONE for NULL. */
static inline int engine_rule_index(const struct engine *e, const struct rule *r)
{
	return r ? (int)(r - e->sc->rules) : NONE;
}

#endif
