/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the generated pages about the scenarios to stdout, as Markdown:
 *
 *	catalogue coverage SCENARIOS_DIR	doc/coverage.md
 *	catalogue scenarios SCENARIOS_DIR	doc/scenarios.md
 *
 * `coverage` also reads doc/coverage.reasons and doc/coverage.behaviours beside
 * the directory.  It complains on stderr, and exits with 1, if a word has neither a
 * scenario nor a reason, if nothing needs a reason, or if a behaviour's scenario
 * does not exist.  `make` writes the pages all the same, and
 * tests/meta/catalogue.sh fails.
 */
#include "config.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "load/load.h"
#include "tools/catalogue_texts.h"
#include "tools/catalogue_uses.h"

#define SHOWN_MAX	5	/* links in a row of the table, then "and N more" */
#define NO_FILE		((size_t)-1)

struct corpus {
	char *dir;
	struct arena *arena;
	struct scenario_file **files;
	const char **names;	/* "iomode/lock-modes" */
	size_t n;
};

/* ---- the corpus --------------------------------------------------------------- */

static const char *name_of(struct corpus *c, const char *path)
{
	const char *name = path + strlen(c->dir) + 1;

	return arena_strndup(c->arena, name, strlen(name) - strlen(".yaml"));
}

static int corpus_load(struct corpus *c, const char *dir)
{
	auto_free char *pattern = xasprintf("%s/*/*.yaml", dir);
	size_t n_bad = 0, i;
	glob_t paths;

	*c = (struct corpus){ .dir = xstrdup(dir), .arena = arena_new() };
	if (glob(pattern, 0, NULL, &paths)) {
		fprintf(stderr, "no scenarios: %s\n", pattern);
		return -1;
	}
	for (i = 0; i < paths.gl_pathc; i++) {
		struct scenario_file *f = load_file(paths.gl_pathv[i]);

		if (diags_count(f->diags)) {
			auto_buf struct buf b = BUF_INIT;

			diags_print(f->diags, &b);
			fputs(buf_str(&b), stderr);
			scenario_file_free(f);
			n_bad++;
			continue;
		}
		ARENA_PUSH(c->arena, c->files, c->n, f);
	}
	globfree(&paths);
	c->names = ARENA_ARRAY(c->arena, const char *, c->n);
	for (i = 0; i < c->n; i++)
		c->names[i] = name_of(c, c->files[i]->path);
	return n_bad ? -1 : 0;
}

static void corpus_free(struct corpus *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		scenario_file_free(c->files[i]);
	arena_free(c->arena);
	free(c->dir);
}

static size_t corpus_find(const struct corpus *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->names[i], name) == 0)
			return i;
	return NO_FILE;
}

static size_t count_cases(const struct corpus *c)
{
	size_t cases = 0, i;

	for (i = 0; i < c->n; i++)
		cases += c->files[i]->n_cases;
	return cases;
}

static const char *title_of(const struct corpus *c, size_t file)
{
	const char *title = c->files[file]->cases[0]->title;

	return title ? title : "";
}

/* ---- Markdown ------------------------------------------------------------------ */

/* Prints plain text in a cell of a table. */
static void put_text(const char *s)
{
	for (; *s; s++) {
		if (strchr("|*<[`\\", *s))
			putchar('\\');
		putchar(*s);
	}
}

static void put_link(const struct corpus *c, size_t file)
{
	printf("[%s](../scenarios/%s.yaml)", c->names[file], c->names[file]);
}

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Does the title have the word, as a whole one, in small letters or large? */
static bool speaks_of(const char *title, const char *word)
{
	const size_t len = strlen(word);
	const char *at;

	for (at = title; (at = strcasestr(at, word)); at++)
		if ((at == title || !is_word_char(at[-1])) &&
		    !is_word_char(at[len]))
			return true;
	return false;
}

/* Prints the users of a word.  Those whose first line has the word come
 * first. */
static void put_users(const struct corpus *c, const struct users *users,
		      const char *word)
{
	size_t shown = 0, i;
	int about;

	for (about = 1; about >= 0; about--) {
		for (i = 0; i < users->n && shown < SHOWN_MAX; i++) {
			if (speaks_of(title_of(c, users->files[i]), word) != about)
				continue;
			fputs(shown++ ? ", " : "", stdout);
			put_link(c, users->files[i]);
		}
	}
	if (users->n > shown)
		printf(" and %zu more", users->n - shown);
}

/* ---- coverage: what is not ------------------------------------------------------ */

/* Returns the key of a row, such as "op SETUPMAPPING" or "flag
 * statx/STATX_SUBVOL".  */
static const char *row_key(struct arena *arena, const struct section *s,
			   const char *name)
{
	return s->set ? arena_printf(arena, "%s %s/%s", s->kind, s->set, name) :
		arena_printf(arena, "%s %s", s->kind, name);
}

static struct text_line *reason_find(struct texts *reasons, const char *key)
{
	size_t i;

	for (i = 0; i < reasons->n; i++)
		if (reasons->lines[i].key && !strcmp(reasons->lines[i].key, key))
			return &reasons->lines[i];
	return NULL;
}

static bool section_is_unused(const struct section *s)
{
	size_t i;

	for (i = 0; i < s->n_rows; i++)
		if (row_is_used(&s->rows[i]))
			return false;
	return true;
}

/* If nothing uses any word of a set, one reason is enough, with * for the
 * name. */
static struct text_line *reason_for(struct texts *reasons,
				    const struct section *s, const char *name)
{
	struct text_line *all = section_is_unused(s) ?
		reason_find(reasons, row_key(reasons->arena, s, "*")) : NULL;

	return all ? all : reason_find(reasons, row_key(reasons->arena, s, name));
}

static void put_uncovered_rows(struct texts *reasons, const struct section *s,
			       bool *is_needed)
{
	size_t i;

	for (i = 0; i < s->n_rows; i++) {
		const char *key = row_key(reasons->arena, s, s->rows[i].name);
		struct text_line *why;

		if (row_is_used(&s->rows[i]))
			continue;
		why = reason_for(reasons, s, s->rows[i].name);
		if (!why) {
			texts_complain(reasons, 0, "no scenario uses %s, and no "
				       "reason is given", key);
			continue;
		}
		is_needed[why - reasons->lines] = true;
		printf("| %s | `%s` | ", s->set ? s->title : s->kind,
		       s->rows[i].name);
		put_text(why->text);
		puts(" |");
	}
}

static void put_uncovered(const struct uses *u, struct texts *reasons)
{
	bool *is_needed = ARENA_ARRAY(reasons->arena, bool, reasons->n + 1);
	size_t i;

	puts("## Not covered\n\n| kind | word | why |\n|---|---|---|");
	for (i = 0; i < u->n_sections; i++)
		put_uncovered_rows(reasons, &u->sections[i], is_needed);
	for (i = 0; i < reasons->n; i++)
		if (!is_needed[i])
			texts_complain(reasons, reasons->lines[i].line,
				       "nothing needs this reason");
}

/* ---- coverage: what is ------------------------------------------------------------ */

static void put_row(const struct corpus *c, const struct section *s,
		    const struct row *row)
{
	printf("| `%s` | ", row->name);
	put_users(c, &row->by[0], row->name);
	if (s->table == builtin_ops) {
		fputs(" | ", stdout);
		put_users(c, &row->by[1], row->name);
	}
	puts(" |");
}

static void put_section(const struct corpus *c, const struct section *s)
{
	size_t i;

	if (section_is_unused(s))
		return;
	if (s->set)
		printf("\n### %s (%s)\n\n", s->title, s->set);
	else
		printf("\n## %s\n\n", s->title);
	puts(s->table == builtin_ops ?
	     "| operation | decided by a rule in | named by a pattern in |\n"
	     "|---|---|---|" : "| word | scenarios |\n|---|---|");
	for (i = 0; i < s->n_rows; i++)
		if (row_is_used(&s->rows[i]))
			put_row(c, s, &s->rows[i]);
}

static void put_sections(const struct corpus *c, const struct uses *u)
{
	bool in_flags = false;
	size_t i;

	for (i = 0; i < u->n_sections; i++) {
		if (u->sections[i].set && !in_flags)
			puts("\n## Flags");
		in_flags = u->sections[i].set;
		put_section(c, &u->sections[i]);
	}
}

/* ---- coverage: behaviours ------------------------------------------------------------ */

static void put_source(const struct corpus *c, struct texts *t, unsigned line,
		       const char *name)
{
	auto_free char *path = xasprintf("%s/../%s", c->dir, name);
	size_t file = corpus_find(c, name);

	if (file != NO_FILE)
		put_link(c, file);
	else if (strncmp(name, "tests/", 6) == 0 && !access(path, F_OK))
		printf("[%s](../%s)", name, name);
	else
		texts_complain(t, line, "no scenario is called %s", name);
}

/* Prints "NAME, NAME; remark" or "none: reason".  */
static void put_sources(const struct corpus *c, struct texts *t,
			const struct text_line *line)
{
	auto_free char *copy = xstrdup(line->text);
	char *remark = strchr(copy, ';'), *next = NULL, *name;
	const char *sep = "";

	if (strncmp(copy, "none: ", 6) == 0) {
		put_text(copy);
		return;
	}
	if (remark)
		*remark++ = '\0';
	for (name = strtok_r(copy, ", ", &next); name;
	     name = strtok_r(NULL, ", ", &next), sep = ", ") {
		fputs(sep, stdout);
		put_source(c, t, line->line, name);
	}
	if (remark) {
		putchar(';');
		put_text(remark);
	}
}

static void put_behaviours(const struct corpus *c, struct texts *t)
{
	size_t i;

	puts("\n## Behaviours\n\nWhat is known of the kernel, and the scenario "
	     "that shows it.");
	for (i = 0; i < t->n; i++) {
		const struct text_line *line = &t->lines[i];
		int number = line->key ? (int)strcspn(line->key, " ") : 0;

		if (!line->key) {
			printf("\n### %s\n\n| | what | shown by |\n|---|---|---|\n",
			       line->text);
			continue;
		}
		printf("| %.*s | ", number, line->key);
		put_text(line->key + number + strspn(line->key + number, " "));
		fputs(" | ", stdout);
		put_sources(c, t, line);
		puts(" |");
	}
}

static int coverage(const struct corpus *c)
{
	auto_free char *why = xasprintf("%s/../doc/coverage.reasons", c->dir);
	auto_free char *what = xasprintf("%s/../doc/coverage.behaviours", c->dir);
	struct texts *reasons = texts_read(why);
	struct texts *behaviours = texts_read(what);
	struct uses *u = uses_new();
	int bad = !reasons || !behaviours;
	size_t i, j;

	for (i = 0; i < c->n; i++)
		for (j = 0; j < c->files[i]->n_cases; j++)
			uses_add(u, c->files[i]->cases[j], i);
	if (!bad) {
		printf("# What the scenarios cover\n\n"
		       "Made of the scenarios, coverage.reasons and "
		       "coverage.behaviours.\n\n"
		       "%zu scenarios, %zu cases. A word counts where a loaded "
		       "scenario has it, also to say that it never\ncomes, not "
		       "where a comment mentions it. Of those that use a word, "
		       "the ones whose first line speaks of it\ncome first."
		       "\n\n", c->n, count_cases(c));
		put_uncovered(u, reasons);
		put_sections(c, u);
		put_behaviours(c, behaviours);
		bad = reasons->bad || behaviours->bad;
	}
	uses_free(u);
	texts_free(reasons);
	texts_free(behaviours);
	return bad ? -1 : 0;
}

/* ---- index --------------------------------------------------------------------------- */

static void put_needs(const struct scenario *sc)
{
	const char *sep = "";
	size_t i;

	for (i = 0; i < sc->n_needs; i++, sep = ", ")
		printf("%s%s", sep, sc->needs[i].name);
	if (sc->hazard)
		printf("%shazard: %s", sep, sc->hazard);
}

static void put_failures(const struct scenario *sc)
{
	const char *sep = "";
	size_t i;

	for (i = 0; i < sc->n_fails; i++, sep = "; ") {
		const struct known_failure *k = &sc->fails[i];

		fputs(sep, stdout);
		put_text(k->kernel);
		if (k->case_name)
			printf(" (%s)", k->case_name);
		fputs(": ", stdout);
		put_text(k->because);
	}
}

static void put_scenario(const struct corpus *c, size_t file)
{
	const struct scenario *sc = c->files[file]->cases[0];

	printf("| [%s](../scenarios/%s.yaml) | ",
	       strchr(c->names[file], '/') + 1, c->names[file]);
	put_text(title_of(c, file));
	fputs(" | ", stdout);
	put_needs(sc);
	fputs(" | ", stdout);
	put_failures(sc);
	printf(" | %zu |\n", c->files[file]->n_cases);
}

static int index_by_topic(const struct corpus *c)
{
	const char *topic = "";
	size_t len = 0, i;

	printf("# The scenarios\n\nWhat they cover, word by word, is in "
	       "[coverage.md](coverage.md).\n\n"
	       "%zu scenarios, %zu cases. A known failure names the kernels on "
	       "which a scenario is known to fail, and why.\n",
	       c->n, count_cases(c));
	for (i = 0; i < c->n; i++) {
		const char *name = c->names[i];

		if (strncmp(name, topic, len + 1) != 0 || !len) {
			topic = name;
			len = strcspn(name, "/");
			printf("\n## %.*s\n\n"
			       "| name | what it shows | needs | known failures | cases |\n"
			       "|---|---|---|---|---|\n", (int)len, topic);
		}
		put_scenario(c, i);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct corpus c;
	int status;

	if (argc != 3 ||
	    (strcmp(argv[1], "coverage") && strcmp(argv[1], "scenarios"))) {
		fputs("usage: catalogue coverage|scenarios SCENARIOS_DIR\n",
		      stderr);
		return 99;
	}
	status = corpus_load(&c, argv[2]);
	status |= strcmp(argv[1], "scenarios") ? coverage(&c) :
		index_by_topic(&c);
	corpus_free(&c);
	return status ? 1 : 0;
}
