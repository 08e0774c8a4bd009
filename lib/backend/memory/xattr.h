/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Extended attributes of one file: names and values, with the errors that
 * setxattr(2) and friends give.  The file's lock serialises. */
#ifndef BACKEND_MEMORY_XATTR_H
#define BACKEND_MEMORY_XATTR_H

#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

struct xattr {
	struct xattr *next;
	size_t len;
	void *value;
	char name[];
};


/* flags: XATTR_CREATE, XATTR_REPLACE.  0 or errno. */
int xattr_set(struct xattr **list, const char *name, const void *value,
	      size_t len, int flags);
/* NULL: no such attribute. */
const struct xattr *xattr_get(const struct xattr *list, const char *name);
/* All names, each with its NUL. */
void xattr_names(const struct xattr *list, struct buf *out);
int xattr_remove(struct xattr **list, const char *name);
void xattr_free(struct xattr **list);

#endif
