/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What somebody may have meant by a word that the language does not have in this
 * place: because the word has been renamed, belongs somewhere else, or comes from
 * another tool.  It is consulted before the nearest spelling.  Pure functions.
 */
#ifndef LOAD_READ_GUESSES_H
#define LOAD_READ_GUESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

/* For diags_set_guess().  what: as the message has it, "key of a rule".  False:
 * nothing is known of the word there. */
bool guess_word(struct buf *out, const char *what, const char *text, size_t len,
		struct words right);

#endif
