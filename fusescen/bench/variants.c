/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading what is measured: servers, baselines, directories. */
#include "config.h"

#include "fusescen/bench/variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"

/* ---- scenarios ------------------------------------------------------------------- */

/* A path begins where the bench file is. */
static fusescen_file *load_path(struct bench *b, const char *path)
{
	const char *from = b->source.path, *slash = strrchr(from, '/');
	fusescen_file *file;
	char *whole;

	if (*path == '/' || !slash)
		return fusescen_load(path);
	whole = xasprintf("%.*s/%s", (int)(slash - from), from, path);
	file = fusescen_load(whole);
	free(whole);
	return file;
}

/* One that is written here keeps its lines and columns for the messages. */
static fusescen_file *load_inline(struct bench *b, const yaml_node_t *n)
{
	char *text = source_cut(&b->source, n);
	fusescen_file *file;

	file = fusescen_load_text(b->source.path, text, strlen(text));
	free(text);
	return file;
}

static int read_scenario(struct bench *b, yaml_node_t *n, struct bench_server *s)
{
	const char *path = source_text(n);

	if (!path && n->type != YAML_MAPPING_NODE)
		return source_error(&b->source, n, "expected a scenario, or its "
				    "file");
	s->is_elsewhere = path != NULL;
	s->scenario = path ? load_path(b, path) : load_inline(b, n);
	if (fusescen_errors(s->scenario)) {
		put_error_text(fusescen_errors(s->scenario));
		b->source.errors++;
		return -1;
	}
	if (fusescen_cases(s->scenario) != 1)
		return source_error(&b->source, n, "the scenario has %zu cases, "
				    "and none can be chosen",
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

static int read_server_dir(struct bench *b, yaml_node_t *n, const char **out)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

	*out = source_text(n);
	if (!*out || !**out || (*out)[strspn(*out, letters)])
		return source_error(&b->source, n, "expected the name of a "
				    "directory");
	if (bench_has_dir(*out))
		return source_error(&b->source, n, "\"%s\" is there already",
				    *out);
	return 0;
}

static int read_servers(struct bench *b, yaml_node_t *n, struct bench_variant *v)
{
	yaml_node_t *key, *value;
	size_t i;

	if (n->type != YAML_MAPPING_NODE)
		return source_error(&b->source, n,
				    "expected {DIRECTORY: SCENARIO}");
	for (i = 0; source_entry(&b->source, n, i, &key, &value); i++) {
		struct bench_server *s;

		v->servers = xgrow(v->servers, i, sizeof(*s));
		s = &v->servers[i];
		s->scenario = NULL;
		v->n_servers = i + 1;
		if (read_server_dir(b, key, &s->dir) ||
		    read_scenario(b, value, s))
			return -1;
	}
	return 0;
}

static int read_loop(struct bench *b, yaml_node_t *n, struct bench_variant *v)
{
	static const char *const words[] = { "fusescen", "libfuse", NULL };
	const char *word = source_text(n);

	if (!word || (strcmp(word, words[0]) && strcmp(word, words[1])))
		return source_unknown(&b->source, n, "loop", words);
	v->is_plain = strcmp(word, words[1]) == 0;
	return 0;
}

/* Where fio works: in what is served last, if nothing else is said. */
static int read_in(struct bench *b, yaml_node_t *variant, yaml_node_t *n,
		   struct bench_variant *v)
{
	if (!n && !v->n_servers)
		return source_error(&b->source, variant, "neither \"serve\" nor "
				    "\"in\": nothing to measure");
	v->in = n ? source_text(n) : v->servers[v->n_servers - 1].dir;
	if (n && (!v->in || (!bench_has_dir(v->in) && !is_served(v, v->in))))
		return source_error(&b->source, n, "expected %s, or what the "
				    "variant serves", BENCH_DIRS);
	return 0;
}

static int read_variant(struct bench *b, yaml_node_t *n, struct bench_variant *v)
{
	static const char *const words[] = { "serve", "loop", "in", NULL };
	struct source *s = &b->source;
	yaml_node_t *serve = source_get(s, n, "serve");
	yaml_node_t *loop = source_get(s, n, "loop");

	if (n->type != YAML_MAPPING_NODE)
		return source_error(s, n, "expected a variant as a mapping");
	if (source_check_keys(s, n, "key of a variant", words) ||
	    (serve && read_servers(b, serve, v)) ||
	    (loop && read_loop(b, loop, v)))
		return -1;
	if (loop && !serve)
		return source_error(s, loop, "a loop without \"serve\"");
	return read_in(b, n, source_get(s, n, "in"), v);
}

/* Is this what lies below a server of some variant? */
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

int variants_read(struct bench *b, yaml_node_t *n)
{
	yaml_node_t *key, *value;
	size_t i;
	int bad = 0;

	if (n->type != YAML_MAPPING_NODE)
		return source_error(&b->source, n, "expected {NAME: VARIANT}");
	for (i = 0; source_entry(&b->source, n, i, &key, &value); i++) {
		struct bench_variant *v;

		b->variants = xgrow(b->variants, i, sizeof(*v));
		v = &b->variants[i];
		memset(v, 0, sizeof(*v));
		b->n_variants = i + 1;
		v->name = source_text(key);
		if (!v->name || !*v->name)
			bad = source_error(&b->source, key, "expected a name");
		else if (read_variant(b, value, v))
			bad = -1;
	}
	if (!bad && !has_baseline(b))
		return source_error(&b->source, n, "no baseline: add a variant "
				    "in %s, with \"loop: libfuse\", or in what "
				    "another one has below", BENCH_DIRS);
	return bad;
}

int variants_find(struct bench *b, const yaml_node_t *n, size_t *out)
{
	const char **names = xcalloc(b->n_variants + 1, sizeof(*names));
	const char *word = source_text(n);
	size_t i;
	int err = 0;

	for (i = 0; i < b->n_variants; i++)
		names[i] = b->variants[i].name ? b->variants[i].name : "";
	for (*out = 0; word && *out < b->n_variants; (*out)++)
		if (strcmp(names[*out], word) == 0)
			break;
	if (!word || *out == b->n_variants)
		err = source_unknown(&b->source, n, "variant", names);
	free(names);
	return err;
}
