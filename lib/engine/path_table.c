/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which path a nodeid has.  Two chained hash tables: nodes by id, each with
 * the last path it was known by, and names by path.  A node whose name was
 * taken away keeps its path, so that requests about a file that is still open
 * can be told; the name then no longer leads to it.
 * Any thread, under engine->lock.
 */
#include "config.h"

#include "engine/path_table.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define RENAME_EXCHANGE_FLAG	2u	/* <linux/fs.h> RENAME_EXCHANGE */
#define PATH_SIZE		4096u

struct node {
	struct node *next;
	uint64_t id;
	uint64_t hash;		/* of path */
	char *path;
};

struct name {
	struct name *next;
	uint64_t hash;
	uint64_t id;
	char *path;
};

struct path_table {
	struct node **by_id;
	struct name **by_path;
	size_t n_ids, n_names;
	size_t size;		/* buckets of each table, a power of two */
};

uint64_t path_hash(const char *path)
{
	uint64_t h = 0xcbf29ce484222325ull;	/* FNV-1a */

	for (; *path; path++)
		h = (h ^ (uint8_t)*path) * 0x100000001b3ull;
	return h ? h : 1;
}

static size_t id_bucket(const struct path_table *t, uint64_t id)
{
	return (id * 0x9e3779b97f4a7c15ull >> 32) & (t->size - 1);
}

static struct node *find_node(const struct path_table *t, uint64_t id)
{
	struct node *n = t->by_id[id_bucket(t, id)];

	while (n && n->id != id)
		n = n->next;
	return n;
}

/* Where the pointer to the name stands, or would be put. */
static struct name **find_name(const struct path_table *t, const char *path)
{
	uint64_t hash = path_hash(path);
	struct name **pp = &t->by_path[hash & (t->size - 1)];

	while (*pp && ((*pp)->hash != hash || strcmp((*pp)->path, path)))
		pp = &(*pp)->next;
	return pp;
}

static void rehash(struct path_table *t, size_t size)
{
	struct path_table old = *t;

	t->size = size;
	t->by_id = xcalloc(size, sizeof(*t->by_id));
	t->by_path = xcalloc(size, sizeof(*t->by_path));
	for (size_t i = 0; i < old.size; i++) {
		for (struct node *n = old.by_id[i], *next; n; n = next) {
			struct node **to = &t->by_id[id_bucket(t, n->id)];

			next = n->next;
			n->next = *to;
			*to = n;
		}
		for (struct name *n = old.by_path[i], *next; n; n = next) {
			struct name **to = &t->by_path[n->hash & (size - 1)];

			next = n->next;
			n->next = *to;
			*to = n;
		}
	}
	free(old.by_id);
	free(old.by_path);
}

static void set_node(struct path_table *t, uint64_t id, const char *path)
{
	struct node *n = find_node(t, id);
	size_t at;

	if (n) {
		if (strcmp(n->path, path)) {
			free(n->path);
			n->path = xstrdup(path);
			n->hash = path_hash(path);
		}
		return;
	}
	if (t->n_ids >= t->size)
		rehash(t, t->size * 2);
	at = id_bucket(t, id);
	n = xcalloc(1, sizeof(*n));
	n->id = id;
	n->path = xstrdup(path);
	n->hash = path_hash(path);
	n->next = t->by_id[at];
	t->by_id[at] = n;
	t->n_ids++;
}

static void set_name(struct path_table *t, const char *path, uint64_t id)
{
	struct name **pp = find_name(t, path);

	if (!*pp) {
		if (t->n_names >= t->size) {
			rehash(t, t->size * 2);
			pp = find_name(t, path);
		}
		*pp = xcalloc(1, sizeof(**pp));
		(*pp)->hash = path_hash(path);
		(*pp)->path = xstrdup(path);
		t->n_names++;
	}
	(*pp)->id = id;
}

static void drop_name(struct path_table *t, const char *path)
{
	struct name **pp = find_name(t, path);
	struct name *n = *pp;

	if (!n)
		return;
	*pp = n->next;
	free(n->path);
	free(n);
	t->n_names--;
}

static void learn_entry(struct path_table *t, const char *path, uint64_t id)
{
	/* A LOOKUP answered with nodeid 0 is a negative entry. */
	if (!id) {
		drop_name(t, path);
		return;
	}
	if (id == WIRE_ROOT_ID)
		return;
	set_name(t, path, id);
	set_node(t, id, path);
}

/* "." and ".." are asked for when a file handle is decoded
 * (fs/fuse/inode.c: fuse_get_dentry, fuse_get_parent). */
static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* NULL where the parent is unknown or the result too long. */
static const char *child_path(const struct path_table *t, uint64_t parent,
			      const char *name, char *out, size_t size)
{
	const char *dir = path_table_path(t, parent);
	int n;

	if (!dir || !name)
		return NULL;
	if (!strcmp(name, "."))
		n = snprintf(out, size, "%s", dir);
	else if (!strcmp(name, ".."))
		n = snprintf(out, size, "%.*s",
			     (int)(strrchr(dir, '/') == dir ? 1 :
				   strrchr(dir, '/') - dir), dir);
	else
		n = snprintf(out, size, "%s/%s", dir[1] ? dir : "", name);
	return n < 0 || (size_t)n >= size ? NULL : out;
}

/* If path is old or lies under it: the same under "new", else NULL. */
static char *moved(const char *path, const char *old, const char *new)
{
	size_t n = strlen(old);

	if (strncmp(path, old, n) || (path[n] && path[n] != '/'))
		return NULL;
	return xasprintf("%s%s", new, path + n);
}

/* One name to be put in after all those of a move have been taken out. */
struct move {
	struct move *next;
	char *path;
	uint64_t id;
};

static void take_names(struct path_table *t, const char *from, const char *to,
		       struct move **list)
{
	for (size_t i = 0; i < t->size; i++) {
		struct name **pp = &t->by_path[i];

		while (*pp) {
			struct name *n = *pp;
			char *path = moved(n->path, from, to);
			struct move *m;

			if (!path) {
				pp = &n->next;
				continue;
			}
			m = xcalloc(1, sizeof(*m));
			m->path = path;
			m->id = n->id;
			m->next = *list;
			*list = m;
			*pp = n->next;
			free(n->path);
			free(n);
			t->n_names--;
		}
	}
}

static void put_names(struct path_table *t, struct move *list)
{
	while (list) {
		struct move *m = list;

		list = m->next;
		learn_entry(t, m->path, m->id);
		free(m->path);
		free(m);
	}
}

static void rename_path(struct path_table *t, const char *from, const char *to,
			bool exchange)
{
	struct move *list = NULL, *back = NULL;

	take_names(t, from, to, &list);
	take_names(t, to, from, &back);
	put_names(t, list);
	if (exchange) {
		put_names(t, back);
		return;
	}
	while (back) {
		struct move *m = back;

		back = m->next;
		free(m->path);
		free(m);
	}
}

static void learn_rename(struct path_table *t, const struct decoded_request *req)
{
	char from[PATH_SIZE], to[PATH_SIZE];
	struct wire_rename2_in in = { 0 };

	memcpy(&in, req->body, req->args_len < sizeof(in) ?
	       req->args_len : sizeof(in));
	if (!child_path(t, req->h->nodeid, req->name[0], from, sizeof(from)) ||
	    !child_path(t, in.newdir, req->name[1], to, sizeof(to)) ||
	    !strcmp(from, to))
		return;
	rename_path(t, from, to, in.flags & RENAME_EXCHANGE_FLAG);
}

static void learn_dirplus(struct path_table *t, uint64_t dir,
			  const uint8_t *p, size_t len)
{
	while (len >= sizeof(struct wire_direntplus)) {
		struct wire_direntplus d;
		char name[256], path[PATH_SIZE];
		size_t whole;

		memcpy(&d, p, sizeof(d));
		whole = sizeof(d) + (((size_t)d.dirent.namelen + 7) & ~7ul);
		if (d.dirent.namelen >= sizeof(name) || whole > len)
			return;
		memcpy(name, p + sizeof(d), d.dirent.namelen);
		name[d.dirent.namelen] = '\0';
		if (d.entry.nodeid && !is_dots(name) &&
		    child_path(t, dir, name, path, sizeof(path)))
			learn_entry(t, path, d.entry.nodeid);
		p += whole;
		len -= whole;
	}
}

struct path_table *path_table_new(void)
{
	struct path_table *t = xcalloc(1, sizeof(*t));

	t->size = 64;
	t->by_id = xcalloc(t->size, sizeof(*t->by_id));
	t->by_path = xcalloc(t->size, sizeof(*t->by_path));
	set_node(t, WIRE_ROOT_ID, "/");
	set_name(t, "/", WIRE_ROOT_ID);
	return t;
}

void path_table_free(struct path_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->size; i++) {
		for (struct node *n = t->by_id[i], *next; n; n = next) {
			next = n->next;
			free(n->path);
			free(n);
		}
		for (struct name *n = t->by_path[i], *next; n; n = next) {
			next = n->next;
			free(n->path);
			free(n);
		}
	}
	free(t->by_id);
	free(t->by_path);
	free(t);
}

const char *path_table_path(const struct path_table *t, uint64_t nodeid)
{
	const struct node *n = find_node(t, nodeid);

	return n ? n->path : NULL;
}

uint64_t path_table_hash(const struct path_table *t, uint64_t nodeid)
{
	const struct node *n = find_node(t, nodeid);

	return n ? n->hash : 0;
}

uint64_t path_table_find(const struct path_table *t, const char *path)
{
	const struct name *n = *find_name(t, path);

	return n ? n->id : 0;
}

const char *path_table_request_path(const struct path_table *t, const struct decoded_request *req,
			       char *out, size_t size)
{
	if (req->op && req->op->flags & OPF_PARENT)
		return child_path(t, req->h->nodeid, req->name[0], out, size);
	return path_table_path(t, req->h->nodeid);
}

bool path_table_learns_from(uint32_t opcode)
{
	const struct op *op;

	switch (opcode) {
	case OP_UNLINK:
	case OP_RMDIR:
	case OP_RENAME:
	case OP_RENAME2:
	case OP_READDIRPLUS:
		return true;
	case OP_TMPFILE:	/* has no name yet */
		return false;
	}
	op = op_by_code(opcode);
	return op && op->flags & OPF_ENTRY;
}

void path_table_learn(struct path_table *t, const struct decoded_request *req,
		 const void *reply, size_t reply_len)
{
	char path[PATH_SIZE];
	uint64_t id = 0;

	if (!req->op || !path_table_learns_from(req->op->opcode))
		return;
	switch (req->op->opcode) {
	case OP_RENAME:
	case OP_RENAME2:
		learn_rename(t, req);
		return;
	case OP_READDIRPLUS:
		learn_dirplus(t, req->h->nodeid, reply, reply_len);
		return;
	}
	if (!req->name[0] || is_dots(req->name[0]) ||
	    !child_path(t, req->h->nodeid, req->name[0], path, sizeof(path)))
		return;
	if (req->op->opcode == OP_UNLINK || req->op->opcode == OP_RMDIR) {
		drop_name(t, path);
		return;
	}
	if (reply_len < sizeof(id))
		return;
	memcpy(&id, reply, sizeof(id));
	learn_entry(t, path, id);
}
