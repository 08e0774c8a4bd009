/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a rule that say which requests it is for: readers for a table of
 * keys, all of which fill in a struct rule.  "op" comes first, the fields of
 * "where" depend on it.  One thread at a time. */
#ifndef LOAD_RULES_MATCH_H
#define LOAD_RULES_MATCH_H

#include "load/read/loader.h"

int rule_op(struct loader *ld, const struct ynode *n, void *rule);
int rule_file(struct loader *ld, const struct ynode *n, void *rule);
int rule_where(struct loader *ld, const struct ynode *n, void *rule);
int rule_actor(struct loader *ld, const struct ynode *n, void *rule);
int rule_nth(struct loader *ld, const struct ynode *n, void *rule);
int rule_times(struct loader *ld, const struct ynode *n, void *rule);
int rule_when(struct loader *ld, const struct ynode *n, void *rule);

#endif
