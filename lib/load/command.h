/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a server is told while it runs (fusescen-ctl(7)): a line of text with
 * one mapping of one key, which is a step of the scenario language or a word of
 * the protocol's own.  JSON is such text.  One thread at a time.
 */
#ifndef LOAD_COMMAND_H
#define LOAD_COMMAND_H

#include "model/scenario.h"

enum command_kind {
	COMMAND_STEP,		/* release, close, answer, notify, set, stall, resume */
	COMMAND_ENABLE, COMMAND_DISABLE,	/* rule */
	COMMAND_GATES, COMMAND_RULES, COMMAND_STATES, COMMAND_STATS,
	COMMAND_TAIL,		/* count, follow */
	COMMAND_LOG,		/* all */
	COMMAND_ABORT, COMMAND_QUIT,
};

struct command {
	enum command_kind kind;
	struct step step;
	size_t rule;
	uint64_t count;
	bool follow;
	bool all;		/* else what rules are about */
	bool as_text;		/* an answer for people */
};


/* Names are those of sc, which stays as it is; what the command points to is in
 * the arena.  0, or -1 and what is wrong in dg, which has the text. */
int load_control(struct arena *a, struct diags *dg, const struct scenario *sc,
		 const char *text, size_t len, struct command *out);

#endif
