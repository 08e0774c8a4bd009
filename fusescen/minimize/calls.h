/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that are calls, as a scenario has them.  Pure functions. */
#ifndef FUSESCEN_MINIMIZE_CALLS_H
#define FUSESCEN_MINIMIZE_CALLS_H

#include <stdbool.h>
#include <stddef.h>

#include "load/yaml/ytree.h"

/* What an actor does or takes in a step: "f() = 0", "f() ...", "... = 0"; NULL: it is
 * another step. */
const struct ynode *call_of(const struct ynode *step);
/* "f() ..." */
bool call_is_started(const struct ynode *call);
/* "... = 0" */
bool call_is_taken(const struct ynode *call);
/* The step that takes the result of the call of step i; n_items: there is none. */
size_t call_find_taken(const struct ynode *steps, size_t i);

#endif
