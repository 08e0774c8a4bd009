/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tree back to text, as a person would write it: what fits on a line is on one, in
 * braces, and the sections of a file are below one another.  What is read from that
 * text is the same tree.  Pure functions.
 */
#ifndef LOAD_YAML_YWRITE_H
#define LOAD_YAML_YWRITE_H

#include "base/buf.h"
#include "load/yaml/ynode.h"

/* A whole file, without comments.  The root is a mapping. */
void ytree_write(struct buf *b, const struct ynode *root);
/* A node as it stands inside of { } or [ ], on one line. */
void ynode_write_flow(struct buf *b, const struct ynode *n);

#endif
