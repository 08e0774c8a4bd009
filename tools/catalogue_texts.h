/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the parts of generated documentation that are written by hand.  A file
 * of them has lines "KEY — TEXT", headings "= HEADING", comments "# ...", and
 * empty lines.
 */
#ifndef TOOLS_CATALOGUE_TEXTS_H
#define TOOLS_CATALOGUE_TEXTS_H

#include <stddef.h>

struct text_line {
	unsigned line;
	const char *key;	/* NULL: a heading */
	const char *text;
};

struct texts {
	struct arena *arena;
	const char *path;
	struct text_line *lines;
	size_t n;
	unsigned bad;		/* how many complaints were printed */
};

/* Returns NULL after a message if the file cannot be read. */
struct texts *texts_read(const char *path);
void texts_free(struct texts *t);
/* Prints a message with a place in the file.  Line 0 means the whole file. */
void texts_complain(struct texts *t, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
