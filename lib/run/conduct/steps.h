/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The steps of a script, for the files that have them: steps.c walks them.  Each
 * returns false if it failed, and has said why then.  Conductor only.
 */
#ifndef RUN_CONDUCT_STEPS_H
#define RUN_CONDUCT_STEPS_H

#include "run/run.h"

#define STEP_FUNCTION(kind, word, reader, flags, help)			\
	bool step_##word(struct run *r, const struct step *step);
STEP_LIST(STEP_FUNCTION)
#undef STEP_FUNCTION
bool step_call(struct run *r, const struct step *step);
bool step_result(struct run *r, const struct step *step);

/* A step that gave something else than it should; takes both texts. */
bool step_fail(struct run *r, const struct step *step, char *expected,
	       char *actual);
/* A step that waits in vain: also say how things stand. */
bool step_stuck(struct run *r, const struct step *step, char *expected,
		char *actual);
/* For run_wait(): everything is quiet, as proof_quiet() says; with an argument,
 * timers included. */
bool all_quiet(struct run *r, const void *arg);
/* "EIO", or "0" */
const char *error_text(int err);

#endif
