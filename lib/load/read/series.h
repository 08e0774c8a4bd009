/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One name that stands for a series of them: "file{0..300}" for file0 to
 * file299.  One thread at a time.
 */
#ifndef LOAD_READ_SERIES_H
#define LOAD_READ_SERIES_H

#include "load/read/loader.h"

/* More names than that are of no use to a test, and take memory. */
#define SERIES_MAX	10000

struct series {
	const char *text;
	size_t len;
	size_t at, end;		/* of "{0..300}"; both 0 without one */
	uint64_t first, n;
};

/* Find the range in braces; a text without one is a series of one name.
 * -1 after a message. */
int series_of(struct loader *ld, struct loc loc, const char *text, size_t len,
	      struct series *out);
/* Name i of n, in the arena. */
char *series_name(struct arena *a, const struct series *s, uint64_t i);

#endif
