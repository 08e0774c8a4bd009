/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* State variables: their first values, and who asks for or sets them.  One
 * thread at a time. */
#ifndef LOAD_RULES_STATES_H
#define LOAD_RULES_STATES_H

#include "load/read/loader.h"

/* "states:"; may be NULL. */
int load_states(struct loader *ld, const struct ynode *n);
/* Does a rule ask for a value that its state never gets?  After the steps. */
int load_states_end(struct loader *ld);

/* {state: value, ...}; gives: it gets the value, else it is asked for. */
int load_assigns(struct loader *ld, const struct ynode *n, bool gives,
		 struct assign **out, size_t *n_out);

#endif
