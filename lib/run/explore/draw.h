/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Orders that are drawn, in place of the nearest ones: moves by chance, and holds of
 * requests that were seen in the first of them, which have none.  The same seed
 * draws the same orders, whatever ran at the same time.  One thread at a time.
 */
#ifndef RUN_EXPLORE_DRAW_H
#define RUN_EXPLORE_DRAW_H

#include "explore/trail.h"

struct lottery;

/* ex is borrowed. */
struct lottery *draw_new(uint64_t seed, const struct explore *ex);
void draw_free(struct lottery *d);
/* The next one; false: first all of the first ones have to be seen. */
bool draw_next(struct lottery *d, struct schedule *out);
/* A run of one has left this. */
void draw_saw(struct lottery *d, const struct trail *t);
/* Make of the drawn schedule that t was left by one that says each move, and has no
 * hold that held nothing.  In t, too, holds have their numbers then.  False: a fault
 * did not come, and may have come behind the step. */
bool draw_settle(struct schedule *s, struct trail *t, const struct explore *ex);

#endif
