/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What could be left out of a scenario, or be simpler.  Whether it may be is for a run to
 * say.  Pure functions. */
#ifndef FUSESCEN_MINIMIZE_CUTS_H
#define FUSESCEN_MINIMIZE_CUTS_H

#include "fusescen/minimize/pins.h"
#include "load/yaml/yedit.h"

struct cut {
	struct yedit *edits;
	size_t n;
	const char *from, *to;		/* a word that is replaced; NULL: none is */
};

struct cuts {
	struct arena *arena;
	const struct ynode *root;
	const struct pins *pins;
	bool is_bold;			/* something else says what is right */
	struct cut *at;
	size_t n;
};

/* A kind of cuts, in the order in which it is worth trying them. */
struct cut_kind {
	const char *name;		/* "names", for the account at the end */
	void (*make)(struct cuts *c);
};
extern const struct cut_kind cut_kinds[];
extern const size_t n_cut_kinds;

/* "without app: close(fd)", or what becomes of what; the caller frees it. */
char *cut_describe(const struct cut *cut);

/* For those who make cuts: an edit of c->at[c->n], which cut_add() then counts, unless it
 * would touch what has to stay. */
void cut_edit(struct cuts *c, struct cut *cut, const struct ynode *n,
	      const struct ynode *by);
void cut_add(struct cuts *c, const struct cut *cut);
void cut_words(struct cuts *c);
void cut_numbers(struct cuts *c);
void cut_results(struct cuts *c);

#endif
