/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules by name below a directory, packed or not, before them what their
 * .modinfo says they depend on: without depmod's files, which packages do not
 * have.  Main thread only.
 */
#include "config.h"

#include "fusescen/vm/modules.h"

#include <errno.h>
#include <fts.h>
#include <inttypes.h>

#include "fusescen/util/memory.h"
#include "fusescen/vm/cpio.h"

static const char *const wanted[] = { "fuse", "cuse" };

#define N_WANTED	(sizeof(wanted) / sizeof(wanted[0]))

struct collection {
	const char *dir;
	struct cpio cpio;
	char **seen;
	size_t n_seen;
	unsigned n_added;
};

/* "virtio-pci.ko.xz" is called virtio_pci. */
static int is_called(const char *file, const char *name)
{
	for (; *name; name++, file++)
		if (*file != *name && !(*file == '-' && *name == '_'))
			return 0;
	return strncmp(file, ".ko", 3) == 0 && (!file[3] || file[3] == '.');
}

static char *find_module(const char *dir, const char *name)
{
	char *const roots[] = { (char *)dir, NULL };
	FTS *tree = fts_open(roots, FTS_COMFOLLOW | FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	char *found = NULL;
	FTSENT *e;

	while (tree && !found && (e = fts_read(tree))) {
		/* links to where it was built, which may be large */
		if (e->fts_info == FTS_F && is_called(e->fts_name, name))
			found = must(strdup(e->fts_path));
	}
	if (tree)
		fts_close(tree);
	return found;
}

/* The value of "key=value" among the module's strings; NULL: none. */
static const char *info_of(const struct bytes *b, const char *key)
{
	char *start = format("%c%s=", '.', key);
	size_t len = strlen(start);
	const unsigned char *found;

	start[0] = '\0';
	found = memmem(b->at, b->len, start, len);
	free(start);
	return found ? (const char *)found + len : NULL;
}

static int is_seen(struct collection *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_seen; i++)
		if (strcmp(c->seen[i], name) == 0)
			return 1;
	c->seen = grow(c->seen, c->n_seen, sizeof(*c->seen));
	c->seen[c->n_seen++] = must(strdup(name));
	return 0;
}

static int read_module(const char *path, struct bytes *out)
{
	struct bytes packed = { NULL, 0 };
	char *why = NULL;

	if (file_read(path, &packed))
		why = format("%s", strerror(errno));
	else if (bytes_unpack(packed.at, packed.len, out, &why) == 0)
		why = NULL;
	bytes_free(&packed);
	if (!why)
		return 0;
	fprintf(stderr, "fusescen: %s: %s\n", path, why);
	free(why);
	return -1;
}

static int add_module(struct collection *c, const char *name);

static int add_dependencies(struct collection *c, const char *depends)
{
	char *copy = must(strdup(depends ? depends : "")), *rest = copy, *word;
	int err = 0;

	while (!err && (word = strsep(&rest, ",")))
		if (*word)
			err = add_module(c, word);
	free(copy);
	return err;
}

static int add_module(struct collection *c, const char *name)
{
	char *path, *to;
	struct bytes b;
	int err;

	if (is_seen(c, name))
		return 0;
	path = find_module(c->dir, name);
	if (!path)
		return 0;
	err = read_module(path, &b);
	free(path);
	if (err)
		return -1;
	err = add_dependencies(c, info_of(&b, "depends"));
	to = format(GUEST_MODULES "/%02u-%s.ko", c->n_added++, name);
	cpio_file(&c->cpio, to, 0644, b.at, b.len);
	free(to);
	bytes_free(&b);
	return err;
}

static int collect(const char *dir, struct bytes *out)
{
	char *text = NULL;
	struct collection c = { .dir = dir };
	int err = 0;
	size_t i;

	c.cpio.out = must(open_memstream(&text, &out->len));
	cpio_dir(&c.cpio, "fusescen");
	cpio_dir(&c.cpio, GUEST_MODULES);
	for (i = 0; dir && !err && i < N_WANTED; i++)
		err = add_module(&c, wanted[i]);
	cpio_end(&c.cpio);
	for (i = 0; i < c.n_seen; i++)
		free(c.seen[i]);
	free(c.seen);
	if (fclose(c.cpio.out))
		must(NULL);
	out->at = (unsigned char *)text;
	return err;
}

int modules_archive(const char *dir, struct bytes *out)
{
	uint64_t key = files_key(&dir, 1);
	char *name = format("modules-%016" PRIx64 ".cpio", key);
	char *path = dir ? cache_path("boot", name) : NULL;
	int err = path ? file_read(path, out) : -1;

	free(name);
	if (err) {
		err = collect(dir, out);
		if (err)
			bytes_free(out);
		else if (path)
			/* a cache that cannot be written costs time only */
			(void)cache_write(path, out->at, out->len);
	}
	free(path);
	return err;
}
