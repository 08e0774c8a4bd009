/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a search found, in words: how far it came, and a finding as a scenario of
 * straight steps.  One thread at a time. */
#ifndef RUN_EXPLORE_TELL_H
#define RUN_EXPLORE_TELL_H

#include "run/explore/search.h"

/* One line. */
void tell_summary(struct buf *b, const struct search *s);
/* file_text: of the story, whose mounts, actors and checks the scenario keeps. */
void tell_finding(struct buf *b, const struct search *s, const struct wrong_order *f,
		  const char *file_text);

#endif
