/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that are calls, told by their text.  Pure functions. */
#include "config.h"

#include "fusescen/minimize/calls.h"

#include <string.h>

const struct ynode *call_of(const struct ynode *step)
{
	const struct ynode *n = step->kind == Y_MAP && step->n_items == 2 ?
		step->items[1] : NULL;

	return n && n->kind == Y_SCALAR && (strchr(n->text, '(') || call_is_taken(n)) ? n : NULL;
}

bool call_is_started(const struct ynode *call)
{
	return call->len > 4 && !strcmp(call->text + call->len - 4, " ...");
}

bool call_is_taken(const struct ynode *call)
{
	return !strncmp(call->text, "...", 3);
}

size_t call_find_taken(const struct ynode *steps, size_t i)
{
	const char *actor = steps->items[i]->items[0]->text;
	size_t k;

	for (k = i + 1; k < steps->n_items; k++) {
		const struct ynode *call = call_of(steps->items[k]);

		if (call && call_is_taken(call) &&
		    !strcmp(steps->items[k]->items[0]->text, actor))
			break;
	}
	return k;
}
