/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inodes: by number in constant time and without a common lock, made, changed
 * and ended.  Called by the threads that serve requests.
 */
#include "config.h"

#include "backend/memory/node.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/lock.h"
#include "base/mem.h"

#define BLOCK	512u

static struct inode *slot_get(struct inode_table *t, uint64_t ino)
{
	struct nodes_chunk *c;

	if (ino / NODES_CHUNK >= NODES_CHUNKS)
		return NULL;
	c = atomic_load_explicit(&t->chunks[ino / NODES_CHUNK],
				 memory_order_acquire);
	if (!c)
		return NULL;
	return atomic_load_explicit(&c->at[ino % NODES_CHUNK],
				    memory_order_acquire);
}

/* Called with table locked, or while the inode is being ended. */
static void slot_set(struct inode_table *t, uint64_t ino, struct inode *i)
{
	struct nodes_chunk *c = atomic_load(&t->chunks[ino / NODES_CHUNK]);

	if (!c) {
		c = xcalloc(1, sizeof(*c));
		atomic_store_explicit(&t->chunks[ino / NODES_CHUNK], c,
				      memory_order_release);
	}
	atomic_store_explicit(&c->at[ino % NODES_CHUNK], i,
			      memory_order_release);
}

/* Everything an inode owns, not itself. */
static void empty(struct inode *i)
{
	if (i->type == S_IFREG)
		sparse_fini(&i->data);
	if (i->type == S_IFDIR)
		dirents_fini(&i->entries);
	free(i->target);
	i->target = NULL;
	xattr_free(&i->xattrs);
}

static struct inode *take_memory(struct inode_table *t)
{
	struct inode *i = t->free;

	if (i) {
		t->free = i->next_free;
		return i;
	}
	i = xcalloc(1, sizeof(*i));
	rwlock_init(&i->lock);
	return i;
}

void inode_table_init(struct inode_table *t, uint64_t limit)
{
	const struct inode_new root = { .mode = S_IFDIR | 0755 };
	struct inode *i;

	memset(t, 0, sizeof(*t));
	t->quota.limit = limit;
	rwlock_init(&t->names);
	mutex_init(&t->table);
	inode_make(t, &root, &i);
	i->parent = i;
	i->nlink = 2;
}

void inode_table_fini(struct inode_table *t)
{
	uint64_t ino;
	unsigned n;

	for (ino = 1; ino <= t->last_ino; ino++) {
		struct inode *i = slot_get(t, ino);

		if (!i)
			continue;
		empty(i);
		i->next_free = t->free;
		t->free = i;
	}
	while (t->free) {
		struct inode *i = t->free;

		t->free = i->next_free;
		pthread_rwlock_destroy(&i->lock);
		free(i);
	}
	for (n = 0; n < NODES_CHUNKS; n++)
		free(atomic_load(&t->chunks[n]));
	pthread_rwlock_destroy(&t->names);
	pthread_mutex_destroy(&t->table);
}

int inode_make(struct inode_table *t, const struct inode_new *what,
	       struct inode **out)
{
	struct inode *i = NULL;

	mutex_lock(&t->table);
	if (atomic_load(&t->live) < LIMIT_MEMORY_INODES &&
	    (t->last_ino + 1) / NODES_CHUNK < NODES_CHUNKS) {
		i = take_memory(t);
		rwlock_write(&i->lock);
		atomic_fetch_add(&t->live, 1);
		i->type = what->mode & S_IFMT;
		i->mode = what->mode;
		i->uid = what->uid;
		i->gid = what->gid;
		i->rdev = what->rdev;
		i->nlink = 0;
		i->size = what->target ? strlen(what->target) : 0;
		i->target = what->target ? xstrdup(what->target) : NULL;
		i->spec = NULL;
		i->parent = NULL;
		clock_gettime(CLOCK_REALTIME, &i->mtime);
		i->atime = i->ctime = i->btime = i->mtime;
		sparse_init(&i->data, &t->quota);
		dirents_init(&i->entries);
		atomic_store(&i->lookups, 0);
		atomic_store(&i->ino, ++t->last_ino);
		slot_set(t, t->last_ino, i);
		rwlock_unlock(&i->lock);
	}
	mutex_unlock(&t->table);
	*out = i;
	if (!i)
		atomic_store(&t->inodes_full, true);
	return i ? 0 : ENOSPC;
}

void inode_end_if_unused(struct inode_table *t, struct inode *i)
{
	uint64_t ino = atomic_load(&i->ino);

	if (i->nlink || atomic_load(&i->lookups) || ino == NODE_ROOT)
		return;
	rwlock_write(&i->lock);
	empty(i);
	atomic_store(&i->ino, 0);
	slot_set(t, ino, NULL);
	rwlock_unlock(&i->lock);

	auto_lock(&t->table);
	i->next_free = t->free;
	t->free = i;
	atomic_fetch_sub(&t->live, 1);
}

struct inode *inode_find(struct inode_table *t, uint64_t ino)
{
	return slot_get(t, ino);
}

struct inode *inode_lock(struct inode_table *t, uint64_t ino, bool write)
{
	struct inode *i = slot_get(t, ino);

	if (!i)
		return NULL;
	if (write)
		rwlock_write(&i->lock);
	else
		rwlock_read(&i->lock);
	if (atomic_load_explicit(&i->ino, memory_order_relaxed) == ino)
		return i;
	rwlock_unlock(&i->lock);
	return NULL;
}

void inode_unlock(struct inode *i)
{
	rwlock_unlock(&i->lock);
}

void inode_stat(const struct inode *i, struct stat *st)
{
	memset(st, 0, sizeof(*st));
	st->st_ino = atomic_load_explicit(&i->ino, memory_order_relaxed);
	st->st_mode = i->mode;
	st->st_nlink = i->nlink;
	st->st_uid = i->uid;
	st->st_gid = i->gid;
	st->st_rdev = i->rdev;
	st->st_size = i->size;
	st->st_blksize = SPARSE_PAGE;
	st->st_blocks = i->data.pages * (SPARSE_PAGE / BLOCK);
	st->st_atim = i->atime;
	st->st_mtim = i->mtime;
	st->st_ctim = i->ctime;
}

void inode_touch(struct inode *i, bool mtime)
{
	clock_gettime(CLOCK_REALTIME, &i->ctime);
	if (mtime)
		i->mtime = i->ctime;
}

void inode_resize(struct inode *i, uint64_t size)
{
	/* What fallocate() put beyond the end is zeros already. */
	if (size < i->size)
		sparse_punch(&i->data, size, UINT64_MAX - size);
	i->size = size;
}

void inode_seen(struct inode *i)
{
	atomic_fetch_add(&i->lookups, 1);
}

/* Scripts may make the kernel forget more than it was told: stop at 0. */
static bool count_down(struct inode *i, uint64_t n)
{
	uint64_t had = atomic_load(&i->lookups);

	while (!atomic_compare_exchange_weak(&i->lookups, &had,
					     had > n ? had - n : 0))
		;
	return had <= n;
}

void inode_forget(struct inode_table *t, uint64_t ino, uint64_t n)
{
	struct inode *i = inode_lock(t, ino, false);
	bool last;

	if (!i)
		return;
	last = count_down(i, n) && !i->nlink;
	inode_unlock(i);
	if (!last)
		return;
	auto_write_lock(&t->names);
	i = inode_find(t, ino);
	if (i)
		inode_end_if_unused(t, i);
}
