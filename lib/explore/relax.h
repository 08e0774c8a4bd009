/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What FUSE grants beyond an order of calls on an ordinary filesystem.  A relaxation
 * is about calls that overlap, and never about a mode alone.
 *
 * Pure functions, thread-safe.
 */
#ifndef EXPLORE_RELAX_H
#define EXPLORE_RELAX_H

#include "explore/trail.h"

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

/* What else is right, because the story says so. */
struct allowed {
	bool torn_pages, io_modes;
};

struct judged {
	const struct trail *t;
	const struct allowed *allow;
};

/* Is the call's result the same? */
bool seen_same(const struct seen *a, const uint8_t *a_bytes, const struct seen *b,
	       const uint8_t *b_bytes);

/* Why c may give what it gives although the model gives something else.
 * N_RELAXATIONS: they are the same; NONE: it may not. */
int relax_call(const struct judged *j, const struct trail_call *c,
	       const struct trail_call *model, const uint8_t *bytes);
/* Why c may have failed for a reason that no order of calls has, and without an
 * effect.  N_RELAXATIONS: the server was told to refuse it; NONE: it may not. */
int relax_without(const struct judged *j, const struct trail_call *c);
/* Was a write cut in two by a WRITE of which nothing was taken?  The model has no such
 * call. */
bool took_a_part(const struct trail *t);
/* Did a call tell that what was written before could not be kept?  Then files may
 * hold something else (RELAX_WRITEBACK_ERROR). */
bool relax_files(const struct judged *j);

#endif
