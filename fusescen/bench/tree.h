/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bench file as a tree, and the messages about it. */
#ifndef FUSESCEN_BENCH_TREE_H
#define FUSESCEN_BENCH_TREE_H

#include "base/mem.h"
#include "load/yaml/ynode.h"

struct tree {
	struct diags *dg;
	struct arena *arena;
	char *text;
	size_t len;
	const struct ynode *root;	/* a mapping */
};

/* Reads a file, or copies a text, and parses it.  -1 after a message; the caller calls
 * tree_print() and tree_close() in any case. */
int tree_open(struct tree *t, const char *path);
int tree_open_text(struct tree *t, const char *path, const char *text);
/* All messages in the order of their places, on standard error. */
void tree_print(const struct tree *t);
void tree_close(struct tree *t);

/* The text of a scalar, NULL for anything else. */
const char *tree_text(const struct ynode *n);
/* Entries of a mapping, items of a list; 0 for anything else. */
size_t tree_entries(const struct ynode *n);
size_t tree_items(const struct ynode *n);

/* Both return -1: "expected WHAT, got ..."; "unknown WHAT ...", which is none of the
 * words (NULL ends them). */
int tree_expected(struct tree *t, const struct ynode *n, const char *what);
int tree_unknown(struct tree *t, const struct ynode *n, const char *what,
		 const char *const *words);
/* -1 after messages about the keys of a mapping that are none of the words. */
int tree_check_keys(struct tree *t, const struct ynode *map, const char *what,
		    const char *const *words);

/* The file with blanks in the place of everything but this node, so that what is
 * left has its lines and columns.  The caller frees it. */
char *tree_cut(const struct tree *t, const struct ynode *n);

#endif
