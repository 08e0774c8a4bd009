/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libyaml's events to a tree of nodes.  One thread at a time. */
#include "config.h"

#include "load/yaml/ytree.h"

#include <string.h>
#include <yaml.h>

#include "base/limits.h"
#include "load/yaml/source.h"
#include "load/yaml/yruns.h"

/* A name for a node that is complete.  The last one of a name is the one. */
struct anchor {
	const char *name;
	struct ynode *node;
};

struct builder {
	struct arena *arena;
	struct diags *dg;
	struct source src;
	yaml_parser_t parser;
	struct ynode *stack[LIMIT_FILE_DEPTH];	/* open lists and mappings */
	const char *names[LIMIT_FILE_DEPTH];	/* their anchors; NULL: none */
	size_t depth;
	struct ynode *root;
	size_t n_nodes;
	bool allows_aliases;
	struct anchor *anchors;
	size_t n_anchors;
};

static struct loc mark_loc(struct builder *b, const yaml_mark_t *from,
			   const yaml_mark_t *to)
{
	size_t first = source_byte(&b->src, from->index);

	return source_loc(&b->src, first, source_byte(&b->src, to->index));
}

/* ---- what libyaml refuses ----------------------------------------------- */

/* Mistakes that are easy to make here, by libyaml's words for them. */
static const struct {
	const char *problem;
	const char *text;
	const char *began;	/* what is not finished; libyaml's context */
} hints[] = {
	{ "mapping values are not allowed in this context",
	  "a \": \" in a value; put the value in quotes", NULL },
	{ "did not find expected ',' or '}'",
	  "expected \",\" or \"}\"", "\"{\"" },
	{ "did not find expected ',' or ']'",
	  "expected \",\" or \"]\"", "\"[\"" },
	{ "did not find expected key", "expected a key", "mapping" },
	{ "did not find expected '-' indicator", "expected \"- \"", "list" },
	{ "could not find expected ':'", "expected \":\"", "key" },
	{ "did not find expected <document start>",
	  "expected one mapping, got something beside it", NULL },
};

/* Is a { or [ of YAML's open somewhere before the variable? */
static bool opens_flow(const char *line, const char *variable)
{
	const char *p;

	for (p = line; p < variable; p++)
		if (*p == '[' || (*p == '{' && (p == line || p[-1] != '$')))
			return true;
	return false;
}

/* In { } and [ ], a text that YAML could take for more than a text must be in
 * quotes: one with ${...}, and data that is repeated.  Does such a one stand on the
 * line before the place? */
static const char *flow_hint(const struct source *src, size_t at)
{
	const char *to = src->text + at, *line = to, *variable;

	while (line > src->text && line[-1] != '\n')
		line--;
	if (at < src->len && *to == '*' && to > line && strchr("'\"", to[-1]))
		return "; data that is repeated must be in quotes: \"'c'*4K\"";
	variable = memmem(line, (size_t)(to - line) + (at < src->len), "${", 2);
	return variable && opens_flow(line, variable) ?
		"; inside { } or [ ], a text with ${...} must be in quotes" : "";
}

static int refuse_syntax(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	const char *problem = p->problem ? p->problem : "unreadable";
	size_t at = source_byte(&b->src, p->problem_mark.index), i;
	char c = at < b->src.len ? b->src.text[at] : '\n';
	struct loc loc = source_loc(&b->src, at, at + 1);
	const char *hint = flow_hint(&b->src, at);

	if (c == '\t')
		return diag(b->dg, loc, "not YAML: a tab; indent with spaces");
	if (!strcmp(problem, "found unexpected end of stream")) {
		at = source_byte(&b->src, p->context_mark.index);
		return diag(b->dg, mark_loc(b, &p->context_mark,
					    &p->context_mark),
			    "not YAML: the closing quote is missing%s",
			    flow_hint(&b->src, at));
	}
	if (!strcmp(problem, "found character that cannot start any token"))
		return diag(b->dg, loc, "not YAML: a value that begins with "
			    "\"%c\" must be in quotes", c);
	for (i = 0; i < ARRAY_SIZE(hints); i++) {
		if (strcmp(problem, hints[i].problem))
			continue;
		if (!hints[i].began)
			return diag(b->dg, loc, "not YAML: %s%s", hints[i].text,
				    hint);
		return diag(b->dg, loc, "not YAML: %s (the %s is on line %zu)%s",
			    hints[i].text, hints[i].began,
			    p->context_mark.line + 1, hint);
	}
	return diag(b->dg, loc, "not YAML: %s%s", problem, hint);
}

/* ---- nodes -------------------------------------------------------------- */

static int add_node(struct builder *b, struct ynode *n)
{
	struct ynode *parent = b->depth ? b->stack[b->depth - 1] : NULL;

	if (++b->n_nodes > LIMIT_FILE_VALUES)
		return diag_limit(b->dg, n->loc, LIMIT_OF(FILE_VALUES));
	if (!parent) {
		b->root = n;
		return 0;
	}
	if (parent->kind == Y_MAP && parent->n_items % 2 == 0 &&
	    n->kind != Y_SCALAR)
		return diag(b->dg, n->loc, "expected a word as key, got %s",
			    ynode_describe(n));
	ARENA_PUSH(b->arena, parent->items, parent->n_items, n);
	return 0;
}

static int refuse_tag(struct builder *b, struct loc loc)
{
	return diag(b->dg, loc, "tags are not supported");
}

static int refuse_anchor(struct builder *b, struct loc loc)
{
	return diag(b->dg, loc, "anchors and aliases are not supported");
}

/* The name that an anchor gives; NULL: none. */
static const char *anchor_name(struct builder *b, const yaml_char_t *anchor)
{
	return anchor ? arena_strdup(b->arena, (const char *)anchor) : NULL;
}

static void add_anchor(struct builder *b, const char *name, struct ynode *n)
{
	const struct anchor anchor = { name, n };

	if (name)
		ARENA_PUSH(b->arena, b->anchors, b->n_anchors, anchor);
}

static int on_alias(struct builder *b, const yaml_event_t *ev)
{
	const char *name = (const char *)ev->data.alias.anchor;
	struct loc loc = mark_loc(b, &ev->start_mark, &ev->end_mark);
	size_t i = b->n_anchors;

	if (!b->allows_aliases)
		return refuse_anchor(b, loc);
	while (i-- > 0)
		if (!strcmp(b->anchors[i].name, name))
			return add_node(b, b->anchors[i].node);
	return diag(b->dg, loc, "there is no complete value with the anchor \"%s\" "
		    "before this alias", name);
}

/* YAML ends a text that is not quoted where a # follows a blank. */
static bool comment_follows(const struct source *src, size_t at)
{
	size_t from = at;

	while (at < src->len && (src->text[at] == ' ' || src->text[at] == '\t'))
		at++;
	return at > from && at < src->len && src->text[at] == '#';
}

static int on_scalar(struct builder *b, const yaml_event_t *ev)
{
	struct ynode *n = ARENA_NEW(b->arena, struct ynode);
	size_t from = source_byte(&b->src, ev->start_mark.index);
	size_t to = source_byte(&b->src, ev->end_mark.index);

	n->kind = Y_SCALAR;
	n->loc = source_loc(&b->src, from, to);
	n->from = from;
	n->to = to;
	if (ev->data.scalar.anchor && !b->allows_aliases)
		return refuse_anchor(b, n->loc);
	if (ev->data.scalar.tag)
		return refuse_tag(b, n->loc);
	n->len = ev->data.scalar.length;
	n->text = arena_strndup(b->arena,
				(const char *)ev->data.scalar.value, n->len);
	n->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	n->commented = n->plain && comment_follows(&b->src, to);
	add_anchor(b, anchor_name(b, ev->data.scalar.anchor), n);
	if (memchr(n->text, 0, n->len))
		return diag(b->dg, n->loc, "a NUL in a value (in data, write "
			    "'\"\\0\"')");
	if (ev->start_mark.line == ev->end_mark.line)
		yruns_find(b->arena, n, b->src.text + from, to - from);
	return add_node(b, n);
}

static int open_node(struct builder *b, const yaml_event_t *ev,
		     enum ykind kind, const yaml_char_t *anchor,
		     const yaml_char_t *tag)
{
	struct ynode *n = ARENA_NEW(b->arena, struct ynode);

	n->kind = kind;
	n->loc = mark_loc(b, &ev->start_mark, &ev->end_mark);
	n->from = source_byte(&b->src, ev->start_mark.index);
	if (anchor && !b->allows_aliases)
		return refuse_anchor(b, n->loc);
	if (tag)
		return refuse_tag(b, n->loc);
	if (add_node(b, n))
		return -1;
	if (b->depth == LIMIT_FILE_DEPTH)
		return diag_limit(b->dg, n->loc, LIMIT_OF(FILE_DEPTH));
	b->names[b->depth] = anchor_name(b, anchor);
	b->stack[b->depth++] = n;
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct ynode *x = *(struct ynode *const *)a;
	const struct ynode *y = *(struct ynode *const *)b;
	int order = strcmp(x->text, y->text);

	if (order)
		return order;
	if (x->loc.line != y->loc.line)
		return x->loc.line < y->loc.line ? -1 : 1;
	return x->loc.col < y->loc.col ? -1 : x->loc.col > y->loc.col;
}

static void check_keys(struct builder *b, const struct ynode *map)
{
	size_t n = map->n_items / 2, i;
	auto_free const struct ynode **keys = xcalloc(n, sizeof(*keys));

	for (i = 0; i < n; i++)
		keys[i] = map->items[2 * i];
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (i = 1; i < n; i++)
		if (!strcmp(keys[i]->text, keys[i - 1]->text))
			diag(b->dg, keys[i]->loc, "\"%s\" is given twice (the "
			     "first one is on line %u)", keys[i]->text,
			     keys[i - 1]->loc.line);
}

/* A list or mapping points at itself: a flow one as far as its first line
 * goes, a block one at its first word. */
static void close_node(struct builder *b, const yaml_event_t *ev)
{
	struct ynode *n = b->stack[--b->depth];

	n->to = source_byte(&b->src, ev->end_mark.index);
	add_anchor(b, b->names[b->depth], n);
	if (ev->end_mark.index > ev->start_mark.index) {
		n->loc = source_loc(&b->src, n->from, n->to);
	} else if (n->n_items && n->kind == Y_MAP) {
		n->loc = n->items[0]->loc;
	}
	if (n->kind == Y_MAP)
		check_keys(b, n);
}

/* 1: go on, 0: the end, -1: refused */
static int on_event(struct builder *b, const yaml_event_t *ev)
{
	struct loc loc = { 0, 0, 0 };

	switch (ev->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return 1;
	case YAML_DOCUMENT_START_EVENT:
		if (!b->root)
			return 1;
		loc = mark_loc(b, &ev->start_mark, &ev->end_mark);
		return diag(b->dg, loc, "a second document; one is read");
	case YAML_STREAM_END_EVENT:
		return 0;
	case YAML_ALIAS_EVENT:
		return on_alias(b, ev) ? -1 : 1;
	case YAML_SCALAR_EVENT:
		return on_scalar(b, ev) ? -1 : 1;
	case YAML_SEQUENCE_START_EVENT:
		return open_node(b, ev, Y_LIST, ev->data.sequence_start.anchor,
				 ev->data.sequence_start.tag) ? -1 : 1;
	case YAML_MAPPING_START_EVENT:
		return open_node(b, ev, Y_MAP, ev->data.mapping_start.anchor,
				 ev->data.mapping_start.tag) ? -1 : 1;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_node(b, ev);
		return 1;
	}
	return -1;
}

static int parse_events(struct builder *b)
{
	int more;

	do {
		yaml_event_t ev;

		if (!yaml_parser_parse(&b->parser, &ev)) {
			if (b->parser.error == YAML_MEMORY_ERROR)
				die_bug("out of memory (YAML)");
			return refuse_syntax(b);
		}
		more = on_event(b, &ev);
		yaml_event_delete(&ev);
	} while (more > 0);
	return more;
}

static struct ynode *parse(struct arena *a, struct diags *dg, const char *text,
			   size_t len, bool allows_aliases)
{
	struct builder b = {
		.arena = a, .dg = dg, .allows_aliases = allows_aliases,
	};
	int bad = source_init(&b.src, dg, text, len);

	if (!bad) {
		if (!yaml_parser_initialize(&b.parser))
			die_bug("out of memory (YAML)");
		yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(&b.parser,
					     (const unsigned char *)text, len);
		bad = parse_events(&b);
		yaml_parser_delete(&b.parser);
	}
	source_fini(&b.src);
	if (!bad && !b.root)
		bad = diag(dg, (struct loc){ 0, 0, 0 }, "expected a mapping, got "
			   "an empty file");
	return bad ? NULL : b.root;
}

/* ---- public ------------------------------------------------------------- */

struct ynode *ytree_parse(struct arena *a, struct diags *dg, const char *text,
			  size_t len)
{
	return parse(a, dg, text, len, false);
}

struct ynode *ytree_parse_aliases(struct arena *a, struct diags *dg,
				  const char *text, size_t len)
{
	return parse(a, dg, text, len, true);
}
