/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a stress step repeats, and what it did.  Pure data. */
#ifndef MODEL_STRESS_H
#define MODEL_STRESS_H

#include "model/clients.h"

/*
 * What a stress step repeats.  A round of an actor goes through its turns; a
 * turn takes one of its ways at random, and a way is calls one after the other.
 * site: the number of the call in the whole step.
 */

struct stress_call {
	unsigned site;
	struct call_use use;
};

struct stress_way {
	struct stress_call *calls;
	size_t n_calls;
};

struct stress_turn {
	struct stress_way *ways;
	size_t n_ways;
};

struct stress_part {
	int actor;
	struct stress_turn *turns;
	size_t n_turns;
};

struct stress {
	uint64_t rounds;		/* of each actor, at most */
	uint64_t time_ns;		/* no round begins later */
	uint64_t overlaps;		/* so many calls must overlap others */
	struct stress_part *parts;	/* one per actor */
	size_t n_parts;
	struct stress_call **sites;	/* by number; set when all is read */
	size_t n_sites;
};

/* What one or several stress steps did. */
struct stress_count {
	uint64_t rounds, calls;
	uint64_t overlaps;		/* calls begun while another actor's was under way */
	uint64_t pairs, all_pairs;	/* (call, call it overlapped): seen, possible */
};

#endif
