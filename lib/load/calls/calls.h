/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls as strace prints them, and what they are to give.  Checked
 * against the call table, and against what the actor can know at this point
 * of the script.  One thread at a time.
 */
#ifndef LOAD_CALLS_CALLS_H
#define LOAD_CALLS_CALLS_H

#include "load/read/lex.h"

/*
 * "[VAR =] NAME(ARGS) [= RESULT | ...]" or "... [= RESULT]" by an actor; out->kind
 * becomes STEP_CALL or STEP_RESULT.  Remembers which call the actor is in.
 */
int load_call(struct loader *ld, int actor, const struct text *t,
	      struct step *out);

/* The text of a call in a list, where commas end what is not in quotes. */
int load_listed_text(struct loader *ld, const struct ynode *n, struct text *out);

/* load_call() without "...", for a stress step: its numbers may be drawn. */
int load_repeated_call(struct loader *ld, int actor, const struct text *t,
		       struct call_use *out);

/* load_call(), where the step (word) that has the call starts it and takes its
 * result. */
int load_lone_call(struct loader *ld, int actor, const struct text *t,
		   const char *word, struct step *out);

/* Calls that nobody took the result of: once, after the last step. */
int load_calls_end(struct loader *ld);

#endif
