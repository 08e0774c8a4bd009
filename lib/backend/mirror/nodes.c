/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mirror's tables of nodes and open files.  Any thread. */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/mem.h"

static size_t id_bucket(uint64_t id)
{
	return id % MIRROR_BUCKETS;
}

static size_t key_bucket(dev_t dev, ino_t ino)
{
	return ((uint64_t)ino ^ (uint64_t)dev * 0x9e3779b97f4a7c15ull) %
		MIRROR_BUCKETS;
}

/* ---- nodes: lock held ---- */

static struct mirror_node *find_id(const struct mirror *m, uint64_t id)
{
	struct mirror_node *node = m->by_id[id_bucket(id)];

	while (node && node->id != id)
		node = node->id_next;
	return node;
}

static struct mirror_node *find_key(const struct mirror *m, dev_t dev, ino_t ino)
{
	struct mirror_node *node = m->by_key[key_bucket(dev, ino)];

	while (node && (node->dev != dev || node->ino != ino))
		node = node->key_next;
	return node;
}

static void unlink_node(struct mirror *m, struct mirror_node *node)
{
	struct mirror_node **pp = &m->by_id[id_bucket(node->id)];

	while (*pp != node)
		pp = &(*pp)->id_next;
	*pp = node->id_next;
	pp = &m->by_key[key_bucket(node->dev, node->ino)];
	while (*pp != node)
		pp = &(*pp)->key_next;
	*pp = node->key_next;
}

static void node_free(struct mirror_node *node)
{
	if (node)
		close(node->fd);
	free(node);
}

/* The node, out of the tables, if nobody wants it any more; else NULL. */
static struct mirror_node *take_unused(struct mirror *m, struct mirror_node *node)
{
	if (node->refs || node->lookups)
		return NULL;
	unlink_node(m, node);
	return node;
}

static struct mirror_node *add_node(struct mirror *m, int fd,
				    const struct stat *st)
{
	struct mirror_node *node = xcalloc(1, sizeof(*node)), **head;

	*node = (struct mirror_node){
		.mirror = m, .id = ++m->last_id, .fd = fd, .dev = st->st_dev,
		.ino = st->st_ino, .type = st->st_mode & S_IFMT,
	};
	head = &m->by_id[id_bucket(node->id)];
	node->id_next = *head;
	*head = node;
	head = &m->by_key[key_bucket(node->dev, node->ino)];
	node->key_next = *head;
	*head = node;
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
	struct mirror_file *f = xcalloc(1, sizeof(*f)), **head;
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
	head = &m->files[id_bucket(f->id)];
	f->next = *head;
	*head = f;
	return f;
}

/* Lock held: where it is linked; *there == NULL if there is none. */
static struct mirror_file **find_file(struct mirror *m, uint64_t id)
{
	struct mirror_file **pp = &m->files[id_bucket(id)];

	while (*pp && (*pp)->id != id)
		pp = &(*pp)->next;
	return pp;
}

struct mirror_file *mirror_file_get(struct mirror *m, uint64_t id)
{
	struct mirror_file *f;

	auto_lock(&m->lock);
	f = *find_file(m, id);
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
	struct mirror_file **pp, *f;

	mutex_lock(&m->lock);
	pp = find_file(m, id);
	f = *pp;
	if (f)
		*pp = f->next;
	mutex_unlock(&m->lock);
	mirror_file_put(f);
}

void mirror_tables_free(struct mirror *m)
{
	size_t i;

	for (i = 0; i < MIRROR_BUCKETS; i++) {
		while (m->by_id[i]) {
			struct mirror_node *node = m->by_id[i];

			m->by_id[i] = node->id_next;
			node_free(node);
		}
		while (m->files[i]) {
			struct mirror_file *f = m->files[i];

			m->files[i] = f->next;
			file_free(f);
		}
	}
}
