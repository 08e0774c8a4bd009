/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client's call gave, and whether that is what the script expects.
 * Pure functions, thread-safe. */
#ifndef MODEL_OUTCOME_H
#define MODEL_OUTCOME_H

#include "model/scenario.h"

struct outcome {
	int64_t ret;			/* the call's value; -1 with err */
	int err;			/* errno when ret is -1 */
	int signal;			/* SIGBUS or SIGSEGV instead of a value */
	bool killed;			/* the process died in the call */
	/* What we lacked to make the call or to keep its result (a constant
	 * text): then nothing here says anything about the kernel, and no
	 * expectation is met.  Else NULL. */
	const char *lack;
	uint64_t fields[CALL_FIELDS_MAX];	/* RES_FIELDS */
	const uint8_t *data;		/* bytes read, or names, one a line; borrowed */
	size_t data_len;
};

/* True if the outcome is what was expected.  Otherwise, and if why is not
 * NULL, says how it differs: "data differs at byte 17: \"a\" instead of \"b\"".
 * letter: what a bare size stands for in expected data. */
bool outcome_meets(const struct outcome *o, const struct expectation *e,
		   const struct call *call, uint8_t letter, struct buf *why);

/* Appends an outcome that was not expected.  If its value was, and only bytes,
 * fields or names differ, it also says where. */
void outcome_print_miss(struct buf *b, const struct outcome *o,
			const struct expectation *e, const struct call *call,
			uint8_t letter);
/* The same, but which of the expectations that "or" joins it meets; NULL. */
const struct expectation *outcome_which(const struct outcome *o,
					const struct expectation *e,
					const struct call *call, uint8_t letter,
					struct buf *why);
/* e has a trend, and o meets it otherwise: does its number keep to the trend?
 * *last: the number before, if has_last; the new one if it does. */
bool outcome_keeps_trend(const struct outcome *o, const struct expectation *e,
			 bool has_last, uint64_t *last);

/* In the script's own syntax: "-1 EIO", "4K", "SIGBUS", "{size=64K}". */
void outcome_print(struct buf *b, const struct outcome *o, const struct call *call,
		   const struct expectation *e);

#endif
