/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gates: lists of held requests.  Any thread, under engine->lock. */
#include "config.h"

#include "engine/gates.h"

#include "base/mem.h"
#include "engine/match.h"

struct gate {
	struct request *first, *last;
	unsigned count;
	bool open;
	const struct pattern *only;	/* open just for these; NULL: for all */
};

struct gates {
	const struct scenario *sc;
	struct gate *gates;
};

static bool is_meant(const struct gates *g, const struct pattern *match,
		     const struct request *r)
{
	return !match || (r->ev && match_event(g->sc, match, r->ev));
}

struct gates *gates_new(const struct scenario *sc)
{
	struct gates *g = xcalloc(1, sizeof(*g));

	g->sc = sc;
	g->gates = xcalloc(sc->n_gates, sizeof(*g->gates));
	return g;
}

void gates_free(struct gates *g)
{
	free(g->gates);
	free(g);
}

void gates_hold(struct gates *g, int gate, struct request *r)
{
	struct gate *at = &g->gates[gate];

	r->next = NULL;
	r->prev = at->last;
	if (at->last)
		at->last->next = r;
	else
		at->first = r;
	at->last = r;
	at->count++;
}

unsigned gates_count(const struct gates *g, int gate)
{
	return g->gates[gate].count;
}

struct request *gates_find(const struct gates *g, int gate,
			   const struct pattern *match, unsigned nth)
{
	for (struct request *r = g->gates[gate].first; r; r = r->next) {
		if (is_meant(g, match, r) && nth-- <= 1)
			return r;
	}
	return NULL;
}

void gates_remove(struct gates *g, int gate, struct request *r)
{
	struct gate *at = &g->gates[gate];

	if (r->prev)
		r->prev->next = r->next;
	else
		at->first = r->next;
	if (r->next)
		r->next->prev = r->prev;
	else
		at->last = r->prev;
	at->count--;
}

void gates_open(struct gates *g, int gate, const struct pattern *match)
{
	g->gates[gate].open = true;
	g->gates[gate].only = match;
}

void gates_rearm(struct gates *g, int gate)
{
	g->gates[gate].open = false;
	g->gates[gate].only = NULL;
}

bool gates_lets_pass(const struct gates *g, int gate, const struct request *r)
{
	return g->gates[gate].open && is_meant(g, g->gates[gate].only, r);
}
