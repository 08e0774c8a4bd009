/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a scenario declares and nothing in it uses.  A check that such a part was
 * meant to support passes without having looked at anything.  Pure functions on
 * const data.
 */
#ifndef MODEL_UNUSED_H
#define MODEL_UNUSED_H

#include "model/scenario.h"

/* Calls see(ctx, loc, what) for each, in the order of the file's sections; what
 * is a sentence without its full stop, and lives as long as the call. */
void scenario_unused(const struct scenario *sc,
		     void (*see)(void *ctx, struct loc loc, const char *what),
		     void *ctx);

#endif
