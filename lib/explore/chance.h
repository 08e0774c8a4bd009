/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Moves by chance, the same ones for the same seed.  Each actor, hold and "others" has
 * a priority, the highest that can move does, and at a few moves that are drawn
 * before, whoever would have moved gets the lowest one.  So what goes wrong only after
 * d such points in n moves of k actors comes up at least once in k * n^(d-1) orders,
 * on average (probabilistic concurrency testing).
 *
 * Pure functions.  A struct chance belongs to one walk.
 */
#ifndef EXPLORE_CHANCE_H
#define EXPLORE_CHANCE_H

#include "explore/schedule.h"

#define CHANCE_CHANGES	2u		/* so d is 3 */

struct chance {
	uint32_t priority[SCHEDULE_PARTS + SCHEDULE_HOLDS + 1];
	unsigned changes[CHANCE_CHANGES];
};

/* length: how many moves there may be. */
void chance_begin(struct chance *c, uint64_t seed, unsigned length);
/* Number of the bit of move number at.  enabled: not empty. */
unsigned chance_move(struct chance *c, moves_t enabled, unsigned at);

#endif
