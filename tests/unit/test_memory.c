/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inodes and names: what rename, link and unlink leave, and when an inode
 * ends; directories as lists; extended attributes; files of a scenario. */
#include "config.h"

#include "backend/memory/tree.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/mem.h"
#include "backend/memory/memory.h"
#include "tests/unit/unit.h"

enum { NOREPLACE = 1, EXCHANGE = 2 };

static struct inode_table *t;

static void setup(void)
{
	t = xcalloc(1, sizeof(*t));
	inode_table_init(t, 1 << 20);
}

static void teardown(void)
{
	inode_table_fini(t);
	free(t);
}

/* The functions below take the names lock as the operations do. */

static uint64_t make(uint64_t dir, const char *name, mode_t mode)
{
	const struct inode_new what = { .mode = mode, .uid = 7, .gid = 8 };
	struct inode *i;
	int err;

	pthread_rwlock_wrlock(&t->names);
	err = tree_create(t, dir, name, &what, &i);
	pthread_rwlock_unlock(&t->names);
	ck_assert_int_eq(err, 0);
	return atomic_load(&i->ino);
}

static uint64_t make_file(uint64_t dir, const char *name)
{
	return make(dir, name, S_IFREG | 0644);
}

static uint64_t make_dir(uint64_t dir, const char *name)
{
	return make(dir, name, S_IFDIR | 0755);
}

static uint64_t look(uint64_t dir, const char *name)
{
	struct inode *i = NULL;
	int err;

	pthread_rwlock_rdlock(&t->names);
	err = tree_lookup(t, dir, name, &i);
	pthread_rwlock_unlock(&t->names);
	return err ? 0 : atomic_load(&i->ino);
}

static int rename_to(uint64_t dir, const char *name, uint64_t to,
		     const char *to_name, unsigned flags)
{
	int err;

	pthread_rwlock_wrlock(&t->names);
	err = tree_rename(t, dir, name, to, to_name, flags);
	pthread_rwlock_unlock(&t->names);
	return err;
}

static int unlink_at(uint64_t dir, const char *name)
{
	int err;

	pthread_rwlock_wrlock(&t->names);
	err = tree_unlink(t, dir, name);
	pthread_rwlock_unlock(&t->names);
	return err;
}

static int rmdir_at(uint64_t dir, const char *name)
{
	int err;

	pthread_rwlock_wrlock(&t->names);
	err = tree_rmdir(t, dir, name);
	pthread_rwlock_unlock(&t->names);
	return err;
}

static int link_at(uint64_t ino, uint64_t dir, const char *name)
{
	struct inode *i;
	int err;

	pthread_rwlock_wrlock(&t->names);
	err = tree_link(t, ino, dir, name, &i);
	pthread_rwlock_unlock(&t->names);
	return err;
}

static unsigned links(uint64_t ino)
{
	struct inode *i = inode_lock(t, ino, false);
	unsigned n;

	if (!i)
		return 0;
	n = i->nlink;
	inode_unlock(i);
	return n;
}

static bool exists(uint64_t ino)
{
	struct inode *i = inode_lock(t, ino, false);

	if (i)
		inode_unlock(i);
	return i;
}

static void see(uint64_t ino)
{
	struct inode *i = inode_lock(t, ino, false);

	inode_seen(i);
	inode_unlock(i);
}

START_TEST(numbers_count_up)
{
	ck_assert_uint_eq(make_file(1, "a"), 2);
	ck_assert_uint_eq(make_dir(1, "b"), 3);
	unlink_at(1, "a");
	ck_assert_uint_eq(make_file(1, "a"), 4);
}
END_TEST

START_TEST(lookup_finds_and_does_not)
{
	uint64_t d = make_dir(1, "d"), f = make_file(d, "f");
	struct inode *i;

	ck_assert_uint_eq(look(d, "f"), f);
	ck_assert_uint_eq(look(d, "."), d);
	ck_assert_uint_eq(look(d, ".."), 1);
	ck_assert_uint_eq(look(1, ".."), 1);
	ck_assert_uint_eq(look(f, "."), f);
	pthread_rwlock_rdlock(&t->names);
	ck_assert_int_eq(tree_lookup(t, 1, "f", &i), ENOENT);
	ck_assert_int_eq(tree_lookup(t, f, "x", &i), ENOTDIR);
	ck_assert_int_eq(tree_lookup(t, 999, "x", &i), ESTALE);
	ck_assert_int_eq(tree_lookup(t, UINT64_MAX, "x", &i), ESTALE);
	ck_assert_int_eq(tree_walk(t, "/d/f", &i), 0);
	ck_assert_uint_eq(atomic_load(&i->ino), f);
	ck_assert_int_eq(tree_walk(t, "/", &i), 0);
	ck_assert_int_eq(tree_walk(t, "/d/g", &i), ENOENT);
	pthread_rwlock_unlock(&t->names);
}
END_TEST

START_TEST(names_that_cannot_be)
{
	const struct inode_new what = { .mode = S_IFREG };
	uint64_t f = make_file(1, "f");
	char longer[300];
	struct inode *i;

	memset(longer, 'x', sizeof(longer));
	longer[256] = '\0';
	ck_assert_int_eq(tree_create(t, 1, longer, &what, &i), ENAMETOOLONG);
	longer[255] = '\0';
	ck_assert_int_eq(tree_create(t, 1, longer, &what, &i), 0);
	ck_assert_int_eq(tree_create(t, 1, "f", &what, &i), EEXIST);
	ck_assert_int_eq(tree_create(t, 1, "..", &what, &i), EEXIST);
	ck_assert_int_eq(tree_create(t, 1, "", &what, &i), EINVAL);
	ck_assert_int_eq(tree_create(t, f, "x", &what, &i), ENOTDIR);
}
END_TEST

START_TEST(links_are_counted)
{
	uint64_t d = make_dir(1, "d"), f = make_file(1, "f");

	ck_assert_uint_eq(links(1), 3);
	ck_assert_uint_eq(links(d), 2);
	ck_assert_int_eq(link_at(f, d, "g"), 0);
	ck_assert_uint_eq(links(f), 2);
	ck_assert_int_eq(link_at(f, d, "g"), EEXIST);
	ck_assert_int_eq(link_at(d, 1, "e"), EPERM);
	make_dir(d, "sub");
	ck_assert_uint_eq(links(d), 3);
	ck_assert_int_eq(rmdir_at(d, "sub"), 0);
	ck_assert_uint_eq(links(d), 2);
	ck_assert_int_eq(unlink_at(1, "f"), 0);
	ck_assert_uint_eq(links(f), 1);
}
END_TEST

START_TEST(removing_has_rules)
{
	uint64_t d = make_dir(1, "d");

	make_file(d, "f");
	ck_assert_int_eq(unlink_at(1, "d"), EISDIR);
	ck_assert_int_eq(rmdir_at(d, "f"), ENOTDIR);
	ck_assert_int_eq(rmdir_at(1, "d"), ENOTEMPTY);
	ck_assert_int_eq(unlink_at(1, "x"), ENOENT);
	ck_assert_int_eq(rmdir_at(1, "x"), ENOENT);
}
END_TEST

START_TEST(an_inode_ends_with_name_and_lookups)
{
	uint64_t f = make_file(1, "f"), g = make_file(1, "g");

	see(f);
	see(f);
	unlink_at(1, "f");
	ck_assert(exists(f));
	inode_forget(t, f, 1);
	ck_assert(exists(f));
	inode_forget(t, f, 1);
	ck_assert(!exists(f));
	unlink_at(1, "g");
	ck_assert(!exists(g));
	ck_assert_uint_eq(t->live, 1);
}
END_TEST

START_TEST(forgetting_too_much_is_harmless)
{
	uint64_t f = make_file(1, "f");

	see(f);
	inode_forget(t, f, 1000);
	ck_assert(exists(f));
	inode_forget(t, 1, 1000);
	ck_assert(exists(1));
	inode_forget(t, 12345, 1);
	see(f);
	unlink_at(1, "f");
	ck_assert(exists(f));
	inode_forget(t, f, 2);
	ck_assert(!exists(f));
}
END_TEST

START_TEST(memory_of_the_dead_is_used_under_another_number)
{
	uint64_t f = make_file(1, "f"), g;

	unlink_at(1, "f");
	g = make_file(1, "g");
	ck_assert_uint_ne(f, g);
	ck_assert(!exists(f));
	ck_assert(exists(g));
}
END_TEST

START_TEST(a_removed_directory_takes_no_names)
{
	const struct inode_new what = { .mode = S_IFREG };
	uint64_t d = make_dir(1, "d");
	struct inode *i;

	see(d);
	rmdir_at(1, "d");
	pthread_rwlock_wrlock(&t->names);
	ck_assert_int_eq(tree_create(t, d, "x", &what, &i), ENOENT);
	pthread_rwlock_unlock(&t->names);
	ck_assert_uint_eq(look(d, ".."), d);
	ck_assert_uint_eq(links(d), 0);
}
END_TEST

START_TEST(rename_moves)
{
	uint64_t d = make_dir(1, "d"), e = make_dir(1, "e");
	uint64_t s = make_dir(d, "s");

	ck_assert_int_eq(rename_to(d, "s", e, "t", 0), 0);
	ck_assert_uint_eq(look(d, "s"), 0);
	ck_assert_uint_eq(look(e, "t"), s);
	ck_assert_uint_eq(look(s, ".."), e);
	ck_assert_uint_eq(links(d), 2);
	ck_assert_uint_eq(links(e), 3);
	ck_assert_int_eq(rename_to(d, "s", e, "t", 0), ENOENT);
}
END_TEST

START_TEST(rename_replaces)
{
	uint64_t f = make_file(1, "f"), g = make_file(1, "g");
	uint64_t d = make_dir(1, "d"), e = make_dir(1, "e");

	ck_assert_int_eq(rename_to(1, "f", 1, "g", NOREPLACE), EEXIST);
	ck_assert_int_eq(rename_to(1, "f", 1, "g", 0), 0);
	ck_assert_uint_eq(look(1, "g"), f);
	ck_assert(!exists(g));
	ck_assert_int_eq(rename_to(1, "g", 1, "d", 0), EISDIR);
	ck_assert_int_eq(rename_to(1, "d", 1, "g", 0), ENOTDIR);
	make_file(e, "x");
	ck_assert_int_eq(rename_to(1, "d", 1, "e", 0), ENOTEMPTY);
	ck_assert_int_eq(rename_to(1, "e", 1, "d", 0), 0);
	ck_assert(!exists(d));
	ck_assert_uint_eq(links(1), 3);
}
END_TEST

START_TEST(rename_onto_its_other_name_does_nothing)
{
	uint64_t f = make_file(1, "f");

	link_at(f, 1, "g");
	ck_assert_int_eq(rename_to(1, "f", 1, "g", 0), 0);
	ck_assert_uint_eq(look(1, "f"), f);
	ck_assert_uint_eq(look(1, "g"), f);
	ck_assert_uint_eq(links(f), 2);
	ck_assert_int_eq(rename_to(1, "f", 1, "f", 0), 0);
}
END_TEST

START_TEST(rename_into_itself_is_refused)
{
	uint64_t d = make_dir(1, "d"), s = make_dir(d, "s");

	ck_assert_int_eq(rename_to(1, "d", s, "x", 0), EINVAL);
	ck_assert_int_eq(rename_to(1, "d", d, "x", 0), EINVAL);
	ck_assert_int_eq(rename_to(1, "d", d, "s", EXCHANGE), EINVAL);
	ck_assert_int_eq(rename_to(d, "s", 1, "d", EXCHANGE), EINVAL);
}
END_TEST

START_TEST(exchange_swaps)
{
	uint64_t d = make_dir(1, "d"), e = make_dir(1, "e");
	uint64_t s = make_dir(d, "s"), f = make_file(e, "f");

	ck_assert_int_eq(rename_to(d, "s", e, "f", EXCHANGE), 0);
	ck_assert_uint_eq(look(d, "s"), f);
	ck_assert_uint_eq(look(e, "f"), s);
	ck_assert_uint_eq(look(s, ".."), e);
	ck_assert_uint_eq(links(d), 2);
	ck_assert_uint_eq(links(e), 3);
	ck_assert_int_eq(rename_to(d, "s", e, "none", EXCHANGE), ENOENT);
	ck_assert_int_eq(rename_to(d, "s", e, "f", EXCHANGE | NOREPLACE), EINVAL);
	ck_assert_int_eq(rename_to(d, "s", e, "x", 4), EINVAL);
}
END_TEST

START_TEST(sgid_directories_give_their_group)
{
	uint64_t d = make(1, "d", S_IFDIR | S_ISGID | 0755), ino;
	struct inode *i;

	i = inode_lock(t, d, true);
	i->gid = 99;
	inode_unlock(i);
	ino = make_dir(d, "sub");
	i = inode_lock(t, ino, false);
	ck_assert_uint_eq(i->gid, 99);
	ck_assert(i->mode & S_ISGID);
	inode_unlock(i);
	ino = make_file(d, "f");
	i = inode_lock(t, ino, false);
	ck_assert_uint_eq(i->gid, 99);
	ck_assert(!(i->mode & S_ISGID));
	inode_unlock(i);
}
END_TEST

START_TEST(resize_zeroes)
{
	uint64_t f = make_file(1, "f");
	struct inode *i = inode_lock(t, f, true);
	char got[6];

	sparse_write(&i->data, 0, "abcdef", 6);
	i->size = 6;
	inode_resize(i, 3);
	inode_resize(i, 6);
	sparse_read(&i->data, 0, got, 6);
	ck_assert_mem_eq(got, "abc\0\0\0", 6);
	inode_unlock(i);
	unlink_at(1, "f");
	ck_assert_uint_eq(t->quota.used, 0);
}
END_TEST

/* Threads that make, look at and remove one name; TSan watches. */
static void *churn(void *arg)
{
	unsigned i;

	for (i = 0; i < 500; i++) {
		const struct inode_new what = { .mode = S_IFREG | 0600 };
		struct inode *n = NULL;
		uint64_t ino = 0;

		pthread_rwlock_wrlock(&t->names);
		if (!tree_create(t, 1, arg, &what, &n)) {
			inode_seen(n);
			ino = atomic_load(&n->ino);
		}
		pthread_rwlock_unlock(&t->names);
		n = ino ? inode_lock(t, ino, true) : NULL;
		if (n) {
			sparse_write(&n->data, 0, "x", 1);
			inode_touch(n, true);
			inode_unlock(n);
		}
		exists(i);
		unlink_at(1, arg);
		if (ino)
			inode_forget(t, ino, 1);
	}
	return NULL;
}

START_TEST(threads_may_come_and_go)
{
	static char names[4][4] = { "a", "b", "a", "c" };
	pthread_t threads[4];
	unsigned i;

	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, churn, names[i]);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(t->live, 1);
	ck_assert_uint_eq(t->quota.used, 0);
}
END_TEST

/* ---- a directory as a list ---- */

START_TEST(a_listing_goes_on_after_its_cookie)
{
	struct dirent_row *row;
	struct dirents d;
	unsigned i, seen = 0;
	uint64_t at = 0;
	char name[16];

	dirents_init(&d);
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		dirents_add(&d, name, NULL);
	}
	/* Remove each as it is seen, and every second one before. */
	while ((row = dirents_after(&d, at))) {
		ck_assert_uint_gt(row->cookie, at);
		at = row->cookie;
		snprintf(name, sizeof(name), "f%u", seen);
		ck_assert_str_eq(row->name, name);
		dirents_remove(&d, row);
		snprintf(name, sizeof(name), "f%u", seen + 1);
		row = dirents_find(&d, name);
		dirents_remove(&d, row);
		seen += 2;
	}
	ck_assert_uint_eq(seen, 100);
	ck_assert_uint_eq(d.by_name.count, 0);
	dirents_add(&d, "new", NULL);
	ck_assert_uint_gt(dirents_after(&d, at)->cookie, at);
	ck_assert_ptr_nonnull(dirents_find(&d, "new"));
	ck_assert_ptr_null(dirents_find(&d, "f1"));
	dirents_fini(&d);
}
END_TEST

/* ---- extended attributes ---- */

START_TEST(xattrs_come_and_go)
{
	struct xattr *list = NULL;
	auto_buf struct buf names = BUF_INIT;

	ck_assert_int_eq(xattr_set(&list, "user.a", "1", 1, XATTR_REPLACE), ENODATA);
	ck_assert_int_eq(xattr_set(&list, "user.a", "1", 1, XATTR_CREATE), 0);
	ck_assert_int_eq(xattr_set(&list, "user.a", "2", 1, XATTR_CREATE), EEXIST);
	ck_assert_int_eq(xattr_set(&list, "user.b", "", 0, 0), 0);
	ck_assert_int_eq(xattr_set(&list, "user.a", "long", 4, XATTR_REPLACE), 0);
	ck_assert_uint_eq(xattr_get(list, "user.a")->len, 4);
	ck_assert_mem_eq(xattr_get(list, "user.a")->value, "long", 4);
	xattr_names(list, &names);
	ck_assert_uint_eq(names.len, 14);
	ck_assert_mem_eq(names.data, "user.a\0user.b", 14);
	ck_assert_int_eq(xattr_remove(&list, "user.a"), 0);
	ck_assert_int_eq(xattr_remove(&list, "user.a"), ENODATA);
	ck_assert_ptr_null(xattr_get(list, "user.a"));
	xattr_free(&list);
	ck_assert_ptr_null(list);
}
END_TEST

START_TEST(xattrs_have_limits)
{
	auto_free char *big = xcalloc(1, 65537);
	struct xattr *list = NULL;
	char name[300];
	unsigned i;

	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	ck_assert_int_eq(xattr_set(&list, name, "", 0, 0), ERANGE);
	ck_assert_int_eq(xattr_set(&list, "", "", 0, 0), ERANGE);
	ck_assert_int_eq(xattr_set(&list, "user.a", big, 65537, 0), E2BIG);
	for (i = 0; i < LIMIT_MEMORY_XATTRS / 65536 - 1; i++) {
		snprintf(name, sizeof(name), "user.%u", i);
		ck_assert_int_eq(xattr_set(&list, name, big, 65536, 0), 0);
	}
	ck_assert_int_eq(xattr_set(&list, "user.z", big, 65536, 0), ENOSPC);
	ck_assert_int_eq(xattr_set(&list, "user.0", big, 65536, 0), 0);
	xattr_free(&list);
}
END_TEST

/* A name alone takes room, too. */
START_TEST(xattrs_without_values_have_limits)
{
	struct xattr *list = NULL;
	char name[256];
	unsigned i;
	int err = 0;

	for (i = 0; i < LIMIT_MEMORY_XATTRS / 255 && !err; i++) {
		snprintf(name, sizeof(name), "user.%0250u", i);
		err = xattr_set(&list, name, "", 0, 0);
	}
	ck_assert_int_eq(err, ENOSPC);
	ck_assert_uint_gt(i, 1000);
	xattr_free(&list);
}
END_TEST

/* ---- files of a scenario ---- */

static struct file_spec file_at(const char *path)
{
	return (struct file_spec){
		.path = path, .type = NODE_FILE, .mode = 0644,
		.entry_ns = UINT64_MAX, .attr_ns = UINT64_MAX,
	};
}

START_TEST(scenario_files_are_made_with_parents)
{
	struct memfs *fs = memfs_new(0, 0, 0, 1 << 20);
	struct file_spec f = file_at("/a/b/f"), d = file_at("/a");
	struct file_spec l = file_at("/a/l"), root = file_at("/");
	uint64_t size;
	char got[8];

	f.data = (struct data_spec){ (const uint8_t *)"ab", 2, 5, NULL };
	f.size = 8;
	ck_assert_int_eq(memfs_add(fs, &f), 0);
	ck_assert_uint_eq(memfs_find(fs, "/a"), 2);
	ck_assert_uint_eq(memfs_find(fs, "/a/b"), 3);
	ck_assert_uint_eq(memfs_find(fs, "/a/b/f"), 4);
	ck_assert_uint_eq(memfs_find(fs, "/"), 1);
	ck_assert_uint_eq(memfs_find(fs, "/none"), 0);
	ck_assert_int_eq(memfs_peek(fs, "/a/b/f", 1, got, 8, &size), 7);
	ck_assert_mem_eq(got, "baba\0\0\0", 7);
	ck_assert_uint_eq(size, 8);
	ck_assert_int_eq(memfs_peek(fs, "/a/b/f", 8, got, 8, &size), 0);
	ck_assert_int_eq(memfs_peek(fs, "/a/b/f", 9, got, 8, &size), 0);
	ck_assert_int_eq(memfs_peek(fs, "/a", 0, got, 8, &size), -EISDIR);
	ck_assert_int_eq(memfs_peek(fs, "/none", 0, got, 8, &size), -ENOENT);
	ck_assert_ptr_eq(memfs_spec(fs, 4), &f);
	ck_assert_ptr_null(memfs_spec(fs, 2));
	ck_assert_int_eq(memfs_add(fs, &f), EEXIST);

	d.type = NODE_DIR;
	ck_assert_int_eq(memfs_add(fs, &d), 0);
	ck_assert_ptr_eq(memfs_spec(fs, 2), &d);
	ck_assert_int_eq(memfs_add(fs, &d), EEXIST);
	l.type = NODE_SYMLINK;
	l.target = "b/f";
	ck_assert_int_eq(memfs_add(fs, &l), 0);
	ck_assert_uint_eq(memfs_find(fs, "/a/l"), 5);
	ck_assert_int_eq(memfs_add(fs, &root), EISDIR);
	root.type = NODE_DIR;
	ck_assert_int_eq(memfs_add(fs, &root), 0);
	ck_assert_ptr_eq(memfs_spec(fs, 1), &root);
	memfs_free(fs);
}
END_TEST

START_TEST(scenario_files_have_limits)
{
	struct memfs *fs = memfs_new(0, 0, 0, 8192);
	struct file_spec f = file_at("/f"), in_file = file_at("/f/g");
	struct file_spec big = file_at("/big");

	big.data = (struct data_spec){ (const uint8_t *)"x", 1, 8193, NULL };
	ck_assert_int_eq(memfs_add(fs, &f), 0);
	ck_assert_int_eq(memfs_add(fs, &in_file), ENOTDIR);
	ck_assert_int_eq(memfs_add(fs, &big), ENOSPC);
	memfs_free(fs);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory");
	TCase *tc = tcase_create("memory");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, numbers_count_up);
	tcase_add_test(tc, lookup_finds_and_does_not);
	tcase_add_test(tc, names_that_cannot_be);
	tcase_add_test(tc, links_are_counted);
	tcase_add_test(tc, removing_has_rules);
	tcase_add_test(tc, an_inode_ends_with_name_and_lookups);
	tcase_add_test(tc, forgetting_too_much_is_harmless);
	tcase_add_test(tc, memory_of_the_dead_is_used_under_another_number);
	tcase_add_test(tc, a_removed_directory_takes_no_names);
	tcase_add_test(tc, rename_moves);
	tcase_add_test(tc, rename_replaces);
	tcase_add_test(tc, rename_onto_its_other_name_does_nothing);
	tcase_add_test(tc, rename_into_itself_is_refused);
	tcase_add_test(tc, exchange_swaps);
	tcase_add_test(tc, sgid_directories_give_their_group);
	tcase_add_test(tc, resize_zeroes);
	tcase_add_test(tc, threads_may_come_and_go);
	tcase_add_test(tc, a_listing_goes_on_after_its_cookie);
	tcase_add_test(tc, xattrs_come_and_go);
	tcase_add_test(tc, xattrs_have_limits);
	tcase_add_test(tc, xattrs_without_values_have_limits);
	tcase_add_test(tc, scenario_files_are_made_with_parents);
	tcase_add_test(tc, scenario_files_have_limits);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}
