/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Setting, and putting back.  The keeper is forked before anything is changed, with
 * the files open and their texts in its memory. */
#include "config.h"

#include "run/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define TEXT_MAX	64

/* One file, and what was in it. */
struct kept {
	int fd;
	char text[TEXT_MAX];
	size_t len;
};

struct kept_files {
	struct kept *list;
	size_t n;
};

static bool put(const struct kept *k, const char *text, size_t len)
{
	return pwrite(k->fd, text, len, 0) == (ssize_t)len;
}

/* In reverse: a limit that bounds another one was set before it. */
static void put_back(const void *what)
{
	const struct kept_files *files = what;
	size_t i;

	for (i = files->n; i--; )
		put(&files->list[i], files->list[i].text, files->list[i].len);
}

static char *open_one(const struct setting_row *row, struct kept *k)
{
	ssize_t n;

	k->fd = open(row->path, O_RDWR | O_CLOEXEC);
	if (k->fd < 0)
		return xasprintf("cannot set %s: %s: %s", row->name, row->path,
				 strerror(errno));
	n = pread(k->fd, k->text, sizeof(k->text), 0);
	if (n <= 0)
		return xasprintf("cannot read %s: %s", row->path, strerror(errno));
	k->len = (size_t)n;
	return NULL;
}

static char *open_all(const struct scenario *sc, struct kept_files *files)
{
	char *why = NULL;

	files->list = xcalloc(sc->n_machine, sizeof(*files->list));
	for (size_t i = 0; i < sc->n_machine && !why; i++, files->n++)
		why = open_one(sc->machine[i].row, &files->list[i]);
	return why;
}

static char *set_all(const struct scenario *sc, const struct kept_files *files)
{
	for (size_t i = 0; i < sc->n_machine; i++) {
		const struct setting *s = &sc->machine[i];
		char text[TEXT_MAX];
		int len = snprintf(text, sizeof(text), "%llu\n",
				   (unsigned long long)s->value);

		if (!put(&files->list[i], text, (size_t)len))
			return xasprintf("cannot set %s to %llu: %s", s->row->name,
					 (unsigned long long)s->value,
					 strerror(errno));
	}
	return NULL;
}

bool settings_exist(const struct scenario *sc)
{
	for (size_t i = 0; i < sc->n_machine; i++)
		if (access(sc->machine[i].row->path, W_OK))
			return false;
	return true;
}

char *settings_apply(const struct scenario *sc, struct keeper *kept)
{
	struct kept_files files = { NULL, 0 };
	char *why;

	if (!sc->n_machine)
		return NULL;
	why = open_all(sc, &files);
	if (!why && keeper_start(kept, put_back, &files))
		why = xasprintf("no process to put settings back: %s",
				strerror(errno));
	if (!why)
		why = set_all(sc, &files);
	for (size_t i = 0; i < files.n; i++)
		if (files.list[i].fd >= 0)
			close(files.list[i].fd);
	free(files.list);
	if (why)
		keeper_end(kept);
	return why;
}
