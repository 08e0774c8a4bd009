/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading a bench file.  Main thread only. */
#include "config.h"

#include "fusescen/bench/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/bench/variants.h"

#define SECONDS_MAX	3600
#define ROUNDS_MAX	1000
#define FILE_MAX	(1ull << 40)

#define SECONDS		5	/* of a measurement */
#define ROUNDS		5

/* ---- values ---------------------------------------------------------------------- */

static int read_number(struct source *s, yaml_node_t *n, unsigned min,
		       unsigned max, unsigned *out)
{
	const char *text = source_text(n);
	char *end = NULL;
	unsigned long v = text && *text >= '0' && *text <= '9' ?
		strtoul(text, &end, 10) : 0;

	if (!end || *end || v < min || v > max)
		return source_error(s, n, "expected a number from %u to %u",
				    min, max);
	*out = (unsigned)v;
	return 0;
}

/* 64M: a number and perhaps K, M or G */
static int read_size(struct source *s, yaml_node_t *n, uint64_t *out)
{
	static const char units[] = "KMG";
	const char *text = source_text(n), *unit = NULL;
	char *end = NULL;

	errno = 0;
	*out = text && *text >= '0' && *text <= '9' ?
		strtoull(text, &end, 10) : 0;
	if (end && *end && !end[1])
		unit = strchr(units, *end);
	if (unit && *out <= FILE_MAX)
		*out <<= 10 * (unit - units + 1);
	if (!end || (*end && !unit) || errno || *out == 0 || *out > FILE_MAX)
		return source_error(s, n, "expected a size (4K, 64M, 1G)");
	return 0;
}

static int expect_map(struct source *s, yaml_node_t *n, const char *what)
{
	return n->type == YAML_MAPPING_NODE ? 0 :
		source_error(s, n, "expected %s as a mapping", what);
}

/* A scalar that is to be a word or a text. */
static int read_text(struct source *s, yaml_node_t *n, const char *what,
		     const char **out)
{
	*out = source_text(n);
	if (*out && **out)
		return 0;
	return source_error(s, n, "expected %s", what);
}

/* ---- the keys ----------------------------------------------------------------------- */

static int read_version(struct bench *b, yaml_node_t *n)
{
	unsigned version;

	return read_number(&b->source, n, 1, 1, &version);
}

static int read_title(struct bench *b, yaml_node_t *n)
{
	return read_text(&b->source, n, "a title", &b->title);
}

static int read_needs(struct bench *b, yaml_node_t *n)
{
	yaml_node_t *item;
	size_t i;

	if (n->type != YAML_SEQUENCE_NODE)
		return source_error(&b->source, n, "expected a list");
	for (i = 0; (item = source_item(&b->source, n, i)); i++) {
		b->needs = xgrow(b->needs, b->n_needs, sizeof(*b->needs));
		if (read_text(&b->source, item, "a word of \"fusescen list "
			      "needs\"", &b->needs[b->n_needs]))
			return -1;
		b->n_needs++;
	}
	return 0;
}

static int read_files(struct bench *b, yaml_node_t *n)
{
	yaml_node_t *key, *value;
	size_t i;

	if (expect_map(&b->source, n, "files and their sizes"))
		return -1;
	for (i = 0; source_entry(&b->source, n, i, &key, &value); i++) {
		struct bench_made f;

		if (read_text(&b->source, key, "a name", &f.name) ||
		    read_size(&b->source, value, &f.size))
			return -1;
		if (strchr(f.name, '/') || f.name[0] == '.')
			return source_error(&b->source, key, "a plain name, "
					    "without directories");
		b->files = xgrow(b->files, b->n_files, sizeof(f));
		b->files[b->n_files++] = f;
	}
	return 0;
}

/* What we set ourselves, and who sets it. */
static int check_option(struct bench *b, yaml_node_t *key)
{
	static const struct {
		const char *name, *hint;
	} ours[] = {
		{ "name", "the program" }, { "directory", "the variant's \"in\"" },
		{ "runtime", "\"seconds\"" }, { "time_based", "\"seconds\"" },
		{ "ramp_time", "\"ramp\"" }, { "output", "the program" },
		{ "output-format", "the program" }, { "eta", "the program" },
		{ "group_reporting", "the program" }, { "thread", "the program" },
		{ "loops", "\"rounds\"" },
	};
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strcmp(ours[i].name, source_text(key)) == 0)
			return source_error(&b->source, key, "fio's \"%s\" is "
					    "set by %s", ours[i].name,
					    ours[i].hint);
	return 0;
}

/* A word as fio has them: what is no word might be taken for another option. */
static int read_option_name(struct bench *b, yaml_node_t *n, const char **out)
{
	if (read_text(&b->source, n, "an option of fio", out))
		return -1;
	if ((*out)[strspn(*out, "abcdefghijklmnopqrstuvwxyz0123456789_-")] ||
	    **out == '-')
		return source_error(&b->source, n, "\"%s\" is no option of fio",
				    *out);
	return check_option(b, n);
}

static int read_fio(struct bench *b, yaml_node_t *n)
{
	yaml_node_t *key, *value;
	size_t i;

	if (expect_map(&b->source, n, "options of fio"))
		return -1;
	for (i = 0; source_entry(&b->source, n, i, &key, &value); i++) {
		struct bench_option o;

		if (read_option_name(b, key, &o.name) ||
		    read_text(&b->source, value, "a value", &o.value))
			return -1;
		b->fio = xgrow(b->fio, b->n_fio, sizeof(o));
		b->fio[b->n_fio++] = o;
	}
	return 0;
}

/* {numjobs: [1, 2, 4]} */
static int read_sweep(struct bench *b, yaml_node_t *n)
{
	struct source *s = &b->source;
	yaml_node_t *key, *list, *item, *second;
	size_t i;

	if (b->sweep)
		return source_error(s, n, "there are rows or columns already");
	if (!source_entry(s, n, 0, &key, &list) ||
	    source_entry(s, n, 1, &second, &item) ||
	    list->type != YAML_SEQUENCE_NODE)
		return source_error(s, n, "expected {OPTION: [VALUE, ...]}");
	if (read_option_name(b, key, &b->sweep))
		return -1;
	for (i = 0; (item = source_item(s, list, i)); i++) {
		b->values = xgrow(b->values, i, sizeof(*b->values));
		if (read_text(s, item, "a value", &b->values[i]))
			return -1;
		b->n_values = i + 1;
	}
	return i ? 0 : source_error(s, list, "expected at least one value");
}

static int read_rows(struct bench *b, yaml_node_t *n)
{
	return read_sweep(b, n);
}

static int read_columns(struct bench *b, yaml_node_t *n)
{
	b->is_across = true;
	return read_sweep(b, n);
}

static int read_show(struct bench *b, yaml_node_t *n)
{
	yaml_node_t *item;
	size_t i;
	int id;

	for (i = 0; (item = source_item(&b->source, n, i)); i++) {
		const char *word = source_text(item);

		for (id = 0; id < N_VALUES; id++)
			if (word && strcmp(value_names[id], word) == 0)
				break;
		if (id == N_VALUES)
			return source_unknown(&b->source, item, "number",
					      value_names);
		b->show = xgrow(b->show, i, sizeof(*b->show));
		b->show[i] = (enum value_id)id;
		b->n_show = i + 1;
	}
	return i ? 0 : source_error(&b->source, n,
				    "expected a list of numbers to show");
}

static int read_seconds(struct bench *b, yaml_node_t *n)
{
	return read_number(&b->source, n, 1, SECONDS_MAX, &b->seconds);
}

static int read_ramp(struct bench *b, yaml_node_t *n)
{
	return read_number(&b->source, n, 0, SECONDS_MAX, &b->ramp);
}

static int read_rounds(struct bench *b, yaml_node_t *n)
{
	return read_number(&b->source, n, 1, ROUNDS_MAX, &b->rounds);
}

static int read_scale(struct bench *b, yaml_node_t *n)
{
	static const char *const words[] = { "first", NULL };

	if (!source_text(n) || strcmp(source_text(n), words[0]) != 0)
		return source_unknown(&b->source, n, "scale", words);
	b->has_scale = true;
	return 0;
}

static int read_diff(struct bench *b, yaml_node_t *n)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		yaml_node_t *item = source_item(&b->source, n, i);

		if (!item)
			return source_error(&b->source, n,
					    "expected [VARIANT, VARIANT]");
		if (variants_find(b, item, &b->diff[i]))
			return -1;
	}
	if (source_item(&b->source, n, 2))
		return source_error(&b->source, n, "expected two variants");
	b->has_diff = true;
	return 0;
}

/* In the order in which they are read: diff names variants. */
static const struct {
	const char *name;
	int (*read)(struct bench *b, yaml_node_t *n);
	bool is_required;
} keys[] = {
	{ "bench", read_version, 1 },
	{ "title", read_title, 1 },
	{ "needs", read_needs, 0 },
	{ "files", read_files, 0 },
	{ "fio", read_fio, 1 },
	{ "rows", read_rows, 0 },
	{ "columns", read_columns, 0 },
	{ "show", read_show, 1 },
	{ "seconds", read_seconds, 0 },
	{ "ramp", read_ramp, 0 },
	{ "rounds", read_rounds, 0 },
	{ "scale", read_scale, 0 },
	{ "variants", variants_read, 1 },
	{ "diff", read_diff, 0 },
};

#define N_KEYS	(sizeof(keys) / sizeof(*keys))

/* ---- the whole file --------------------------------------------------------------- */

static void check_keys(struct bench *b, yaml_node_t *root)
{
	const char *words[N_KEYS + 1] = { NULL };
	size_t i;

	for (i = 0; i < N_KEYS; i++)
		words[i] = keys[i].name;
	source_check_keys(&b->source, root, "key", words);
}

static void read_keys(struct bench *b, yaml_node_t *root)
{
	size_t i;

	for (i = 0; i < N_KEYS; i++) {
		yaml_node_t *n = source_get(&b->source, root, keys[i].name);

		if (n)
			keys[i].read(b, n);
		else if (keys[i].is_required)
			source_error(&b->source, root, "\"%s\" is missing",
				     keys[i].name);
	}
}

/* What is swept cannot be fixed too, and needs a name if there is no sweep. */
static void check_sweep(struct bench *b, yaml_node_t *root)
{
	yaml_node_t *fio = source_get(&b->source, root, "fio"), *n;

	if (!b->sweep && !source_get(&b->source, root, "rows") &&
	    !source_get(&b->source, root, "columns"))
		source_error(&b->source, root, "\"rows\" or \"columns\" is missing");
	n = b->sweep && fio ? source_get(&b->source, fio, b->sweep) : NULL;
	if (n)
		source_error(&b->source, n, "\"%s\" is swept, and not to be set",
			     b->sweep);
}

static int load(struct bench *b)
{
	yaml_node_t *root = source_root(&b->source);

	if (!root || root->type != YAML_MAPPING_NODE) {
		fprintf(stderr, "%s:1:1: error: expected a mapping\n",
			b->source.path);
		return -1;
	}
	check_keys(b, root);
	read_keys(b, root);
	check_sweep(b, root);
	return b->source.errors ? -1 : 0;
}

static void init(struct bench *b)
{
	*b = (struct bench){ .seconds = SECONDS, .rounds = ROUNDS };
}

int bench_load(struct bench *b, const char *path)
{
	init(b);
	return source_open(&b->source, path) ? -1 : load(b);
}

int bench_load_text(struct bench *b, const char *path, const char *text)
{
	init(b);
	return source_open_text(&b->source, path, text) ? -1 : load(b);
}
