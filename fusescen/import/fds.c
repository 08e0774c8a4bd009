/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors, and what they stand for.  One thread at a time. */
#include "config.h"

#include "fusescen/import/fds.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fusescen/import/paths.h"
#include "fusescen/import/strace.h"

static size_t process_of(const struct fds *f, size_t actor)
{
	return f->s->actors[actor].process;
}

struct fd *fds_find(struct fds *f, size_t actor, const char *arg)
{
	size_t process = process_of(f, actor);
	char *end;
	long n = strtol(arg, &end, 10);

	for (size_t i = f->n; end > arg && i--;)
		if (f->at[i].is_open && f->at[i].process == process && f->at[i].number == n)
			return &f->at[i];
	return NULL;
}

static bool is_used(const struct fds *f, size_t process, const char *var)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->at[i].is_open && f->at[i].owner == process && !strcmp(f->at[i].var, var))
			return true;
	return false;
}

static char *free_variable(struct fds *f, size_t process)
{
	char *var = arena_strdup(f->s->arena, "fd");

	for (unsigned i = 2; is_used(f, process, var); i++)
		var = arena_printf(f->s->arena, "fd%u", i);
	return var;
}

struct fd *fds_add(struct fds *f, size_t actor, int number, const char *path,
		   const char *flags)
{
	size_t process = process_of(f, actor);
	const struct fd fd = {
		.process = process, .owner = process, .number = number,
		.path = arena_strdup(f->s->arena, path),
		.flags = arena_strdup(f->s->arena, flags),
		.var = free_variable(f, process), .is_open = true,
	};

	ARENA_PUSH(f->s->arena, f->at, f->n, fd);
	return &f->at[f->n - 1];
}

void fds_close(struct fd *fd)
{
	fd->is_open = false;
}

void fds_fork(struct fds *f, size_t parent, size_t child)
{
	size_t n = f->n;

	if (parent == child)
		return;
	for (size_t i = 0; i < n; i++)
		f->at[i].is_open &= f->at[i].process != child;
	for (size_t i = 0; i < n; i++) {
		struct fd fd = f->at[i];

		if (!fd.is_open || fd.process != parent)
			continue;
		fd.process = child;
		ARENA_PUSH(f->s->arena, f->at, f->n, fd);
	}
}

/* Opened again, it makes and empties nothing. */
static char *plain_flags(struct arena *a, const char *flags)
{
	const char *access = strstr(flags, "O_RDWR") ? "O_RDWR" :
		strstr(flags, "O_WRONLY") ? "O_WRONLY" : "O_RDONLY";

	return arena_printf(a, "%s%s", access, strstr(flags, "O_APPEND") ? "|O_APPEND" : "");
}

void fds_own(struct fds *f, struct fd *fd, size_t actor, unsigned at)
{
	size_t process = process_of(f, actor);
	struct story_actor *a = &f->s->actors[actor];

	if (fd->owner == process)
		return;
	fd->var = free_variable(f, process);
	fd->owner = process;
	a->makes_calls = true;
	story_guess(f->s, at, "%s has inherited this descriptor; its position is its own here",
		    a->name);
	story_step(f->s, at, "%s: %s = open(\"%s\", %s)", a->name, fd->var, fd->path,
		   plain_flags(f->s->arena, fd->flags));
}

/* ---- paths ---------------------------------------------------------------------------------- */

/* "3</path>" or "AT_FDCWD</path>", as strace -y writes it. */
static char *decorated(struct fds *f, const char *arg)
{
	const char *from = strchr(arg, '<'), *to = from ? strrchr(from, '>') : NULL;

	return to && from[1] == '/' ?
		arena_strndup(f->s->arena, from + 1, (size_t)(to - from - 1)) : NULL;
}

char *fds_path(struct fds *f, size_t actor, const char *dir, const char *arg,
	       const char *under)
{
	size_t n = strlen(under);
	bool is_whole;
	char *path, *base = NULL;
	struct fd *fd;

	if (strace_text(f->s->arena, arg, &path, &is_whole) < 0 || !is_whole)
		return NULL;
	if (path[0] != '/') {
		fd = dir ? fds_find(f, actor, dir) : NULL;
		base = dir ? decorated(f, dir) : NULL;
		if (fd)
			base = arena_printf(f->s->arena, "%s%s", under, fd->path);
		else if (!base && (!dir || !strncmp(dir, "AT_FDCWD", 8)))
			base = f->s->actors[actor].cwd;
		if (!base)
			return NULL;
		path = arena_printf(f->s->arena, "%s/%s", base, path);
	}
	path = path_cleaned(f->s->arena, path);
	if (strncmp(path, under, n) != 0 || (path[n] && path[n] != '/'))
		return NULL;
	return path[n] ? path + n : arena_strdup(f->s->arena, "/");
}

char *fds_actor_name(struct story *s, const char *like)
{
	char *name = arena_strdup(s->arena, like), *out;
	size_t i;

	for (i = 0; name[i]; i++)
		name[i] = isalnum((unsigned char)name[i]) ? name[i] : '_';
	if (!isalpha((unsigned char)name[0]))
		name = arena_printf(s->arena, "p_%s", name);
	while (strlen(name) > 1 && isdigit((unsigned char)name[strlen(name) - 1]))
		name[strlen(name) - 1] = '\0';
	/* a program may be called as a step is: sleep */
	if (!story_takes_name(name))
		name = arena_printf(s->arena, "p_%s", name);
	out = name;
	for (unsigned n = 2;; n++) {
		for (i = 0; i < s->n_actors; i++)
			if (s->actors[i].name && !strcmp(s->actors[i].name, out))
				break;
		if (i == s->n_actors)
			return out;
		out = arena_printf(s->arena, "%s%u", name, n);
	}
}
