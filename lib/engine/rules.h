/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which rule applies to a request, and how long the rule makes it wait.
 * Callers hold engine->lock, which also guards the rules' counters.  Rules are
 * sorted by operation beforehand, and those about one path are found by its
 * hash, so that many rules that do not match cost next to nothing.
 */
#ifndef ENGINE_RULES_H
#define ENGINE_RULES_H

#include "model/scenario.h"

struct rulebook;

struct rulebook *rulebook_new(const struct scenario *sc);
void rulebook_free(struct rulebook *rb);

/* Is there any rule that this operation (NULL: an unknown one) could meet? */
bool rulebook_knows(const struct rulebook *rb, const struct op *op);
/* The same for a request about a path with this hash; 0: its path is not known. */
bool rulebook_concerns(const struct rulebook *rb, const struct op *op,
		       uint64_t path_hash);
/*
 * The first rule that matches and applies now, or NULL.  nth counts every
 * request that matches the rule's static part, also where an earlier rule
 * won; times counts applications.  states: the value of each state variable.
 */
const struct rule *rulebook_pick(struct rulebook *rb, const struct decoded_request *req,
				 int mount, const char *path, int actor,
				 const int *states);
/* Nanoseconds this application makes a message with so many bytes of data
 * wait; now_ns: for bandwidth, which lets one pass after the other. */
uint64_t rulebook_delay(struct rulebook *rb, const struct rule *rule,
			uint64_t bytes, uint64_t now_ns);
/* A rule that is off matches nothing and counts nothing. */
void rulebook_switch(struct rulebook *rb, size_t rule, bool on);
bool rulebook_is_on(const struct rulebook *rb, size_t rule);
/* How often it applied, and how many requests it was compared with and matched:
 * a rule without nth is not compared once an earlier one applies. */
unsigned rulebook_hits(const struct rulebook *rb, size_t rule);
unsigned rulebook_matches(const struct rulebook *rb, size_t rule);

#endif
