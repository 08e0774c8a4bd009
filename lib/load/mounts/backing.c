/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Backings of mounts, and which files they can have.  One thread at a time. */
#include "config.h"

#include "load/mounts/backing.h"

#include <string.h>

#include "base/limits.h"
#include "load/read/refs.h"
#include "load/read/schema.h"
#include "load/read/values.h"

#define AT(member)	offsetof(struct backing_load, member)
#define END		{ NULL, NULL, 0, false }

#define TMPFS_MIN	(64u << 10)

struct backing_load {
	const char *dir;
	uint64_t size;
	const struct ynode *same_as;
};

static int read_word(struct loader *ld, const struct ynode *n,
		     struct backing_spec *out)
{
	static const char *const words[] = { "memory", "null", NULL };
	struct text t;

	if (value_text(ld, n, "a backing", &t))
		return -1;
	*out = backing_of_word(t.s);
	if (out->kind != BACKING_MIRROR)
		return 0;
	if (strchr(t.s, '/'))
		return diag(ld->dg, n->loc, "a directory is written {mirror: "
			    "DIR}");
	return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "backing", t.s,
			    t.len, words_array(words));
}

/* A path that is not absolute begins where the scenario is. */
static const char *from_scenario(struct loader *ld, const char *dir)
{
	const char *path = ld->sc->path, *slash = strrchr(path, '/');

	if (*dir == '/' || !slash)
		return dir;
	return arena_printf(ld->arena, "%.*s/%s", (int)(slash - path), path, dir);
}

static int share_of(struct loader *ld, const struct ynode *n,
		    const struct mount_spec *of, int index,
		    struct backing_spec *out)
{
	if (out == &of->backing)
		return diag(ld->dg, n->loc, "a mount has its own files anyway");
	if (of->backing.kind == BACKING_NULL)
		return diag(ld->dg, n->loc, "the null backing of \"%s\" has no "
			    "files to share", of->name);
	*out = of->backing;
	if (!out->shared)
		out->shared = (unsigned)index + 1;
	return 0;
}

static int read_same_as(struct loader *ld, const struct ynode *n, void *p)
{
	(void)ld;
	((struct backing_load *)p)->same_as = n;
	return 0;
}

/* The files of a mount that stands above this one. */
static int share(struct loader *ld, const struct ynode *n, struct backing_spec *out)
{
	const struct mount_spec *of;
	int index;

	if (mount_value(ld, n, &index))
		return -1;
	of = &ld->sc->mounts[index];
	if (out >= &of->backing && of->kind == MOUNT_FUSE)
		return share_of(ld, n, of, index, out);
	return diag(ld->dg, n->loc, of->kind == MOUNT_CUSE ?
		    "\"%s\" is a device; it has no files" :
		    "\"%s\" has to stand above the mount that has the same files",
		    of->name);
}

static int read_map(struct loader *ld, const struct ynode *n,
		    struct backing_spec *out)
{
	static const struct key keys[] = {
		{ "mirror", value_string, AT(dir), false },
		{ "tmpfs", value_size, AT(size), false },
		{ "same_as", read_same_as, 0, false },
		END
	};
	static const struct schema schema = { "a backing", keys, NULL, NULL };
	struct backing_load b = { .size = UINT64_MAX };

	if (schema_read(ld, n, &schema, &b))
		return -1;
	if (!!b.dir + (b.size != UINT64_MAX) + !!b.same_as != 1)
		return diag(ld->dg, n->loc, "say one of \"mirror\", \"tmpfs\" "
			    "and \"same_as\"");
	if (b.same_as)
		return share(ld, b.same_as, out);
	if (!b.dir && b.size < TMPFS_MIN)
		return diag(ld->dg, n->loc, "a tmpfs has 64K at least");
	if (!b.dir && b.size > LIMIT_TMPFS_SIZE)
		return diag_limit(ld->dg, n->loc, LIMIT_OF(TMPFS_SIZE));
	if (b.dir && !*b.dir)
		return diag(ld->dg, n->loc, "expected a directory, got \"\"");
	out->kind = b.dir ? BACKING_MIRROR : BACKING_TMPFS;
	out->dir = b.dir ? from_scenario(ld, b.dir) : NULL;
	out->size = b.size;
	return 0;
}

int load_backing(struct loader *ld, const struct ynode *n, void *out)
{
	return n->kind == Y_MAP ? read_map(ld, n, out) : read_word(ld, n, out);
}

static int check_file(struct loader *ld, enum backing_kind kind,
		      const struct file_spec *f)
{
	const char *why = backing_refuses(kind, f);

	return why ? diag(ld->dg, f->loc, "%s", why) : 0;
}

int backing_check_files(struct loader *ld, const struct mount_spec *m)
{
	int bad = 0;
	size_t i;

	if (m->backing.shared && m->n_files)
		return diag(ld->dg, m->loc, "\"%s\" has the files of \"%s\", "
			    "and none of its own", m->name,
			    ld->sc->mounts[m->backing.shared - 1].name);
	for (i = 0; i < m->n_files; i++)
		if (m->files[i].loc.line)	/* not a directory made up */
			bad |= check_file(ld, m->backing.kind, &m->files[i]);
	return bad;
}
