/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Is what the calls of a run gave what they give in some order, one by one, on an
 * ordinary filesystem?  An order counts if it keeps to real time: a call that had
 * returned before another one began comes first.  The files at the end belong to
 * the order too.
 *
 * What calls give one by one is asked of a model: a run of the same calls on a
 * tmpfs.  What FUSE grants beyond that is a row of the table of relaxations, and
 * is counted.
 *
 * One thread at a time.
 */
#ifndef EXPLORE_LINEAR_H
#define EXPLORE_LINEAR_H

#include "explore/trail.h"

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

enum relaxation {
	/* A read that overlaps a shrinking call: the old length, with zeros beyond
	 * the new end. */
	RELAX_SHRUNK_READ,
	/* A read that overlaps a growing call: new data, up to the old end. */
	RELAX_OLD_END,
	/* A load or store that overlaps a change of the size: SIGBUS, or zeros. */
	RELAX_SIGBUS,
	/* A read over a page boundary that overlaps a change, and the size while a
	 * write over one is under way: only pages are whole. */
	RELAX_TORN_PAGES,
	/* A load of several bytes that overlaps a change, and has some of each. */
	RELAX_TORN_LOAD,
	/* A size that overlaps a change of it: the old one, also where direct_io has
	 * read the new data already. */
	RELAX_OLD_SIZE,
	/* A read that overlaps a write that is refused, and has its data. */
	RELAX_REFUSED,
	/* Writeback: data and size of a write that had returned when its WRITE was
	 * refused, of which an fsync told. */
	RELAX_WRITEBACK_ERROR,
	/* A call with a path walks it, and then asks for what it found: which of two
	 * errors it gives if a name changes meanwhile. */
	RELAX_WALK,
	/* An open that is refused because the file is open in another io mode. */
	RELAX_IO_MODE,
	N_RELAXATIONS
};
extern const char *const relaxation_names[N_RELAXATIONS];

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

/* What else is right, because the story says so. */
struct allowed {
	bool torn_pages, io_modes;
};
void linear_judge(const struct trail *t, const struct model *model,
		  const struct allowed *allowed, struct linear *out);

/* Is the call's result the same? */
bool seen_same(const struct seen *a, const uint8_t *a_bytes, const struct seen *b,
	       const uint8_t *b_bytes);

#endif
