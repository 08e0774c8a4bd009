/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Merges actors, and ends a story early.  One thread at a time. */
#include "config.h"

#include "fusescen/import/fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#define LINES_MAX	12000u			/* of steps, each of which is four values */
#define BYTES_MAX	((size_t)LIMIT_FILE_BYTES - (128u << 10))

/* ---- actors -------------------------------------------------------------------------- */

struct span {
	size_t actor;
	unsigned first, over;
	size_t as;			/* whose name its calls get */
};

static size_t count_actors(const struct story *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_actors; i++)
		n += s->actors[i].makes_calls;
	return n;
}

static size_t actor_of_line(const struct story *s, const struct story_line *line)
{
	size_t n = strcspn(line->text, ":");

	for (size_t i = 0; i < s->n_actors; i++)
		if (s->actors[i].name && strlen(s->actors[i].name) == n &&
		    !strncmp(s->actors[i].name, line->text, n))
			return i;
	return 0;
}

static bool has_threads(const struct story *s, size_t actor)
{
	for (size_t i = 0; i < s->n_actors; i++)
		if (i != actor && s->actors[i].process == actor)
			return true;
	return s->actors[actor].process != actor;
}

static struct span *find_spans(struct story *s, const size_t *of_line)
{
	struct span *spans = ARENA_ARRAY(s->arena, struct span, s->n_actors);

	for (size_t i = 0; i < s->n_actors; i++)
		spans[i] = (struct span){
			.actor = i, .as = i, .first = (unsigned)-1,
			.over = has_threads(s, i) ? 0 : s->actors[i].over,
		};
	for (size_t i = 0; i < s->n_lines; i++) {
		struct span *span = &spans[of_line[i]];

		if (!s->lines[i].is_remark && span->first > s->lines[i].at)
			span->first = s->lines[i].at;
	}
	return spans;
}

static int by_first(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->first != y->first ? (x->first < y->first ? -1 : 1) :
		x->actor < y->actor ? -1 : 1;
}

/* The actor of a process that was over before this one made a call; NULL: there is
 * none.  spans has those before it, by their first calls. */
static struct span *find_free(struct span *spans, size_t n, unsigned first)
{
	for (size_t i = 0; i < n; i++)
		if (spans[i].over && spans[i].over < first)
			return &spans[i];
	return NULL;
}

static void close_all(struct story *s, const struct fds *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fd *fd = &f->at[i];
		const struct story_actor *a = &s->actors[fd->process];

		if (fd->is_open && fd->owner == fd->process && a->over && a->makes_calls)
			story_step(s, a->over, "%s: close(%s) = 0", a->name, fd->var);
	}
}

static void rename_lines(struct story *s, const size_t *of_line, const size_t *as)
{
	for (size_t i = 0; i < s->n_lines; i++) {
		struct story_line *line = &s->lines[i];
		size_t to = as[of_line[i]];

		if (line->is_remark || to == of_line[i])
			continue;
		if (to == s->n_actors) {
			line->is_remark = true;
			s->left_out++;
		} else {
			line->text = arena_printf(s->arena, "%s%s", s->actors[to].name,
						  line->text + strcspn(line->text, ":"));
		}
	}
}

void fit_actors(struct story *s, const struct fds *f)
{
	size_t *of_line, *as, kept = 0;
	struct span *spans;

	if (count_actors(s) <= LIMIT_ACTORS)
		return;
	close_all(s, f);
	of_line = ARENA_ARRAY(s->arena, size_t, s->n_lines);
	as = ARENA_ARRAY(s->arena, size_t, s->n_actors);
	for (size_t i = 0; i < s->n_lines; i++)
		of_line[i] = actor_of_line(s, &s->lines[i]);
	spans = find_spans(s, of_line);
	qsort(spans, s->n_actors, sizeof(*spans), by_first);
	for (size_t i = 0; i < s->n_actors; i++) {
		struct story_actor *a = &s->actors[spans[i].actor];
		struct span *free = has_threads(s, spans[i].actor) || !a->makes_calls ? NULL :
			find_free(spans, i, spans[i].first);

		as[spans[i].actor] = spans[i].actor;
		if (!a->makes_calls)
			continue;
		if (free) {
			as[spans[i].actor] = free->as;
			free->over = spans[i].over;
		} else if (kept++ >= LIMIT_ACTORS) {
			as[spans[i].actor] = s->n_actors;
		}
		a->makes_calls = !free && as[spans[i].actor] != s->n_actors;
		if (!a->makes_calls)
			spans[i].over = 0;
	}
	rename_lines(s, of_line, as);
}

/* ---- lines ---------------------------------------------------------------------------- */

void fit_lines(struct story *s)
{
	size_t bytes = 0, i = 0;
	unsigned more = 0;

	while (i < s->n_lines && i < LINES_MAX && bytes < BYTES_MAX)
		bytes += strlen(s->lines[i++].text) + strlen("  - ''\n");
	if (i == s->n_lines)
		return;
	for (size_t k = i; k < s->n_lines; k++)
		more += !s->lines[k].is_remark;
	s->n_lines = i;
	s->left_out += more;
	story_remark(s, (unsigned)-1, "%u more steps have no room in a scenario", more);
}
