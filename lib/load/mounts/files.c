/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a mount.  One thread at a time. */
#include "config.h"

#include "load/mounts/files.h"

#include <string.h>

#include "base/limits.h"
#include "load/read/refs.h"
#include "load/read/schema.h"
#include "load/read/series.h"
#include "load/read/values.h"

#define AT(member)	offsetof(struct file_load, member)
#define END		{ NULL, NULL, 0, false }

/* Backings keep data by pages. */
#define PAGE		4096u

#define MODE_UNSET	UINT32_MAX

struct file_load {
	struct file_spec spec;
	bool has_size, has_type, has_data, has_fill;
	char fill;
};

static const struct {
	const char *word;
	enum node_type type;
	uint32_t mode;
} types[] = {
	{ "file", NODE_FILE, 0644 },
	{ "dir", NODE_DIR, 0755 },
	{ "symlink", NODE_SYMLINK, 0777 },
	{ "fifo", NODE_FIFO, 0644 },
};

static uint32_t default_mode(enum node_type type)
{
	size_t i;

	for (i = 0; types[i].type != type; i++)
		;
	return types[i].mode;
}

/* ---- keys --------------------------------------------------------------- */

static int read_size(struct loader *ld, const struct ynode *n, void *p)
{
	struct file_load *f = p;

	f->has_size = true;
	if (value_size(ld, n, &f->spec.size))
		return -1;
	return f->spec.size <= LIMIT_FILE_SIZE ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(FILE_SIZE));
}

static int read_data(struct loader *ld, const struct ynode *n, void *p)
{
	struct file_load *f = p;

	f->has_data = true;
	return value_data(ld, n, &f->spec.data);
}

static int read_fill(struct loader *ld, const struct ynode *n, void *p)
{
	struct file_load *f = p;
	struct text t;

	if (value_text(ld, n, "one character", &t))
		return -1;
	if (t.len != 1)
		return value_expected(ld, &t, "one character");
	f->has_fill = true;
	f->fill = t.s[0];
	return 0;
}

static int read_type(struct loader *ld, const struct ynode *n, void *p)
{
	static const char *const words[] = {
		"file", "dir", "symlink", "fifo", NULL
	};
	struct file_load *f = p;
	struct text t;
	size_t i;

	if (value_text(ld, n, "a file type", &t))
		return -1;
	f->has_type = true;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (!strcmp(types[i].word, t.s)) {
			f->spec.type = types[i].type;
			return 0;
		}
	}
	return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "file type", t.s,
			    t.len, words_array(words));
}

static int read_xattrs(struct loader *ld, const struct ynode *n, void *p)
{
	struct file_load *f = p;
	int bad = 0;
	size_t i;

	if (value_is_map(ld, n, "{name: value}"))
		return -1;
	for (i = 0; i + 1 < n->n_items; i += 2) {
		struct xattr_spec x = { .name = n->items[i]->text };
		struct text t;

		if (value_text(ld, n->items[i + 1], "a value", &t)) {
			bad = -1;
			continue;
		}
		x.value = t.s;
		x.len = t.len;
		ARENA_PUSH(ld->arena, f->spec.xattrs, f->spec.n_xattrs, x);
	}
	return bad;
}

static int read_open(struct loader *ld, const struct ynode *n, void *p)
{
	struct file_load *f = p;
	uint64_t bits;

	if (value_flags(ld, n, &flags_fopen, &bits, NULL))
		return -1;
	f->spec.open_flags = (uint32_t)bits;
	return 0;
}

static int read_backing(struct loader *ld, const struct ynode *n, void *p)
{
	struct file_load *f = p;

	return ref_backing(ld, n, &f->spec.backing);
}

/* ---- one file ----------------------------------------------------------- */

static int finish_data(struct loader *ld, const struct ynode *n,
		       struct file_load *f)
{
	struct file_spec *s = &f->spec;

	if (f->has_fill && f->has_data)
		return diag(ld->dg, n->loc,
			    "say \"data\" or \"fill\", not both");
	if (f->has_fill && !f->has_size)
		return diag(ld->dg, n->loc, "\"fill\" needs \"size\"");
	if (f->has_fill)
		s->data = (struct data_spec){
			arena_memdup(ld->arena, &f->fill, 1), 1, s->size, NULL,
		};
	if (!f->has_size)
		s->size = s->data.len;
	if (s->size < s->data.len)
		return diag(ld->dg, n->loc, "the data is longer than the size");
	ld->files_data += (s->data.len + PAGE - 1) / PAGE * PAGE;
	return ld->files_data <= LIMIT_FILES_DATA ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(FILES_DATA));
}

/* A directory's key may end in "/". */
static int read_path(struct loader *ld, const struct ynode *key,
		     struct file_load *f)
{
	const char *fault;
	size_t len = key->len;

	if (len > 1 && key->text[len - 1] == '/') {
		f->spec.type = NODE_DIR;
		len--;
	}
	if (len == 1 && key->text[0] == '/')
		f->spec.type = NODE_DIR;
	fault = path_fault(key->text, len);
	if (fault)
		return diag(ld->dg, key->loc, "\"%.60s\": %s", key->text,
			    fault);
	f->spec.path = arena_strndup(ld->arena, key->text, len);
	return 0;
}

static int check_type(struct loader *ld, const struct ynode *n,
		      struct file_load *f, bool is_dir_key)
{
	enum node_type *type = &f->spec.type;

	if (f->spec.target && !f->has_type)
		*type = NODE_SYMLINK;
	if (is_dir_key && *type != NODE_DIR)
		return diag(ld->dg, n->loc, "\"/\" at the end of a path names "
			    "a directory");
	if ((*type == NODE_SYMLINK) != !!f->spec.target)
		return diag(ld->dg, n->loc, f->spec.target ?
			    "only a symlink has a \"target\"" :
			    "a symlink needs a \"target\"");
	if (*type != NODE_FILE && (f->has_data || f->has_fill))
		return diag(ld->dg, n->loc, "only a file has data");
	if (f->spec.mode == MODE_UNSET)
		f->spec.mode = default_mode(*type);
	return 0;
}

static const struct key file_keys[] = {
	{ "size", read_size, 0, false },
	{ "data", read_data, 0, false },
	{ "fill", read_fill, 0, false },
	{ "mode", value_mode, AT(spec.mode), false },
	{ "uid", value_u32, AT(spec.uid), false },
	{ "gid", value_u32, AT(spec.gid), false },
	{ "type", read_type, 0, false },
	{ "target", value_string, AT(spec.target), false },
	{ "xattrs", read_xattrs, 0, false },
	{ "open", read_open, 0, false },
	{ "backing", read_backing, 0, false },
	{ "entry_timeout", value_time, AT(spec.entry_ns), false },
	{ "attr_timeout", value_time, AT(spec.attr_ns), false },
	END
};
static const struct schema file_schema = { "a file", file_keys, NULL, NULL };

static int read_file(struct loader *ld, const struct ynode *key,
		     const struct ynode *n, struct file_spec *out)
{
	struct file_load f = { .spec = {
		.loc = key->loc, .mode = MODE_UNSET, .entry_ns = UINT64_MAX,
		.attr_ns = UINT64_MAX, .backing = { .mount = NONE },
	} };
	bool is_dir_key;
	int bad;

	bad = read_path(ld, key, &f);
	is_dir_key = f.spec.type == NODE_DIR;
	bad |= schema_read(ld, n, &file_schema, &f);
	if (bad || check_type(ld, n, &f, is_dir_key) ||
	    finish_data(ld, n, &f))
		return -1;
	*out = f.spec;
	return 0;
}

/* ---- all files: parents before children --------------------------------- */

static int compare_paths(const void *a, const void *b)
{
	const struct file_spec *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order)
		return order;
	/* one that the script describes before one we made up */
	if (!x->loc.line || !y->loc.line)
		return !x->loc.line - !y->loc.line;
	return x->loc.line < y->loc.line ? -1 : x->loc.line > y->loc.line;
}

/* The directories above a file, but for the root. */
static void add_parents(struct loader *ld, const struct file_spec *f,
			struct file_spec **list, size_t *n)
{
	const char *slash = f->path;

	while ((slash = strchr(slash + 1, '/'))) {
		struct file_spec dir = {
			.type = NODE_DIR, .mode = 0755,
			.entry_ns = UINT64_MAX, .attr_ns = UINT64_MAX,
			.backing = { .mount = NONE },
			.path = arena_strndup(ld->arena, f->path,
					      (size_t)(slash - f->path)),
		};

		ARENA_PUSH(ld->arena, *list, *n, dir);
	}
}

static int add_again(struct loader *ld, const struct file_spec *first,
		     const struct file_spec *again)
{
	if (again->loc.line)
		return diag(ld->dg, again->loc, "\"%s\" is given twice (the "
			    "first one is on line %u)", again->path,
			    first->loc.line);
	if (first->type != NODE_DIR)
		return diag(ld->dg, first->loc, "\"%s\" has files below it "
			    "and is no directory", first->path);
	return 0;
}

static int add_file(struct loader *ld, const struct file_spec *f,
		    struct mount_spec *mount)
{
	const struct file_spec *last = mount->n_files ?
		&mount->files[mount->n_files - 1] : NULL;

	if (last && !strcmp(last->path, f->path))
		return add_again(ld, last, f);
	ARENA_PUSH(ld->arena, mount->files, mount->n_files, *f);
	return 0;
}

/* One file, or a series that differs in its names only. */
static int add_series(struct loader *ld, const struct ynode *key,
		      const struct ynode *n, struct file_spec **list,
		      size_t *n_list)
{
	struct series s;
	struct file_spec f;
	uint64_t i;

	if (read_file(ld, key, n, &f) ||
	    series_of(ld, key->loc, f.path, strlen(f.path), &s))
		return -1;
	for (i = 0; i < s.n; i++) {
		if (loader_check_size(ld, key->loc))
			return -1;
		f.path = series_name(ld->arena, &s, i);
		ARENA_PUSH(ld->arena, *list, *n_list, f);
		add_parents(ld, &f, list, n_list);
	}
	return 0;
}

int load_files(struct loader *ld, const struct ynode *n,
	       struct mount_spec *mount)
{
	struct file_spec *list = NULL;
	size_t n_list = 0, i;
	int bad = 0;

	if (value_is_map(ld, n, "files (/path: {...})"))
		return -1;
	for (i = 0; i + 1 < n->n_items && !loader_is_enough(ld); i += 2) {
		bad |= add_series(ld, n->items[i], n->items[i + 1], &list,
				  &n_list);
	}
	if (bad || !n_list)
		return bad;
	qsort(list, n_list, sizeof(*list), compare_paths);
	for (i = 0; i < n_list; i++)
		bad |= add_file(ld, &list[i], mount);
	return bad;
}
