/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory is read before anybody writes to it: names, kinds, sizes, modes, and the
 * first bytes of each file.  Main thread only. */
#include "config.h"

#include "fusescen/record/before.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"
#include "load/yaml/yedit.h"
#include "load/yaml/ytree.h"
#include "load/yaml/ywrite.h"

#define FILES_MAX	20000u		/* of a directory; then it is read by the log alone */

struct found {
	const char *path;		/* "/dir/name" */
	bool is_dir;
	uint64_t size;
	unsigned mode;
	char *target, *data;
	size_t n_data;
};

struct before {
	struct arena *arena;
	const struct ynode *root;	/* of the scenario; NULL: a mount in memory */
	struct found *at;
	size_t n;
	bool is_whole;			/* what is not in the list was not there */
};

/* ---- the directory ------------------------------------------------------------------- */

static void read_data(struct before *b, struct found *f, const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char data[STORY_DATA_MAX];
	ssize_t n = fd < 0 ? -1 : pread(fd, data, sizeof(data), 0);

	if (n <= 0)
		return;
	f->data = arena_memdup(b->arena, data, (size_t)n);
	f->n_data = (size_t)n;
}

static void add(struct before *b, const char *top, const FTSENT *e)
{
	struct found f = { .path = arena_strdup(b->arena, e->fts_path + strlen(top)) };
	char target[4096];
	ssize_t n;

	f.is_dir = e->fts_info == FTS_D;
	f.mode = e->fts_statp->st_mode & 07777;
	if (e->fts_info == FTS_F) {
		f.size = (uint64_t)e->fts_statp->st_size;
		read_data(b, &f, e->fts_accpath);
	}
	n = e->fts_info == FTS_SL || e->fts_info == FTS_SLNONE ?
		readlink(e->fts_accpath, target, sizeof(target)) : -1;
	if (n >= 0) {
		f.mode = 0;
		f.target = arena_strndup(b->arena, target, (size_t)n);
	}
	ARENA_PUSH(b->arena, b->at, b->n, f);
}

static int by_path(const void *x, const void *y)
{
	return strcmp(((const struct found *)x)->path, ((const struct found *)y)->path);
}

/* 0, or -1 after a message. */
static int read_directory(struct before *b, const char *dir)
{
	auto_free char *top = xstrdup(dir);
	char *const tops[] = { top, NULL };
	FTS *fts = fts_open(tops, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL);
	FTSENT *e;

	while (strlen(top) > 1 && top[strlen(top) - 1] == '/')
		top[strlen(top) - 1] = '\0';
	b->is_whole = true;
	while (fts && b->is_whole && (e = fts_read(fts))) {
		if (e->fts_level == 0 && (e->fts_info == FTS_NS || e->fts_info == FTS_DNR)) {
			put_error("%s: %s", dir, strerror(e->fts_errno));
			fts_close(fts);
			return -1;
		}
		b->is_whole = b->n < FILES_MAX && e->fts_info != FTS_DNR;
		if (e->fts_level > 0 && e->fts_info != FTS_DP && b->is_whole)
			add(b, top, e);
	}
	if (fts)
		fts_close(fts);
	if (b->n)
		qsort(b->at, b->n, sizeof(*b->at), by_path);
	return 0;
}

/* ---- the scenario ---------------------------------------------------------------------- */

/* The mapping of its one mount. */
static const struct ynode *mount_of(const struct ynode *root)
{
	const struct ynode *mounts = root ? ynode_get(root, "mounts") : NULL;

	return mounts && mounts->kind == Y_MAP && mounts->n_items == 2 &&
		mounts->items[1]->kind == Y_MAP ? mounts->items[1] : NULL;
}

static const struct ynode *files_of(const struct ynode *root)
{
	const struct ynode *mount = mount_of(root);

	return mount ? ynode_get(mount, "files") : NULL;
}

static struct ynode *parse(struct before *b, const char *name, const char *text)
{
	struct diags *dg = diags_new(name, text, strlen(text));
	struct ynode *root = ytree_parse(b->arena, dg, text, strlen(text));

	diags_free(dg);
	return root;
}

/* Where it keeps its files is for the command line to say, and a replay has its own. */
static void drop_backing(struct before *b)
{
	const struct ynode *mount = mount_of(b->root);
	const struct yedit edit = { ynode_get(mount, "backing"), NULL };

	if (edit.node)
		b->root = ynode_edited(b->arena, b->root, &edit, 1);
}

static int read_rules(struct before *b, const char *path)
{
	struct buf text;

	if (file_read(path, &text)) {
		put_error("%s: %s", path, strerror(errno));
		return -1;
	}
	b->root = parse(b, path, arena_strdup(b->arena, buf_str(&text)));
	buf_fini(&text);
	if (!mount_of(b->root)) {
		put_error("%s: a scenario with one mount is needed", path);
		return -1;
	}
	drop_backing(b);
	return 0;
}

struct before *before_new(const char *rules, const char *dir)
{
	struct before *b = xcalloc(1, sizeof(*b));

	b->arena = arena_new();
	b->is_whole = true;
	if ((!rules || read_rules(b, rules) == 0) && (!dir || read_directory(b, dir) == 0))
		return b;
	before_free(b);
	return NULL;
}

void before_free(struct before *b)
{
	if (!b)
		return;
	arena_free(b->arena);
	free(b);
}

/* ---- what a story asks for ---------------------------------------------------------------- */

static bool is_in_scenario(const struct before *b, const char *path)
{
	const struct ynode *files = files_of(b->root);
	size_t len = strlen(path);

	for (size_t i = 0; files && i + 1 < files->n_items; i += 2) {
		const char *name = files->items[i]->text;

		/* a directory above it is there as well */
		if (name && !strncmp(name, path, len) && (!name[len] || name[len] == '/'))
			return true;
	}
	return false;
}

static void look(void *of, struct story_file *f)
{
	const struct before *b = of;
	const struct found key = { .path = f->path };
	const struct found *found = b->n ?
		bsearch(&key, b->at, b->n, sizeof(*b->at), by_path) : NULL;

	if (is_in_scenario(b, f->path)) {
		f->was_there = f->is_known = f->is_given = true;
	} else if (found) {
		f->was_there = f->is_known = true;
		f->is_dir = found->is_dir;
		f->size = found->size;
		f->mode = found->mode;
		f->target = found->target;
		f->data = found->data;
		f->n_data = found->n_data;
	} else {
		f->is_known = b->is_whole;
	}
}

static const struct ynode *joined(struct before *b, const struct ynode *x,
				  const struct ynode *y)
{
	struct ynode *out = arena_memdup(b->arena, y, sizeof(*y));
	size_t n = x ? x->n_items : 0;

	out->n_items = n + y->n_items;
	out->items = ARENA_ARRAY(b->arena, struct ynode *, out->n_items);
	if (n)
		memcpy(out->items, x->items, n * sizeof(*out->items));
	memcpy(out->items + n, y->items, y->n_items * sizeof(*out->items));
	return out;
}

/* "files" of the mount, with those of the story behind them. */
static const struct ynode *with_files(struct before *b, const char *files)
{
	const char *text = arena_printf(b->arena, "fusescen: 1\nmounts:\n  fs:\n    files:\n%s",
					files);
	const struct ynode *mount = mount_of(b->root), *added = parse(b, "files", text);
	struct ynode *pair[] = {
		ynode_plain(b->arena, "files"),
		(struct ynode *)joined(b, files_of(b->root), files_of(added)),
	};
	const struct ynode own = { .kind = Y_MAP, .items = pair, .n_items = 2 };
	const struct yedit edit = {
		mount, joined(b, ynode_without(b->arena, mount, "files"), &own),
	};

	return ynode_edited(b->arena, b->root, &edit, 1);
}

static void put_head(void *of, struct buf *out, const char *files)
{
	struct before *b = of;

	ytree_write(out, *files ? with_files(b, files) : b->root);
}

void before_tell(struct before *b, struct story *s)
{
	s->look = look;
	s->put_head = b->root ? put_head : NULL;
	s->has_timeout = b->root && ynode_get(b->root, "timeout");
	s->of = b;
}
