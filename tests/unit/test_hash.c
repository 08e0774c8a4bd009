/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hash tables: they find what is in them, whatever they have grown from. */
#include "config.h"

#include "base/hash.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/unit.h"

#define MANY	1000u

struct thing {
	uint64_t key;
	struct hash_link link;
	bool seen;
};

static struct thing *thing_of(struct hash_link *l)
{
	return HASH_OF(l, struct thing, link);
}

static struct thing *find(const struct hash_table *t, uint64_t key)
{
	struct hash_link *l = hash_first(t, hash_number(key));

	return l ? thing_of(l) : NULL;
}

START_TEST(a_table_grows_and_shrinks)
{
	struct thing *things = xcalloc(MANY, sizeof(*things));
	struct hash_table t = { 0 };
	uint64_t i;

	ck_assert_ptr_null(find(&t, 0));
	for (i = 0; i < MANY; i++) {
		/* As addresses are: all alike in their low bits. */
		things[i].key = i << 20;
		hash_add(&t, &things[i].link, hash_number(i << 20));
	}
	ck_assert_uint_eq(t.count, MANY);
	for (i = 0; i < MANY; i++)
		ck_assert_ptr_eq(find(&t, i << 20), &things[i]);
	ck_assert_ptr_null(find(&t, MANY << 20));
	for (i = 0; i < MANY; i += 2)
		hash_remove(&t, &things[i].link);
	ck_assert_uint_eq(t.count, MANY / 2);
	for (i = 0; i < MANY; i++)
		ck_assert_ptr_eq(find(&t, i << 20), i % 2 ? &things[i] : NULL);
	hash_fini(&t);
	ck_assert_ptr_null(find(&t, 1 << 20));
	free(things);
}
END_TEST

START_TEST(equal_hashes_are_all_found)
{
	struct thing a = { .key = 1 }, b = { .key = 2 }, other = { .key = 3 };
	struct hash_table t;
	struct hash_link *l;
	unsigned n = 0;

	hash_init(&t, 1);
	hash_add(&t, &a.link, 7);
	hash_add(&t, &other.link, 8);
	hash_add(&t, &b.link, 7);
	for (l = hash_first(&t, 7); l; l = hash_next(l)) {
		ck_assert(thing_of(l) != &other);
		n++;
	}
	ck_assert_uint_eq(n, 2);
	hash_fini(&t);
}
END_TEST

START_TEST(all_are_visited_and_may_go_meanwhile)
{
	struct thing *things = xcalloc(MANY, sizeof(*things));
	struct hash_table t = { 0 };
	struct hash_link *l, *next;
	unsigned i, n = 0;

	for (i = 0; i < MANY; i++)
		hash_add(&t, &things[i].link, hash_number(i));
	HASH_EACH(&t, l, next) {
		ck_assert(!thing_of(l)->seen);
		thing_of(l)->seen = true;
		hash_remove(&t, l);
		memset(l, 0xff, sizeof(*l));
		n++;
	}
	ck_assert_uint_eq(n, MANY);
	ck_assert_uint_eq(t.count, 0);
	hash_fini(&t);
	free(things);
}
END_TEST

START_TEST(texts_have_hashes_of_their_own)
{
	ck_assert_uint_ne(hash_text(""), 0);
	ck_assert_uint_eq(hash_text("/data"), hash_text("/data"));
	ck_assert_uint_ne(hash_text("/data"), hash_text("/date"));
	ck_assert_uint_ne(hash_text("ab"), hash_text("ba"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hash");
	TCase *tc = tcase_create("hash");

	tcase_add_test(tc, a_table_grows_and_shrinks);
	tcase_add_test(tc, equal_hashes_are_all_found);
	tcase_add_test(tc, all_are_visited_and_may_go_meanwhile);
	tcase_add_test(tc, texts_have_hashes_of_their_own);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}
