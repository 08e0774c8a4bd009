/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gates: lists of held requests, oldest first.  Callers hold engine->lock. */
#ifndef ENGINE_GATES_H
#define ENGINE_GATES_H

#include "engine/request.h"

struct gates;

struct gates *gates_new(const struct scenario *sc);
void gates_free(struct gates *g);	/* not what is held */

void gates_hold(struct gates *g, int gate, struct request *r);
unsigned gates_count(const struct gates *g, int gate);
/* The nth (1 = oldest) held request that matches (NULL: any), or NULL. */
struct request *gates_find(const struct gates *g, int gate,
			   const struct pattern *match, unsigned nth);
void gates_remove(struct gates *g, int gate, struct request *r);

/* Let pass what matches (NULL: everything), from now on; match is borrowed. */
void gates_open(struct gates *g, int gate, const struct pattern *match);
void gates_rearm(struct gates *g, int gate);
bool gates_lets_pass(const struct gates *g, int gate, const struct request *r);

#endif
