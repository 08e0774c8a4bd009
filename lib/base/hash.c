/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hash tables: what changes one. */
#include "config.h"

#include "base/hash.h"

#include "base/mem.h"

static void put(struct hash_table *t, struct hash_link *l)
{
	struct hash_link **at = &t->buckets[l->hash & (t->size - 1)];

	l->next = *at;
	*at = l;
}

void hash_init(struct hash_table *t, size_t size)
{
	*t = (struct hash_table){ .size = size };
	t->buckets = xcalloc(size, sizeof(struct hash_link *));
}

void hash_fini(struct hash_table *t)
{
	free(t->buckets);
	*t = (struct hash_table){ 0 };
}

static void grow(struct hash_table *t)
{
	struct hash_table old = *t;
	struct hash_link *l, *next;

	hash_init(t, old.size ? old.size * 2 : 8);
	t->count = old.count;
	HASH_EACH(&old, l, next)
		put(t, l);
	hash_fini(&old);
}

void hash_add(struct hash_table *t, struct hash_link *l, uint64_t hash)
{
	if (t->count >= t->size)
		grow(t);
	l->hash = hash;
	put(t, l);
	t->count++;
}

void hash_remove(struct hash_table *t, struct hash_link *l)
{
	struct hash_link **at = &t->buckets[l->hash & (t->size - 1)];

	while (*at != l)
		at = &(*at)->next;
	*at = l->next;
	t->count--;
}
