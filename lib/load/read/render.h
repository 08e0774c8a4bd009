/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A part of the file on one line, as people wrote it, variables filled in:
 * what ladders and messages show.  One thread at a time. */
#ifndef LOAD_READ_RENDER_H
#define LOAD_READ_RENDER_H

#include "load/read/text.h"

/* In flow style, at most some hundred bytes; the text is in the arena. */
const char *render_node(struct loader *ld, const struct ynode *n);
/* "key: value", for a mapping with one key; else as above. */
const char *render_item(struct loader *ld, const struct ynode *n);

#endif
