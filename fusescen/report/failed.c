/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers failures from one invocation to the next.  Main thread only. */
#include "config.h"

#include "fusescen/report/failed.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fusescen/util/files.h"

struct entry {
	char *key;
	bool was_here;		/* when the file was read */
	bool has_run, has_failed;	/* since then */
};

struct failed {
	char *path;		/* of the file; NULL: there is no cache */
	struct entry *entries;
	size_t n;
	bool has_changed;
};

/* NULL if it cannot be a line of the file. */
static char *key_of(const char *path, const char *case_name)
{
	auto_free char *real = realpath(path, NULL);

	if (!real || strpbrk(real, "\t\n"))
		return NULL;
	return xasprintf("%s\t%s", real, case_name ? case_name : "");
}

static struct entry *find(const struct failed *f, const char *key)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strcmp(f->entries[i].key, key) == 0)
			return &f->entries[i];
	return NULL;
}

/* Takes the key. */
static struct entry *add(struct failed *f, char *key)
{
	f->entries = xgrow(f->entries, f->n, sizeof(*f->entries));
	f->entries[f->n] = (struct entry){ .key = key };
	return &f->entries[f->n++];
}

static bool is_there(const char *key)
{
	auto_free char *path = xstrndup(key, strcspn(key, "\t"));

	return access(path, F_OK) == 0;
}

struct failed *failed_load(void)
{
	struct failed *f = xcalloc(1, sizeof(*f));
	struct buf text = BUF_INIT;
	char *line, *next;

	f->path = cache_path("run", "last-failed");
	if (!f->path || file_read(f->path, &text))
		return f;
	for (line = text.data; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (is_there(line))
			add(f, xstrdup(line))->was_here = true;
		else
			f->has_changed = true;
	}
	buf_fini(&text);
	return f;
}

bool failed_has(const struct failed *f, const char *path, const char *case_name)
{
	auto_free char *key = key_of(path, case_name);

	return key && find(f, key);
}

void failed_note(struct failed *f, const char *path, const char *case_name,
		 bool has_failed)
{
	auto_free char *key = f->n || has_failed ? key_of(path, case_name) : NULL;
	struct entry *e = key ? find(f, key) : NULL;

	if (key && !e && has_failed)
		e = add(f, steal_ptr(&key));
	if (!e)
		return;
	e->has_run = true;
	e->has_failed |= has_failed;
}

static bool is_kept(const struct entry *e)
{
	return e->has_failed || !e->has_run;
}

void failed_save(const struct failed *f)
{
	auto_buf struct buf text = BUF_INIT;
	bool has_changed = f->has_changed;
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct entry *e = &f->entries[i];

		has_changed |= e->was_here != is_kept(e);
		if (is_kept(e))
			buf_printf(&text, "%s\n", e->key);
	}
	/* That nothing is remembered has no effect on what was run. */
	if (has_changed && f->path)
		(void)cache_write(f->path, buf_str(&text), text.len);
}

void failed_free(struct failed *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		free(f->entries[i].key);
	free(f->entries);
	free(f->path);
	free(f);
}
