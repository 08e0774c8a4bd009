/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names by index, and the bound on what a file may become.  One thread. */
#include "config.h"

#include "load/read/loader.h"

#include <ctype.h>
#include <string.h>

#include "base/limits.h"

/* A file with more errors than these is not read on. */
#define ERRORS_MAX	200

static bool same(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && !memcmp(name, text, len);
}

int names_find(const char *const *names, size_t n, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (same(names[i], text, len))
			return (int)i;
	return NONE;
}

struct words names_words(struct arena *a, const char *const *names, size_t n)
{
	const char **list = ARENA_ARRAY(a, const char *, n + 1);

	if (n)
		memcpy(list, names, n * sizeof(*list));
	return words_array(list);
}

int names_intern(struct loader *ld, struct loc loc, const char ***names,
		 size_t *n, const char *text, size_t len)
{
	int at = names_find(*names, *n, text, len);

	if (at != NONE)
		return at;
	if (*n == LIMIT_NAMES) {
		diag_limit(ld->dg, loc, LIMIT_OF(NAMES));
		return NONE;
	}
	ARENA_PUSH(ld->arena, *names, *n,
		   arena_strndup(ld->arena, text, len));
	return (int)*n - 1;
}

bool is_name(const char *text, size_t len)
{
	size_t i;

	if (!len || !(isalpha((unsigned char)text[0]) || text[0] == '_'))
		return false;
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '_' &&
		    text[i] != '-')
			return false;
	return true;
}

int mount_find(const struct scenario *sc, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < sc->n_mounts; i++)
		if (same(sc->mounts[i].name, text, len))
			return (int)i;
	return NONE;
}

int actor_find(const struct scenario *sc, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < sc->n_actors; i++)
		if (same(sc->actors[i].name, text, len))
			return (int)i;
	return NONE;
}

int state_find(const struct scenario *sc, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < sc->n_states; i++)
		if (same(sc->states[i].name, text, len))
			return (int)i;
	return NONE;
}

static const char *mount_at(const void *ctx, size_t i)
{
	const struct scenario *sc = ctx;

	return i < sc->n_mounts ? sc->mounts[i].name : NULL;
}

static const char *actor_at(const void *ctx, size_t i)
{
	const struct scenario *sc = ctx;

	return i < sc->n_actors ? sc->actors[i].name : NULL;
}

static const char *state_at(const void *ctx, size_t i)
{
	const struct scenario *sc = ctx;

	return i < sc->n_states ? sc->states[i].name : NULL;
}

struct words mount_words(const struct scenario *sc)
{
	return (struct words){ mount_at, sc };
}

struct words actors_as_keys(struct loader *ld, void *out)
{
	(void)out;
	return actor_words(ld->sc);
}

struct words actor_words(const struct scenario *sc)
{
	return (struct words){ actor_at, sc };
}

struct words state_words(const struct scenario *sc)
{
	return (struct words){ state_at, sc };
}

/* The calls that actors are in are known by their numbers, and there is one more. */
static void grow_running(struct loader *ld)
{
	size_t n = ld->sc->n_actors;
	struct running *grown = ARENA_ARRAY(ld->arena, struct running, n);

	memcpy(grown, ld->running, (n - 1) * sizeof(*grown));
	ld->running = grown;
}

int actor_unknown(struct loader *ld, struct loc loc, const char *text, size_t len)
{
	struct scenario *sc = ld->sc;
	struct actor_spec actor = { loc, NULL, .process = (int)sc->n_actors,
				    .cpu = NONE };

	if (words_nearest(actor_words(sc), text, len) || !is_name(text, len) ||
	    sc->n_actors == LIMIT_ACTORS)
		return diag_unknown(ld->dg, loc, "actor", text, len,
				    actor_words(sc));
	actor.name = arena_strndup(ld->arena, text, len);
	ARENA_PUSH(ld->arena, sc->actors, sc->n_actors, actor);
	if (ld->running)
		grow_running(ld);
	return diag(ld->dg, loc, "unknown actor \"%s\"; declare it in \"actors:\"",
		    actor.name);
}

bool loader_is_enough(const struct loader *ld)
{
	return diags_count(ld->dg) >= ERRORS_MAX;
}

/* A case of 30 steps takes about 100 KiB. */
bool loader_is_out_of_memory(const struct loader *ld)
{
	return arena_used(ld->arena) > LIMIT_FILE_MEMORY;
}

int loader_check_size(struct loader *ld, struct loc loc)
{
	return loader_is_out_of_memory(ld) ?
		diag_limit(ld->dg, loc, LIMIT_OF(FILE_MEMORY)) : 0;
}
