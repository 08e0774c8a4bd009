/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Is what the calls of a run gave what they give in some order, one by one, on an
 * ordinary filesystem?  An order counts if it keeps to real time: a call that had
 * returned before another one began comes first.  The files at the end belong to
 * the order too.
 *
 * What calls give one by one is asked of a model: a run of the same calls on a
 * tmpfs.  What FUSE grants beyond that (explore/relax.h) is counted.
 *
 * One thread at a time.
 */
#ifndef EXPLORE_LINEAR_H
#define EXPLORE_LINEAR_H

#include "explore/relax.h"

/* What it answers with lives as long as the model. */
struct model {
	/* What the last of these n calls gives, made one by one in this order; NULL:
	 * it does not return, or could not be made. */
	const struct trail_call *(*call)(void *ctx, const struct step *const *order,
					 size_t n, const uint8_t **bytes);
	/* The files after all of these calls; NULL: as above. */
	const struct trail_file *(*files)(void *ctx, const struct step *const *order,
					  size_t n, size_t *n_files,
					  const uint8_t **bytes);
	void *ctx;
};

/* The order that comes nearest. */
struct linear {
	bool found;
	unsigned differences;		/* calls that differ, and files */
	const struct step *order[TRAIL_CALLS];
	size_t n;
	/* Of each call of the trail: the same as the model, relaxed (also where it is
	 * not in the order), or differing; of each file: differing. */
	enum agreement { AGREES, RELAXED, DIFFERS } calls[TRAIL_CALLS];
	bool file_differs[TRAIL_FILES];
	uint64_t used[N_RELAXATIONS];	/* for an order without differences */
};

void linear_judge(const struct trail *t, const struct model *model,
		  const struct allowed *allowed, struct linear *out);

#endif
