/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A finding without the calls that it does not need.  One thread at a time. */
#ifndef RUN_EXPLORE_SHRINK_H
#define RUN_EXPLORE_SHRINK_H

#include "run/explore/search.h"

/* Leave out one call after the other, as long as what is left is wrong.  w then has a
 * scenario of its own (w->own). */
void shrink(const struct search *s, struct wrong_order *w);

#endif
