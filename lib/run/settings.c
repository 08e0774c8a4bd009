/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Setting, and putting back.  The keeper is forked before anything is changed, with
 * the files open and their texts in its memory. */
#include "config.h"

#include "run/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
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
static void put_back(const struct kept_files *files)
{
	size_t i;

	for (i = files->n; i--; )
		put(&files->list[i], files->list[i].text, files->list[i].len);
}

/* A session of its own: what kills our process group leaves it be. */
static _Noreturn void keep(const struct kept_files *files, int pipe)
{
	sigset_t all;
	char c;

	setsid();
	prctl(PR_SET_NAME, "fusescen-keeper");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	while (read(pipe, &c, 1) < 0 && errno == EINTR)
		;
	put_back(files);
	_exit(0);
}

/* Whoever inherits the pipe's end would put off the end: actors close it. */
static int start_keeper(const struct kept_files *files, int machine,
			struct settings_kept *out)
{
	int ends[2];

	(void)machine;		/* inherited, and open for as long as the keeper is */
	if (pipe2(ends, O_CLOEXEC))
		return -1;
	out->keeper = fork();
	if (out->keeper == 0) {
		close(ends[1]);
		keep(files, ends[0]);
	}
	close(ends[0]);
	out->alive = ends[1];
	return out->keeper < 0 ? -1 : 0;
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

char *settings_apply(const struct scenario *sc, int machine, struct settings_kept *kept)
{
	struct kept_files files = { NULL, 0 };
	char *why;

	*kept = (struct settings_kept){ -1, -1 };
	if (!sc->n_machine)
		return NULL;
	why = open_all(sc, &files);
	if (!why && start_keeper(&files, machine, kept))
		why = xasprintf("no process to put settings back: %s",
				strerror(errno));
	if (!why)
		why = set_all(sc, &files);
	for (size_t i = 0; i < files.n; i++)
		if (files.list[i].fd >= 0)
			close(files.list[i].fd);
	free(files.list);
	if (why)
		settings_restore(kept);
	return why;
}

void settings_restore(struct settings_kept *kept)
{
	if (kept->alive >= 0)
		close(kept->alive);
	if (kept->keeper > 0)
		while (waitpid(kept->keeper, NULL, 0) < 0 && errno == EINTR)
			;
	*kept = (struct settings_kept){ -1, -1 };
}
