/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several subjects of a scenario are made of.  Pure data. */
#ifndef MODEL_VALUES_H
#define MODEL_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/limits.h"

#define NONE	(-1)

/*
 * Bytes a script names: "text", 'c'*4K, "ab"*4K (repeated to a length), or a
 * bare size, which means that many bytes of the actor's own letter; and several
 * of these one after another.
 */
struct data_spec {
	const uint8_t *p;	/* one period */
	size_t period;		/* 0: the writer's letter (bare size) */
	uint64_t len;		/* total length, of what follows too */
	const struct data_spec *next;	/* what follows; NULL */
};
/* The length of d without what follows. */
static inline uint64_t data_own_len(const struct data_spec *d)
{
	return d->next ? d->len - d->next->len : d->len;
}
/* The part that byte *i of the data is in; *i counts from its beginning. */
static inline const struct data_spec *data_part(const struct data_spec *d, uint64_t *i)
{
	for (; d->next && *i >= data_own_len(d); d = d->next)
		*i -= data_own_len(d);
	return d;
}
/* Byte i of the data; letter is used for a bare size. */
static inline uint8_t data_at(const struct data_spec *d, uint64_t i, uint8_t letter)
{
	d = data_part(d, &i);
	return d->period ? d->p[i % d->period] : letter;
}
/* The same for bytes at to at + n - 1: a lot at a time. */
void data_copy(const struct data_spec *d, uint64_t at, void *to, size_t n,
	       uint8_t letter);

#define HOST	(-2)		/* instead of a mount: what is mounted outside */

/* A file of a mount: "/data" on mounts[mount]; path NULL: any file. */
struct file_ref {
	int mount;		/* NONE: any mount; HOST: only of backing files */
	const char *path;	/* may hold * and ? (fnmatch) where is_glob */
	bool is_glob;
};

enum cond_kind { COND_RANGE, COND_FLAGS, COND_STR, COND_BYTES };

/* One condition on a field, by name because a rule may cover several
 * operations; a request without the field does not match. */
struct cond {
	struct loc loc;
	const char *field;
	enum cond_kind kind;
	bool negate;
	uint64_t lo, hi;		/* COND_RANGE: lo <= v < hi; hi == UINT64_MAX: no end */
	uint64_t set, unset;		/* COND_FLAGS */
	const void *p;			/* COND_STR, COND_BYTES (a prefix of the data) */
	size_t len;
};

/* A word of the language; tables end with a NULL name. */
struct keyword {
	const char *name;
	int kind;
	const char *help;
};
/* For struct words, whose ctx is such a table. */
const char *keyword_at(const void *table, size_t i);

#endif
