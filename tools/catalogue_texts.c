/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the parts of generated documentation that are written by hand.  One
 * thread. */
#include "config.h"

#include "tools/catalogue_texts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static const char dash[] = " \xe2\x80\x94 ";	/* " — " */

static void add_line(struct texts *t, unsigned number, char *s)
{
	struct text_line line = { .line = number };
	char *at = strstr(s, dash);

	if (!*s || *s == '#')
		return;
	if (strncmp(s, "= ", 2) == 0) {
		line.text = arena_strdup(t->arena, s + 2);
	} else if (at) {
		line.key = arena_strndup(t->arena, s, (size_t)(at - s));
		line.text = arena_strdup(t->arena, at + strlen(dash));
	} else {
		texts_complain(t, number, "expected KEY%sTEXT", dash);
		return;
	}
	ARENA_PUSH(t->arena, t->lines, t->n, line);
}

struct texts *texts_read(const char *path)
{
	auto_free char *s = NULL;
	struct arena *arena;
	struct texts *t;
	unsigned number = 0;
	size_t cap = 0;
	FILE *f = fopen(path, "re");

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	arena = arena_new();
	t = ARENA_NEW(arena, struct texts);
	t->arena = arena;
	t->path = arena_strdup(arena, path);
	while (getline(&s, &cap, f) > 0) {
		s[strcspn(s, "\n")] = '\0';
		add_line(t, ++number, s);
	}
	fclose(f);
	return t;
}

void texts_free(struct texts *t)
{
	if (t)
		arena_free(t->arena);
}

void texts_complain(struct texts *t, unsigned line, const char *fmt, ...)
{
	va_list ap;

	t->bad++;
	if (line)
		fprintf(stderr, "%s:%u: ", t->path, line);
	else
		fprintf(stderr, "%s: ", t->path);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
