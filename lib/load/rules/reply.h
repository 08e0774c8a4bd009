/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a reply is to be.  The keys may stand in a mapping of their own (reply:)
 * or among others (answer:), so that they come one at a time.  One thread at a
 * time.
 */
#ifndef LOAD_RULES_REPLY_H
#define LOAD_RULES_REPLY_H

#include "load/read/fields.h"

struct reply_load {
	struct reply_spec *out;
	const struct op_list *about;	/* what is answered */
	int mount;			/* ... and where; NONE: on any */
	const struct ynode *backing;	/* first key that speaks of a backing file */
	const struct ynode *field;	/* first key that fills in the body */
	const struct ynode *fault;	/* first key that spoils it */
	const struct ynode *worker;	/* the value that asks for another one */
};

/* 0, -1 after a message, 1: not a key of a reply. */
int reply_key(struct loader *ld, struct reply_load *r, const struct ynode *key,
	      const struct ynode *value);
/* Do the keys agree?  loc: of the whole reply. */
int reply_end(struct loader *ld, struct reply_load *r, struct loc loc);
struct words reply_words(struct loader *ld, const struct reply_load *r);

/* "reply: {...}" */
int load_reply(struct loader *ld, const struct ynode *n,
	       const struct op_list *about, int mount, struct reply_spec *out);
int value_expect_write(struct loader *ld, const struct ynode *n, void *reply);

#endif
