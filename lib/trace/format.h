/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an event's "format" in tracefs says: its number, and where a record has
 * which field.  Pure functions over text that may be damaged. */
#ifndef TRACE_FORMAT_H
#define TRACE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct format_field {
	unsigned at, size;	/* 1, 2, 4 or 8 bytes */
	bool is_signed;
};

/* "ID: 1293" */
bool format_id(const char *text, unsigned *id);
/* "field:enum fuse_opcode opcode;	offset:24;	size:4;	signed:0;" */
bool format_field(const char *text, const char *name, struct format_field *out);
/* Its value out of a record of len bytes; false: it lies outside. */
bool format_value(const struct format_field *f, const void *record, size_t len,
		  uint64_t *value);

#endif
