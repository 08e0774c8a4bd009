/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table has a line for each mutant, with tabs between its columns; tools/kernels
 * writes it.  Main thread only. */
#include "config.h"

#include "fusescen/mutate/mutants.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"

#define COLUMNS	8

/* Cuts a line at its tabs; how many columns it has. */
static size_t cut(char *line, char *column[COLUMNS])
{
	size_t n = 0;

	while (n < COLUMNS && line)
		column[n++] = strsep(&line, "\t");
	return line ? COLUMNS + 1 : n;
}

static int add_line(struct mutants *m, char *line)
{
	char *column[COLUMNS];
	struct mutant *new;

	if (cut(line, column) != COLUMNS)
		return -1;
	m->at = xgrow(m->at, m->n, sizeof(*m->at));
	new = &m->at[m->n++];
	*new = (struct mutant){
		.number = (unsigned)strtoul(column[0], NULL, 10),
		.id = column[1], .file = column[2],
		.line = (unsigned)strtoul(column[3], NULL, 10),
		.function = column[4], .operator = column[5],
		.what = column[6], .text = column[7],
		.is_wanted = true,
	};
	if (m->n > 1)
		new->nth_function = new[-1].nth_function +
			(strcmp(new->function, new[-1].function) ||
			 strcmp(new->file, new[-1].file));
	return new->number && (m->n == 1 || new->number > new[-1].number) ? 0 : -1;
}

/* Reads a text file as a whole; NULL after a message. */
static char *read_text(const char *path)
{
	struct buf b = BUF_INIT;

	if (file_read(path, &b) == 0)
		return buf_steal(&b);
	put_error("%s: %s", path, strerror(errno));
	return NULL;
}

int mutants_read(struct mutants *m, const struct vm_kernel *kernel)
{
	const char *slash = strrchr(kernel->image, '/');
	auto_free char *dir = slash ? xstrndup(kernel->image,
		(size_t)(slash - kernel->image)) : xstrdup(".");
	auto_free char *path = xasprintf("%s/mutants", dir);
	char *rest, *line;

	*m = (struct mutants){ .source = xasprintf("%s/source", dir) };
	if (access(path, R_OK)) {
		put_error("%s: this kernel has no mutants in it: make one by "
			  "\"fusescen-kernels mutate\"", kernel->name);
		return -1;
	}
	rest = m->table = read_text(path);
	while (rest && (line = strsep(&rest, "\n")))
		if (*line && add_line(m, line)) {
			put_error("%s: not a table of mutants", path);
			return -1;
		}
	return m->table ? 0 : -1;
}

void mutants_free(struct mutants *m)
{
	free(m->at);
	free(m->table);
	free(m->reasons);
	free(m->source);
}

struct mutant *mutants_by_number(const struct mutants *m, unsigned long number)
{
	size_t lo = 0, hi = m->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (m->at[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < m->n && m->at[lo].number == number ? &m->at[lo] : NULL;
}

struct mutant *mutants_by_id(const struct mutants *m, const char *id)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (!strcmp(m->at[i].id, id))
			return &m->at[i];
	return NULL;
}

size_t mutants_wanted(const struct mutants *m)
{
	size_t i, n = 0;

	for (i = 0; i < m->n; i++)
		n += m->at[i].is_wanted;
	return n;
}

/* ---- by name -------------------------------------------------------------------- */

static bool fits_file(const char *glob, const char *file)
{
	const char *at;

	if (!fnmatch(glob, file, 0))
		return true;
	for (at = strchr(file, '/'); at; at = strchr(at + 1, '/'))
		if (!fnmatch(glob, at + 1, 0))
			return true;
	return false;
}

static bool fits(const char *word, const struct mutant *m)
{
	const char *colon = strchr(word, ':');
	auto_free char *file = xstrndup(word, colon ? (size_t)(colon - word) :
					strlen(word));

	return fits_file(file, m->file) &&
		(!colon || !fnmatch(colon + 1, m->function, 0));
}

int mutants_only(struct mutants *m, const char *const *words)
{
	size_t i, j, found;
	int err = 0;

	for (i = 0; i < m->n; i++) {
		bool is_meant = false;

		for (j = 0; words[j]; j++)
			is_meant |= fits(words[j], &m->at[i]);
		m->at[i].is_wanted &= is_meant;
	}
	for (j = 0; words[j]; j++) {
		for (i = found = 0; i < m->n; i++)
			found += fits(words[j], &m->at[i]);
		if (!found) {
			put_error("--only %s: no mutant is there", words[j]);
			err = -1;
		}
	}
	return err;
}

/* ---- by patch ------------------------------------------------------------------- */

struct patched {
	char *file;
	unsigned long line;	/* of the new file: the one that comes next */
	unsigned long old_left, new_left;	/* lines of this hunk */
	bool *is_touched;	/* by mutant */
};

static void touch(const struct mutants *m, struct patched *p, unsigned long line)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->at[i].line == line && p->file && !strcmp(p->file, m->at[i].file))
			p->is_touched[i] = true;
}

/* "+++ b/fs/fuse/file.c", perhaps with a tab and a date behind it */
static void begin_file(struct patched *p, const char *name)
{
	const char *slash = strchr(name, '/');

	free(p->file);
	p->file = slash ? xstrndup(slash + 1, strcspn(slash + 1, "\t\r")) : NULL;
}

static void begin_hunk(struct patched *p, const char *line)
{
	p->old_left = p->new_left = 1;
	if (sscanf(line, "@@ -%*u,%lu +%lu,%lu", &p->old_left, &p->line,
		   &p->new_left) >= 2)
		return;
	p->old_left = 1;
	sscanf(line, "@@ -%*u +%lu,%lu", &p->line, &p->new_left);
}

static void patch_line(const struct mutants *m, struct patched *p, const char *line)
{
	if (!p->old_left && !p->new_left) {
		if (!strncmp(line, "+++ ", 4))
			begin_file(p, line + 4);
		else if (!strncmp(line, "@@ ", 3))
			begin_hunk(p, line);
		return;
	}
	switch (*line) {
	case '-':
		touch(m, p, p->line);
		p->old_left -= p->old_left > 0;
		break;
	case '+':
		touch(m, p, p->line++);
		p->new_left -= p->new_left > 0;
		break;
	case '\\':
		break;
	default:
		p->line++;
		p->old_left -= p->old_left > 0;
		p->new_left -= p->new_left > 0;
	}
}

int mutants_in_patch(struct mutants *m, const char *path)
{
	auto_free char *text = read_text(path);
	auto_free bool *is_touched = xcalloc(m->n + 1, sizeof(*is_touched));
	struct patched p = { .is_touched = is_touched };
	char *rest = text, *line;
	size_t i, n = 0;

	while (rest && (line = strsep(&rest, "\n")))
		patch_line(m, &p, line);
	free(p.file);
	if (!text)
		return -1;
	for (i = 0; i < m->n; i++) {
		m->at[i].is_wanted &= is_touched[i];
		n += is_touched[i];
	}
	if (n)
		return 0;
	put_error("%s: no mutant is in the lines that it touches", path);
	return -1;
}

/* ---- by chance, and by reason ---------------------------------------------------- */

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Each one in turn is taken with the chance that it has among those left, so the
 * order of the table stays. */
void mutants_sample(struct mutants *m, size_t n, uint64_t seed)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15u | 1;
	size_t left = mutants_wanted(m), i;

	for (i = 0; i < 8; i++)
		next_random(&state);
	for (i = 0; i < m->n; i++) {
		if (!m->at[i].is_wanted)
			continue;
		m->at[i].is_wanted = next_random(&state) % left < n;
		n -= m->at[i].is_wanted;
		left--;
	}
}

int mutants_equivalent(struct mutants *m, const char *path)
{
	char *rest, *line, *space;
	struct mutant *mutant;
	unsigned n = 0;

	rest = m->reasons = read_text(path);
	if (!rest)
		return -1;
	while ((line = strsep(&rest, "\n"))) {
		n++;
		if (!*line || *line == '#')
			continue;
		space = strchr(line, ' ');
		if (!space || !space[1]) {
			put_error("%s:%u: not an id and a reason", path, n);
			return -1;
		}
		*space = '\0';
		mutant = mutants_by_id(m, line);
		if (!mutant)
			continue;	/* of another kernel */
		mutant->equivalent = space + 1;
		mutant->is_wanted = false;
	}
	return 0;
}
