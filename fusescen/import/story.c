/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects.  One thread at a time. */
#include "config.h"

#include "fusescen/import/story.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fusescen.h"
#include "fusescen/import/paths.h"


struct story_actor *story_actor(struct story *s, unsigned long pid)
{
	struct story_actor a = { .pid = pid };

	for (size_t i = 0; i < s->n_actors; i++)
		if (s->actors[i].pid == pid)
			return &s->actors[i];
	a.process = s->n_actors;
	ARENA_PUSH(s->arena, s->actors, s->n_actors, a);
	return &s->actors[s->n_actors - 1];
}

struct story_file *story_file(struct story *s, const char *path)
{
	struct story_file f = { .path = NULL };

	for (size_t i = 0; i < s->n_files; i++)
		if (!strcmp(s->files[i].path, path))
			return &s->files[i];
	f.path = arena_strdup(s->arena, path);
	if (s->look)
		s->look(s->of, &f);
	ARENA_PUSH(s->arena, s->files, s->n_files, f);
	return &s->files[s->n_files - 1];
}

struct story_file *story_saw(struct story *s, const char *path, bool is_there)
{
	struct story_file *f = story_file(s, path);

	if (!f->is_known)
		f->was_there = is_there;
	f->is_known = true;
	return f;
}

#define LINKS_MAX	20u

/* "/a/b" and what "/a/link" stands for, and then "/rest". */
static const char *behind_link(struct story *s, const char *link, const char *target,
			       const char *rest)
{
	int n = target[0] == '/' ? 0 : (int)(strrchr(link, '/') - link);

	return path_cleaned(s->arena, arena_printf(s->arena, "%.*s/%s%s", n, link, target, rest));
}

const char *story_resolved(struct story *s, const char *path, bool follows)
{
	size_t n = 0;

	for (unsigned links = 0; links < LINKS_MAX && path[n];) {
		const struct story_file *f;
		const char *link;

		n += 1 + strcspn(path + n + 1, "/");
		if (!s->look || (!path[n] && !follows))
			continue;
		link = arena_strndup(s->arena, path, n);
		f = story_file(s, link);
		if (!f->target || !f->was_there || f->is_changed || f->target[0] == '/')
			continue;
		path = behind_link(s, link, f->target, path + n);
		n = 0;
		links++;
	}
	return path;
}

static void add_line(struct story *s, unsigned at, bool is_remark, const char *fmt, va_list ap)
{
	struct story_line line = { .at = at, .seq = s->n_lines, .is_remark = is_remark };
	struct buf b = BUF_INIT;

	buf_vprintf(&b, fmt, ap);
	line.text = arena_strdup(s->arena, buf_str(&b));
	ARENA_PUSH(s->arena, s->lines, s->n_lines, line);
	buf_fini(&b);
}

void story_step(struct story *s, unsigned at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_line(s, at, false, fmt, ap);
	va_end(ap);
}

void story_read(struct story *s)
{
	s->lines[s->n_lines - 1].is_read = true;
}

void story_remark(struct story *s, unsigned at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_line(s, at, true, fmt, ap);
	va_end(ap);
}

void story_guess(struct story *s, unsigned at, const char *fmt, ...)
{
	auto_free char *all = xasprintf("a guess: %s", fmt);
	va_list ap;

	va_start(ap, fmt);
	add_line(s, at, true, all, ap);
	va_end(ap);
	s->guesses++;
}

bool story_takes_name(const char *name)
{
	auto_free char *text = xasprintf("fusescen: 1\nmounts: {fs: {}}\nactors: [%s]\n"
					 "steps:\n  - %s: stat(\"/\")\n", name, name);
	fusescen_file *file = fusescen_load_text("name", text, strlen(text));
	bool takes = !fusescen_errors(file);

	fusescen_free(file);
	return takes;
}
