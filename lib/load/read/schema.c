/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading mappings by table.  One thread at a time. */
#include "config.h"

#include "load/read/schema.h"

#include <string.h>

#include "load/read/sketch.h"
#include "load/read/values.h"

static bool has_row(const struct schema *schema, const char *name)
{
	const struct key *k;

	for (k = schema->keys; k->name; k++)
		if (!strcmp(k->name, name))
			return true;
	return false;
}

/* All keys that would have been right, in one list. */
static struct words schema_words(struct loader *ld, const struct schema *schema,
				 void *out)
{
	const char **list = NULL, *w;
	const struct key *k;
	size_t n = 0, i;

	for (k = schema->keys; k->name; k++)
		ARENA_PUSH(ld->arena, list, n, k->name);
	if (schema->other_words) {
		struct words more = schema->other_words(ld, out);

		for (i = 0; (w = more.at(more.ctx, i)); i++)
			ARENA_PUSH(ld->arena, list, n, w);
	}
	ARENA_PUSH(ld->arena, list, n, NULL);
	return words_array(list);
}

static int unknown_key(struct loader *ld, const struct ynode *key,
		       const struct schema *schema, void *out)
{
	auto_free char *what = xasprintf("key of %s", schema->what);

	return diag_unknown(ld->dg, key->loc, what, key->text, key->len,
			    schema_words(ld, schema, out));
}

static int read_others(struct loader *ld, const struct ynode *map,
		       const struct schema *schema, void *out)
{
	int bad = 0, got;
	size_t i;

	for (i = 0; i + 1 < map->n_items; i += 2) {
		const struct ynode *key = map->items[i];

		if (has_row(schema, key->text))
			continue;
		sketch_enter(ld->sketch, schema->keys, OTHER_KEYS, map->items[i + 1]);
		got = schema->other ?
			schema->other(ld, key, map->items[i + 1], out) : 1;
		sketch_leave(ld->sketch);
		if (got > 0)
			got = unknown_key(ld, key, schema, out);
		bad |= got;
	}
	return bad;
}

int schema_read(struct loader *ld, const struct ynode *map,
		const struct schema *schema, void *out)
{
	const struct key *k;
	auto_free char *shape = xasprintf("a mapping for %s", schema->what);
	int bad = 0, others;

	if (value_is_map(ld, map, shape))
		return -1;
	sketch_mapping(ld->sketch, schema, map);
	for (k = schema->keys; k->name; k++) {
		const struct ynode *value = ynode_get(map, k->name);

		if (!value)
			continue;
		sketch_enter(ld->sketch, schema->keys, k->name, value);
		bad |= k->read(ld, value, (char *)out + k->at);
		sketch_leave(ld->sketch);
	}
	others = read_others(ld, map, schema, out);
	/* a misspelt key is most often the one that is missing */
	for (k = schema->keys; k->name && !others; k++)
		if (k->required && !ynode_get(map, k->name))
			bad |= diag(ld->dg, map->loc, "%s needs \"%s\"",
				    schema->what, k->name);
	return bad || others ? -1 : 0;
}

int schema_each(struct loader *ld, const struct ynode *list, const char *what,
		int (*read)(struct loader *ld, const struct ynode *item,
			    void *out), void *out)
{
	int bad = 0;
	size_t i;

	if (value_is_list(ld, list, what))
		return -1;
	for (i = 0; i < list->n_items && !loader_is_enough(ld); i++) {
		if (loader_check_size(ld, list->items[i]->loc))
			return -1;
		bad |= read(ld, list->items[i], out);
	}
	return bad ? -1 : 0;
}
