/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths as texts.  Pure functions. */
#include "config.h"

#include "fusescen/import/paths.h"

#include <string.h>

#include "base/buf.h"

char *path_cleaned(struct arena *a, const char *path)
{
	struct buf b = BUF_INIT;
	char *out;

	for (const char *p = path; *p;) {
		size_t n;

		p += strspn(p, "/");
		n = strcspn(p, "/");
		if (n == 2 && !strncmp(p, "..", 2)) {
			while (b.len && b.data[--b.len] != '/')
				;
		} else if (n && !(n == 1 && *p == '.')) {
			buf_printf(&b, "/%.*s", (int)n, p);
		}
		p += n;
	}
	out = arena_strndup(a, b.len ? buf_str(&b) : "/", b.len ? b.len : 1);
	buf_fini(&b);
	return out;
}
