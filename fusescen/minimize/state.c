/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "fusescen minimize 1 KEY", then a line "no HASH" for each text that does not show it,
 * then "---" and the smallest text.  Main thread only. */
#include "config.h"

#include "fusescen/minimize/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

#define HEAD	"fusescen minimize 1 "

static int refuse(const struct state *s, const char *why)
{
	put_error("%s: %s", s->path, why);
	return -1;
}

static int take(struct state *s, const char *p)
{
	uint64_t hash;
	char *end;

	if (strncmp(p, HEAD, strlen(HEAD)) != 0)
		return refuse(s, "this is no file of --continue");
	if (strtoull(p + strlen(HEAD), &end, 16) != s->key || *end != '\n')
		return refuse(s, "it belongs to another search");
	for (p = end + 1; !strncmp(p, "no ", 3); p = end + 1) {
		hash = strtoull(p + 3, &end, 16);
		if (*end != '\n')
			return refuse(s, "it is damaged");
		s->refused = xgrow(s->refused, s->n_refused, sizeof(*s->refused));
		s->refused[s->n_refused++] = hash;
	}
	if (strncmp(p, "---\n", 4) != 0 || !p[4])
		return refuse(s, "it is not whole");
	free(s->text);
	s->text = xstrdup(p + 4);
	return 0;
}

int state_read(struct state *s)
{
	auto_buf struct buf b = BUF_INIT;

	if (!s->path || access(s->path, F_OK))
		return 0;
	if (file_read(s->path, &b))
		return refuse(s, strerror(errno));
	return take(s, buf_str(&b));
}

static int write_whole(const char *path, const struct buf *b)
{
	FILE *f = fopen(path, "we");
	bool bad;

	if (!f)
		return -1;
	bad = fwrite(b->data, 1, b->len, f) != b->len;
	return fclose(f) || bad ? -1 : 0;
}

int state_write(const struct state *s)
{
	auto_buf struct buf b = BUF_INIT;
	auto_free char *next = NULL;

	if (!s->path)
		return 0;
	buf_printf(&b, HEAD "%" PRIx64 "\n", s->key);
	for (size_t i = 0; i < s->n_refused; i++)
		buf_printf(&b, "no %" PRIx64 "\n", s->refused[i]);
	buf_printf(&b, "---\n%s", s->text);
	next = xasprintf("%s.new", s->path);
	if (write_whole(next, &b) || rename(next, s->path))
		return refuse(s, strerror(errno));
	return 0;
}

void state_fini(struct state *s)
{
	free(s->text);
	free(s->refused);
}
