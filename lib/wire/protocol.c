/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The built-in protocol, and lookups in any.  Called from any thread. */
#include "config.h"

#include "wire/protocol.h"

#include <string.h>

const struct protocol protocol_builtin = {
	.minor = WIRE_MINOR,
	.ops = builtin_ops, .n_ops = N_BUILTIN_OPS,
	.notes = builtin_notes, .n_notes = N_BUILTIN_NOTES,
	.flagsets = flagsets,
};

/* ---- operations ---------------------------------------------------------- */

static const char *op_word_at(const void *ctx, size_t i)
{
	const struct protocol *p = ctx;

	return i < p->n_ops ? p->ops[i].name : NULL;
}

const struct op *op_by_name(const struct protocol *p, const char *name,
			    size_t len)
{
	size_t i;

	for (i = 0; i < p->n_ops; i++)
		if (strlen(p->ops[i].name) == len &&
		    memcmp(p->ops[i].name, name, len) == 0)
			return &p->ops[i];
	return NULL;
}

const struct op *op_by_code(const struct protocol *p, uint32_t opcode)
{
	size_t lo = 0, hi = p->n_ops;

	while (lo < hi) {	/* the rows are in the order of their codes */
		size_t mid = lo + (hi - lo) / 2;

		if (p->ops[mid].opcode == opcode)
			return &p->ops[mid];
		if (p->ops[mid].opcode < opcode)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

struct words op_words(const struct protocol *p)
{
	return (struct words){ op_word_at, p };
}

/* ---- notifications ------------------------------------------------------- */

static const char *note_word_at(const void *ctx, size_t i)
{
	const struct protocol *p = ctx;

	return i < p->n_notes ? p->notes[i].name : NULL;
}

const struct note *note_by_name(const struct protocol *p, const char *name,
				size_t len)
{
	size_t i;

	for (i = 0; i < p->n_notes; i++)
		if (strlen(p->notes[i].name) == len &&
		    memcmp(p->notes[i].name, name, len) == 0)
			return &p->notes[i];
	return NULL;
}

const struct note *note_by_code(const struct protocol *p, uint32_t code)
{
	size_t i;

	for (i = 0; i < p->n_notes; i++)
		if (p->notes[i].code == code)
			return &p->notes[i];
	return NULL;
}

struct words note_words(const struct protocol *p)
{
	return (struct words){ note_word_at, p };
}

/* ---- flags --------------------------------------------------------------- */

const struct flagset *flagset_of(const struct protocol *p,
				 const struct flagset *set)
{
	size_t i;

	for (i = 0; i < p->n_changes; i++)
		if (p->changes[i].of == set)
			return p->changes[i].is;
	return set;
}
