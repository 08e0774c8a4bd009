/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of keys by which mappings are read.  Constant. */
#ifndef LOAD_READ_KEY_H
#define LOAD_READ_KEY_H

#include "load/read/loader.h"

struct key {
	const char *name;	/* NULL ends the table */
	int (*read)(struct loader *ld, const struct ynode *value, void *out);
	size_t at;		/* offset in what is being filled in */
	bool required;
};

struct schema {
	const char *what;	/* "a rule", for messages */
	const struct key *keys;	/* read in this order, not in the file's */
	/* Keys that are no row, in the file's order: 0, -1 after a message,
	 * or 1 for "not mine either".  May be NULL. */
	int (*other)(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, void *out);
	/* The words other() knows, for the nearest one.  May be NULL. */
	struct words (*other_words)(struct loader *ld, void *out);
};

#endif
