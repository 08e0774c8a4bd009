/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/: arenas, buffers, units, errno names, diagnostics. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/diag.h"
#include "base/errnos.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/units.h"
#include "tests/unit/unit.h"

START_TEST(arena_gives_zeroed_memory_of_any_size)
{
	struct arena *a = arena_new();
	unsigned char *small = arena_alloc(a, 3);
	unsigned char *large = arena_alloc(a, 1 << 20);
	size_t i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(small[i], 0);
	for (i = 0; i < 1 << 20; i += 4096)
		ck_assert_int_eq(large[i], 0);
	ck_assert_uint_ge(arena_used(a), (1 << 20) + 3);
	ck_assert_uint_eq((uintptr_t)arena_alloc(a, 1) % _Alignof(max_align_t), 0);
	arena_free(a);
	arena_free(NULL);
}
END_TEST

START_TEST(arena_push_keeps_what_was_pushed)
{
	struct arena *a = arena_new();
	int *v = NULL;
	size_t n = 0;
	int i;

	for (i = 0; i < 1000; i++)
		ARENA_PUSH(a, v, n, i);
	ck_assert_uint_eq(n, 1000);
	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(v[i], i);
	arena_free(a);
}
END_TEST

START_TEST(buf_grows_and_prints)
{
	auto_buf struct buf b = BUF_INIT;

	ck_assert_str_eq(buf_str(&b), "");
	buf_printf(&b, "%d %s", 7, "words");
	buf_fill(&b, '.', 3);
	buf_addc(&b, '!');
	ck_assert_str_eq(buf_str(&b), "7 words...!");
	buf_clear(&b);
	ck_assert_uint_eq(b.len, 0);
}
END_TEST

static const struct {
	const char *in;
	size_t len;
	const char *json, *quoted;
} text_rows[] = {
	{ "plain", 5, "\"plain\"", "\"plain\"" },
	{ "a\"b\\", 4, "\"a\\\"b\\\\\"", "\"a\\\"b\\\\\"" },
	{ "\n\1", 2, "\"\\n\\u0001\"", "\"\\n\\x01\"" },
	{ "\0", 1, "\"\\u0000\"", "\"\\0\"" },
	{ "\0" "1", 2, "\"\\u00001\"", "\"\\x001\"" },
	{ "\xc3\xa9", 2, "\"\xc3\xa9\"", "\"\\xc3\\xa9\"" },
	{ "\xc3", 1, "\"\\u00c3\"", "\"\\xc3\"" },
	{ "\xed\xa0\x80", 3, "\"\\u00ed\\u00a0\\u0080\"", "\"\\xed\\xa0\\x80\"" },
	{ "\xc2\x9b\x9b", 3, "\"\\u009b\\u009b\"", "\"\\xc2\\x9b\\x9b\"" },
	{ "\x7f", 1, "\"\\u007f\"", "\"\\x7f\"" },
	{ "\xe2\x80\xae", 3, "\"\\u202e\"", "\"\\xe2\\x80\\xae\"" },
	{ "\xf0\x9f\x98\x80", 4, "\"\xf0\x9f\x98\x80\"", "\"\\xf0\\x9f\\x98\\x80\"" },
	{ "\xc0\xaf", 2, "\"\\u00c0\\u00af\"", "\"\\xc0\\xaf\"" },
};

START_TEST(json_is_put_together)
{
	auto_buf struct buf b = BUF_INIT;
	struct json_writer w = { .out = &b };

	json_begin(&w, NULL, '{');
	json_put_text(&w, "a\"", "x");
	json_put_text(&w, "none", NULL);
	json_begin(&w, "list", '[');
	json_begin(&w, NULL, '{');
	json_end(&w);
	json_begin(&w, NULL, '[');
	json_end(&w);
	json_put_i64(&w, NULL, -1);
	json_put_u64(&w, NULL, UINT64_MAX);
	json_put_real(&w, NULL, 0.1);
	json_put_real(&w, NULL, 1.0 / 0.0);
	json_end(&w);
	json_put_bool(&w, "yes", true);
	json_put_raw(&w, "raw", "[1]");
	json_end(&w);
	ck_assert_str_eq(buf_str(&b), "{\"a\\\"\":\"x\",\"list\":[{},[],-1,"
			 "18446744073709551615,0.10000000000000001,null],"
			 "\"yes\":true,\"raw\":[1]}");
}
END_TEST

START_TEST(json_has_spaces_and_lines_where_they_are_wanted)
{
	auto_buf struct buf b = BUF_INIT;
	struct json_writer w = { .out = &b, .spaced = true };

	json_begin(&w, NULL, '{');
	json_put_u64(&w, "a", 1);
	json_put_u64(&w, "b", 2);
	json_break(&w, 1);
	json_begin(&w, "c", '[');
	json_break(&w, 0);
	json_end(&w);
	json_end(&w);
	ck_assert_str_eq(buf_str(&b), "{\"a\": 1, \"b\": 2,\n \"c\": [\n]}");
}
END_TEST

static const struct {
	const char *in, *line, *lines;
} shown_rows[] = {
	{ "a b", "a b", "a b" },
	{ "a\n\tb", "a\\n\\tb", "a\n\tb" },
	{ "\x1b[31m\r\x7f", "\\x1b[31m\\x0d\\x7f", "\\x1b[31m\\x0d\\x7f" },
	{ "\x9b", "\\x9b", "\\x9b" },
	{ "\xc2\x9b\xc2\xa0", "\\xc2\\x9b\xc2\xa0", "\\xc2\\x9b\xc2\xa0" },
	{ "\xe2\x80\xae\xc3\xa9", "\\xe2\\x80\\xae\xc3\xa9",
	  "\\xe2\\x80\\xae\xc3\xa9" },
};

START_TEST(a_terminal_shows_and_obeys_nothing)
{
	const char *in = shown_rows[_i].in;
	auto_buf struct buf b = BUF_INIT;

	buf_shown(&b, in, strlen(in));
	ck_assert_str_eq(buf_str(&b), shown_rows[_i].line);
	buf_clear(&b);
	buf_shown_lines(&b, in, strlen(in));
	ck_assert_str_eq(buf_str(&b), shown_rows[_i].lines);
}
END_TEST

START_TEST(bytes_become_text)
{
	auto_buf struct buf b = BUF_INIT;

	buf_json(&b, text_rows[_i].in, text_rows[_i].len);
	ck_assert_str_eq(buf_str(&b), text_rows[_i].json);
	buf_clear(&b);
	buf_quote(&b, text_rows[_i].in, text_rows[_i].len, 16);
	ck_assert_str_eq(buf_str(&b), text_rows[_i].quoted);
}
END_TEST

static const struct {
	const char *in;
	size_t len;
	uint64_t total;
	const char *want;
} data_rows[] = {
	{ "", 0, 0, "\"\"" },
	{ "hello", 5, 5, "\"hello\"" },
	{ "hello", 5, 9, "\"hello\"..." },
	{ "\0\0\0\0\0\0\0", 7, 7, "\"\\0\\0\\0\\0\\0\\0\\0\"" },
	{ "\0\0\0\0\0\0\0\0", 8, 8, "'\\0'*8" },
	{ "\'\'\'\'\'\'\'\'", 8, 4096, "'\\''*8..." },
	{ "\"\"\"\"\"\"\"\"", 8, 8, "'\"'*8" },
	{ "\"1\"1\"1\"1\"", 9, 9, "\"\\\"1\"*9" },
	{ "\xff\xff\xff\xff\xff\xff\xff\xff", 8, 8, "'\\xff'*8" },
	{ "0123456789abcdefghijklmnopqrstuvwxyz", 36, 36,
	  "\"0123456789abcdefghijklmnopqrstuv\"..." },
	{ "012345670123456701234567012345670", 33, 33, "\"01234567\"*33" },
	{ "aaaaaaab", 8, 8, "\"aaaaaaab\"" },
};

START_TEST(data_is_written_as_a_scenario_has_it)
{
	auto_buf struct buf b = BUF_INIT;

	buf_data(&b, data_rows[_i].in, data_rows[_i].len, data_rows[_i].total);
	ck_assert_str_eq(buf_str(&b), data_rows[_i].want);
}
END_TEST

START_TEST(quote_stops_at_its_limit)
{
	auto_buf struct buf b = BUF_INIT;

	buf_quote(&b, "abcdef", 6, 3);
	ck_assert_str_eq(buf_str(&b), "\"abc\"...");
}
END_TEST

static const struct {
	const char *text;
	int ok;
	uint64_t value;
	const char *printed;
} size_rows[] = {
	{ "0", 1, 0, "0" }, { "1", 1, 1, "1" }, { "4K", 1, 4096, "4K" },
	{ "4096", 1, 4096, "4K" }, { "4097", 1, 4097, "4097" },
	{ "1M", 1, 1 << 20, "1M" }, { "3G", 1, 3ull << 30, "3G" },
	{ "0x10", 1, 16, "16" }, { "0644", 1, 0644, "420" },
	{ "18446744073709551615", 1, UINT64_MAX, "18446744073709551615" },
	{ "18446744073709551616", 0, 0, "" }, { "16777216T", 0, 0, "" },
	{ "", 0, 0, "" }, { "K", 0, 0, "" }, { "4k", 0, 0, "" },
	{ "4 K", 0, 0, "" }, { "-1", 0, 0, "" }, { "0x", 0, 0, "" },
	{ "089", 0, 0, "" }, { "12q", 0, 0, "" },
};

START_TEST(sizes)
{
	auto_buf struct buf b = BUF_INIT;
	const char *text = size_rows[_i].text;
	uint64_t v = 77;
	int r = parse_size(text, strlen(text), &v);

	ck_assert_int_eq(r == 0, size_rows[_i].ok);
	if (r) {
		ck_assert_uint_eq(v, 77);
		return;
	}
	ck_assert_uint_eq(v, size_rows[_i].value);
	print_size(&b, v);
	ck_assert_str_eq(buf_str(&b), size_rows[_i].printed);
}
END_TEST

static const struct {
	const char *text;
	int ok;
	uint64_t ns;
} time_rows[] = {
	{ "0", 1, 0 }, { "1ns", 1, 1 }, { "5us", 1, 5000 },
	{ "20ms", 1, 20000000 }, { "1s", 1, NS_PER_S },
	{ "2min", 1, 120 * NS_PER_S }, { "1h", 1, 3600 * NS_PER_S },
	{ "7", 0, 0 }, { "1d", 0, 0 },
	{ "s", 0, 0 }, { "99999999999999999999s", 0, 0 },
};

START_TEST(times)
{
	auto_buf struct buf b = BUF_INIT;
	const char *text = time_rows[_i].text;
	uint64_t ns = 0;
	int r = parse_time(text, strlen(text), &ns);

	ck_assert_int_eq(r == 0, time_rows[_i].ok);
	if (r)
		return;
	ck_assert_uint_eq(ns, time_rows[_i].ns);
	print_time(&b, ns);
	ck_assert_str_eq(buf_str(&b), text);
}
END_TEST

START_TEST(durations)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0us" }, { 999, "0us" }, { 87654, "87us" },
		{ NS_PER_MS, "1ms" }, { 20500000, "20.5ms" },
		{ 1234567, "1.234ms" }, { NS_PER_S, "1s" },
		{ 61 * NS_PER_S + 50 * NS_PER_MS, "61.05s" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_buf struct buf b = BUF_INIT;

		print_duration(&b, rows[i].ns);
		ck_assert_str_eq(buf_str(&b), rows[i].text);
	}
}
END_TEST

static const struct {
	const char *text;
	int ok;
	uint64_t lo, hi;
} range_rows[] = {
	{ "4K", 1, 4096, 4097 }, { "0..4K", 1, 0, 4096 },
	{ "4K..", 1, 4096, UINT64_MAX }, { "5..5", 1, 5, 5 },
	{ "5..4", 0, 0, 0 }, { "..5", 0, 0, 0 }, { "a..b", 0, 0, 0 },
	{ "", 0, 0, 0 },
};

START_TEST(ranges)
{
	const char *text = range_rows[_i].text;
	uint64_t lo = 0, hi = 0;
	int r = parse_range(text, strlen(text), &lo, &hi);

	ck_assert_int_eq(r == 0, range_rows[_i].ok);
	ck_assert_uint_eq(lo, range_rows[_i].lo);
	ck_assert_uint_eq(hi, range_rows[_i].hi);
}
END_TEST

START_TEST(signed_numbers)
{
	int64_t v = 0;

	ck_assert_int_eq(parse_int("-4K", 3, &v), 0);
	ck_assert_int_eq(v, -4096);
	ck_assert_int_eq(parse_int("-9223372036854775808", 20, &v), 0);
	ck_assert(v == INT64_MIN);
	ck_assert_int_eq(parse_int("9223372036854775808", 19, &v), -1);
	ck_assert_int_eq(parse_int("-", 1, &v), -1);
}
END_TEST

START_TEST(names_of_numbers)
{
	ck_assert_int_eq(errno_by_name("ETXTBSY", 7), ETXTBSY);
	ck_assert_int_eq(errno_by_name("ERESTARTSYS", 11), 512);
	ck_assert_int_eq(errno_by_name("EFOO", 4), 0);
	ck_assert_str_eq(errno_name(EAGAIN), "EAGAIN");
	ck_assert_ptr_null(errno_name(9999));
	ck_assert_int_eq(signal_by_name("SIGUSR1", 7), SIGUSR1);
	ck_assert_int_eq(signal_by_name("USR1", 4), 0);
	ck_assert_str_eq(signal_name(SIGBUS), "SIGBUS");
	ck_assert_str_eq(words_nearest(errno_words(), "ETXTBUSY", 8), "ETXTBSY");
	ck_assert_str_eq(words_nearest(signal_words(), "SIGUSR", 6), "SIGUSR1");
}
END_TEST

static const char *const flag_names[] = { "O_RDONLY", "O_RDWR", "O_DIRECT", NULL };

START_TEST(nearest_words)
{
	struct words w = words_array(flag_names);

	ck_assert_str_eq(words_nearest(w, "O_RDWRR", 7), "O_RDWR");
	ck_assert_str_eq(words_nearest(w, "o_direct", 8), "O_DIRECT");
	ck_assert_ptr_null(words_nearest(w, "banana", 6));
	ck_assert_ptr_null(words_nearest(w, "", 0));
}
END_TEST

static const char source[] = "one: 1\n\ttwo: b\xc3\xa4""d\nthree\n";

START_TEST(messages_show_their_place)
{
	struct diags *dg = diags_new("x.yaml", source, sizeof(source) - 1);
	auto_buf struct buf b = BUF_INIT;

	ck_assert_int_eq(diag(dg, (struct loc){ 2, 7, 4 }, "bad %s", "two"), -1);
	diag_unknown(dg, (struct loc){ 1, 1, 3 }, "flag", "O_RDWRR", 7,
		     words_array(flag_names));
	diag(dg, (struct loc){ 0, 0, 0 }, "no steps");
	diag(dg, (struct loc){ 2, 7, 4 }, "bad two");
	diag_errno(dg, (struct loc){ 3, 99, 1 }, ENOENT, "open");
	ck_assert_uint_eq(diags_count(dg), 4);
	diags_print(dg, &b);
	ck_assert_str_eq(buf_str(&b),
		"x.yaml: error: no steps\n"
		"x.yaml:1:1: error: unknown flag \"O_RDWRR\" (did you mean O_RDWR?)\n"
		"    1 | one: 1\n"
		"      | ^~~\n"
		"x.yaml:2:7: error: bad two\n"
		"    2 | \ttwo: b\xc3\xa4""d\n"
		"      | \t     ^~~\n"
		"x.yaml:3:99: error: open: No such file or directory\n"
		"    3 | three\n");
	diags_free(dg);
}
END_TEST

START_TEST(twenty_messages_are_kept)
{
	struct diags *dg = diags_new("x.yaml", NULL, 0);
	auto_buf struct buf b = BUF_INIT;
	uint32_t i;

	for (i = 1; i <= 25; i++) {
		ck_assert_int_eq(diags_full(dg), i > DIAG_MAX);
		diag(dg, (struct loc){ i, 1, 1 }, "again");
	}
	diags_print(dg, &b);
	ck_assert_ptr_nonnull(strstr(buf_str(&b), "x.yaml:20:1: error: again\n"
						  "x.yaml: 5 more errors\n"));
	diags_free(dg);
}
END_TEST

static int held_until_return(pthread_mutex_t *m)
{
	auto_lock(m);
	return pthread_mutex_trylock(m);
}

START_TEST(a_lock_is_held_until_the_end_of_its_block)
{
	pthread_rwlock_t rw;
	pthread_mutex_t m;

	mutex_init(&m);
	ck_assert_int_eq(held_until_return(&m), EBUSY);
	ck_assert_int_eq(pthread_mutex_trylock(&m), 0);
	mutex_unlock(&m);
	rwlock_init(&rw);
	{
		auto_read_lock(&rw);
		ck_assert_int_eq(pthread_rwlock_trywrlock(&rw), EBUSY);
	}
	{
		auto_write_lock(&rw);
		ck_assert_int_eq(pthread_rwlock_tryrdlock(&rw), EBUSY);
	}
	ck_assert_int_eq(pthread_rwlock_trywrlock(&rw), 0);
	rwlock_unlock(&rw);
}
END_TEST

/* EPERM: what is not held cannot be given up. */
START_TEST(a_lock_that_fails_is_a_bug)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t m;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&m, &attr);
	mutex_unlock(&m);
}
END_TEST

/* Starts a child that waits until its own parent, if it is to die, is dead, and
 * calls die_with() then.  Returns the child's status. */
static int status_of_orphan(bool parent_dies)
{
	int told[2], status, i;
	pid_t parent, pid;

	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ck_assert_int_eq(pipe(told), 0);
	parent = fork();
	if (parent == 0) {
		pid_t me = getpid();

		pid = fork();
		if (pid == 0) {
			for (i = 0; parent_dies && getppid() == me && i < 5000; i++)
				sleep_ns(NS_PER_MS);
			die_with(me);
			_exit(7);
		}
		if (write(told[1], &pid, sizeof(pid)) != sizeof(pid))
			_exit(1);
		if (!parent_dies)
			waitpid(pid, &status, 0);
		_exit(parent_dies ? 0 : WEXITSTATUS(status));
	}
	ck_assert_int_eq(read(told[0], &pid, sizeof(pid)), sizeof(pid));
	ck_assert_int_eq(waitpid(parent, &status, 0), parent);
	if (parent_dies)
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	close(told[0]);
	close(told[1]);
	return status;
}

START_TEST(a_child_without_its_parent_ends)
{
	int status = status_of_orphan(true);

	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 126);
	status = status_of_orphan(false);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base");
	TCase *t = tcase_create("base");

	tcase_add_test(t, arena_gives_zeroed_memory_of_any_size);
	tcase_add_test(t, arena_push_keeps_what_was_pushed);
	tcase_add_test(t, buf_grows_and_prints);
	tcase_add_loop_test(t, bytes_become_text, 0, ARRAY_SIZE(text_rows));
	tcase_add_test(t, json_is_put_together);
	tcase_add_test(t, json_has_spaces_and_lines_where_they_are_wanted);
	tcase_add_loop_test(t, a_terminal_shows_and_obeys_nothing, 0,
			    ARRAY_SIZE(shown_rows));
	tcase_add_loop_test(t, data_is_written_as_a_scenario_has_it, 0,
			    ARRAY_SIZE(data_rows));
	tcase_add_test(t, quote_stops_at_its_limit);
	tcase_add_loop_test(t, sizes, 0, ARRAY_SIZE(size_rows));
	tcase_add_loop_test(t, times, 0, ARRAY_SIZE(time_rows));
	tcase_add_test(t, durations);
	tcase_add_loop_test(t, ranges, 0, ARRAY_SIZE(range_rows));
	tcase_add_test(t, signed_numbers);
	tcase_add_test(t, names_of_numbers);
	tcase_add_test(t, nearest_words);
	tcase_add_test(t, messages_show_their_place);
	tcase_add_test(t, twenty_messages_are_kept);
	tcase_add_test(t, a_lock_is_held_until_the_end_of_its_block);
	tcase_add_test(t, a_child_without_its_parent_ends);
	tcase_add_test_raise_signal(t, a_lock_that_fails_is_a_bug, SIGABRT);
	suite_add_tcase(s, t);
	return unit_main(s);
}
