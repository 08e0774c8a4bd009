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
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "fusescen/util/errors.h"

#define SUFFIX	".yaml"

static bool is_scenario_name(const char *name)
{
	size_t len = strlen(name), suffix = strlen(SUFFIX);

	return len > suffix && strcmp(name + len - suffix, SUFFIX) == 0;
}

/* Takes the name. */
static struct path *paths_add(struct paths *out, char *name)
{
	out->at = xgrow(out->at, out->n, sizeof(*out->at));
	out->at[out->n] = (struct path){ .name = name };
	return &out->at[out->n++];
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

/* One byte more than a scenario may have is read, so that the loader sees when
 * there is too much. */
static int collect_stdin(struct paths *out)
{
	struct path *path = paths_add(out, xstrdup("<stdin>"));
	size_t size = LIMIT_FILE_BYTES + 1;
	ssize_t n;

	path->text = xmalloc(size + 1);
	while (path->len < size) {
		n = read(STDIN_FILENO, path->text + path->len, size - path->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return complain(path->name);
		if (n == 0)
			break;
		path->len += (size_t)n;
	}
	path->text[path->len] = '\0';
	return 0;
}

/* name is there. */
static int collect_path(struct paths *out, const char *name, const struct stat *st)
{
	size_t before = out->n;
	int err;

	if (!S_ISDIR(st->st_mode)) {
		paths_add(out, xstrdup(name));
		return 0;
	}
	err = collect_dir(out, name);
	if (!err && out->n == before) {
		put_error("%s: no scenario (*.yaml) in it", name);
		err = -1;
	}
	return err;
}

/* Returns what is before the ":" of "PATH:CASE", if that is there; the caller
 * frees it. */
static char *before_case(const char *word, struct stat *st)
{
	const char *colon = strrchr(word, ':');
	char *name;

	if (!colon || colon == word || !colon[1])
		return NULL;
	name = xasprintf("%.*s", (int)(colon - word), word);
	if (stat(name, st) == 0)
		return name;
	free(name);
	return NULL;
}

/* pytest's way of writing PATH:CASE: returns 1 after a message. */
static int is_two_colons(const char *word)
{
	const char *colons = strstr(word, "::");
	struct stat st;
	char *name;
	int is;

	if (!colons || colons == word)
		return 0;
	name = xasprintf("%.*s", (int)(colons - word), word);
	is = stat(name, &st) == 0;
	if (is)
		put_error("%s: there is one colon before a case: %s:%s", word, name,
			  colons + 2);
	free(name);
	return is;
}

static int collect_word(struct paths *out, const char *word)
{
	size_t i = out->n;
	struct stat st;
	char *name;
	int err;

	if (strcmp(word, "-") == 0)
		return collect_stdin(out);
	if (stat(word, &st) == 0)
		return collect_path(out, word, &st);
	err = errno;
	name = before_case(word, &st);
	if (!name && is_two_colons(word))
		return -1;
	if (!name) {
		errno = err;
		return complain(word);
	}
	err = collect_path(out, name, &st);
	for (; i < out->n; i++)
		out->at[i].cases = xstrdup(strrchr(word, ':') + 1);
	free(name);
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

	for (i = 0; i < p->n; i++) {
		free(p->at[i].name);
		free(p->at[i].text);
		free(p->at[i].cases);
	}
	free(p->at);
}

fusescen_file *path_load(const struct path *path)
{
	return path->text ? fusescen_load_text(path->name, path->text, path->len) :
		fusescen_load(path->name);
}
