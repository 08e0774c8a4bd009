/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of a scalar with the case's ${variables} filled in, which still
 * knows where each byte stands in the file.  One thread at a time.
 */
#ifndef LOAD_READ_TEXT_H
#define LOAD_READ_TEXT_H

#include "load/read/loader.h"

/* A ${variable} that was filled in. */
struct subst {
	size_t at, len;			/* in the text */
	size_t node_at, node_len;	/* in the scalar: "${name}" */
};

struct text {
	const char *s;			/* ends in a NUL that is not counted */
	size_t len;
	const struct ynode *node;
	const struct subst *substs;
	size_t n_substs;
};

/* Fill in the variables of a scalar; -1 for one the case does not have. */
int text_of(struct loader *ld, const struct ynode *scalar, struct text *out);
struct loc text_loc(const struct text *t, size_t at, size_t len);

#endif
