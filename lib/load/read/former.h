/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Words of the language that have been renamed.  They are not understood any
 * more; the loader only suggests the new word, where a nearest word would be
 * chosen by its spelling.  Pure functions.
 */
#ifndef LOAD_READ_FORMER_H
#define LOAD_READ_FORMER_H

#include <stddef.h>

/* The word that stands for this one now, or NULL. */
const char *former_word(const char *text, size_t len);

#endif
