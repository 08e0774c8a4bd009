/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random numbers that follow from a seed, the same ones on every machine.  Not
 * for secrets.  Thread-safe. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* splitmix64: what follows x, and as good as unrelated to it. */
static inline uint64_t random_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

#endif
