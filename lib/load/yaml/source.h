/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bytes of a scenario file before anybody interprets them: reading it
 * without being led into a device or a FIFO, refusing what is no text, and
 * turning libyaml's counts of characters into bytes.  One thread at a time.
 */
#ifndef LOAD_YAML_SOURCE_H
#define LOAD_YAML_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

struct source {
	const char *text;	/* borrowed */
	size_t len;
	size_t *lines;		/* byte at which each line starts */
	size_t n_lines;
	/* where the last conversion ended; the next is near */
	size_t at_char, at_byte;
};

/* A whole file: 0 and *text (the caller frees), or -1 and a
 * message about the file. */
int source_read(struct diags *dg, const char *path, char **text, size_t *len);

/* text must be UTF-8 without control characters but tab and newline. */
int source_init(struct source *src, struct diags *dg, const char *text,
		size_t len);
void source_fini(struct source *src);

/* The byte of a character (both count from 0). */
size_t source_byte(struct source *src, size_t at_char);
/* The place of bytes [from, to), cut at the end of their first line. */
struct loc source_loc(const struct source *src, size_t from, size_t to);

#endif
