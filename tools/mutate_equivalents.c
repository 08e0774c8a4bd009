/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the list of mutants that may survive.  Main thread only. */
#include "config.h"

#include "tools/mutate_equivalents.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define DASH	" \xe2\x80\x94 "	/* before the reason */

struct equivalent {
	const char *path, *flip;
	unsigned line;
	unsigned at;		/* the line of the list that it is on */
	bool looked, survived;
};

struct equivalents {
	struct arena *arena;
	const char *name;
	struct equivalent *list;
	size_t n;
};

/* Parses "path:12 flip — reason", and cuts up the text. */
static int parse_line(char *text, struct equivalent *out)
{
	char *reason = strstr(text, DASH), *flip, *line, *end;

	if (!reason || !reason[strlen(DASH)])
		return -1;
	*reason = '\0';
	flip = strchr(text, ' ');
	if (!flip || !flip[1])
		return -1;
	*flip++ = '\0';
	line = strrchr(text, ':');
	if (!line || line == text)
		return -1;
	*line++ = '\0';
	out->path = text;
	out->flip = flip;
	out->line = (unsigned)strtoul(line, &end, 10);
	return *end || !out->line ? -1 : 0;
}

static int read_lines(struct equivalents *eq, FILE *file)
{
	auto_free char *line = NULL;
	size_t cap = 0;
	unsigned at = 0;
	ssize_t len;

	while ((len = getline(&line, &cap, file)) >= 0) {
		struct equivalent one = { .at = ++at };

		line[strcspn(line, "\n")] = '\0';
		if (!line[0] || line[0] == '#')
			continue;
		if (parse_line(arena_strdup(eq->arena, line), &one)) {
			fprintf(stderr, "%s:%u: not \"file:line flip — "
				"reason\": %s\n", eq->name, at, line);
			return -1;
		}
		ARENA_PUSH(eq->arena, eq->list, eq->n, one);
	}
	return 0;
}

struct equivalents *equivalents_load(const char *path)
{
	struct equivalents *eq = xcalloc(1, sizeof(*eq));
	FILE *file = fopen(path, "re");
	int err = 0;

	eq->arena = arena_new();
	eq->name = arena_strdup(eq->arena, path);
	if (!file)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	if (!file || (err = read_lines(eq, file))) {
		equivalents_free(eq);
		eq = NULL;
	}
	if (file)
		fclose(file);
	return eq;
}

void equivalents_free(struct equivalents *eq)
{
	if (!eq)
		return;
	arena_free(eq->arena);
	free(eq);
}

static bool is_end_of(const char *end, const char *path)
{
	size_t n = strlen(end), len = strlen(path);

	return len >= n && !strcmp(path + len - n, end) &&
	       (len == n || path[len - n - 1] == '/');
}

static struct equivalent *find(const struct equivalents *eq, const char *path,
			       unsigned line, const char *flip)
{
	size_t i;

	for (i = 0; eq && i < eq->n; i++) {
		struct equivalent *e = &eq->list[i];

		if (e->line == line && !strcmp(e->flip, flip) &&
		    is_end_of(e->path, path))
			return e;
	}
	return NULL;
}

void equivalents_look(struct equivalents *eq, const char *path)
{
	size_t i;

	for (i = 0; eq && i < eq->n; i++)
		eq->list[i].looked |= is_end_of(eq->list[i].path, path);
}

bool equivalents_allow(const struct equivalents *eq, const char *path,
		       unsigned line, const char *flip)
{
	return find(eq, path, line, flip) != NULL;
}

void equivalents_survived(struct equivalents *eq, const char *path, unsigned line,
			  const char *flip)
{
	struct equivalent *e = find(eq, path, line, flip);

	if (e)
		e->survived = true;
}

size_t equivalents_stale(const struct equivalents *eq)
{
	size_t stale = 0, i;

	for (i = 0; eq && i < eq->n; i++) {
		const struct equivalent *e = &eq->list[i];

		if (!e->looked || e->survived)
			continue;
		printf("%s:%u: stale, nothing like it survives: %s:%u %s\n", eq->name, e->at,
		       e->path, e->line, e->flip);
		stale++;
	}
	return stale;
}
