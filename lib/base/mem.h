/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that does not fail, arenas, and locals that clean up after
 * themselves.  Running out of memory is our third kind of error: it ends the
 * process with a line that says so.  Every function here may be called from
 * any thread; one arena may be used by one thread at a time.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* A bug of ours, or no memory: say what and abort(). */
_Noreturn void die_bug(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Never NULL; the caller frees with free(). */
void *xmalloc(size_t n);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t n);
void *xreallocarray(void *p, size_t count, size_t size);
/* Room for one more at the end of an array of n items that doubles. */
void *xgrow(void *array, size_t n, size_t size);
void *xmemdup(const void *p, size_t n);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * An arena: many small things with one lifetime.  Memory is zeroed and
 * aligned for any type; arena_free() frees everything at once.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
void *arena_alloc(struct arena *a, size_t n);
void *arena_memdup(struct arena *a, const void *p, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Bytes handed out so far: what bounds a log or a file. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type)	((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n)	((type *)arena_alloc((a), sizeof(type) * (n)))

/*
 * Append one item to an array that lives in an arena.  "arr" and "n" are
 * lvalues; capacity doubles at powers of two, so the old copies cost at most
 * as much again.
 */
#define ARENA_PUSH(a, arr, n, item)					\
	do {								\
		if (((n) & ((n) - 1)) == 0)				\
			(arr) = arena_grow((a), (arr),			\
				(n) * sizeof(*(arr)),			\
				((n) ? (n) * 2 : 1) * sizeof(*(arr)));	\
		(arr)[(n)++] = (item);					\
	} while (0)
void *arena_grow(struct arena *a, const void *old, size_t old_n, size_t new_n);

/* Locals that own: "auto_free char *s", "auto_close int fd = -1". */
#define auto_free	__attribute__((cleanup(mem_cleanup_free)))
#define auto_close	__attribute__((cleanup(mem_cleanup_close)))

static inline void mem_cleanup_free(void *pp)
{
	free(*(void **)pp);
}

static inline void mem_cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Hand over what an owning local holds. */
static inline int steal_fd(int *fd)
{
	int out = *fd;

	*fd = -1;
	return out;
}

#define steal_ptr(pp) __extension__ ({ __typeof__(*(pp)) p_ = *(pp); *(pp) = NULL; p_; })

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#endif
