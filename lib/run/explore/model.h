/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The model of a story: its calls, made one by one on a tmpfs, by actors of the same
 * kind.  Each order is run once, in a process of its own, and what its calls gave is
 * remembered for all orders that begin in the same way.  One thread at a time.
 */
#ifndef RUN_EXPLORE_MODEL_H
#define RUN_EXPLORE_MODEL_H

#include "explore/linear.h"

struct tmpfs_model;

/* sc is borrowed. */
struct tmpfs_model *tmpfs_model_new(const struct scenario *sc);
void tmpfs_model_free(struct tmpfs_model *m);
/* To be asked by linear_judge(). */
struct model tmpfs_model_asked(struct tmpfs_model *m);
/* How many orders were run; and why one could not be: NULL. */
uint64_t tmpfs_model_runs(const struct tmpfs_model *m);
const char *tmpfs_model_error(const struct tmpfs_model *m);

#endif
