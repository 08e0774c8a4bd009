/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tree of names.  Called by the threads that serve requests.
 */
#include "config.h"

#include "backend/memory/tree.h"

#include <errno.h>
#include <linux/limits.h>
#include <stdio.h>
#include <string.h>

#include "base/lock.h"
#include "base/mem.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE	(1 << 0)
#define RENAME_EXCHANGE		(1 << 1)
#endif

static bool is_dir(const struct inode *i)
{
	return i->type == S_IFDIR;
}

static int find_dir(struct inode_table *t, uint64_t ino, struct inode **out)
{
	*out = inode_find(t, ino);
	if (!*out)
		return ESTALE;
	return is_dir(*out) ? 0 : ENOTDIR;
}

static int check_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || strchr(name, '/'))
		return EINVAL;
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return EEXIST;
	return len > NAME_MAX ? ENAMETOOLONG : 0;
}

/* The directory, and that name may be added to it. */
static int check_add(struct inode_table *t, uint64_t ino, const char *name,
		     struct inode **dir)
{
	int err = find_dir(t, ino, dir);

	if (err)
		return err;
	err = check_name(name);
	if (err)
		return err;
	if (!(*dir)->nlink)
		return ENOENT;	/* removed, and somebody's cwd */
	return dirents_find(&(*dir)->entries, name) ? EEXIST : 0;
}

static void touch(struct inode *i, bool mtime)
{
	auto_write_lock(&i->lock);
	inode_touch(i, mtime);
}

static void add_links(struct inode *i, int n)
{
	auto_write_lock(&i->lock);
	i->nlink += n;
	inode_touch(i, false);
}

/* A directory's ".." counts for its parent. */
static void set_parent(struct inode *i, struct inode *parent)
{
	if (!is_dir(i) || i->parent == parent)
		return;
	if (i->parent)
		add_links(i->parent, -1);
	i->parent = parent;
	if (parent)
		add_links(parent, 1);
}

static void add_name(struct inode *dir, const char *name, struct inode *i)
{
	dirents_add(&dir->entries, name, i);
	add_links(i, is_dir(i) && !i->nlink ? 2 : 1);
	set_parent(i, dir);
	touch(dir, true);
}

/* The inode has lost a name (which is gone, or another's now). */
static void lose_name(struct inode_table *t, struct inode *i)
{
	add_links(i, is_dir(i) ? -2 : -1);
	if (is_dir(i)) {
		set_parent(i, NULL);
		/* ".." of a directory without a name leads to itself. */
		i->parent = i;
	}
	inode_end_if_unused(t, i);
}

/* Is i at or below top? */
static bool is_below(const struct inode *i, const struct inode *top)
{
	while (i != top && i->parent != i)
		i = i->parent;
	return i == top;
}

static void inherit(struct inode *dir, struct inode_new *what)
{
	auto_read_lock(&dir->lock);
	if (dir->mode & S_ISGID) {
		what->gid = dir->gid;
		if (S_ISDIR(what->mode))
			what->mode |= S_ISGID;
	}
}

int tree_lookup(struct inode_table *t, uint64_t dir, const char *name,
		struct inode **out)
{
	struct inode *d = inode_find(t, dir);
	struct dirent_row *row;

	if (!d)
		return ESTALE;
	*out = d;
	/* Handles (open_by_handle_at) ask for these. */
	if (!strcmp(name, "."))
		return 0;
	if (!is_dir(d))
		return ENOTDIR;
	*out = d->parent;
	if (!strcmp(name, ".."))
		return 0;
	if (strlen(name) > NAME_MAX)
		return ENAMETOOLONG;
	row = dirents_find(&d->entries, name);
	if (!row)
		return ENOENT;
	*out = row->inode;
	return 0;
}

int tree_walk(struct inode_table *t, const char *path, struct inode **out)
{
	auto_free char *copy = xstrdup(path);
	uint64_t ino = NODE_ROOT;
	char *save, *name;
	int err;

	*out = inode_find(t, ino);
	for (name = strtok_r(copy, "/", &save); name;
	     name = strtok_r(NULL, "/", &save)) {
		err = tree_lookup(t, ino, name, out);
		if (err)
			return err;
		ino = atomic_load(&(*out)->ino);
	}
	return 0;
}

int tree_create(struct inode_table *t, uint64_t dir, const char *name,
		const struct inode_new *what, struct inode **out)
{
	struct inode_new mine = *what;
	struct inode *d;
	int err = check_add(t, dir, name, &d);

	if (err)
		return err;
	inherit(d, &mine);
	err = inode_make(t, &mine, out);
	if (!err)
		add_name(d, name, *out);
	return err;
}

int tree_create_nameless(struct inode_table *t, uint64_t dir,
			 const struct inode_new *what, struct inode **out)
{
	struct inode_new mine = *what;
	struct inode *d;
	int err = find_dir(t, dir, &d);

	if (err)
		return err;
	inherit(d, &mine);
	err = inode_make(t, &mine, out);
	if (!err)
		inode_seen(*out);
	return err;
}

int tree_link(struct inode_table *t, uint64_t ino, uint64_t dir,
	      const char *name, struct inode **out)
{
	struct inode *i = inode_find(t, ino), *d;
	int err = check_add(t, dir, name, &d);

	if (err)
		return err;
	if (!i)
		return ESTALE;
	if (is_dir(i))
		return EPERM;
	add_name(d, name, i);
	*out = i;
	return 0;
}

static int find_row(struct inode_table *t, uint64_t dir, const char *name,
		    struct inode **d, struct dirent_row **row)
{
	int err = find_dir(t, dir, d);

	if (err)
		return err;
	*row = dirents_find(&(*d)->entries, name);
	return *row ? 0 : ENOENT;
}

int tree_unlink(struct inode_table *t, uint64_t dir, const char *name)
{
	struct dirent_row *row;
	struct inode *d, *i;
	int err = find_row(t, dir, name, &d, &row);

	if (err)
		return err;
	i = row->inode;
	if (is_dir(i))
		return EISDIR;
	dirents_remove(&d->entries, row);
	touch(d, true);
	lose_name(t, i);
	return 0;
}

int tree_rmdir(struct inode_table *t, uint64_t dir, const char *name)
{
	struct dirent_row *row;
	struct inode *d, *i;
	int err = find_row(t, dir, name, &d, &row);

	if (err)
		return err;
	i = row->inode;
	if (!is_dir(i))
		return ENOTDIR;
	if (i->entries.by_name.count)
		return ENOTEMPTY;
	dirents_remove(&d->entries, row);
	touch(d, true);
	lose_name(t, i);
	return 0;
}

static int check_replace(const struct inode *from, const struct inode *to)
{
	if (is_dir(from) && !is_dir(to))
		return ENOTDIR;
	if (!is_dir(from) && is_dir(to))
		return EISDIR;
	return is_dir(to) && to->entries.by_name.count ? ENOTEMPTY : 0;
}

static int exchange(struct inode *d1, struct dirent_row *r1,
		    struct inode *d2, struct dirent_row *r2)
{
	struct inode *i = r1->inode;

	if (is_below(d1, r2->inode))
		return EINVAL;
	r1->inode = r2->inode;
	r2->inode = i;
	set_parent(r1->inode, d1);
	set_parent(r2->inode, d2);
	touch(d1, true);
	touch(d2, true);
	touch(r1->inode, false);
	touch(r2->inode, false);
	return 0;
}

/* Onto a name that is there: its entry stays and gets another inode. */
static int replace(struct inode_table *t, struct inode *d, struct dirent_row *row,
		   struct inode *to_d, struct dirent_row *to)
{
	struct inode *i = row->inode, *old = to->inode;
	int err = check_replace(i, old);

	if (err)
		return err;
	to->inode = i;
	dirents_remove(&d->entries, row);
	lose_name(t, old);
	set_parent(i, to_d);
	touch(d, true);
	touch(to_d, true);
	touch(i, false);
	return 0;
}

int tree_rename(struct inode_table *t, uint64_t dir, const char *name,
		uint64_t to_dir, const char *to_name, unsigned flags)
{
	struct inode *d, *to_d;
	struct dirent_row *row, *to;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE) ||
	    flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return EINVAL;
	err = find_row(t, dir, name, &d, &row);
	if (err)
		return err;
	err = check_add(t, to_dir, to_name, &to_d);
	if (err && err != EEXIST)
		return err;
	to = dirents_find(&to_d->entries, to_name);
	if (!to && err)
		return EBUSY;	/* "." or ".." */
	if (is_dir(row->inode) && is_below(to_d, row->inode))
		return EINVAL;
	if (flags & RENAME_EXCHANGE)
		return to ? exchange(d, row, to_d, to) : ENOENT;
	if (to && (flags & RENAME_NOREPLACE))
		return EEXIST;
	if (to && to->inode == row->inode)
		return 0;	/* rename(2): two names of one file both stay */
	if (to)
		return replace(t, d, row, to_d, to);
	dirents_add(&to_d->entries, to_name, row->inode);
	set_parent(row->inode, to_d);
	touch(row->inode, false);
	dirents_remove(&d->entries, row);
	touch(d, true);
	touch(to_d, true);
	return 0;
}
