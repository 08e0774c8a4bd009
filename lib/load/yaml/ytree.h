/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * YAML as a tree of nodes that know where each of their bytes stands in the
 * file.  The part of YAML we read: one document of scalars, lists and
 * mappings whose keys are words, without tags.  The only file that knows
 * libyaml.  One thread at a time.
 */
#ifndef LOAD_YAML_YTREE_H
#define LOAD_YAML_YTREE_H

#include <stddef.h>

#include "base/diag.h"
#include "base/mem.h"
#include "load/yaml/ynode.h"

/* The tree, in the arena; NULL after a message.  There are no anchors and aliases in
 * it. */
struct ynode *ytree_parse(struct arena *a, struct diags *dg, const char *text,
			  size_t len);
/* The same with aliases: each of them is the node that has the anchor, so a node may
 * be found in several places, but never within itself. */
struct ynode *ytree_parse_aliases(struct arena *a, struct diags *dg,
				  const char *text, size_t len);

#endif
