/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fields of messages and of results: finding them by name, reading their
 * values by type and dimension, conditions on them.  One thread at a time.
 */
#ifndef LOAD_READ_FIELDS_H
#define LOAD_READ_FIELDS_H

#include "load/read/lex.h"

/* The operations something is about; n 0: any. */
struct op_list {
	const struct op *const *ops;
	size_t n;
	bool replies;		/* a reply's own fields too */
};

/* A number as the field has it: 4K, 0644, O_RDWR|O_DIRECT, ENOENT, 1s. */
int field_number(struct loader *ld, const struct text *t, struct tok tok,
		 const struct field *f, uint64_t *out);

/* The field of that name of the first operation that has one; NULL after a
 * message with the nearest name. */
const struct field *field_find(struct loader *ld, const struct text *t,
			       struct tok name, const struct op_list *list);
/* A condition on flags whose c->set and c->unset are read and whose c->loc says
 * where: that no flag is named means that none may be set. */
int cond_of_flags(struct loader *ld, struct cond *c);
/* A condition's value out of a piece of text; out->field and ->negate are
 * set already. */
int cond_from_tok(struct loader *ld, const struct text *t, struct tok tok,
		  const struct field *f, struct cond *out);

/* Index of a field of a call's result, NONE after a message. */
int result_field_find(struct lex *lx, const struct call *call, struct tok name);
int result_field_range(struct lex *lx, const struct call *call, int field,
		       struct tok value, struct field_expect *out);

#endif
