/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scenarios without a conductor cannot have everything: there are no steps, and
 * the clients are any programs.  Caller's thread.
 */
#ifndef RUN_SERVE_RESTRICTIONS_H
#define RUN_SERVE_RESTRICTIONS_H

#include "model/scenario.h"

struct restrictions {
	const char *who;	/* "an attached session" */
	/* Why nobody can release what is held: "there is no control socket"; NULL:
	 * somebody can. */
	const char *nobody;
	/* Reports whatever else is not allowed. */
	void (*refuse)(struct diags *dg, const struct scenario *sc);
};

/* Messages that say why a loaded case cannot be used so; NULL: it can. */
char *restrictions_check(const struct scenario_file *f,
			 const struct restrictions *rs, bool allow_hazard);

#endif
