/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which mapping stands where, as seen while a scenario is loaded: what the loader's
 * tables of keys do not say themselves, because a row only names the function that
 * reads its value.  A loader without a sketch pays one comparison for each mapping.
 * One thread at a time.
 */
#ifndef LOAD_READ_SKETCH_H
#define LOAD_READ_SKETCH_H

#include "load/read/key.h"

/* How a mapping was found in the value of a key. */
enum sketch_shape {
	SHAPE_ITSELF,	/* the value is the mapping */
	SHAPE_LIST,	/* it is a list of such mappings */
	SHAPE_NAMES,	/* it is a mapping of names to such mappings */
	SHAPE_LIST_NAMES, /* it is a list of mappings of names to them */
	SHAPE_DEEP,	/* somewhere else below */
};

struct sketch_inside {
	size_t schema;			/* of sketch.schemas */
	enum sketch_shape shape;
};

/* The key that stands for all that are no row. */
#define OTHER_KEYS	"*"

/* A key of a mapping, which goes by its table.  of is NULL for the words of steps. */
struct sketch_place {
	const struct key *of;
	const char *key;
	unsigned kinds;		/* 1 << enum ynode_kind: seen as its value */
	unsigned in_list;	/* the same for the items of a list */
	struct sketch_inside *inside;
	size_t n_inside;
};

struct sketch {
	struct arena *arena;
	struct sketch_place *places;
	size_t n_places;
	struct schema *schemas;		/* copies, in the order in which they were seen */
	size_t n_schemas;
	/* Where the loader is now. */
	struct sketch_at {
		size_t place;
		const struct ynode *value;
	} *stack;
	size_t depth;
};

/* The loader goes into the value of a key, and comes out again.  s may be NULL. */
void sketch_enter(struct sketch *s, const struct key *of, const char *key,
		  const struct ynode *value);
void sketch_leave(struct sketch *s);
/* There it reads this mapping. */
void sketch_mapping(struct sketch *s, const struct schema *schema,
		    const struct ynode *map);

const struct sketch_place *sketch_find(const struct sketch *s,
				       const struct key *of, const char *key);

#endif
