/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The backing that the caller chose.  A directory is looked up here, relative
 * to the working directory of the caller, and the server opens it before it
 * mounts.  So the directory may be the mountpoint itself, or above or below it:
 * the server then serves what the mount covers, and the mount is not part of
 * what it serves.
 */
#include "config.h"

#include "run/serve/backing_option.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "backend/host_paths.h"
#include "base/mem.h"

static char *find_backing(struct arena *a, const char *path, char **why)
{
	auto_free char *dir = host_directory(path);
	int err = dir ? 0 : errno;

	if (dir)
		return arena_strdup(a, dir);
	*why = xasprintf("backing \"%s\": %s%s", path, strerror(err),
			 err != ENOENT || strchr(path, '/') ? "" :
			 " (expected memory, null or a directory)");
	return NULL;
}

char *backing_option_apply(struct scenario_file *f, const char *word)
{
	struct backing_spec backing = backing_of_word(word);
	char *why = NULL;

	if (backing.kind == BACKING_MIRROR)
		backing.dir = find_backing(f->arena, word, &why);
	f->cases[0]->mounts[0].backing = backing;
	return why;
}

/* The server will be in another directory. */
static const char *absolute(struct arena *a, const char *path)
{
	auto_free char *cwd = *path == '/' ? NULL : getcwd(NULL, 0);

	return cwd ? arena_printf(a, "%s/%s", cwd, path) : path;
}

void backing_option_allow(struct scenario_file *f,
			  const char *const *allow_host, const char *word)
{
	struct scenario *sc = f->cases[0];
	struct backing_spec *backing = &sc->mounts[0].backing;
	const char **dirs = NULL;
	size_t n = 0;

	for (; allow_host && *allow_host; allow_host++)
		ARENA_PUSH(f->arena, dirs, n, absolute(f->arena, *allow_host));
	if (backing->kind == BACKING_MIRROR && backing->dir) {
		backing->dir = absolute(f->arena, backing->dir);
		/* Whoever names a directory on the command line allows it. */
		if (word)
			ARENA_PUSH(f->arena, dirs, n, backing->dir);
	}
	ARENA_PUSH(f->arena, dirs, n, NULL);
	scenario_allow_host(sc, dirs);
}

/* Half of the machine's, as in a tmpfs of the kernel's. */
void backing_option_make_room(struct scenario_file *f)
{
	struct backing_spec *backing = &f->cases[0]->mounts[0].backing;
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	if (backing->kind == BACKING_MEMORY && pages > 1 && size > 0)
		backing->size = (uint64_t)pages / 2 * (uint64_t)size;
}

void backing_option_refuse(struct diags *dg, const struct scenario *sc)
{
	const struct mount_spec *m = &sc->mounts[0];
	const char *why;
	size_t i;

	for (i = 0; i < m->n_files; i++) {
		why = backing_refuses(m->backing.kind, &m->files[i]);
		/* A directory implied by the path of a file has no line. */
		if (why && m->files[i].loc.line)
			diag(dg, m->files[i].loc, "%s", why);
	}
}
