/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers to requests that are held at a gate, from a rule or from a step: the
 * keys of a reply, checked against what can be held there.  One thread at a
 * time. */
#ifndef LOAD_RULES_ANSWER_H
#define LOAD_RULES_ANSWER_H

#include "load/read/loader.h"

/* {gate, first, + reply}: once all rules are known. */
int load_rule_answer(struct loader *ld, const struct ynode *n,
		     struct rule *rule);
/* {gate, nth, only, timeout, + reply} */
int load_step_answer(struct loader *ld, const struct ynode *n,
		     struct step *step);

#endif
