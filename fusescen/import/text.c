/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a story, and asks the loader what it thinks of it.  One thread at a time. */
#include "config.h"

#include "fusescen/import/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "fusescen.h"
#include "fusescen/import/fit.h"

#define LOADS_MAX	50
#define LINES_SHORT	500u		/* then a run may take longer than most do */

/* ---- writing ---------------------------------------------------------------------------- */

static void put_single_quoted(struct buf *b, const char *text)
{
	buf_addc(b, '\'');
	for (; *text; text++)
		buf_printf(b, "%s%c", *text == '\'' ? "'" : "", *text);
	buf_addc(b, '\'');
}

/* Within single quotes of YAML, and of the scenario's own double ones. */
static void put_data(struct buf *b, const char *p, size_t n)
{
	auto_buf struct buf quoted = BUF_INIT;

	buf_quote(&quoted, p, n, n);
	put_single_quoted(b, buf_str(&quoted));
}

static void put_file(struct buf *b, const struct story_file *f)
{
	const char *sep = "";
	bool is_root = !strcmp(f->path, "/");

	if (!f->was_there || f->is_given || is_root)
		return;
	buf_puts(b, "      ");
	buf_quote(b, f->path, strlen(f->path), strlen(f->path));
	buf_puts(b, ": {");
	if (f->is_dir) {
		buf_puts(b, "type: dir");
		sep = ", ";
	}
	if (f->target) {
		buf_puts(b, "target: ");
		buf_quote(b, f->target, strlen(f->target), strlen(f->target));
		sep = ", ";
	}
	if (!f->is_dir && !f->target && f->size) {
		buf_printf(b, "size: %" PRIu64, f->size);
		sep = ", ";
	}
	if (!f->is_dir && !f->target && f->n_data) {
		buf_printf(b, "%sdata: ", sep);
		put_data(b, f->data, f->n_data);
		sep = ", ";
	}
	if (f->mode && !f->target)
		buf_printf(b, "%smode: 0%o", sep, f->mode);
	buf_puts(b, "}\n");
}

static int by_place(const void *a, const void *b)
{
	const struct story_line *x = a, *y = b;

	return x->at != y->at ? (x->at < y->at ? -1 : 1) : x->seq < y->seq ? -1 : 1;
}

static void put_actors(struct buf *b, const struct story *s)
{
	const char *sep = "";

	buf_puts(b, "actors: [");
	for (size_t i = 0; i < s->n_actors; i++) {
		const struct story_actor *a = &s->actors[i];

		if (!a->makes_calls)
			continue;
		if (a->process != i && s->actors[a->process].makes_calls)
			buf_printf(b, "%s%s: {process: %s}", sep, a->name,
				   s->actors[a->process].name);
		else
			buf_printf(b, "%s%s", sep, a->name);
		sep = ", ";
	}
	buf_puts(b, "]\n");
}

/* A remark may not end its line by what it quotes. */
static void put_remark(struct buf *b, const char *text)
{
	buf_puts(b, "  # ");
	buf_shown(b, text, strlen(text));
	buf_addc(b, '\n');
}

/* "a: f() ..." and then "a: ... = 0": nobody came in between. */
static bool is_pair(const struct story_line *x, const struct story_line *y)
{
	size_t n = strlen(x->text), actor = strcspn(x->text, ":");

	return !x->is_remark && !y->is_remark && n > 4 &&
		!strcmp(x->text + n - 4, " ...") && !strncmp(x->text, y->text, actor + 1) &&
		!strncmp(y->text + actor + 1, " ...", 4);
}

static void join_pairs(struct story *s)
{
	struct story_line *lines = s->lines;
	size_t n_lines = s->n_lines;

	s->lines = NULL;
	s->n_lines = 0;
	for (size_t i = 0; i < n_lines; i++) {
		struct story_line *x = &lines[i];

		if (i + 1 < n_lines && is_pair(x, x + 1)) {
			const char *rest = x[1].text + strcspn(x[1].text, ":") + 5;

			x->text = arena_printf(s->arena, "%.*s%s", (int)strlen(x->text) - 4,
					       x->text, rest);
			i++;
		} else if (x->is_read && strstr(x->text, ": ... = ")) {
			story_guess(s, x->at, "the calls beside it decide what it reads");
			x->text = arena_printf(s->arena, "%.*s: ... = ?",
					       (int)strcspn(x->text, ":"), x->text);
		}
		ARENA_PUSH(s->arena, s->lines, s->n_lines, *x);
	}
}

/* YAML would take a part of some texts for something else. */
static void put_step(struct buf *b, const char *text)
{
	size_t actor = strcspn(text, ":") + 2;

	if (!strstr(text + actor, ": ") && !strstr(text + actor, " #")) {
		buf_printf(b, "  - %s\n", text);
		return;
	}
	buf_printf(b, "  - %.*s", (int)actor, text);
	put_single_quoted(b, text + actor);
	buf_addc(b, '\n');
}

static void put_all(struct buf *b, const struct story *s)
{
	auto_buf struct buf files = BUF_INIT;

	for (size_t i = 0; i < s->n_files; i++)
		put_file(&files, &s->files[i]);
	buf_puts(b, "# ");
	buf_shown(b, s->title, strlen(s->title));
	buf_addc(b, '\n');
	if (s->put_head)
		s->put_head(s->of, b, buf_str(&files));
	else
		buf_printf(b, "fusescen: 1\nmounts:\n  fs:%s\n%s",
			   files.len ? "\n    files:" : " {}", buf_str(&files));
	if (s->rules)
		buf_printf(b, "rules:\n%s", s->rules);
	if (s->n_lines > LINES_SHORT && !s->has_timeout)
		buf_puts(b, "timeout: 1min\n");
	put_actors(b, s);
	buf_puts(b, "steps:\n");
	for (size_t i = 0; i < s->n_lines; i++) {
		if (s->lines[i].is_remark)
			put_remark(b, s->lines[i].text);
		else
			put_step(b, s->lines[i].text);
	}
}

/* ---- what the loader does not take ---------------------------------------------------------- */

/* The step on that line of the text becomes a remark.  False: there is no step. */
static bool demote(struct story *s, const char *text, unsigned line)
{
	unsigned first = 1;
	const char *p = text;

	for (; *p && strncmp(p, "steps:\n", 7) != 0; p += strcspn(p, "\n") + 1)
		first++;
	if (line <= first || line - first > s->n_lines || s->lines[line - first - 1].is_remark)
		return false;
	s->lines[line - first - 1].is_remark = true;
	s->left_out++;
	return true;
}

/* Returns whether there is something new to try. */
static bool demote_all(struct story *s, const char *text, const char *errors)
{
	bool any = false;

	for (const char *p = errors; *p; p += strcspn(p, "\n") + (strchr(p, '\n') != NULL)) {
		unsigned line;

		if (sscanf(p, "import:%u:", &line) == 1)
			any |= demote(s, text, line);
	}
	return any;
}

char *story_text(struct story *s, char **errors)
{
	char *text = NULL;
	bool again = true;

	*errors = NULL;
	qsort(s->lines, s->n_lines, sizeof(*s->lines), by_place);
	join_pairs(s);
	fit_lines(s);
	for (int i = 0; again && i < LOADS_MAX; i++) {
		struct buf b = BUF_INIT;
		fusescen_file *file;

		free(text);
		free(*errors);
		put_all(&b, s);
		text = buf_steal(&b);
		file = fusescen_load_text("import", text, strlen(text));
		*errors = fusescen_errors(file) ? xstrdup(fusescen_errors(file)) : NULL;
		again = *errors && demote_all(s, text, *errors);
		fusescen_free(file);
	}
	return text;
}
