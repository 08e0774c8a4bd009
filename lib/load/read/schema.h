/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mappings by table: which keys there are, what reads each, where the value
 * goes.  Unknown and missing keys are found here, for all mappings alike.
 * One thread at a time.
 */
#ifndef LOAD_READ_SCHEMA_H
#define LOAD_READ_SCHEMA_H

#include "load/read/key.h"

/* Everything that can be read is read; -1 if anything was wrong. */
int schema_read(struct loader *ld, const struct ynode *map,
		const struct schema *schema, void *out);

/* Call read() for each item of a list, until too much is wrong. */
int schema_each(struct loader *ld, const struct ynode *list, const char *what,
		int (*read)(struct loader *ld, const struct ynode *item,
			    void *out), void *out);

#endif
