/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A directory's names: a hash table to find one, and an array by cookie to
 * list them.  A removed entry leaves a hole in the array, which is closed when
 * half of it is holes.  Called with the names lock held.
 */
#include "config.h"

#include "backend/memory/dirents.h"

#include <string.h>

#include "base/mem.h"

static struct dirent_row *row_of(struct hash_link *l)
{
	return HASH_OF(l, struct dirent_row, link);
}

static void close_holes(struct dirents *d)
{
	size_t i, n = 0;

	for (i = 0; i < d->n_rows; i++) {
		if (!d->rows[i])
			continue;
		d->rows[n] = d->rows[i];
		d->cookies[n++] = d->cookies[i];
	}
	d->n_rows = n;
}

/* The index of the first row whose cookie is greater. */
static size_t row_above(const struct dirents *d, uint64_t cookie)
{
	size_t lo = 0, hi = d->n_rows;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (d->cookies[mid] > cookie)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

void dirents_init(struct dirents *d)
{
	*d = (struct dirents){ .last_cookie = DIRENTS_FIRST_COOKIE - 1 };
}

void dirents_fini(struct dirents *d)
{
	size_t i;

	for (i = 0; i < d->n_rows; i++)
		free(d->rows[i]);
	free(d->rows);
	free(d->cookies);
	hash_fini(&d->by_name);
}

struct dirent_row *dirents_find(const struct dirents *d, const char *name)
{
	struct hash_link *l = hash_first(&d->by_name, hash_text(name));

	while (l && strcmp(row_of(l)->name, name))
		l = hash_next(l);
	return l ? row_of(l) : NULL;
}

void dirents_add(struct dirents *d, const char *name, struct inode *inode)
{
	size_t len = strlen(name) + 1;
	struct dirent_row *row = xmalloc(sizeof(*row) + len);

	if (d->n_rows == d->cap_rows) {
		d->cap_rows = d->cap_rows ? d->cap_rows * 2 : 8;
		d->rows = xrealloc(d->rows, d->cap_rows * sizeof(*d->rows));
		d->cookies = xrealloc(d->cookies,
				      d->cap_rows * sizeof(*d->cookies));
	}
	memcpy(row->name, name, len);
	row->inode = inode;
	row->cookie = ++d->last_cookie;
	hash_add(&d->by_name, &row->link, hash_text(name));
	d->rows[d->n_rows] = row;
	d->cookies[d->n_rows++] = row->cookie;
}

void dirents_remove(struct dirents *d, struct dirent_row *row)
{
	hash_remove(&d->by_name, &row->link);
	d->rows[row_above(d, row->cookie) - 1] = NULL;
	free(row);
	if (d->n_rows > 16 && d->by_name.count < d->n_rows / 2)
		close_holes(d);
}

struct dirent_row *dirents_after(const struct dirents *d, uint64_t cookie)
{
	size_t i = row_above(d, cookie);

	while (i < d->n_rows && !d->rows[i])
		i++;
	return i < d->n_rows ? d->rows[i] : NULL;
}
