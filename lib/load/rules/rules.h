/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules, gates and states.  One thread at a time. */
#ifndef LOAD_RULES_RULES_H
#define LOAD_RULES_RULES_H

#include "load/read/fields.h"

/* "states:" and "rules:"; both may be NULL. */
int load_states(struct loader *ld, const struct ynode *n);
int load_rules(struct loader *ld, const struct ynode *n);
/* Is a state waited for to have a value it never gets?  After the steps. */
int load_states_end(struct loader *ld);

/* {state: value, ...}; gives: it gets the value, else it is asked for. */
int load_assigns(struct loader *ld, const struct ynode *n, bool gives,
		 struct assign **out, size_t *n_out);

/* A gate some rule holds at. */
int gate_value(struct loader *ld, const struct ynode *n, int *out);
/* What is held at a gate: the operations of its rules. */
void gate_ops(struct loader *ld, int gate, struct op_list *out);

#endif
