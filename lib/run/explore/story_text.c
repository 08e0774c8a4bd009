/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a finding has from its story: its tree without some sections, written anew.
 * The text was loaded before, so that it is known to be good. */
#include "config.h"

#include "run/explore/story_text.h"

#include <string.h>

#include "base/mem.h"
#include "load/yaml/yedit.h"
#include "load/yaml/ytree.h"
#include "load/yaml/ywrite.h"

/* These are made anew, or are about other orders. */
static const char *const left_out[] = {
	"rules", "steps", "expect", "fails", "cases", NULL
};

/* Everything else than expect is left out in the end, and expect in the beginning. */
static const struct ynode *wanted(struct arena *a, const struct ynode *root, bool end)
{
	struct ynode *out = ARENA_NEW(a, struct ynode);
	const struct ynode *expect = ynode_get(root, "expect");

	if (!end) {
		for (size_t i = 0; left_out[i]; i++)
			root = ynode_without(a, root, left_out[i]);
		return root;
	}
	out->kind = Y_MAP;
	if (expect) {
		ARENA_PUSH(a, out->items, out->n_items, ynode_plain(a, "expect"));
		ARENA_PUSH(a, out->items, out->n_items, (struct ynode *)expect);
	}
	return out;
}

static void put_sections(struct buf *b, const char *text, const char *case_name, bool end)
{
	struct diags *dg = diags_new("", NULL, 0);
	struct arena *a = arena_new();
	const struct ynode *root = ytree_parse(a, dg, text, strlen(text));
	const struct ynode *row = root && case_name ? ynode_case(root, case_name) : NULL;

	if (!root)
		die_bug("a story that was loaded is no YAML");
	root = wanted(a, root, end);
	ytree_write(b, row ? ynode_filled(a, root, row) : root);
	arena_free(a);
	diags_free(dg);
}

void story_put_begin(struct buf *b, const char *text, const char *case_name)
{
	put_sections(b, text, case_name, false);
}

void story_put_end(struct buf *b, const char *text, const char *case_name)
{
	put_sections(b, text, case_name, true);
}
