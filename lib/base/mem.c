/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocation that does not fail, and arenas.  Any thread, any process. */
#include "config.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CHUNK_MIN	(16u * 1024)
#define ARENA_ALIGN	_Alignof(max_align_t)

void die_bug(const char *fmt, ...)
{
	va_list ap;

	fputs("fusescen: internal error: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

void *xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		die_bug("out of memory (%zu bytes)", n);
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		die_bug("out of memory (%zu * %zu bytes)", count, size);
	return p;
}

void *xrealloc(void *p, size_t n)
{
	void *q = realloc(p, n ? n : 1);

	if (!q)
		die_bug("out of memory (%zu bytes)", n);
	return q;
}

void *xreallocarray(void *p, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		die_bug("out of memory (%zu * %zu bytes)", count, size);
	return xrealloc(p, count * size);
}

void *xgrow(void *array, size_t n, size_t size)
{
	return n & (n - 1) ? array : xreallocarray(array, n ? n * 2 : 1, size);
}

void *xmemdup(const void *p, size_t n)
{
	void *q = xmalloc(n);

	if (n)
		memcpy(q, p, n);
	return q;
}

char *xstrdup(const char *s)
{
	return xmemdup(s, strlen(s) + 1);
}

char *xstrndup(const char *s, size_t n)
{
	char *p = strndup(s, n);

	if (!p)
		die_bug("out of memory (%zu bytes)", n);
	return p;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *out;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&out, fmt, ap);
	va_end(ap);
	if (n < 0)
		die_bug("out of memory (formatting)");
	return out;
}

/* Chunks are a list, the newest first; only the newest has room. */
struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct chunk *chunks;
	size_t used;
};

struct arena *arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	while (a->chunks) {
		struct chunk *next = a->chunks->next;

		free(a->chunks);
		a->chunks = next;
	}
	free(a);
}

static struct chunk *arena_add_chunk(struct arena *a, size_t n)
{
	size_t size = n > CHUNK_MIN ? n : CHUNK_MIN;
	struct chunk *c = xcalloc(1, sizeof(*c) + size);

	c->size = size;
	c->next = a->chunks;
	a->chunks = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct chunk *c = a->chunks;
	void *p;

	if (n > SIZE_MAX / 2)
		die_bug("arena: %zu bytes asked for", n);
	n = (n + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	if (!c || c->size - c->used < n)
		c = arena_add_chunk(a, n);
	p = c->bytes + c->used;
	c->used += n;
	a->used += n;
	return p;
}

void *arena_grow(struct arena *a, const void *old, size_t old_n, size_t new_n)
{
	void *p = arena_alloc(a, new_n);

	if (old_n)
		memcpy(p, old, old_n);
	return p;
}

void *arena_memdup(struct arena *a, const void *p, size_t n)
{
	void *q = arena_alloc(a, n);

	if (n)
		memcpy(q, p, n);
	return q;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	memcpy(p, s, n);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *tmp, *out;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&tmp, fmt, ap);
	va_end(ap);
	if (n < 0)
		die_bug("out of memory (formatting)");
	out = arena_strndup(a, tmp, (size_t)n);
	free(tmp);
	return out;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
