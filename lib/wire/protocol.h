/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A protocol: the operations, notifications and flags that can be named.  The
 * built-in one is what the kernel's header has; a scenario may declare another,
 * which is the same structure (load/protocol/).  The loader, the matcher, the
 * printer, `list` and the manual walk the rows of the one that they are given.
 *
 * Rows are found by name or number, and compared by their addresses: whoever
 * compares two takes both from one protocol.  Constant once it is loaded;
 * called from any thread.
 */
#ifndef WIRE_PROTOCOL_H
#define WIRE_PROTOCOL_H

#include "wire/ops.h"

/* A set of flags that stands in for a built-in one, of which it has all rows. */
struct flagset_change {
	const struct flagset *of, *is;
};

struct protocol {
	uint32_t minor;			/* the newest that a server speaks */
	const struct op *ops;		/* in the order of their opcodes */
	size_t n_ops;
	const struct note *notes;
	size_t n_notes;
	const struct flagset *const *flagsets;	/* NULL at the end */
	const struct flagset_change *changes;
	size_t n_changes;
};

/* Its rows are in builtin_ops.c, builtin_notes.c and flags.c. */
#define N_BUILTIN_OPS	52
#define N_BUILTIN_NOTES	9
extern const struct op builtin_ops[];
extern const struct note builtin_notes[];
extern const struct protocol protocol_builtin;

const struct op *op_by_name(const struct protocol *p, const char *name,
			    size_t len);			/* or NULL */
const struct op *op_by_code(const struct protocol *p, uint32_t opcode);	/* or NULL */
struct words op_words(const struct protocol *p);

const struct note *note_by_name(const struct protocol *p, const char *name,
				size_t len);
const struct note *note_by_code(const struct protocol *p, uint32_t code);
struct words note_words(const struct protocol *p);

/* What this protocol has for a built-in set: the set itself, or one with more
 * rows. */
const struct flagset *flagset_of(const struct protocol *p,
				 const struct flagset *set);

#endif
