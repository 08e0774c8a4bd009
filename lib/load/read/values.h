/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One value of the YAML file: checked for its shape, read, and put where it
 * belongs.  All return 0, or -1 after a message.  The readers whose output is
 * "void *" can stand in a table of keys (schema.h).  One thread at a time.
 */
#ifndef LOAD_READ_VALUES_H
#define LOAD_READ_VALUES_H

#include "load/read/lex.h"

/* what: "a size", "a list of steps": for "expected WHAT, got a mapping" */
int value_text(struct loader *ld, const struct ynode *n, const char *what,
	       struct text *out);
int value_is_list(struct loader *ld, const struct ynode *n, const char *what);
int value_is_map(struct loader *ld, const struct ynode *n, const char *what);
/* "expected WHAT, got "text"": always -1. */
int value_expected(struct loader *ld, const struct text *t, const char *what);

int value_size(struct loader *ld, const struct ynode *n, void *u64);
int value_time(struct loader *ld, const struct ynode *n, void *u64_ns);
int value_u32(struct loader *ld, const struct ynode *n, void *u32);
int value_mode(struct loader *ld, const struct ynode *n, void *u32);
int value_true(struct loader *ld, const struct ynode *n, void *boolean);
/* true or false */
int value_switch(struct loader *ld, const struct ynode *n, void *boolean);
int value_string(struct loader *ld, const struct ynode *n, void *string);
int value_errno(struct loader *ld, const struct ynode *n, void *integer);
int value_data(struct loader *ld, const struct ynode *n, void *data_spec);

/* A number from min to max. */
int value_count(struct loader *ld, const struct ynode *n, uint64_t min,
		uint64_t max, uint64_t *out);
/* The same where the most is a limit of ours. */
int value_limited(struct loader *ld, const struct ynode *n, uint64_t min,
		  const struct limit *max, uint64_t *out);
/* A word that becomes a name; what: "an actor's name". */
int value_name(struct loader *ld, const struct ynode *n, const char *what,
	       struct text *out);
/* One of the rows' names; set->what is for messages.  off NULL: "-name" is
 * not allowed. */
int value_flags(struct loader *ld, const struct ynode *n,
		const struct flagset *set, uint64_t *on, uint64_t *off);
/* NS_*, into a uint32_t. */
int value_namespaces(struct loader *ld, const struct ynode *n, void *out);
int value_hex(struct loader *ld, const struct ynode *n, uint8_t **p,
	      size_t *len);

/* "a|b|0x10" in a piece of a text. */
int flags_from_tok(struct loader *ld, const struct text *t, struct tok tok,
		   const struct flagset *set, uint64_t *on, uint64_t *off);
/* EIO, 5, 0. */
int errno_from_tok(struct loader *ld, const struct text *t, struct tok tok,
		   int *out);
struct tok text_tok(const struct text *t);	/* all of it */

#endif
