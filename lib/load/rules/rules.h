/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules: what the server does with the requests they match.  One thread at a
 * time. */
#ifndef LOAD_RULES_RULES_H
#define LOAD_RULES_RULES_H

#include "load/read/loader.h"

/* "rules:"; may be NULL. */
int load_rules(struct loader *ld, const struct ynode *n);

#endif
