/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories made by chance, for fusescen explore.  Pure functions. */
#ifndef FUSESCEN_EXPLORE_STORY_H
#define FUSESCEN_EXPLORE_STORY_H

#include <stdint.h>

/* The text of a story that follows from the seed, the same one on every machine.  The
 * caller frees it. */
char *story_make(uint64_t seed);

/* What a finding of a story is about, whatever its numbers are: the operations that
 * are held, and the calls that differ.  The caller frees it. */
char *story_finding_key(const char *finding);

#endif
