/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of changes.  Constant tables, thread-safe. */
#include "config.h"

#include "model/changes.h"

#define ROW(kind, word, needs, any, can, help) \
	[CHANGE_##kind] = { #word, needs, any, can },
const struct change_row change_rows[] = { CHANGE_LIST(ROW) };
#undef ROW

#define WORD(kind, word, needs, any, can, help)	{ #word, CHANGE_##kind, help },
const struct keyword change_keywords[] = {
	CHANGE_LIST(WORD) { NULL, 0, NULL }
};
#undef WORD
