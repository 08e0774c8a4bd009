/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses cases by name, path, tag and part.  Main thread only. */
#include "config.h"

#include "fusescen/cmd/cases.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/random.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"

#define NAMES_SHOWN	8

/* ---- names ---------------------------------------------------------------- */

static bool fits(const char *glob, const char *text)
{
	return fnmatch(glob, text, FNM_PATHNAME) == 0;
}

/* Does the glob fit the path, or a part of it from one slash to another? */
static bool fits_part(const char *glob, const char *path)
{
	const char *slash;

	for (; path; path = slash ? slash + 1 : NULL) {
		auto_free char *part = xstrdup(path);
		char *end;

		while (!fits(glob, part)) {
			end = strrchr(part, '/');
			if (!end)
				break;
			*end = '\0';
		}
		if (fits(glob, part))
			return true;
		slash = strchr(path, '/');
	}
	return false;
}

static bool is_excluded(const char *glob, const char *path, const char *name)
{
	auto_free char *both = xasprintf("%s:%s", path, name ? name : "");

	return strchr(glob, ':') ? fits_part(glob, both) : fits_part(glob, path);
}

static bool fits_any(const char **globs, const char *name)
{
	for (; *globs; globs++)
		if (fits(*globs, name))
			return true;
	return false;
}

static bool is_named(const struct case_filter *filter, const struct path *path,
		     const char *name)
{
	if (path->cases && !(name && fits(path->cases, name)))
		return false;
	return !filter->cases || (name && fits_any(filter->cases, name));
}

/* ---- tags ----------------------------------------------------------------- */

/* Is it the name of a directory that the file is in?  A file of the working
 * directory is in that one. */
static bool is_directory_of(const char *path, const char *tag)
{
	auto_free char *real = strchr(path, '/') ? xstrdup(path) : realpath(path, NULL);
	char *last = real ? strrchr(real, '/') : NULL;

	if (!last)
		return false;
	*last = '\0';
	return strchr(path, '/') ? fits_part(tag, real) :
		strrchr(real, '/') && fits(tag, strrchr(real, '/') + 1);
}

static bool has_tag(const struct path *path, const fusescen_file *file, const char *tag)
{
	const char *const *own;

	for (own = fusescen_tags(file); *own; own++)
		if (fits(tag, *own))
			return true;
	return !path->text && is_directory_of(path->name, tag);
}

static bool is_tagged(const struct case_filter *filter, const struct path *path,
		      const fusescen_file *file)
{
	bool is_asked = false, has_one = false;
	const char **tag;

	for (tag = filter->tags; tag && *tag; tag++) {
		if ((*tag)[0] == '!') {
			if (has_tag(path, file, *tag + 1))
				return false;
			continue;
		}
		is_asked = true;
		has_one = has_one || has_tag(path, file, *tag);
	}
	return has_one || !is_asked;
}

/* ---- the list ------------------------------------------------------------- */

static bool is_wanted(const struct case_filter *filter, const struct path *path,
		      const char *name)
{
	const char **glob;

	if (!is_named(filter, path, name))
		return false;
	for (glob = filter->exclude; glob && *glob; glob++)
		if (is_excluded(*glob, path->name, name))
			return false;
	return true;
}

void tasks_add(struct tasks *tasks, const struct case_filter *filter,
	       const struct path *path, const fusescen_file *file)
{
	size_t n = fusescen_cases(file), i;

	if (!is_tagged(filter, path, file))
		return;
	for (i = 0; i < n; i++) {
		if (!is_wanted(filter, path, fusescen_case_name(file, i)))
			continue;
		tasks->at = xgrow(tasks->at, tasks->n, sizeof(*tasks->at));
		tasks->at[tasks->n++] = (struct task){
			.path = path->name, .text = path->text, .file = file,
			.index = i,
		};
	}
}

void tasks_keep_failed(struct tasks *tasks, const struct failed *failed, bool is_known)
{
	size_t i, n = 0;

	for (i = 0; i < tasks->n; i++) {
		const struct task *task = &tasks->at[i];

		/* Of a file that can be loaded now, no case has run. */
		if (failed_has(failed, task->path, NOT_LOADED) ||
		    failed_has(failed, task->path,
			       fusescen_case_name(task->file, task->index)))
			tasks->at[n++] = *task;
	}
	if (n || is_known)
		tasks->n = n;
}

/* ---- nothing is left ------------------------------------------------------ */

static void add_words(struct buf *b, const char *option, const char **words)
{
	for (; words && *words; words++)
		buf_printf(b, "%s --%s %s", b->len ? "," : "", option, *words);
}

/* Cases of all files, each once; NULL at the end. */
static const char **names_of(const struct paths *paths, fusescen_file *const *files)
{
	const char **list = xcalloc(1, sizeof(*list));
	size_t n = 0, i, k;

	for (i = 0; i < paths->n; i++)
		for (k = 0; k < fusescen_cases(files[i]); k++) {
			const char *name = fusescen_case_name(files[i], k);

			if (!name || words_have(words_array(list), name))
				continue;
			list = xgrow(list, n + 1, sizeof(*list));
			list[n++] = name;
			list[n] = NULL;
		}
	return list;
}

static void explain_name(const char *glob, const char *const *names)
{
	const char *nearest = words_nearest(words_array(names), glob, strlen(glob));
	auto_buf struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; names[i]; i++)
		if (fits(glob, names[i]))
			return;
	if (nearest)
		buf_printf(&b, " (did you mean %s?)", nearest);
	if (!i)
		buf_puts(&b, "; none of the files has cases");
	else if (i > NAMES_SHOWN)
		buf_puts(&b, "; --list prints all of them");
	else
		for (i = 0; names[i]; i++)
			buf_printf(&b, "%s%s", i ? ", " : "; there are ", names[i]);
	put_error("no case is called \"%s\"%s", glob, buf_str(&b));
}

/* Is it what the path before was given with, too, as for the files of a directory? */
static bool is_repeated(const struct paths *paths, size_t i)
{
	return i && paths->at[i - 1].cases &&
		!strcmp(paths->at[i - 1].cases, paths->at[i].cases);
}

void tasks_explain_none(const struct case_filter *filter, const struct paths *paths,
			fusescen_file *const *files)
{
	const char **names = names_of(paths, files), **glob;
	auto_buf struct buf b = BUF_INIT;
	size_t i;

	add_words(&b, "case", filter->cases);
	for (i = 0; i < paths->n; i++)
		if (paths->at[i].cases && !is_repeated(paths, i))
			buf_printf(&b, "%s :%s", b.len ? "," : "", paths->at[i].cases);
	add_words(&b, "tag", filter->tags);
	add_words(&b, "exclude", filter->exclude);
	put_error("the options leave no case to run:%s", buf_str(&b));
	for (glob = filter->cases; glob && *glob; glob++)
		explain_name(*glob, names);
	for (i = 0; i < paths->n; i++)
		if (paths->at[i].cases && !is_repeated(paths, i))
			explain_name(paths->at[i].cases, names);
	free(names);
}

int tasks_shard(struct tasks *tasks, const char *shard)
{
	unsigned part, parts;
	size_t i, n = 0;
	char end;

	if (!shard)
		return 0;
	if (sscanf(shard, "%u/%u%c", &part, &parts, &end) != 2 || !part ||
	    part > parts) {
		put_error("--shard: \"%s\" is not K/N, the Kth of N parts", shard);
		return -1;
	}
	for (i = part - 1; i < tasks->n; i += parts)
		tasks->at[n++] = tasks->at[i];
	tasks->n = n;
	return 0;
}

void tasks_print(const struct tasks *tasks, bool with_titles)
{
	size_t i;

	for (i = 0; i < tasks->n; i++) {
		const struct task *task = &tasks->at[i];
		const char *name = fusescen_case_name(task->file, task->index);

		put_plain(stdout, task->path);
		if (name)
			printf(":%s", name);
		if (with_titles) {
			fputs("  ", stdout);
			put_plain(stdout, fusescen_title(task->file));
		}
		putchar('\n');
	}
}

/* ---- another order -------------------------------------------------------- */

struct run_of_cases {
	size_t from, n;		/* of a file */
};

static void swap(void *a, void *b, size_t size)
{
	char t[64];

	memcpy(t, a, size);
	memcpy(a, b, size);
	memcpy(b, t, size);
}

/* Fisher and Yates */
static void shuffle(void *base, size_t n, size_t size, uint64_t *seed)
{
	char *at = base;

	for (; n > 1; n--)
		swap(at + (n - 1) * size, at + random_mix((*seed)++) % n * size, size);
}

static size_t find_runs(const struct tasks *tasks, struct run_of_cases *runs)
{
	size_t i, n = 0;

	for (i = 0; i < tasks->n; i++) {
		if (i && tasks->at[i].file == tasks->at[i - 1].file)
			runs[n - 1].n++;
		else
			runs[n++] = (struct run_of_cases){ i, 1 };
	}
	return n;
}

void tasks_shuffle(struct tasks *tasks, uint64_t seed)
{
	struct run_of_cases *runs = xcalloc(tasks->n + 1, sizeof(*runs));
	struct task *out = xcalloc(tasks->n + 1, sizeof(*out));
	size_t n = find_runs(tasks, runs), i, done = 0;
	_Static_assert(sizeof(struct task) <= 64, "swap() has room for less");
	shuffle(runs, n, sizeof(*runs), &seed);
	for (i = 0; i < n; i++) {
		memcpy(out + done, tasks->at + runs[i].from, runs[i].n * sizeof(*out));
		shuffle(out + done, runs[i].n, sizeof(*out), &seed);
		done += runs[i].n;
	}
	free(runs);
	free(tasks->at);
	tasks->at = out;
}
