/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads what is measured: servers, baselines, directories. */
#include "config.h"

#include "fusescen/bench/variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"

/* ---- scenarios ------------------------------------------------------------------- */

/* A path is relative to the directory of the bench file. */
static fusescen_file *load_path(struct bench *b, const char *path)
{
	const char *from = diags_path(b->tree.dg), *slash = strrchr(from, '/');
	fusescen_file *file;
	char *whole;

	if (*path == '/' || !slash)
		return fusescen_load(path);
	whole = xasprintf("%.*s/%s", (int)(slash - from), from, path);
	file = fusescen_load(whole);
	free(whole);
	return file;
}

/* A scenario in the bench file keeps its lines and columns for the messages. */
static fusescen_file *load_inline(struct bench *b, const struct ynode *n)
{
	auto_free char *text = tree_cut(&b->tree, n);

	return fusescen_load_text(diags_path(b->tree.dg), text, strlen(text));
}

static int read_scenario(struct bench *b, const struct ynode *n, struct bench_server *s)
{
	const char *path = tree_text(n);

	if (!path && n->kind != Y_MAP)
		return tree_expected(&b->tree, n, "a scenario, or its file");
	s->is_elsewhere = path != NULL;
	s->scenario = path ? load_path(b, path) : load_inline(b, n);
	if (fusescen_errors(s->scenario)) {
		put_error_text(fusescen_errors(s->scenario));
		b->has_bad_scenario = true;
		return -1;
	}
	if (fusescen_cases(s->scenario) != 1)
		return diag(b->tree.dg, n->loc, "the scenario has %zu cases, "
			    "and a bench file cannot choose one",
			    fusescen_cases(s->scenario));
	return 0;
}

/* ---- variants ----------------------------------------------------------------------- */

static bool is_served(const struct bench_variant *v, const char *dir)
{
	size_t i;

	for (i = 0; i < v->n_servers; i++)
		if (strcmp(v->servers[i].dir, dir) == 0)
			return true;
	return false;
}

static int read_server_dir(struct bench *b, const struct ynode *n, const char **out)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

	*out = tree_text(n);
	if (!*out || !**out || (*out)[strspn(*out, letters)])
		return tree_expected(&b->tree, n, "the name of a directory");
	if (bench_has_dir(*out))
		return diag(b->tree.dg, n->loc, "\"%s\" always exists, and cannot be served", *out);
	return 0;
}

static int read_servers(struct bench *b, const struct ynode *n, struct bench_variant *v)
{
	size_t i;

	if (n->kind != Y_MAP)
		return tree_expected(&b->tree, n, "{DIRECTORY: SCENARIO}");
	for (i = 0; i < tree_entries(n); i++) {
		struct bench_server *s;

		v->servers = xgrow(v->servers, i, sizeof(*s));
		s = &v->servers[i];
		s->scenario = NULL;
		v->n_servers = i + 1;
		if (read_server_dir(b, n->items[2 * i], &s->dir) ||
		    read_scenario(b, n->items[2 * i + 1], s))
			return -1;
	}
	return 0;
}

static int read_loop(struct bench *b, const struct ynode *n, struct bench_variant *v)
{
	static const char *const words[] = { "fusescen", "libfuse", NULL };
	const char *word = tree_text(n);

	if (!word || (strcmp(word, words[0]) && strcmp(word, words[1])))
		return tree_unknown(&b->tree, n, "loop", words);
	v->is_plain = strcmp(word, words[1]) == 0;
	return 0;
}

/* Finds the directory where fio works.  If the file does not say, it is what is
 * served last. */
static int read_in(struct bench *b, const struct ynode *variant, const struct ynode *n,
		   struct bench_variant *v)
{
	if (!n && !v->n_servers)
		return diag(b->tree.dg, variant->loc, "neither \"serve\" nor "
			    "\"in\", so there is nothing to measure");
	v->in = n ? tree_text(n) : v->servers[v->n_servers - 1].dir;
	if (n && (!v->in || (!bench_has_dir(v->in) && !is_served(v, v->in))))
		return tree_expected(&b->tree, n,
				     BENCH_DIRS ", or what the variant serves");
	return 0;
}

static int read_variant(struct bench *b, const struct ynode *n, struct bench_variant *v)
{
	static const char *const words[] = { "serve", "loop", "in", NULL };
	const struct ynode *serve = ynode_get(n, "serve");
	const struct ynode *loop = ynode_get(n, "loop");

	if (n->kind != Y_MAP)
		return tree_expected(&b->tree, n, "a variant as a mapping");
	if (tree_check_keys(&b->tree, n, "key of a variant", words) ||
	    (serve && read_servers(b, serve, v)) ||
	    (loop && read_loop(b, loop, v)))
		return -1;
	if (loop && !serve)
		return diag(b->tree.dg, loop->loc, "\"loop\" needs \"serve\"");
	return read_in(b, n, ynode_get(n, "in"), v);
}

/* Is this directory below a server of some variant? */
static bool is_below(const struct bench *b, const char *dir)
{
	size_t i, j;

	for (i = 0; i < b->n_variants; i++)
		for (j = 0; j + 1 < b->variants[i].n_servers; j++)
			if (strcmp(b->variants[i].servers[j].dir, dir) == 0)
				return true;
	return false;
}

static bool has_baseline(const struct bench *b)
{
	const struct bench_variant *v;

	for (v = b->variants; v < b->variants + b->n_variants; v++)
		if (v->is_plain || !v->n_servers || is_below(b, v->in))
			return true;
	return false;
}

int variants_read(struct bench *b, const struct ynode *n)
{
	size_t i;
	int bad = 0;

	if (n->kind != Y_MAP)
		return tree_expected(&b->tree, n, "{NAME: VARIANT}");
	for (i = 0; i < tree_entries(n); i++) {
		const struct ynode *key = n->items[2 * i];
		struct bench_variant *v;

		b->variants = xgrow(b->variants, i, sizeof(*v));
		v = &b->variants[i];
		memset(v, 0, sizeof(*v));
		b->n_variants = i + 1;
		v->name = key->text;
		if (!key->len)
			bad = tree_expected(&b->tree, key, "a name");
		else if (read_variant(b, n->items[2 * i + 1], v))
			bad = -1;
	}
	if (!bad && !has_baseline(b))
		return diag(b->tree.dg, n->loc, "no baseline: add a variant "
			    "in %s, with \"loop: libfuse\", or in what "
			    "another one has below", BENCH_DIRS);
	return bad;
}

int variants_find(struct bench *b, const struct ynode *n, size_t *out)
{
	const char **names = xcalloc(b->n_variants + 1, sizeof(*names));
	const char *word = tree_text(n);
	size_t i;
	int err = 0;

	for (i = 0; i < b->n_variants; i++)
		names[i] = b->variants[i].name ? b->variants[i].name : "";
	for (*out = 0; word && *out < b->n_variants; (*out)++)
		if (strcmp(names[*out], word) == 0)
			break;
	if (!word || *out == b->n_variants)
		err = tree_unknown(&b->tree, n, "variant", names);
	free(names);
	return err;
}
