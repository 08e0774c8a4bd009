/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Extended attributes as a list in the order they were set.  Called with the
 * file's lock held. */
#include "config.h"

#include "backend/memory/xattr.h"

#include <errno.h>
#include <linux/limits.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/limits.h"
#include "base/mem.h"

/* Where the attribute is linked, or the end of the list. */
static struct xattr **find(struct xattr **list, const char *name)
{
	while (*list && strcmp((*list)->name, name))
		list = &(*list)->next;
	return list;
}

/* What one with such a name and value counts. */
static size_t cost(size_t name_len, size_t len)
{
	return sizeof(struct xattr) + name_len + 1 + len;
}

static size_t total(const struct xattr *list)
{
	size_t n = 0;

	for (; list; list = list->next)
		n += cost(strlen(list->name), list->len);
	return n;
}

int xattr_set(struct xattr **list, const char *name, const void *value,
	      size_t len, int flags)
{
	struct xattr **at = find(list, name), *x = *at;
	size_t name_len = strlen(name);

	if (!name_len || name_len > XATTR_NAME_MAX)
		return ERANGE;
	if (len > XATTR_SIZE_MAX)
		return E2BIG;
	if (x && (flags & XATTR_CREATE))
		return EEXIST;
	if (!x && (flags & XATTR_REPLACE))
		return ENODATA;
	if (total(*list) - (x ? cost(name_len, x->len) : 0) +
	    cost(name_len, len) > LIMIT_MEMORY_XATTRS)
		return ENOSPC;
	if (!x) {
		x = xcalloc(1, sizeof(*x) + name_len + 1);
		memcpy(x->name, name, name_len + 1);
		*at = x;
	}
	free(x->value);
	x->value = xmemdup(value, len);
	x->len = len;
	return 0;
}

const struct xattr *xattr_get(const struct xattr *list, const char *name)
{
	while (list && strcmp(list->name, name))
		list = list->next;
	return list;
}

void xattr_names(const struct xattr *list, struct buf *out)
{
	for (; list; list = list->next)
		buf_add(out, list->name, strlen(list->name) + 1);
}

int xattr_remove(struct xattr **list, const char *name)
{
	struct xattr **at = find(list, name), *x = *at;

	if (!x)
		return ENODATA;
	*at = x->next;
	free(x->value);
	free(x);
	return 0;
}

void xattr_free(struct xattr **list)
{
	while (*list)
		xattr_remove(list, (*list)->name);
}
