/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The layout of a message, as a header has it: fields by name and type, laid out
 * as C does it where no offset is given.  One thread at a time.
 */
#ifndef LOAD_PROTOCOL_LAYOUT_H
#define LOAD_PROTOCOL_LAYOUT_H

#include "load/read/loader.h"

/* The flags and values that a field can have by name. */
struct named_set {
	const struct flagset *set;
	bool is_choice;		/* its rows are values and not bits */
};

/* What a layout may have behind its numbers. */
enum layout_of { LAYOUT_REQUEST, LAYOUT_REPLY, LAYOUT_NOTE };

struct layout {
	const struct field *fields;	/* a row without a name at the end */
	size_t n;
	size_t size;			/* of the numbers */
	size_t n_strings;
	bool has_data;
	struct length_field data_len;
};

/* Fields that there are already, to which load_layout() adds. */
void layout_begin(struct loader *ld, const struct field *fields, size_t size,
		  struct layout *out);
/* {NAME: TYPE, ...}; -1 after a message. */
int load_layout(struct loader *ld, const struct ynode *n, enum layout_of of,
		const struct named_set *sets, size_t n_sets, struct layout *io);

#endif
