/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a scenario has to stay as it is, so that a smaller one fails for the same
 * reason: the step or check that fails, and whatever the server does to give it the
 * errno or the number that it expects, and what it has told the kernel that it is like.
 * Without the latter, an expectation would not be disappointed but wrong.  Pure functions.
 */
#ifndef FUSESCEN_MINIMIZE_PINS_H
#define FUSESCEN_MINIMIZE_PINS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "fusescen/minimize/failure.h"
#include "load/yaml/ynode.h"

struct pins {
	const struct ynode **at;
	size_t n;
};

/* leave: texts of the user, with NULL behind them; an item that has one stays.  It may be
 * NULL.  The failure may be NULL.  is_bold: something else than the failure says which
 * expectations are right, so nothing of the server has to stay. */
struct pins pins_find(struct arena *a, const struct ynode *root,
		      const struct failure *f, const char **leave, bool is_bold);
/* Is the node one of them, or is one of them in it? */
bool pins_hold(const struct pins *p, const struct ynode *n);
/* Is it in one of them? */
bool pins_cover(const struct pins *p, const struct ynode *n);

#endif
