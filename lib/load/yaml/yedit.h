/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other trees made of a tree, which itself stays as it is: nodes taken out or put in
 * place of others, and the variables of a case filled in.  What does not change is
 * shared, so the new tree lives no longer than the old one.  Pure functions.
 */
#ifndef LOAD_YAML_YEDIT_H
#define LOAD_YAML_YEDIT_H

#include "base/mem.h"
#include "load/yaml/ynode.h"

struct yedit {
	const struct ynode *node;
	const struct ynode *by;		/* NULL: it is taken out, with its key */
};

/* A text that is not quoted unless it has to be. */
struct ynode *ynode_plain(struct arena *a, const char *text);
/* With all of the edits; of several about one node, the first counts. */
const struct ynode *ynode_edited(struct arena *a, const struct ynode *n,
				 const struct yedit *edits, size_t n_edits);
/* The mapping without a key. */
const struct ynode *ynode_without(struct arena *a, const struct ynode *map,
				  const char *key);

/* The row of `cases` with that name; NULL: there is none. */
const struct ynode *ynode_case(const struct ynode *root, const char *name);
/* With the variables of a row filled in, as a run of that case has them: a list in
 * a list is put there item by item. */
const struct ynode *ynode_filled(struct arena *a, const struct ynode *n,
				 const struct ynode *row);

#endif
