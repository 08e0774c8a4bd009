/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mappings by table: which keys there are, what reads each, where the value
 * goes.  Unknown and missing keys are found here, for all mappings alike.
 * One thread at a time.
 */
#ifndef LOAD_READ_SCHEMA_H
#define LOAD_READ_SCHEMA_H

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

/* Everything that can be read is read; -1 if anything was wrong. */
int schema_read(struct loader *ld, const struct ynode *map,
		const struct schema *schema, void *out);

/* Call read() for each item of a list, until too much is wrong. */
int schema_each(struct loader *ld, const struct ynode *list, const char *what,
		int (*read)(struct loader *ld, const struct ynode *item,
			    void *out), void *out);

#endif
