/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stack of keys, and what was found below each. */
#include "config.h"

#include "load/read/sketch.h"

#include <string.h>

const struct sketch_place *sketch_find(const struct sketch *s,
				       const struct key *of, const char *key)
{
	size_t i;

	for (i = 0; i < s->n_places; i++)
		if (s->places[i].of == of && !strcmp(s->places[i].key, key))
			return &s->places[i];
	return NULL;
}

static size_t place(struct sketch *s, const struct key *of, const char *key)
{
	const struct sketch_place *found = sketch_find(s, of, key);
	struct sketch_place p = { .of = of, .key = key };

	if (found)
		return (size_t)(found - s->places);
	p.key = arena_strdup(s->arena, key);
	ARENA_PUSH(s->arena, s->places, s->n_places, p);
	return s->n_places - 1;
}

void sketch_enter(struct sketch *s, const struct key *of, const char *key,
		  const struct ynode *value)
{
	struct sketch_at at = { .value = value };
	struct sketch_place *p;
	size_t i;

	if (!s)
		return;
	at.place = place(s, of, key);
	p = &s->places[at.place];
	p->kinds |= 1u << value->kind;
	for (i = 0; value->kind == Y_LIST && i < value->n_items; i++)
		p->in_list |= 1u << value->items[i]->kind;
	s->stack = xrealloc(s->stack, (s->depth + 1) * sizeof(at));
	s->stack[s->depth++] = at;
}

void sketch_leave(struct sketch *s)
{
	if (s)
		s->depth--;
}

static bool has_item(const struct ynode *n, const struct ynode *item)
{
	size_t i;

	for (i = 0; i < n->n_items; i++)
		if (n->items[i] == item)
			return true;
	return false;
}

static enum sketch_shape shape_of(const struct ynode *value, const struct ynode *map)
{
	size_t i;

	if (value == map)
		return SHAPE_ITSELF;
	for (i = 0; value->kind == Y_LIST && i < value->n_items; i++)
		if (has_item(value->items[i], map))
			return SHAPE_LIST_NAMES;
	if (!has_item(value, map))
		return SHAPE_DEEP;
	return value->kind == Y_LIST ? SHAPE_LIST : SHAPE_NAMES;
}

static bool is_known(const struct sketch_place *p, struct sketch_inside in)
{
	size_t i;

	for (i = 0; i < p->n_inside; i++)
		if (p->inside[i].schema == in.schema && p->inside[i].shape == in.shape)
			return true;
	return false;
}

void sketch_mapping(struct sketch *s, const struct schema *schema,
		    const struct ynode *map)
{
	const struct sketch_at *at;
	struct sketch_inside in;
	struct sketch_place *p;
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->n_schemas && s->schemas[i].keys != schema->keys; i++)
		;
	if (i == s->n_schemas)
		ARENA_PUSH(s->arena, s->schemas, s->n_schemas, *schema);
	if (!s->depth)
		return;
	at = &s->stack[s->depth - 1];
	p = &s->places[at->place];
	in = (struct sketch_inside){ i, shape_of(at->value, map) };
	if (!is_known(p, in))
		ARENA_PUSH(s->arena, p->inside, p->n_inside, in);
}
