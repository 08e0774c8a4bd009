/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Priorities.  Pure functions. */
#include "config.h"

#include "explore/chance.h"

#include "base/random.h"

void chance_begin(struct chance *c, uint64_t seed, unsigned length)
{
	uint64_t drawn = random_mix(seed);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(c->priority); i++) {
		drawn = random_mix(drawn);
		/* above those that a change gives */
		c->priority[i] = CHANCE_CHANGES + (uint32_t)(drawn >> 33);
	}
	for (i = 0; i < CHANCE_CHANGES; i++) {
		drawn = random_mix(drawn);
		c->changes[i] = (unsigned)(drawn % (length ? length : 1));
	}
}

static unsigned highest(const struct chance *c, moves_t enabled)
{
	unsigned best = (unsigned)__builtin_ctz(enabled);

	for (; enabled; enabled &= enabled - 1) {
		unsigned i = (unsigned)__builtin_ctz(enabled);

		if (c->priority[i] > c->priority[best])
			best = i;
	}
	return best;
}

unsigned chance_move(struct chance *c, moves_t enabled, unsigned at)
{
	for (unsigned i = 0; i < CHANCE_CHANGES; i++) {
		if (c->changes[i] == at)
			c->priority[highest(c, enabled)] = i;
	}
	return highest(c, enabled);
}
