/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects what no case of a file uses.  Main thread only. */
#include "config.h"

#include "fusescen/report/unused.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static bool has_line(const char *lines, const char *line)
{
	size_t len = strlen(line);

	while (*lines) {
		const char *end = strchrnul(lines, '\n');

		if ((size_t)(end - lines) == len && !memcmp(lines, line, len))
			return true;
		lines = *end ? end + 1 : end;
	}
	return false;
}

static void take_all(struct unused *u, const char *lines)
{
	while (*lines) {
		const char *end = strchrnul(lines, '\n');

		u->lines = xgrow(u->lines, u->n_lines, sizeof(*u->lines));
		u->lines[u->n_lines++] = xstrndup(lines, (size_t)(end - lines));
		lines = *end ? end + 1 : end;
	}
}

static void keep_common(struct unused *u, const char *lines)
{
	size_t kept = 0;

	for (size_t i = 0; i < u->n_lines; i++) {
		if (has_line(lines, u->lines[i]))
			u->lines[kept++] = u->lines[i];
		else
			free(u->lines[i]);
	}
	u->n_lines = kept;
}

void unused_add(struct unused *u, const char *lines)
{
	if (u->n_cases++)
		keep_common(u, lines);
	else
		take_all(u, lines);
}

char *unused_take(struct unused *u, size_t n_cases)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < u->n_lines; i++) {
		if (u->n_cases == n_cases)
			buf_printf(&b, "%s\n", u->lines[i]);
		free(u->lines[i]);
	}
	free(u->lines);
	*u = (struct unused){ NULL, 0, 0 };
	return b.len ? buf_steal(&b) : NULL;
}
