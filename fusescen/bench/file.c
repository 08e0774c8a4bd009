/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads a bench file.  Main thread only. */
#include "config.h"

#include "fusescen/bench/file.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/bench/variants.h"

#define SECONDS_MAX	3600
#define ROUNDS_MAX	1000
#define FILE_MAX	(1ull << 40)

#define SECONDS		5	/* of a measurement */
#define ROUNDS		5

/* ---- values ---------------------------------------------------------------------- */

static int read_number(struct bench *b, const struct ynode *n, unsigned min,
		       unsigned max, unsigned *out)
{
	const char *text = tree_text(n);
	char *end = NULL;
	unsigned long v = text && *text >= '0' && *text <= '9' ?
		strtoul(text, &end, 10) : 0;
	auto_free char *what = NULL;

	if (end && !*end && v >= min && v <= max) {
		*out = (unsigned)v;
		return 0;
	}
	what = min == max ? xasprintf("%u", min) :
		xasprintf("a number from %u to %u", min, max);
	return tree_expected(&b->tree, n, what);
}

static int read_size(struct bench *b, const struct ynode *n, uint64_t *out)
{
	const char *text = tree_text(n);

	if (text && parse_size(text, n->len, out) == 0 && *out && *out <= FILE_MAX)
		return 0;
	return tree_expected(&b->tree, n, "a size (4K, 64M, 1G)");
}

static int expect_map(struct bench *b, const struct ynode *n, const char *what)
{
	return n->kind == Y_MAP ? 0 : tree_expected(&b->tree, n, what);
}

/* Reads a scalar that has to be a word or a text. */
static int read_text(struct bench *b, const struct ynode *n, const char *what,
		     const char **out)
{
	*out = tree_text(n);
	return *out && **out ? 0 : tree_expected(&b->tree, n, what);
}

/* ---- the keys ----------------------------------------------------------------------- */

static int read_version(struct bench *b, const struct ynode *n)
{
	unsigned version;

	return read_number(b, n, 1, 1, &version);
}

static int read_title(struct bench *b, const struct ynode *n)
{
	return read_text(b, n, "a title", &b->title);
}

static int read_needs(struct bench *b, const struct ynode *n)
{
	size_t i;

	if (n->kind != Y_LIST)
		return tree_expected(&b->tree, n, "a list");
	for (i = 0; i < n->n_items; i++) {
		b->needs = xgrow(b->needs, b->n_needs, sizeof(*b->needs));
		if (read_text(b, n->items[i], "a word of \"fusescen list "
			      "needs\"", &b->needs[b->n_needs]))
			return -1;
		b->n_needs++;
	}
	return 0;
}

static int read_files(struct bench *b, const struct ynode *n)
{
	size_t i;

	if (expect_map(b, n, "a mapping of files to their sizes"))
		return -1;
	for (i = 0; i < tree_entries(n); i++) {
		const struct ynode *key = n->items[2 * i];
		struct bench_made f;

		if (read_text(b, key, "a name", &f.name) ||
		    read_size(b, n->items[2 * i + 1], &f.size))
			return -1;
		if (strchr(f.name, '/') || f.name[0] == '.')
			return tree_expected(&b->tree, key, "a plain name, "
					     "without directories");
		b->files = xgrow(b->files, b->n_files, sizeof(f));
		b->files[b->n_files++] = f;
	}
	return 0;
}

/* Refuses an option that the program sets, and says what sets it. */
static int check_option(struct bench *b, const struct ynode *key)
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
		if (strcmp(ours[i].name, tree_text(key)) == 0)
			return diag(b->tree.dg, key->loc, "fio's \"%s\" is set "
				    "by %s", ours[i].name, ours[i].hint);
	return 0;
}

/* Reads a word that can be an option of fio.  Other text might be taken for
 * another option. */
static int read_option_name(struct bench *b, const struct ynode *n, const char **out)
{
	if (read_text(b, n, "an option of fio", out))
		return -1;
	if ((*out)[strspn(*out, "abcdefghijklmnopqrstuvwxyz0123456789_-")] ||
	    **out == '-')
		return diag(b->tree.dg, n->loc, "\"%s\" cannot be an option of fio",
			    *out);
	return check_option(b, n);
}

static int read_fio(struct bench *b, const struct ynode *n)
{
	size_t i;

	if (expect_map(b, n, "a mapping of options of fio"))
		return -1;
	for (i = 0; i < tree_entries(n); i++) {
		struct bench_option o;

		if (read_option_name(b, n->items[2 * i], &o.name) ||
		    read_text(b, n->items[2 * i + 1], "a value", &o.value))
			return -1;
		b->fio = xgrow(b->fio, b->n_fio, sizeof(o));
		b->fio[b->n_fio++] = o;
	}
	return 0;
}

/* {numjobs: [1, 2, 4]} */
static int read_sweep(struct bench *b, const struct ynode *n)
{
	const struct ynode *list;
	size_t i;

	if (b->sweep)
		return diag(b->tree.dg, n->loc, "there are \"rows\" or \"columns\" already");
	if (tree_entries(n) != 1 || n->items[1]->kind != Y_LIST)
		return tree_expected(&b->tree, n, "{OPTION: [VALUE, ...]}");
	list = n->items[1];
	if (read_option_name(b, n->items[0], &b->sweep))
		return -1;
	if (!list->n_items)
		return diag(b->tree.dg, list->loc, "expected at least one value");
	for (i = 0; i < list->n_items; i++) {
		b->values = xgrow(b->values, i, sizeof(*b->values));
		if (read_text(b, list->items[i], "a value", &b->values[i]))
			return -1;
		b->n_values = i + 1;
	}
	return 0;
}

static int read_rows(struct bench *b, const struct ynode *n)
{
	return read_sweep(b, n);
}

static int read_columns(struct bench *b, const struct ynode *n)
{
	b->is_across = true;
	return read_sweep(b, n);
}

static int find_value(const char *word)
{
	int id = 0;

	while (id < N_VALUES && !(word && strcmp(value_names[id], word) == 0))
		id++;
	return id;
}

static int read_show(struct bench *b, const struct ynode *n)
{
	size_t i;

	if (!tree_items(n))
		return tree_expected(&b->tree, n, "a list of numbers to show");
	for (i = 0; i < n->n_items; i++) {
		int id = find_value(tree_text(n->items[i]));

		if (id == N_VALUES)
			return tree_unknown(&b->tree, n->items[i], "number",
					    value_names);
		b->show = xgrow(b->show, i, sizeof(*b->show));
		b->show[i] = (enum value_id)id;
		b->n_show = i + 1;
	}
	return 0;
}

static int read_seconds(struct bench *b, const struct ynode *n)
{
	return read_number(b, n, 1, SECONDS_MAX, &b->seconds);
}

static int read_ramp(struct bench *b, const struct ynode *n)
{
	return read_number(b, n, 0, SECONDS_MAX, &b->ramp);
}

static int read_rounds(struct bench *b, const struct ynode *n)
{
	return read_number(b, n, 1, ROUNDS_MAX, &b->rounds);
}

static int read_scale(struct bench *b, const struct ynode *n)
{
	static const char *const words[] = { "first", NULL };

	if (!tree_text(n) || strcmp(tree_text(n), words[0]) != 0)
		return tree_unknown(&b->tree, n, "scale", words);
	b->has_scale = true;
	return 0;
}

static int read_diff(struct bench *b, const struct ynode *n)
{
	size_t i;

	if (tree_items(n) != 2)
		return tree_expected(&b->tree, n, "[VARIANT, VARIANT]");
	for (i = 0; i < 2; i++)
		if (variants_find(b, n->items[i], &b->diff[i]))
			return -1;
	b->has_diff = true;
	return 0;
}

/* They are read in this order, because "diff" names variants. */
static const struct {
	const char *name;
	int (*read)(struct bench *b, const struct ynode *n);
	bool is_required;
} keys[] = {
	{ "bench", read_version, true },
	{ "title", read_title, true },
	{ "needs", read_needs, false },
	{ "files", read_files, false },
	{ "fio", read_fio, true },
	{ "rows", read_rows, false },
	{ "columns", read_columns, false },
	{ "show", read_show, true },
	{ "seconds", read_seconds, false },
	{ "ramp", read_ramp, false },
	{ "rounds", read_rounds, false },
	{ "scale", read_scale, false },
	{ "variants", variants_read, true },
	{ "diff", read_diff, false },
};

#define N_KEYS	(sizeof(keys) / sizeof(*keys))

/* ---- the whole file --------------------------------------------------------------- */

static void check_keys(struct bench *b)
{
	const char *words[N_KEYS + 1] = { NULL };
	size_t i;

	for (i = 0; i < N_KEYS; i++)
		words[i] = keys[i].name;
	tree_check_keys(&b->tree, b->tree.root, "key", words);
}

static void complain_of_missing(struct bench *b, const char *what)
{
	diag(b->tree.dg, b->tree.root->loc, "%s is missing", what);
}

static void read_keys(struct bench *b)
{
	size_t i;

	for (i = 0; i < N_KEYS; i++) {
		const struct ynode *n = ynode_get(b->tree.root, keys[i].name);
		auto_free char *name = xasprintf("\"%s\"", keys[i].name);

		if (n)
			keys[i].read(b, n);
		else if (keys[i].is_required)
			complain_of_missing(b, name);
	}
}

/* There has to be a sweep, and its option must not be set elsewhere. */
static void check_sweep(struct bench *b)
{
	const struct ynode *root = b->tree.root;
	const struct ynode *fio = ynode_get(root, "fio"), *n;

	if (!b->sweep && !ynode_get(root, "rows") && !ynode_get(root, "columns"))
		complain_of_missing(b, "\"rows\" or \"columns\"");
	n = b->sweep && fio ? ynode_get(fio, b->sweep) : NULL;
	if (n)
		diag(b->tree.dg, n->loc, "\"%s\" is swept, so it cannot be set",
		     b->sweep);
}

/* opened is what tree_open() returned. */
static int load(struct bench *b, int opened)
{
	if (!opened) {
		check_keys(b);
		read_keys(b);
		check_sweep(b);
	}
	tree_print(&b->tree);
	return diags_count(b->tree.dg) || b->has_bad_scenario ? -1 : 0;
}

static void init(struct bench *b)
{
	*b = (struct bench){ .seconds = SECONDS, .rounds = ROUNDS };
}

int bench_load(struct bench *b, const char *path)
{
	init(b);
	return load(b, tree_open(&b->tree, path));
}

int bench_load_text(struct bench *b, const char *path, const char *text)
{
	init(b);
	return load(b, tree_open_text(&b->tree, path, text));
}
