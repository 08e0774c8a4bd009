/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known to stop kernels, told by the shape of a scenario: a stranger who
 * wants to stop a machine does not write `hazard:`.  Pure functions on const data.
 */
#ifndef MODEL_HAZARDS_H
#define MODEL_HAZARDS_H

#include "model/scenario.h"

struct hazard_shape {
	const char *word;	/* of hazard_keywords: what it can do */
	const char *what;	/* "parallel direct writers ..." */
	/* Where in the scenario it is; false: nowhere. */
	bool (*find)(const struct scenario *sc, struct loc *at);
};

/* The first shape that the scenario has, and the place of what makes it one; or
 * NULL. */
const struct hazard_shape *hazard_find(const struct scenario *sc, struct loc *at);

#endif
