/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What steps and judges share: noting failures, and what the scenario needs.
 * Conductor only.
 */
#include "config.h"

#include "run/run.h"

#include <string.h>

void run_fail(struct run *r, struct loc loc, char *what, char *expected,
	      char *actual, char *note)
{
	struct failure f = {
		.loc = loc, .what = what, .note = note,
		.finding = { .expected = expected, .actual = actual },
	};

	result_add(&r->result, &f);
}

static bool is_capability(const char *name, enum capability cap)
{
	const struct keyword *k;

	for (k = capability_keywords; k->name; k++)
		if (k->kind == (int)cap && strcmp(k->name, name) == 0)
			return true;
	return false;
}

bool run_needs(const struct scenario *sc, enum capability cap)
{
	size_t i;

	for (i = 0; i < sc->n_needs; i++)
		if (is_capability(sc->needs[i].name, cap))
			return true;
	return false;
}
