/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file to scenarios: the tree is made once, then read once per case with the
 * case's variables.  What is wrong in every case is said once, because the
 * collector drops repetitions.  One thread at a time per file.
 */
#include "config.h"

#include "load/load.h"

#include <ctype.h>
#include <string.h>

#include "base/limits.h"
#include "load/yaml/source.h"
#include "load/read/guesses.h"
#include "load/read/splice.h"
#include "load/read/values.h"
#include "load/case.h"

#define ALL	SIZE_MAX	/* cases */

/* ---- cases -------------------------------------------------------------- */

static bool is_case_name(const struct ynode *n)
{
	size_t i;

	for (i = 0; i < n->len; i++)
		if (!isalnum((unsigned char)n->text[i]) &&
		    !strchr("_-+.", n->text[i]))
			return false;
	return n->len > 0;
}

static int check_value(struct loader *ld, const struct ynode *value)
{
	int bad = 0;
	size_t i;

	for (i = 0; i < value->n_items; i++)
		bad |= check_value(ld, value->items[i]);
	if (value->kind == Y_SCALAR && memmem(value->text, value->len, "${", 2))
		return diag(ld->dg, value->loc, "the value of a variable cannot "
			    "use another one");
	return bad;
}

static int check_row(struct loader *ld, const struct ynode *row)
{
	const struct ynode *name = ynode_get(row, "case");
	int bad = 0;
	size_t i;

	if (value_is_map(ld, row, "a case ({case: name, variable: value})"))
		return -1;
	if (!name)
		return diag(ld->dg, row->loc, "a case needs \"case\": its name");
	for (i = 0; i + 1 < row->n_items; i += 2) {
		const struct ynode *key = row->items[i];
		const struct ynode *value = row->items[i + 1];

		if (!is_name(key->text, key->len))
			bad |= diag(ld->dg, key->loc, "expected the name of a "
				    "variable, got \"%.60s\"", key->text);
		bad |= check_value(ld, value);
	}
	if (!bad && name->kind != Y_SCALAR)
		bad = diag(ld->dg, name->loc, "expected the name of a case, got %s",
			   ynode_describe(name));
	else if (!bad && !is_case_name(name))
		bad = diag(ld->dg, name->loc, "expected the name of a case, "
			   "got \"%.60s\"", name->text);
	return bad;
}

/* Names are few and short. */
static int check_names(struct loader *ld, const struct ynode *cases)
{
	int bad = 0;
	size_t i, j;

	for (i = 0; i < cases->n_items; i++) {
		const struct ynode *name = ynode_get(cases->items[i], "case");

		for (j = 0; j < i; j++) {
			const struct ynode *other =
				ynode_get(cases->items[j], "case");

			if (strcmp(name->text, other->text))
				continue;
			bad |= diag(ld->dg, name->loc, "case \"%s\" is given "
				    "twice (the first one is on line %u)",
				    name->text, other->loc.line);
			break;
		}
	}
	return bad;
}

static int check_cases(struct loader *ld, const struct ynode *cases)
{
	int bad = 0;
	size_t i;

	if (value_is_list(ld, cases, "a list of cases"))
		return -1;
	if (!cases->n_items)
		return diag(ld->dg, cases->loc, "the list of cases is empty");
	if (cases->n_items > LIMIT_FILE_CASES)
		return diag_limit(ld->dg, cases->items[LIMIT_FILE_CASES]->loc,
				  LIMIT_OF(FILE_CASES));
	for (i = 0; i < cases->n_items && !loader_is_enough(ld); i++)
		bad |= check_row(ld, cases->items[i]);
	return bad ? -1 : check_names(ld, cases);
}

/* "# What it shows" in line 1. */
static const char *title_of(const struct scenario_file *f)
{
	const char *text = f->text, *end;

	if (!f->text_len || text[0] != '#' || text[1] == '!')
		return "";
	text += 1 + (text[1] == ' ');
	end = memchr(text, '\n', (size_t)(f->text + f->text_len - text));
	if (!end)
		end = f->text + f->text_len;
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	return arena_strndup(f->arena, text, (size_t)(end - text));
}

static bool has_earlier_row(const struct ynode *cases, size_t row, const char *key)
{
	for (size_t i = 0; i < row; i++) {
		if (ynode_get(cases->items[i], key))
			return true;
	}
	return false;
}

/* Of all rows, each once: every case says the same.  A variable is found by its
 * text, which the values of rows cannot have. */
static void find_unused_vars(const struct scenario_file *f,
			     const struct ynode *cases, size_t row,
			     struct scenario *sc)
{
	const struct ynode *keys = cases->items[row];

	for (size_t i = 0; i + 1 < keys->n_items; i += 2) {
		const struct ynode *key = keys->items[i];
		auto_free char *use = xasprintf("${%s}", key->text);
		struct unused_var var = { key->loc, key->text };

		if (strcmp(key->text, "case") &&
		    !memmem(f->text, f->text_len, use, strlen(use)) &&
		    !has_earlier_row(cases, row, key->text))
			ARENA_PUSH(f->arena, sc->unused_vars, sc->n_unused_vars, var);
	}
}

static int load_one(struct scenario_file *f, const struct ynode *root,
		    const struct ynode *cases, const struct ynode *row,
		    struct sketch *sketch)
{
	struct scenario *sc = ARENA_NEW(f->arena, struct scenario);
	struct loader ld = {
		.arena = f->arena, .dg = f->diags, .sc = sc, .vars = row,
		.cases = row ? cases : NULL, .sketch = sketch,
	};

	sc->path = f->path;
	sc->protocol = &protocol_builtin;
	sc->title = title_of(f);
	sc->case_name = row ? ynode_get(row, "case")->text : NULL;
	sc->diags = f->diags;
	for (size_t i = 0; cases && i < cases->n_items; i++)
		find_unused_vars(f, cases, i, sc);
	ARENA_PUSH(f->arena, f->cases, f->n_cases, sc);
	return load_case(&ld, row ? splice_case(&ld, root) : root, cases);
}

/* All cases, or (only != ALL) one of them. */
static void load_cases(struct scenario_file *f, const struct ynode *root,
		       size_t only, struct sketch *sketch)
{
	const struct ynode *cases = ynode_get(root, "cases");
	struct loader ld = { .arena = f->arena, .dg = f->diags };
	size_t i;

	if (!cases) {
		load_one(f, root, NULL, NULL, sketch);
		return;
	}
	if (check_cases(&ld, cases))
		return;
	for (i = 0; i < cases->n_items && !diags_full(f->diags); i++) {
		if (only != ALL && only != i)
			continue;
		diags_begin_part(f->diags, ynode_get(cases->items[i], "case")->text);
		load_one(f, root, cases, cases->items[i], sketch);
		/* which each other case would say again */
		if (loader_is_out_of_memory(&ld))
			break;
	}
	if (loader_is_out_of_memory(&ld) && !diags_count(f->diags))
		loader_check_size(&ld, root->loc);
}

/* ---- public ------------------------------------------------------------- */

static struct scenario_file *file_new(const char *path)
{
	struct scenario_file *f = xcalloc(1, sizeof(*f));

	f->arena = arena_new();
	f->path = xstrdup(path);
	f->diags = diags_new(path, NULL, 0);
	diags_set_guess(f->diags, guess_word);
	return f;
}

/* The text is there; what it holds? */
static void load_tree(struct scenario_file *f, size_t only, struct sketch *sketch)
{
	struct ynode *root;

	diags_set_text(f->diags, f->text, f->text_len);
	root = ytree_parse(f->arena, f->diags, f->text, f->text_len);
	if (root)
		load_cases(f, root, only, sketch);
	/* nobody runs half a scenario */
	if (diags_count(f->diags))
		f->n_cases = 0;
}

struct scenario_file *load_file(const char *path)
{
	struct scenario_file *f = file_new(path);

	if (!source_read(f->diags, path, &f->text, &f->text_len))
		load_tree(f, ALL, NULL);
	return f;
}

static struct scenario_file *load_some(const char *name, const char *text,
				       size_t len, size_t only, struct sketch *sketch)
{
	struct scenario_file *f = file_new(name);

	if (len > LIMIT_FILE_BYTES) {
		diag_limit(f->diags, (struct loc){ 0, 0, 0 },
			   LIMIT_OF(FILE_BYTES));
		return f;
	}
	f->text = xmalloc(len + 1);
	memcpy(f->text, text, len);
	f->text[len] = '\0';
	f->text_len = len;
	load_tree(f, only, sketch);
	return f;
}

struct scenario_file *load_text(const char *name, const char *text, size_t len)
{
	return load_some(name, text, len, ALL, NULL);
}

struct scenario_file *load_text_case(const char *name, const char *text,
				     size_t len, size_t i)
{
	return load_some(name, text, len, i, NULL);
}

struct scenario_file *load_sketched(const char *name, const char *text,
				    struct sketch *sketch)
{
	return load_some(name, text, strlen(text), ALL, sketch);
}
