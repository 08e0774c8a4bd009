/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Chained hash tables of things that contain a struct hash_link; a table owns
 * none of them and grows by itself.  One thread at a time; any number may look
 * for something while nobody adds or removes.
 *
 *	for (l = hash_first(&t, hash); l; l = hash_next(l))
 *		if (HASH_OF(l, struct thing, link)->key == key)
 *			...
 *
 * Where the hash tells keys apart (hash_number() does), the first is the one.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

struct hash_link {
	struct hash_link *next;
	uint64_t hash;
};

struct hash_table {
	struct hash_link **buckets;
	size_t size;		/* of buckets: a power of two, or 0 */
	size_t count;
};

/* The thing that contains the link; link must not be NULL. */
#define HASH_OF(link, type, member)					\
	((type *)(void *)((char *)(link) - offsetof(type, member)))

/* Other numbers have other hashes. */
static inline uint64_t hash_number(uint64_t n)
{
	return random_mix(n);
}

/* FNV-1a; never 0. */
static inline uint64_t hash_text(const char *s)
{
	uint64_t h = 0xcbf29ce484222325ull;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 0x100000001b3ull;
	return h ? h : 1;
}

/* size: how many are expected, a power of two.  A table of zeros expects none. */
void hash_init(struct hash_table *t, size_t size);
/* Forget all of them. */
void hash_fini(struct hash_table *t);
void hash_add(struct hash_table *t, struct hash_link *l, uint64_t hash);
void hash_remove(struct hash_table *t, struct hash_link *l);

static inline struct hash_link *hash_skip(struct hash_link *l, uint64_t hash)
{
	while (l && l->hash != hash)
		l = l->next;
	return l;
}

/* One with this hash, or NULL. */
static inline struct hash_link *hash_first(const struct hash_table *t,
					   uint64_t hash)
{
	return t->size ? hash_skip(t->buckets[hash & (t->size - 1)], hash)
		       : NULL;
}

/* Another with the same hash, or NULL. */
static inline struct hash_link *hash_next(const struct hash_link *l)
{
	return hash_skip(l->next, l->hash);
}

/* All of them; l may be removed meanwhile.  Two loops: "break" ends one. */
#define HASH_EACH(t, l, after)						\
	for (size_t hash_i_ = 0; hash_i_ < (t)->size; hash_i_++)	\
		for ((l) = (t)->buckets[hash_i_];			\
		     (l) && ((after) = (l)->next, 1); (l) = (after))

#endif
