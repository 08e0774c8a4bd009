/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mirror's tables of nodes and open files.  Any thread. */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/mem.h"

static struct mirror_file *file_of(struct hash_link *l)
{
	return HASH_OF(l, struct mirror_file, by_id);
}

/* ---- nodes: lock held ---- */

static uint64_t hash_key(dev_t dev, ino_t ino)
{
	return hash_number((uint64_t)ino ^ hash_number((uint64_t)dev));
}

static struct mirror_node *find_id(const struct mirror *m, uint64_t id)
{
	struct hash_link *l = hash_first(&m->nodes_by_id, hash_number(id));

	return l ? HASH_OF(l, struct mirror_node, by_id) : NULL;
}

static struct mirror_node *find_key(const struct mirror *m, dev_t dev, ino_t ino)
{
	struct hash_link *l = hash_first(&m->nodes_by_key, hash_key(dev, ino));

	for (; l; l = hash_next(l)) {
		struct mirror_node *node =
			HASH_OF(l, struct mirror_node, by_key);

		if (node->dev == dev && node->ino == ino)
			return node;
	}
	return NULL;
}

static void node_free(struct mirror_node *node)
{
	if (node)
		close(node->fd);
	free(node);
}

/* Takes a node out of the tables if nobody needs it any more, and returns it;
 * else NULL.  */
static struct mirror_node *take_unused(struct mirror *m, struct mirror_node *node)
{
	if (node->refs || node->lookups)
		return NULL;
	hash_remove(&m->nodes_by_id, &node->by_id);
	hash_remove(&m->nodes_by_key, &node->by_key);
	return node;
}

static struct mirror_node *add_node(struct mirror *m, int fd,
				    const struct stat *st)
{
	struct mirror_node *node = xcalloc(1, sizeof(*node));

	*node = (struct mirror_node){
		.mirror = m, .id = ++m->last_id, .fd = fd, .dev = st->st_dev,
		.ino = st->st_ino, .type = st->st_mode & S_IFMT,
	};
	hash_add(&m->nodes_by_id, &node->by_id, hash_number(node->id));
	hash_add(&m->nodes_by_key, &node->by_key, hash_key(node->dev, node->ino));
	return node;
}

/* ---- nodes ---- */

struct mirror_node *mirror_get(struct mirror *m, uint64_t id)
{
	struct mirror_node *node;

	auto_lock(&m->lock);
	node = find_id(m, id);
	if (node)
		node->refs++;
	return node;
}

void mirror_put(struct mirror_node *node)
{
	struct mirror *m;

	if (!node)
		return;
	m = node->mirror;
	mutex_lock(&m->lock);
	node->refs--;
	node = take_unused(m, node);
	mutex_unlock(&m->lock);
	node_free(node);
}

struct mirror_node *mirror_enter(struct mirror *m, int fd, const struct stat *st)
{
	struct mirror_node *node;

	mutex_lock(&m->lock);
	node = find_key(m, st->st_dev, st->st_ino);
	if (!node && fd >= 0)
		node = add_node(m, steal_fd(&fd), st);
	if (node) {
		node->lookups++;
		node->refs++;
	}
	mutex_unlock(&m->lock);
	if (fd >= 0)
		close(fd);
	return node;
}

uint64_t mirror_known(struct mirror *m, const struct stat *st)
{
	const struct mirror_node *node;

	auto_lock(&m->lock);
	node = find_key(m, st->st_dev, st->st_ino);
	return node ? node->id : 0;
}

void mirror_forget(struct mirror *m, uint64_t id, uint64_t n)
{
	struct mirror_node *node;

	mutex_lock(&m->lock);
	node = find_id(m, id);
	if (node) {
		node->lookups -= n < node->lookups ? n : node->lookups;
		node = take_unused(m, node);
	}
	mutex_unlock(&m->lock);
	node_free(node);
}

/* ---- open files ---- */

static void file_free(struct mirror_file *f)
{
	close(f->fd);
	pthread_mutex_destroy(&f->lock);
	free(f->entries);
	free(f);
}

struct mirror_file *mirror_file_new(const struct mirror_node *node, int fd,
				    int flags)
{
	struct mirror_file *f = xcalloc(1, sizeof(*f));
	struct mirror *m = node->mirror;

	f->mirror = m;
	f->fd = fd;
	f->dev = node->dev;
	f->is_direct = flags & O_DIRECT;
	f->is_readonly = (flags & O_ACCMODE) == O_RDONLY;
	f->refs = 1;
	mutex_init(&f->lock);
	auto_lock(&m->lock);
	f->id = ++m->last_file;
	hash_add(&m->files, &f->by_id, hash_number(f->id));
	return f;
}

/* Lock held. */
static struct mirror_file *find_file(const struct mirror *m, uint64_t id)
{
	struct hash_link *l = hash_first(&m->files, hash_number(id));

	return l ? file_of(l) : NULL;
}

struct mirror_file *mirror_file_get(struct mirror *m, uint64_t id)
{
	struct mirror_file *f;

	auto_lock(&m->lock);
	f = find_file(m, id);
	if (f)
		f->refs++;
	return f;
}

void mirror_file_put(struct mirror_file *f)
{
	struct mirror *m;
	bool last;

	if (!f)
		return;
	m = f->mirror;
	mutex_lock(&m->lock);
	last = !--f->refs;
	mutex_unlock(&m->lock);
	if (last)
		file_free(f);
}

void mirror_file_end(struct mirror *m, uint64_t id)
{
	struct mirror_file *f;

	mutex_lock(&m->lock);
	f = find_file(m, id);
	if (f)
		hash_remove(&m->files, &f->by_id);
	mutex_unlock(&m->lock);
	mirror_file_put(f);
}

void mirror_tables_free(struct mirror *m)
{
	struct hash_link *l, *next;

	HASH_EACH(&m->nodes_by_id, l, next)
		node_free(HASH_OF(l, struct mirror_node, by_id));
	HASH_EACH(&m->files, l, next)
		file_free(file_of(l));
	hash_fini(&m->nodes_by_id);
	hash_fini(&m->nodes_by_key);
	hash_fini(&m->files);
}
