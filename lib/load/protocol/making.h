/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A protocol while it is made.  One thread at a time. */
#ifndef LOAD_PROTOCOL_MAKING_H
#define LOAD_PROTOCOL_MAKING_H

#include "load/protocol/layout.h"

struct making {
	struct protocol *p;
	struct op *ops;			/* those of p, with room for what is declared */
	struct note *notes;
	const struct flagset **sets;
	struct flagset_change *changes;
	struct named_set *named;	/* what fields can have by name */
	size_t n_sets, n_named;
};

/* flags: and values: */
int read_flagsets(struct loader *ld, const struct ynode *n, void *making);
int read_valuesets(struct loader *ld, const struct ynode *n, void *making);
/* The built-in sets by their names. */
void flagsets_begin(struct loader *ld, struct making *m);
/* Let the built-in fields have what was added to their sets. */
void flagsets_end(struct loader *ld, struct making *m);

/* Is it a word of patterns?  Else a message. */
int check_word(struct loader *ld, const struct ynode *key, const char *what);

#endif
