/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees back to text: the text is the same tree, and looks as a person would write it.
 * And trees made of trees. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "load/yaml/yedit.h"
#include "load/yaml/ytree.h"
#include "load/yaml/ywrite.h"
#include "tests/unit/unit.h"

static struct arena *arena;

static void setup(void) { arena = arena_new(); }
static void teardown(void) { arena_free(arena); }

static const struct ynode *tree(const char *text)
{
	struct diags *dg = diags_new("x.yaml", text, strlen(text));
	const struct ynode *root = ytree_parse(arena, dg, text, strlen(text));

	ck_assert_msg(root != NULL, "not YAML:\n%s", text);
	diags_free(dg);
	return root;
}

static bool is_same(const struct ynode *a, const struct ynode *b)
{
	if (a->kind != b->kind || a->n_items != b->n_items)
		return false;
	if (a->kind == Y_SCALAR)
		return a->len == b->len && !memcmp(a->text, b->text, a->len) &&
			(a->len || a->plain == b->plain);
	for (size_t i = 0; i < a->n_items; i++)
		if (!is_same(a->items[i], b->items[i]))
			return false;
	return true;
}

static void check_written(const struct ynode *root, const char *expected)
{
	auto_buf struct buf b = BUF_INIT;

	ytree_write(&b, root);
	ck_assert_str_eq(buf_str(&b), expected);
}

/* What is written is read as the same, and written the same again. */
static void check_round(const char *text)
{
	const struct ynode *root = tree(text), *again;
	auto_buf struct buf b = BUF_INIT;

	ytree_write(&b, root);
	again = tree(buf_str(&b));
	ck_assert_msg(is_same(root, again), "another tree:\n%s\nof\n%s", buf_str(&b), text);
	check_written(again, buf_str(&b));
}

START_TEST(sections)
{
	static const char text[] =
		"fusescen: 1\n"
		"needs: [root, cuse]\n"
		"mounts:\n"
		"  fs: {init: [writeback_cache], files: {/data: {size: 4K}}}\n"
		"rules:\n"
		"  - {op: READ, hold: g}\n"
		"actors: [a, b]\n"
		"steps:\n"
		"  - a: fd = open(\"/data\", O_RDWR)\n"
		"  - a: pread(fd, 4K, 0) ...\n"
		"  - held: g\n"
		"  - quiet\n"
		"  - a: ... = 4K\n"
		"expect:\n"
		"  - {count: READ /data, is: 1}\n";

	check_written(tree(text), text);
}
END_TEST

/* What does not fit on a line is below, and texts with commas need no quotes there. */
START_TEST(blocks)
{
	check_written(tree("steps: [stress: {rounds: 9, a: ['pwrite(fd, 1, 0)']}]\n"),
		      "steps:\n  - stress: {rounds: 9, a: [\"pwrite(fd, 1, 0)\"]}\n");
	check_written(tree("steps: [a: 'f(x, y)']\n"), "steps:\n  - a: \"f(x, y)\"\n");
	check_written(tree("rules:\n"
			   "- {op: READ, file: /a/long/name/of/a/file, where: {offset: 0..4K}, "
			   "reply: {error: EIO}, times: 1}\n"),
		      "rules:\n"
		      "  - op: READ\n"
		      "    file: /a/long/name/of/a/file\n"
		      "    where: {offset: 0..4K}\n"
		      "    reply: {error: EIO}\n"
		      "    times: 1\n");
}
END_TEST

START_TEST(round_trips)
{
	check_round("a: {b: [], c: {}, d: , e: ''}\n");
	check_round("a: ['x, y', \"it's\", 'say \"no\"', \"tab\\tand\\nline\", '[x]', ' x ']\n");
	check_round("a: ['- x', '-x', '#x', 'x #y', 'x: y', 'x:', '*p', '&p', '!t', '%d', '@']\n");
	check_round("a:\n  - b: ...\n  - c: ---\n  - ['...', '---', '-', '?', ':', '|']\n");
	check_round("a: \"\\x01\\x7f\"\nb: 'ü'\nc: |\n  two\n  lines\n");
	check_round("a: [[1, [2, 3]], {x: {y: [z]}}]\n");
}
END_TEST

START_TEST(edits)
{
	const struct ynode *root = tree("a: [x, y, z]\nb: {c: 1, d: 2}\ne: {f: 3}\n");
	const struct ynode *list = ynode_get(root, "a"), *map = ynode_get(root, "b");
	const struct yedit several[] = {
		{ list->items[1], NULL }, { ynode_get(map, "c"), NULL },
		{ ynode_get(map, "d"), ynode_plain(arena, "4") },
		{ ynode_get(root, "e"), NULL },
	};
	const struct ynode *out = ynode_edited(arena, root, several, ARRAY_SIZE(several));

	check_written(out, "a: [x, z]\nb: {d: 4}\n");
	check_written(root, "a: [x, y, z]\nb: {c: 1, d: 2}\ne: {f: 3}\n");
	ck_assert_ptr_eq(ynode_edited(arena, root, several, 0), root);
	ck_assert_ptr_eq(ynode_without(arena, root, "nothing"), root);
	check_written(ynode_without(arena, root, "b"), "a: [x, y, z]\ne: {f: 3}\n");
}
END_TEST

START_TEST(cases)
{
	const struct ynode *root = tree(
		"cases: [{case: one, n: 4K, more: [x, y], map: {k: v}}, {case: two}]\n"
		"a: ['${more}', z, '${map}', 'n=${n}, ${other}']\nb: ${n}\n");
	const struct ynode *row = ynode_case(root, "one");

	ck_assert_ptr_nonnull(row);
	ck_assert_ptr_null(ynode_case(root, "three"));
	check_written(ynode_filled(arena, ynode_without(arena, root, "cases"), row),
		      "a:\n  - x\n  - y\n  - z\n  - k: v\n  - n=4K, ${other}\nb: 4K\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ywrite");
	TCase *tc = tcase_create("ywrite");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, sections);
	tcase_add_test(tc, blocks);
	tcase_add_test(tc, round_trips);
	tcase_add_test(tc, edits);
	tcase_add_test(tc, cases);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
