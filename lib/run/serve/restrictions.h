/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scenarios without a conductor: what makes no sense where nobody walks steps
 * and the clients are whoever comes.  Caller's thread.
 */
#ifndef RUN_SERVE_RESTRICTIONS_H
#define RUN_SERVE_RESTRICTIONS_H

#include "model/scenario.h"

struct alone {
	const char *who;	/* "an attached session" */
	/* Why nobody can release what is held: "there are no steps"; NULL:
	 * somebody can. */
	const char *nobody;
	/* What else it does not take. */
	void (*refuse)(struct diags *dg, const struct scenario *sc);
};

/* Why a loaded case cannot be for that, as messages; NULL: it can. */
char *alone_objections(const struct scenario_file *f, const struct alone *alone,
		       bool allow_hazard);

#endif
