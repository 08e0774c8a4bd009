/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which path a nodeid has.  Two hash tables: nodes by id, each with the last
 * path it was known by, and names by path.  A node whose name was
 * taken away keeps its path, so that requests about a file that is still open
 * can be told; the name then no longer leads to it.
 * Any thread, under engine->lock.
 */
#include "config.h"

#include "engine/path_table.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define RENAME_EXCHANGE_FLAG	2u	/* <linux/fs.h> RENAME_EXCHANGE */
#define PATH_SIZE		4096u

struct node {
	struct hash_link link;
	uint64_t id;
	uint64_t path_hash;
	char *path;
};

struct name {
	struct hash_link link;
	uint64_t id;
	char *path;
};

struct path_table {
	struct hash_table by_id;	/* nodes */
	struct hash_table by_path;	/* names */
};

uint64_t path_hash(const char *path)
{
	return hash_text(path);
}

static struct node *node_of(struct hash_link *l)
{
	return HASH_OF(l, struct node, link);
}

static struct name *name_of(struct hash_link *l)
{
	return HASH_OF(l, struct name, link);
}

static struct node *find_node(const struct path_table *t, uint64_t id)
{
	struct hash_link *l = hash_first(&t->by_id, hash_number(id));

	return l ? node_of(l) : NULL;
}

static struct name *find_name(const struct path_table *t, const char *path)
{
	struct hash_link *l = hash_first(&t->by_path, path_hash(path));

	while (l && strcmp(name_of(l)->path, path))
		l = hash_next(l);
	return l ? name_of(l) : NULL;
}

static void free_node(struct node *n)
{
	free(n->path);
	free(n);
}

static void free_name(struct name *n)
{
	free(n->path);
	free(n);
}

static void set_node(struct path_table *t, uint64_t id, const char *path)
{
	struct node *n = find_node(t, id);

	if (!n) {
		n = xcalloc(1, sizeof(*n));
		n->id = id;
		hash_add(&t->by_id, &n->link, hash_number(id));
	} else if (!strcmp(n->path, path)) {
		return;
	}
	free(n->path);
	n->path = xstrdup(path);
	n->path_hash = path_hash(path);
}

static void set_name(struct path_table *t, const char *path, uint64_t id)
{
	struct name *n = find_name(t, path);

	if (!n) {
		n = xcalloc(1, sizeof(*n));
		n->path = xstrdup(path);
		hash_add(&t->by_path, &n->link, path_hash(path));
	}
	n->id = id;
}

static void drop_name(struct path_table *t, const char *path)
{
	struct name *n = find_name(t, path);

	if (!n)
		return;
	hash_remove(&t->by_path, &n->link);
	free_name(n);
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
	struct hash_link *l, *next;

	HASH_EACH(&t->by_path, l, next) {
		struct name *n = name_of(l);
		char *path = moved(n->path, from, to);
		struct move *m;

		if (!path)
			continue;
		m = xcalloc(1, sizeof(*m));
		m->path = path;
		m->id = n->id;
		m->next = *list;
		*list = m;
		hash_remove(&t->by_path, l);
		free_name(n);
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
		if (d.entry.nodeid && !name_is_dots(name) &&
		    child_path(t, dir, name, path, sizeof(path)))
			learn_entry(t, path, d.entry.nodeid);
		p += whole;
		len -= whole;
	}
}

struct path_table *path_table_new(void)
{
	struct path_table *t = xcalloc(1, sizeof(*t));

	set_node(t, WIRE_ROOT_ID, "/");
	set_name(t, "/", WIRE_ROOT_ID);
	return t;
}

void path_table_free(struct path_table *t)
{
	struct hash_link *l, *next;

	if (!t)
		return;
	HASH_EACH(&t->by_id, l, next)
		free_node(node_of(l));
	HASH_EACH(&t->by_path, l, next)
		free_name(name_of(l));
	hash_fini(&t->by_id);
	hash_fini(&t->by_path);
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

	return n ? n->path_hash : 0;
}

uint64_t path_table_find(const struct path_table *t, const char *path)
{
	const struct name *n = find_name(t, path);

	return n ? n->id : 0;
}

static int compare_lengths(const void *a, const void *b)
{
	size_t x = strlen(*(char *const *)a), y = strlen(*(char *const *)b);

	return x == y ? strcmp(*(char *const *)a, *(char *const *)b) : x < y ? 1 : -1;
}

size_t path_table_below(const struct path_table *t, const char *path, char ***out)
{
	size_t len = path[1] ? strlen(path) : 0, n = 0;
	struct hash_link *l, *next;

	*out = NULL;
	HASH_EACH(&t->by_path, l, next) {
		const char *name = name_of(l)->path;

		if (strncmp(name, path, len) || !name[1] ||
		    (name[len] && name[len] != '/'))
			continue;
		*out = xrealloc(*out, (n + 1) * sizeof(**out));
		(*out)[n++] = xstrdup(name);
	}
	if (n)
		qsort(*out, n, sizeof(**out), compare_lengths);
	return n;
}

const char *path_table_request_path(const struct path_table *t, const struct decoded_request *req,
			       char *out, size_t size)
{
	if (req->op && req->op->flags & OPF_PARENT)
		return child_path(t, req->h->nodeid, req->name[0], out, size);
	return path_table_path(t, req->h->nodeid);
}

bool path_table_learns_from(const struct op *op)
{
	if (!op)
		return false;
	switch (op->opcode) {
	case OP_UNLINK:
	case OP_RMDIR:
	case OP_RENAME:
	case OP_RENAME2:
	case OP_READDIRPLUS:
		return true;
	case OP_TMPFILE:	/* has no name yet */
		return false;
	}
	return op->flags & OPF_ENTRY;
}

void path_table_learn(struct path_table *t, const struct decoded_request *req,
		 const void *reply, size_t reply_len)
{
	char path[PATH_SIZE];
	uint64_t id = 0;

	if (!path_table_learns_from(req->op))
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
	if (!req->name[0] || name_is_dots(req->name[0]) ||
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
