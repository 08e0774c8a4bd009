/* SPDX-License-Identifier: GPL-2.0-or-later */
/* YAML trees: shapes, places of bytes, and what is refused. */
#include "config.h"

#include "load/yaml/ytree.h"

#include <string.h>

#include "load/load.h"
#include "tests/unit/unit.h"

static struct arena *arena;
static struct diags *dg;

static void setup(void)
{
	arena = arena_new();
	dg = diags_new("t.yaml", NULL, 0);
}

static void teardown(void)
{
	diags_free(dg);
	arena_free(arena);
}

static const struct ynode *parse_n(const char *text, size_t len)
{
	diags_set_text(dg, text, len);
	return ytree_parse(arena, dg, text, len);
}

static const struct ynode *parse(const char *text)
{
	const struct ynode *n = parse_n(text, strlen(text));

	ck_assert_ptr_nonnull(n);
	ck_assert_uint_eq(diags_count(dg), 0);
	return n;
}

/* It is refused with this message somewhere in what is printed. */
static void refused_n(const char *text, size_t len, const char *message)
{
	struct buf b = BUF_INIT;

	parse_n(text, len);
	diags_print(dg, &b);
	ck_assert_msg(strstr(buf_str(&b), message), "got: %s", buf_str(&b));
	buf_fini(&b);
	teardown();
	setup();
}

static void refused(const char *text, const char *message)
{
	refused_n(text, strlen(text), message);
}

static void at(struct loc loc, uint32_t line, uint32_t col, uint32_t len)
{
	ck_assert_uint_eq(loc.line, line);
	ck_assert_uint_eq(loc.col, col);
	ck_assert_uint_eq(loc.len, len);
}

START_TEST(test_shapes)
{
	const struct ynode *n = parse("a: 1\nb: [x, 'y']\nc: {d: }\n");

	ck_assert_int_eq(n->kind, Y_MAP);
	ck_assert_uint_eq(n->n_items, 6);
	ck_assert_str_eq(ynode_get(n, "a")->text, "1");
	ck_assert_int_eq(ynode_get(n, "b")->kind, Y_LIST);
	ck_assert(ynode_get(n, "b")->items[0]->plain);
	ck_assert(!ynode_get(n, "b")->items[1]->plain);
	ck_assert_uint_eq(ynode_get(ynode_get(n, "c"), "d")->len, 0);
	ck_assert_ptr_null(ynode_get(n, "d"));
	ck_assert_ptr_null(ynode_get(ynode_get(n, "b"), "a"));
	ck_assert_ptr_null(ynode_get(NULL, "a"));
	ck_assert_str_eq(ynode_describe(n), "a mapping");
	ck_assert_str_eq(ynode_describe(ynode_get(n, "b")), "a list");
	ck_assert_str_eq(ynode_describe(ynode_get(n, "a")), "text");
	ck_assert_str_eq(ynode_describe(ynode_get(ynode_get(n, "c"), "d")),
			 "nothing");
}
END_TEST

START_TEST(test_places_of_nodes)
{
	const struct ynode *n = parse("key: {a: 1}\nlist:\n  - x: y\n"
				      "long: [1,\n  2]\n");

	at(n->loc, 1, 1, 3);
	at(ynode_get(n, "key")->loc, 1, 6, 6);
	at(ynode_get(n, "list")->items[0]->loc, 3, 5, 1);
	at(ynode_get(n, "long")->loc, 4, 7, 3);
	at(ynode_get(n, "long")->items[1]->loc, 5, 3, 1);
}
END_TEST

START_TEST(test_places_in_scalars)
{
	const struct ynode *n = parse("a: word two\nb: 'it''s x'\n"
				      "c: \"q\\\"x\\u00e9z\"\nd: \"\"\n");

	at(ynode_loc(ynode_get(n, "a"), 0, 4), 1, 4, 4);
	at(ynode_loc(ynode_get(n, "a"), 5, 3), 1, 9, 3);
	at(ynode_loc(ynode_get(n, "a"), 8, 0), 1, 12, 0);
	at(ynode_loc(ynode_get(n, "b"), 2, 1), 2, 7, 2);	/* '' */
	at(ynode_loc(ynode_get(n, "b"), 3, 1), 2, 9, 1);
	at(ynode_loc(ynode_get(n, "b"), 5, 99), 2, 11, 1);
	at(ynode_loc(ynode_get(n, "c"), 1, 1), 3, 6, 2);	/* \" */
	at(ynode_loc(ynode_get(n, "c"), 2, 1), 3, 8, 1);
	at(ynode_loc(ynode_get(n, "c"), 3, 2), 3, 9, 6);	/* \u00e9 */
	at(ynode_loc(ynode_get(n, "c"), 5, 1), 3, 15, 1);
	at(ynode_loc(ynode_get(n, "d"), 0, 0), 4, 4, 2);
}
END_TEST

/* Every escape YAML knows, so that what follows it is found. */
START_TEST(test_places_after_escapes)
{
	const struct ynode *n = parse(
		"a: \"\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P"
		"\\x41\\u0394\\U0001F600end\"\n");
	const struct ynode *a = ynode_get(n, "a");
	const char *end = strstr(a->text, "end");

	ck_assert_uint_gt(a->n_runs, 0);
	ck_assert_ptr_nonnull(end);
	at(ynode_loc(a, (size_t)(end - a->text), 3), 1, 57, 3);
}
END_TEST

START_TEST(test_places_are_in_bytes)
{
	const struct ynode *n = parse("# \xe2\x82\xac\n\xc3\xa4: \xc3\xb6 x\n"
				      "b: y\n");
	const struct ynode *v = n->items[1];

	at(v->loc, 2, 5, 4);
	at(ynode_loc(v, 3, 1), 2, 8, 1);
	at(ynode_get(n, "b")->loc, 3, 4, 1);
}
END_TEST

START_TEST(test_scalars_on_several_lines)
{
	const struct ynode *n = parse("a: one\n  two\nb: |\n  x\n  y\n");

	ck_assert_str_eq(ynode_get(n, "a")->text, "one two");
	at(ynode_loc(ynode_get(n, "a"), 4, 3), 1, 4, 3);
	ck_assert_str_eq(ynode_get(n, "b")->text, "x\ny\n");
	at(ynode_loc(ynode_get(n, "b"), 2, 1), 3, 4, 1);
}
END_TEST

START_TEST(test_refused)
{
	refused("", "t.yaml: error: expected a mapping, got an empty file");
	refused("# only\n", "got an empty file");
	refused("a: &x 1\n", "t.yaml:1:4: error: anchors and aliases");
	refused("a: *x\n", "1:4: error: anchors and aliases");
	refused("a: &x [1]\n", "1:4: error: anchors and aliases");
	refused("a: !t 1\n", "1:4: error: tags are not supported");
	refused("a: !t {}\n", "1:4: error: tags are not supported");
	refused("a: 1\n---\nb: 1\n", "2:1: error: a second document");
	refused("a: 1\na: 2\n", "2:1: error: \"a\" is given twice (the first "
		"one is on line 1)");
	refused("{[a]: 1}\n", "1:2: error: expected a word as key, got a list");
	refused("a: \"\\0\"\n", "1:4: error: a NUL");
}
END_TEST

START_TEST(test_syntax_errors)
{
	refused("a:\n\tb: 1\n", "2:1: error: not YAML: a tab; indent with");
	refused("a: b: c\n", "1:5: error: not YAML: a \": \" in a value");
	refused("a: {b\nc: d\n", "not YAML: expected \",\" or \"}\" (the \"{\" "
		"is on line 1)");
	refused("a: [b\n", "not YAML: expected \",\" or \"]\" (the \"[\" is on "
		"line 1)");
	refused("a: 'b\n", "1:4: error: not YAML: the closing quote is");
	refused("a: @b\n", "1:4: error: not YAML: a value that begins with "
		"\"@\" must be in quotes");
	refused("a: 1\nb\n", "not YAML: expected \":\" (the key is on line 2)");
}
END_TEST

START_TEST(test_bytes)
{
	refused_n("a: \0\n", 5, "1:4: error: not a text file: character 0x00");
	refused("a: \x1b[1m\n", "1:4: error: not a text file: character 0x1b");
	refused("a: 1\r\n", "1:5: error: carriage return");
	refused("\xef\xbb\xbf" "a: 1\n", "1:1: error: byte order mark");
	refused("a: \xff\n", "1:4: error: not UTF-8 text: byte 0xff");
	refused("a: \xc0\x80\n", "not UTF-8");		/* overlong */
	refused("a: \xed\xa0\x80\n", "not UTF-8");	/* a surrogate */
	refused("a: \xf4\x90\x80\x80\n", "not UTF-8");	/* beyond Unicode */
	refused("a: \xe2\x82", "not UTF-8");		/* cut off */
	refused("a: \xe2\x80\xa8\n", "character 0x2028");
	refused("a: \xc2\x85\n", "character 0x85");
}
END_TEST

static void repeat(struct buf *b, const char *s, size_t n)
{
	while (n--)
		buf_puts(b, s);
}

START_TEST(test_limits)
{
	struct buf b = BUF_INIT;

	repeat(&b, "[", LIMIT_FILE_DEPTH);
	repeat(&b, "]", LIMIT_FILE_DEPTH);
	parse(buf_str(&b));
	buf_clear(&b);
	repeat(&b, "[", LIMIT_FILE_DEPTH + 1);
	refused(buf_str(&b), "too many lists and mappings in one another: at most 32");
	buf_clear(&b);
	repeat(&b, "- x\n", LIMIT_FILE_VALUES - 1);
	parse(buf_str(&b));
	repeat(&b, "- x\n", 1);
	refused(buf_str(&b), "too many values in a file: at most 50000");
	buf_fini(&b);
}
END_TEST

static const struct ynode *parse_aliases(const char *text)
{
	diags_set_text(dg, text, strlen(text));
	return ytree_parse_aliases(arena, dg, text, strlen(text));
}

START_TEST(an_alias_is_the_node)
{
	const struct ynode *n = parse_aliases("a: &x {b: 1}\n"
					      "c: *x\n"
					      "d: &x 2\n"
					      "e: [*x, *x]\n");

	ck_assert_ptr_nonnull(n);
	ck_assert_ptr_eq(ynode_get(n, "c"), ynode_get(n, "a"));
	ck_assert_ptr_eq(ynode_get(n, "e")->items[1], ynode_get(n, "d"));
	ck_assert_uint_eq(diags_count(dg), 0);
}
END_TEST

/* Neither a name that comes later, nor one whose value is not complete: there are
 * no circles. */
START_TEST(an_alias_of_nothing)
{
	static const char *const texts[] = { "a: *x\nb: &x 1\n", "a: &x [*x]\n" };
	struct buf b = BUF_INIT;

	ck_assert_ptr_null(parse_aliases(texts[_i]));
	diags_print(dg, &b);
	ck_assert_msg(strstr(buf_str(&b), "no complete value with the anchor \"x\""),
		      "got: %s", buf_str(&b));
	buf_fini(&b);
}
END_TEST

/* Of the text after the colon. */
START_TEST(bytes_of_a_node)
{
	static const struct {
		const char *text, *bytes;
	} rows[] = {
		{ "a: word\n", "word" }, { "a: \"it \\x41\"\n", "\"it \\x41\"" },
		{ "a: &x {b: [1,\n 2]}\n", "&x {b: [1,\n 2]}" },
		{ "a:\n  b: 1\n  c: 2\n", "b: 1\n  c: 2\n" },
		{ "a: \xc3\xa4\n", "\xc3\xa4" },
	};
	const struct ynode *n = ynode_get(parse_aliases(rows[_i].text), "a");

	ck_assert_uint_eq(n->to - n->from, strlen(rows[_i].bytes));
	ck_assert_mem_eq(rows[_i].text + n->from, rows[_i].bytes, n->to - n->from);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ytree");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_shapes);
	tcase_add_test(tc, test_places_of_nodes);
	tcase_add_test(tc, test_places_in_scalars);
	tcase_add_test(tc, test_places_after_escapes);
	tcase_add_test(tc, test_places_are_in_bytes);
	tcase_add_test(tc, test_scalars_on_several_lines);
	tcase_add_test(tc, test_refused);
	tcase_add_test(tc, test_syntax_errors);
	tcase_add_test(tc, test_bytes);
	tcase_add_test(tc, test_limits);
	tcase_add_test(tc, an_alias_is_the_node);
	tcase_add_loop_test(tc, an_alias_of_nothing, 0, 2);
	tcase_add_loop_test(tc, bytes_of_a_node, 0, 5);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
