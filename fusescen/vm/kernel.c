/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CACHE/kernels/NAME/ holds a kernel: vmlinuz or vmlinux, modules/ if it has
 * any, and release, which has what uname -r prints.  Main thread only. */
#include "config.h"

#include "fusescen/vm/kernel.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"
#include "fusescen/vm/image.h"

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *if_exists(char *path)
{
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

/* Takes the kernel of a directory that is laid out like one of the cache. */
static int from_dir(struct vm_kernel *k, const char *dir, const char *name)
{
	k->image = if_exists(xasprintf("%s/vmlinuz", dir));
	if (!k->image)
		k->image = if_exists(xasprintf("%s/vmlinux", dir));
	if (!k->image) {
		put_error("%s: no vmlinuz or vmlinux in it", dir);
		return -1;
	}
	k->name = xstrdup(name);
	k->modules = if_exists(xasprintf("%s/modules", dir));
	return 0;
}

static int from_file(struct vm_kernel *k, const char *path)
{
	char *release;

	if (access(path, R_OK)) {
		put_error("%s: %s", path, strerror(errno));
		return -1;
	}
	k->name = xstrdup(path);
	k->image = xstrdup(path);
	release = image_release(path);
	if (!release)
		return 0;
	k->modules = if_exists(xasprintf("/lib/modules/%s", release));
	free(release);
	return 0;
}

/* The word "6.1" begins "6.1.0-50" and "6.1-rc2", but not "6.12".  */
static bool begins(const char *release, const char *word)
{
	size_t len = strlen(word);

	/* "" begins all */
	return strncmp(release, word, len) == 0 &&
		(!len || !isalnum((unsigned char)release[len]));
}

/* Returns the release of a cached kernel: what its file says, or else its
 * name. */
static char *cached_release(const char *root, const char *name)
{
	char *path = xasprintf("%s/%s/release", root, name);
	char *release = file_line(path);

	free(path);
	return release ? release : xstrdup(name);
}

static int by_version(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

static int is_kernel_name(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void list_cached(const char *root)
{
	struct dirent **entries;
	int n = scandir(root, &entries, is_kernel_name, by_version), i;

	if (n <= 0)
		fprintf(stderr, "  no kernel is in %s\n", root);
	else
		fprintf(stderr, "  in %s:\n", root);
	for (i = 0; i < n; i++) {
		fprintf(stderr, "    %s\n", entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* A kernel with mutants in it is meant by nobody who does not say its name. */
static bool has_mutants(const char *root, const char *name)
{
	auto_free char *path = xasprintf("%s/%s/mutants", root, name);

	return access(path, F_OK) == 0;
}

/*
 * Returns the name of the newest kernel whose release begins with the word;
 * NULL if there is none.  With is_named its name must begin with the word too:
 * a kernel that was fetched is called after its release, and one that was built
 * is called after what was done to it.
 */
static char *newest(const char *root, const char *word, bool is_named)
{
	struct dirent **entries;
	int n = scandir(root, &entries, is_kernel_name, by_version), i;
	char *best = NULL, *best_release = NULL;

	for (i = 0; i < n; i++) {
		char *release = cached_release(root, entries[i]->d_name);

		if (begins(release, word) && !has_mutants(root, entries[i]->d_name) &&
		    (!is_named || begins(entries[i]->d_name, word)) &&
		    (!best || strverscmp(best_release, release) <= 0)) {
			free(best);
			free(best_release);
			best = xstrdup(entries[i]->d_name);
			best_release = release;
		} else {
			free(release);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	free(best_release);
	return best;
}

/* Returns the name of the kernel that the word means; NULL if there is none. */
static char *cached_name(const char *root, const char *word)
{
	char *dir = xasprintf("%s/%s", root, word);
	char *name = is_dir(dir) ? xstrdup(word) : newest(root, word, 1);

	free(dir);
	return name ? name : newest(root, word, 0);
}

/* Returns the directory with the kernels; NULL after a message. */
static char *cache_root(void)
{
	char *root = cache_path("kernels", ".");

	if (!root)
		put_error("there is no cache: set FUSESCEN_CACHE, XDG_CACHE_HOME or HOME");
	else
		root[strlen(root) - 2] = '\0';	/* "/." */
	return root;
}

static int from_cache(struct vm_kernel *k, const char *word)
{
	char *root = cache_root(), *dir, *name;
	int err = -1;

	if (!root)
		return -1;
	name = cached_name(root, word);
	if (name) {
		dir = xasprintf("%s/%s", root, name);
		err = from_dir(k, dir, name);
		free(dir);
	} else {
		put_error("no kernel \"%s\": give a file, or fetch one: "
			  "fusescen-kernels fetch %s (tools/kernels in the "
			  "source tree)", word, word);
		list_cached(root);
	}
	free(name);
	free(root);
	return err;
}

static int find_one(struct vm_kernel *k, const char *word)
{
	if (!*word) {
		put_error("--kernel: a name is empty");
		return -1;
	}
	if (!strchr(word, '/'))
		return from_cache(k, word);
	return is_dir(word) ? from_dir(k, word, word) : from_file(k, word);
}

int vm_kernels_find(struct vm_kernels *out, const char *words)
{
	char *copy = xstrdup(words), *rest = copy, *word;
	int err = 0;

	*out = (struct vm_kernels){ NULL, 0 };
	while ((word = strsep(&rest, ","))) {
		struct vm_kernel k = { NULL, NULL, NULL };

		if (find_one(&k, word)) {
			err = -1;
			continue;
		}
		out->at = xgrow(out->at, out->n, sizeof(*out->at));
		out->at[out->n++] = k;
	}
	free(copy);
	if (err)
		vm_kernels_free(out);
	return err;
}

int vm_kernels_newest(struct vm_kernels *out)
{
	char *root = cache_root(), *name = root ? newest(root, "", 0) : NULL;
	struct vm_kernel k = { NULL, NULL, NULL };
	int err = -1;

	*out = (struct vm_kernels){ NULL, 0 };
	if (name) {
		char *dir = xasprintf("%s/%s", root, name);

		err = from_dir(&k, dir, name);
		free(dir);
	} else if (root) {
		put_error("no kernel is in %s", root);
	}
	if (!err) {
		out->at = xgrow(out->at, out->n, sizeof(*out->at));
		out->at[out->n++] = k;
	}
	free(name);
	free(root);
	return err;
}

void vm_kernels_free(struct vm_kernels *k)
{
	size_t i;

	for (i = 0; i < k->n; i++) {
		free(k->at[i].name);
		free(k->at[i].image);
		free(k->at[i].modules);
	}
	free(k->at);
	*k = (struct vm_kernels){ NULL, 0 };
}
