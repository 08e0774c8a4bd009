/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds scenario files.  Main thread only. */
#include "config.h"

#include "fusescen/util/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"

#define SUFFIX	".yaml"

static bool is_scenario_name(const char *name)
{
	size_t len = strlen(name), suffix = strlen(SUFFIX);

	return len > suffix && strcmp(name + len - suffix, SUFFIX) == 0;
}

/* Takes path. */
static void paths_add(struct paths *out, char *path)
{
	out->at = xgrow(out->at, out->n, sizeof(*out->at));
	out->at[out->n++] = path;
}

static char *path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	return xasprintf("%.*s%s%s", (int)len, dir,
			 dir[len - 1] == '/' ? "" : "/", name);
}

static int complain(const char *path)
{
	put_error("%s: %s", path, strerror(errno));
	return -1;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int collect_dir(struct paths *out, const char *dir);

/* Takes path. */
static int collect_entry(struct paths *out, char *path, const char *name)
{
	struct stat st;
	int err = 0;

	if (lstat(path, &st))
		err = complain(path);
	else if (S_ISDIR(st.st_mode))
		err = collect_dir(out, path);
	else if (is_scenario_name(name) && stat(path, &st) == 0 &&
		 S_ISREG(st.st_mode)) {
		paths_add(out, path);
		return 0;
	}
	free(path);
	return err;
}

static int collect_dir(struct paths *out, const char *dir)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, is_visible, by_name), i, err = 0;

	if (n < 0)
		return complain(dir);
	for (i = 0; i < n; i++) {
		if (collect_entry(out, path_join(dir, entries[i]->d_name),
				  entries[i]->d_name))
			err = -1;
		free(entries[i]);
	}
	free(entries);
	return err;
}

static int collect_word(struct paths *out, const char *word)
{
	size_t before = out->n;
	struct stat st;
	int err;

	if (stat(word, &st))
		return complain(word);
	if (!S_ISDIR(st.st_mode)) {
		paths_add(out, xstrdup(word));
		return 0;
	}
	err = collect_dir(out, word);
	if (!err && out->n == before) {
		put_error("%s: no scenario (*.yaml) in it", word);
		err = -1;
	}
	return err;
}

int paths_collect(struct paths *out, char **words, int n)
{
	int i, err = 0;

	*out = (struct paths){ NULL, 0 };
	for (i = 0; i < n; i++)
		if (collect_word(out, words[i]))
			err = -1;
	return err;
}

void paths_free(struct paths *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		free(p->at[i]);
	free(p->at);
}
