/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths of nodeids, learnt from the wire. */
#include "config.h"

#include <stdio.h>

#include "build.h"
#include "engine/path_table.h"
#include "unit.h"

static struct path_table *t;
static uint64_t msg[1024];
static char path[4096];

static void setup(void)
{
	t = path_table_new();
}

static void teardown(void)
{
	path_table_free(t);
}

static struct decoded_request ask(uint32_t opcode, uint64_t nodeid,
			  const void *body, size_t len)
{
	struct ask a = { .opcode = opcode, .unique = 2, .nodeid = nodeid,
			 .body = body, .len = len };
	struct decoded_request req;
	const char *why;

	len = ask_write(msg, &a);
	ck_assert_int_eq(request_decode(&req, &protocol_builtin, msg, len, &why), 0);
	return req;
}

/* An operation that names a child and is answered with its nodeid. */
static void learn(uint32_t opcode, uint64_t dir, const char *name, uint64_t id)
{
	struct wire_entry_out out = { .nodeid = id };
	const struct op *op = op_by_code(&protocol_builtin, opcode);
	char body[512] = { 0 };
	struct decoded_request req;
	size_t len = op->args_size;

	/* an umask of 18: a fixed part of today */
	if (opcode == OP_CREATE || opcode == OP_MKNOD)
		body[8] = 18;
	strcpy(body + len, name);
	len += strlen(name) + 1;
	if (opcode == OP_SYMLINK) {
		strcpy(body + len, "target");
		len += sizeof("target");
	}
	req = ask(opcode, dir, body, len);
	path_table_learn(t, &req, &out, sizeof(out));
}

static void rename2(uint64_t from_dir, const char *from, uint64_t to_dir,
		    const char *to, uint32_t flags)
{
	struct wire_rename2_in in = { .newdir = to_dir, .flags = flags };
	char body[512];
	struct decoded_request req;

	memcpy(body, &in, sizeof(in));
	strcpy(body + sizeof(in), from);
	strcpy(body + sizeof(in) + strlen(from) + 1, to);
	req = ask(OP_RENAME2, from_dir, body,
		  sizeof(in) + strlen(from) + strlen(to) + 2);
	path_table_learn(t, &req, NULL, 0);
}

START_TEST(knows_the_root)
{
	ck_assert_str_eq(path_table_path(t, 1), "/");
	ck_assert_uint_eq(path_table_find(t, "/"), 1);
	ck_assert_ptr_null(path_table_path(t, 2));
	ck_assert_uint_eq(path_table_find(t, "/data"), 0);
}
END_TEST

START_TEST(learns_names)
{
	static const uint32_t by[] = { OP_LOOKUP, OP_MKDIR, OP_CREATE, OP_MKNOD,
				       OP_SYMLINK, OP_LINK };

	learn(OP_LOOKUP, 1, "dir", 2);
	for (size_t i = 0; i < ARRAY_SIZE(by); i++) {
		char name[16], want[32];

		snprintf(name, sizeof(name), "f%zu", i);
		snprintf(want, sizeof(want), "/dir/%s", name);
		learn(by[i], 2, name, 10 + i);
		ck_assert_str_eq(path_table_path(t, 10 + i), want);
		ck_assert_uint_eq(path_table_find(t, want), 10 + i);
	}
}
END_TEST

START_TEST(a_negative_entry_takes_the_name_away)
{
	learn(OP_LOOKUP, 1, "data", 2);
	learn(OP_LOOKUP, 1, "data", 0);
	ck_assert_uint_eq(path_table_find(t, "/data"), 0);
}
END_TEST

START_TEST(a_removed_file_keeps_its_path)
{
	struct decoded_request req;

	learn(OP_LOOKUP, 1, "data", 2);
	req = ask(OP_UNLINK, 1, "data", 5);
	path_table_learn(t, &req, NULL, 0);
	ck_assert_uint_eq(path_table_find(t, "/data"), 0);
	ck_assert_str_eq(path_table_path(t, 2), "/data");

	learn(OP_MKDIR, 1, "dir", 3);
	req = ask(OP_RMDIR, 1, "dir", 4);
	path_table_learn(t, &req, NULL, 0);
	ck_assert_uint_eq(path_table_find(t, "/dir"), 0);
}
END_TEST

START_TEST(a_name_can_lead_to_another_node)
{
	learn(OP_LOOKUP, 1, "data", 2);
	learn(OP_LOOKUP, 1, "data", 3);
	ck_assert_uint_eq(path_table_find(t, "/data"), 3);
	learn(OP_LOOKUP, 1, "new", 3);
	ck_assert_str_eq(path_table_path(t, 3), "/new");
}
END_TEST

START_TEST(a_directory_moves_with_all_below)
{
	learn(OP_MKDIR, 1, "a", 2);
	learn(OP_MKDIR, 2, "b", 3);
	learn(OP_CREATE, 3, "c", 4);
	learn(OP_CREATE, 1, "ab", 5);
	learn(OP_MKDIR, 1, "to", 6);
	rename2(1, "a", 6, "moved", 0);
	ck_assert_str_eq(path_table_path(t, 2), "/to/moved");
	ck_assert_str_eq(path_table_path(t, 4), "/to/moved/b/c");
	ck_assert_uint_eq(path_table_find(t, "/to/moved/b"), 3);
	ck_assert_uint_eq(path_table_find(t, "/a/b/c"), 0);
	ck_assert_str_eq(path_table_path(t, 5), "/ab");
}
END_TEST

START_TEST(a_rename_replaces_its_target)
{
	learn(OP_CREATE, 1, "a", 2);
	learn(OP_CREATE, 1, "b", 3);
	rename2(1, "a", 1, "b", 0);
	ck_assert_uint_eq(path_table_find(t, "/a"), 0);
	ck_assert_uint_eq(path_table_find(t, "/b"), 2);
}
END_TEST

START_TEST(an_exchange_swaps)
{
	learn(OP_MKDIR, 1, "a", 2);
	learn(OP_CREATE, 2, "in", 3);
	learn(OP_CREATE, 1, "b", 4);
	rename2(1, "a", 1, "b", 2);
	ck_assert_uint_eq(path_table_find(t, "/a"), 4);
	ck_assert_uint_eq(path_table_find(t, "/b"), 2);
	ck_assert_str_eq(path_table_path(t, 3), "/b/in");
}
END_TEST

START_TEST(a_rename_of_the_unknown_is_no_matter)
{
	rename2(7, "a", 8, "b", 0);
	rename2(1, "a", 1, "b", 0);
	ck_assert_uint_eq(path_table_find(t, "/b"), 0);
}
END_TEST

START_TEST(old_rename_moves_too)
{
	uint64_t newdir = 1;
	char body[32];
	struct decoded_request req;

	learn(OP_CREATE, 1, "a", 2);
	memcpy(body, &newdir, 8);
	memcpy(body + 8, "a\0b", 4);
	req = ask(OP_RENAME, 1, body, 12);
	path_table_learn(t, &req, NULL, 0);
	ck_assert_uint_eq(path_table_find(t, "/b"), 2);
}
END_TEST

static void expect_below(const char *above, const char *names)
{
	auto_buf struct buf got = BUF_INIT;
	char **list;
	size_t n = path_table_below(t, above, &list);

	for (size_t i = 0; i < n; i++) {
		buf_printf(&got, "%s ", list[i]);
		free(list[i]);
	}
	free(list);
	ck_assert_str_eq(buf_str(&got), names);
}

START_TEST(what_is_below_comes_first)
{
	expect_below("/", "");
	learn(OP_MKDIR, 1, "dir", 2);
	learn(OP_MKDIR, 2, "sub", 3);
	learn(OP_LOOKUP, 3, "file", 4);
	learn(OP_LOOKUP, 1, "directory", 5);
	expect_below("/", "/dir/sub/file /directory /dir/sub /dir ");
	expect_below("/dir", "/dir/sub/file /dir/sub /dir ");
	expect_below("/dir/sub/file", "/dir/sub/file ");
	expect_below("/nothing", "");
}
END_TEST

START_TEST(request_paths)
{
	struct decoded_request req;

	learn(OP_MKDIR, 1, "dir", 2);
	req = ask(OP_LOOKUP, 2, "child", 6);
	ck_assert_str_eq(path_table_request_path(t, &req, path, sizeof(path)),
			 "/dir/child");
	req = ask(OP_LOOKUP, 2, ".", 2);
	ck_assert_str_eq(path_table_request_path(t, &req, path, sizeof(path)), "/dir");
	req = ask(OP_LOOKUP, 2, "..", 3);
	ck_assert_str_eq(path_table_request_path(t, &req, path, sizeof(path)), "/");
	req = ask(OP_LOOKUP, 1, "..", 3);
	ck_assert_str_eq(path_table_request_path(t, &req, path, sizeof(path)), "/");
	req = ask(OP_READLINK, 2, NULL, 0);
	ck_assert_str_eq(path_table_request_path(t, &req, path, sizeof(path)), "/dir");
	req = ask(OP_READLINK, 99, NULL, 0);
	ck_assert_ptr_null(path_table_request_path(t, &req, path, sizeof(path)));
	req = ask(OP_LOOKUP, 99, "x", 2);
	ck_assert_ptr_null(path_table_request_path(t, &req, path, sizeof(path)));
	req = ask(OP_LOOKUP, 2, "child", 6);
	ck_assert_ptr_null(path_table_request_path(t, &req, path, 5));
}
END_TEST

START_TEST(dots_teach_nothing)
{
	learn(OP_MKDIR, 1, "dir", 2);
	learn(OP_LOOKUP, 2, ".", 2);
	learn(OP_LOOKUP, 2, "..", 1);
	ck_assert_str_eq(path_table_path(t, 2), "/dir");
	ck_assert_str_eq(path_table_path(t, 1), "/");
}
END_TEST

static size_t dirplus(uint8_t *out, const char *name, uint64_t id)
{
	struct wire_direntplus d = { .entry.nodeid = id,
				     .dirent.namelen = (uint32_t)strlen(name) };

	memcpy(out, &d, sizeof(d));
	memcpy(out + sizeof(d), name, strlen(name));
	return sizeof(d) + ((strlen(name) + 7) & ~7ul);
}

START_TEST(readdirplus_teaches)
{
	struct wire_read_in in = { .size = 4096, .lock_owner = 1 };
	struct decoded_request req = ask(OP_READDIRPLUS, 1, &in, sizeof(in));
	uint8_t reply[2048] = { 0 };
	size_t len = 0;

	len += dirplus(reply + len, ".", 1);
	len += dirplus(reply + len, "one", 11);
	len += dirplus(reply + len, "elevenchars", 12);
	len += dirplus(reply + len, "none", 0);
	path_table_learn(t, &req, reply, len);
	ck_assert_str_eq(path_table_path(t, 11), "/one");
	ck_assert_str_eq(path_table_path(t, 12), "/elevenchars");
	ck_assert_uint_eq(path_table_find(t, "/none"), 0);
	/* cut short, or with a length that lies: nothing is read beyond */
	dirplus(reply, "two", 13);
	path_table_learn(t, &req, reply, sizeof(struct wire_direntplus) + 2);
	ck_assert_uint_eq(path_table_find(t, "/two"), 0);
	((struct wire_direntplus *)reply)->dirent.namelen = 0xfffffff0;
	path_table_learn(t, &req, reply, sizeof(reply));
	ck_assert_uint_eq(path_table_find(t, "/two"), 0);
}
END_TEST

START_TEST(short_replies_teach_nothing)
{
	struct decoded_request req = ask(OP_LOOKUP, 1, "data", 5);

	path_table_learn(t, &req, "abc", 3);
	ck_assert_uint_eq(path_table_find(t, "/data"), 0);
}
END_TEST

START_TEST(thousands_of_files)
{
	char name[32];

	for (uint64_t i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "file%u", (unsigned)i);
		learn(OP_LOOKUP, 1, name, i + 2);
	}
	for (uint64_t i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "/file%u", (unsigned)i);
		ck_assert_uint_eq(path_table_find(t, name), i + 2);
		ck_assert_str_eq(path_table_path(t, i + 2), name);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("nodes");
	TCase *tc = tcase_create("nodes");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, knows_the_root);
	tcase_add_test(tc, learns_names);
	tcase_add_test(tc, a_negative_entry_takes_the_name_away);
	tcase_add_test(tc, a_removed_file_keeps_its_path);
	tcase_add_test(tc, a_name_can_lead_to_another_node);
	tcase_add_test(tc, a_directory_moves_with_all_below);
	tcase_add_test(tc, a_rename_replaces_its_target);
	tcase_add_test(tc, an_exchange_swaps);
	tcase_add_test(tc, a_rename_of_the_unknown_is_no_matter);
	tcase_add_test(tc, old_rename_moves_too);
	tcase_add_test(tc, request_paths);
	tcase_add_test(tc, dots_teach_nothing);
	tcase_add_test(tc, readdirplus_teaches);
	tcase_add_test(tc, short_replies_teach_nothing);
	tcase_add_test(tc, what_is_below_comes_first);
	tcase_add_test(tc, thousands_of_files);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
