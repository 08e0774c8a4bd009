/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A node of a YAML tree, which knows where each of its bytes stands in the
 * file.  Pure data, and pure functions. */
#ifndef LOAD_YAML_YNODE_H
#define LOAD_YAML_YNODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

enum ykind { Y_SCALAR, Y_LIST, Y_MAP };

/* Bytes of a scalar from "at" to the next run, and their column.  A solid run
 * is an escape: all its bytes come from the same "width" columns. */
struct yrun {
	uint32_t at;
	uint32_t col;
	uint32_t width;		/* 0: not solid, byte for byte */
};

struct ynode {
	enum ykind kind;
	struct loc loc;
	size_t from, to;	/* its bytes in the file, with anchor and quotes */
	/* scalars */
	const char *text;	/* ends in a NUL that is not counted */
	size_t len;
	bool plain;		/* not quoted */
	bool commented;		/* plain, and a comment follows on its line */
	struct yrun *runs;	/* none: the scalar spans lines */
	size_t n_runs;
	/* lists: items; mappings: key, value, key, value */
	struct ynode **items;
	size_t n_items;
};

/* The value of a key, or NULL. */
const struct ynode *ynode_get(const struct ynode *map, const char *key);
/* The place of bytes [at, at + len) of a scalar. */
struct loc ynode_loc(const struct ynode *n, size_t at, size_t len);
/* "a list", "a mapping", "nothing", "text": for "expected X, got Y". */
const char *ynode_describe(const struct ynode *n);

#endif
