/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Variables of a case that are no text but a mapping or a list: they are put into the
 * tree, before anybody reads it.  One thread at a time.
 */
#ifndef LOAD_READ_SPLICE_H
#define LOAD_READ_SPLICE_H

#include "load/read/loader.h"

/*
 * The tree with such variables filled in.  "${name}" alone becomes the value; as an
 * item of a list, the items of the value, if that is a list too.  What has none in it
 * is shared with the file's own tree.
 */
const struct ynode *splice_case(struct loader *ld, const struct ynode *n);

/* The value that "${name}" alone stands for in a row; NULL: the scalar is something
 * else, or the row has no such variable. */
const struct ynode *case_meant(const struct ynode *row, const struct ynode *scalar);
/* The variable of that name in a row; NULL: it has none. */
const struct ynode *case_variable(const struct ynode *row, const char *name, size_t len);

#endif
