/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds modules by name below a directory, packed or not.  Each of them comes
 * behind those that its .modinfo says it depends on.  The files that depmod
 * makes are not used, because packages do not have them.  Main thread only.
 */
#include "config.h"

#include "fusescen/vm/modules.h"

#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/cpio.h"

/* The others are for what is above and below a mount. */
static const char *const wanted[] = { "fuse", "cuse", "overlay", "loop" };

#define N_WANTED	(sizeof(wanted) / sizeof(wanted[0]))

struct collection {
	const char *dir;
	struct cpio cpio;
	char **seen;
	size_t n_seen;
	unsigned n_added;
};

/* The file "virtio-pci.ko.xz" has the module virtio_pci. */
static bool is_called(const char *file, const char *name)
{
	for (; *name; name++, file++)
		if (*file != *name && !(*file == '-' && *name == '_'))
			return false;
	return strncmp(file, ".ko", 3) == 0 && (!file[3] || file[3] == '.');
}

static char *find_module(const char *dir, const char *name)
{
	char *const roots[] = { (char *)dir, NULL };
	FTS *tree = fts_open(roots, FTS_COMFOLLOW | FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	char *found = NULL;
	FTSENT *e;

	while (tree && !found && (e = fts_read(tree))) {
		/* links lead to where the kernel was built, which may be a
		 * large tree */
		if (e->fts_info == FTS_F && is_called(e->fts_name, name))
			found = xstrdup(e->fts_path);
	}
	if (tree)
		fts_close(tree);
	return found;
}

/* Returns the value of "key=value" among the strings of a module; NULL if there
 * is none. */
static const char *info_of(const struct buf *b, const char *key)
{
	char *start = xasprintf("%c%s=", '.', key);
	size_t len = strlen(start);
	const char *found;

	start[0] = '\0';
	found = memmem(b->data, b->len, start, len);
	free(start);
	return found ? found + len : NULL;
}

static bool is_seen(struct collection *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_seen; i++)
		if (strcmp(c->seen[i], name) == 0)
			return true;
	c->seen = xgrow(c->seen, c->n_seen, sizeof(*c->seen));
	c->seen[c->n_seen++] = xstrdup(name);
	return false;
}

static int read_module(const char *path, struct buf *out)
{
	struct buf packed = BUF_INIT;
	char *why = NULL;

	if (file_read(path, &packed))
		why = xasprintf("%s", strerror(errno));
	else if (bytes_unpack(packed.data, packed.len, out, &why) == 0)
		why = NULL;
	buf_fini(&packed);
	if (!why)
		return 0;
	put_error("%s: %s", path, why);
	free(why);
	return -1;
}

static int add_module(struct collection *c, const char *name);

static int add_dependencies(struct collection *c, const char *depends)
{
	char *copy = xstrdup(depends ? depends : ""), *rest = copy, *word;
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
	struct buf b;
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
	to = xasprintf(GUEST_MODULES "/%02u-%s.ko", c->n_added++, name);
	cpio_file(&c->cpio, to, 0644, b.data, b.len);
	free(to);
	buf_fini(&b);
	return err;
}

static int collect(const char *dir, struct buf *out)
{
	struct collection c = { .dir = dir };
	int err = 0;
	size_t i;

	cpio_dir(&c.cpio, "fusescen");
	cpio_dir(&c.cpio, GUEST_MODULES);
	for (i = 0; dir && !err && i < N_WANTED; i++)
		err = add_module(&c, wanted[i]);
	cpio_end(&c.cpio);
	for (i = 0; i < c.n_seen; i++)
		free(c.seen[i]);
	free(c.seen);
	*out = c.cpio.out;
	return err;
}

/* An archive in the cache is also of another version of us, which may want fewer
 * modules. */
int modules_archive(const char *dir, struct buf *out)
{
	uint64_t key = files_key(&dir, 1);
	char *name = xasprintf("modules-%016" PRIx64 "-%zu.cpio", key, N_WANTED);
	char *path = dir ? cache_path("boot", name) : NULL;
	int err = path ? file_read(path, out) : -1;

	free(name);
	if (err) {
		err = collect(dir, out);
		if (err)
			buf_fini(out);
		else if (path)
			/* if the cache cannot be written, that costs only
			 * time */
			(void)cache_write(path, out->data, out->len);
	}
	free(path);
	return err;
}

/* ---- in the machine ------------------------------------------------------------ */

/* Is this "NAME." the module of the file "07-NAME.ko"?  To the kernel, - and _ are
 * the same. */
static bool is_param_of(const char *word, const char *file)
{
	const char *name = file + strspn(file, "0123456789");

	for (name += *name == '-'; *word && *word != '.'; word++, name++)
		if (*word != *name && !(*word == '-' && *name == '_'))
			return false;
	return *word == '.' && strcmp(name, ".ko") == 0;
}

char *module_params(const char *cmdline, const char *file)
{
	auto_free char *copy = xstrdup(cmdline);
	char *rest = copy, *word;
	struct buf b = BUF_INIT;

	buf_puts(&b, "");
	while ((word = strsep(&rest, " \t")) && strcmp(word, "--") != 0)
		if (is_param_of(word, file))
			buf_printf(&b, "%s%s", b.len ? " " : "",
				   strchr(word, '.') + 1);
	return buf_steal(&b);
}
