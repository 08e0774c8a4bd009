/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of steps.  Constant tables, thread-safe. */
#include "config.h"

#include "model/steps.h"

#define WORD(kind, word, reader, flags, help)	{ #word, STEP_##kind, help },
const struct keyword step_keywords[] = { STEP_LIST(WORD) { NULL, 0, NULL } };
#undef WORD

static unsigned step_flags(enum step_kind kind)
{
#define FLAGS(kind, word, reader, flags, help)	[STEP_##kind] = flags,
	static const unsigned of[] = {
		STEP_LIST(FLAGS) [STEP_CALL] = 0, [STEP_RESULT] = 0,
	};
#undef FLAGS

	return of[kind];
}

bool step_is_shown(enum step_kind kind)
{
	return step_flags(kind) & STEP_SHOWN;
}

bool step_is_served(enum step_kind kind)
{
	return step_flags(kind) & STEP_SERVED;
}

const struct words step_words = { keyword_at, step_keywords };
