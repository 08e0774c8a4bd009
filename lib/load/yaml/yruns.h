/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which column each byte of a scalar on one line comes from.  Pure functions
 * on nodes. */
#ifndef LOAD_YAML_YRUNS_H
#define LOAD_YAML_YRUNS_H

#include "base/mem.h"
#include "load/yaml/ynode.h"

/* Fill in n->runs from the source bytes of the scalar, quotes included;
 * n->loc is already known.  Leaves it without runs where they do not agree. */
void yruns_find(struct arena *a, struct ynode *n, const char *src, size_t len);

#endif
