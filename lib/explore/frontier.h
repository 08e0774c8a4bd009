/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The schedules that are still to be run, those nearest to the default first, and
 * what follows from one that was run.  Each schedule comes up once: what is new in a
 * child comes after all that is new in its parent.  One thread at a time.
 */
#ifndef EXPLORE_FRONTIER_H
#define EXPLORE_FRONTIER_H

#include "explore/trail.h"

struct frontier;

/* max_queued: no more wait at a time; others are dropped, and counted. */
struct frontier *frontier_new(size_t max_queued);
void frontier_free(struct frontier *f);

/* Takes a copy. */
void frontier_add(struct frontier *f, const struct schedule *s);
/* The next one; false: there is none. */
bool frontier_take(struct frontier *f, struct schedule *out);
size_t frontier_queued(const struct frontier *f);
uint64_t frontier_dropped(const struct frontier *f);
/* The cost of the next one; UINT_MAX: there is none. */
unsigned frontier_cost(const struct frontier *f);
/* See all that wait, in order. */
void frontier_each(const struct frontier *f,
		   void (*see)(void *ctx, const struct schedule *s), void *ctx);

/* s was run, and t is what it left: add what differs from it in one more move or
 * hold. */
void frontier_expand(struct frontier *f, const struct explore *ex,
		     const struct schedule *s, const struct trail *t);

#endif
