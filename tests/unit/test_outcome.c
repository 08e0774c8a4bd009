/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Outcomes against expectations: what holds, what does not, and how it is said. */
#include "config.h"

#include "model/outcome.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"

#define DATA(text)	{ (const uint8_t *)(text), sizeof(text) - 1, sizeof(text) - 1, NULL }

/* It meets, without a word. */
static void good(const struct outcome *o, const struct expectation *e,
		 enum call_id id)
{
	auto_buf struct buf why = BUF_INIT;

	ck_assert_msg(outcome_meets(o, e, &calls[id], 'a', &why), "%s", buf_str(&why));
	ck_assert_str_eq(buf_str(&why), "");
	ck_assert(outcome_meets(o, e, &calls[id], 'a', NULL));
}

/* It does not, for this reason. */
static void bad(const struct outcome *o, const struct expectation *e,
		enum call_id id, const char *reason)
{
	auto_buf struct buf why = BUF_INIT;

	ck_assert(!outcome_meets(o, e, &calls[id], 'a', &why));
	ck_assert_str_eq(buf_str(&why), reason);
	ck_assert(!outcome_meets(o, e, &calls[id], 'a', NULL));
}

static void prints(const struct outcome *o, const struct expectation *e,
		   enum call_id id, const char *text)
{
	auto_buf struct buf b = BUF_INIT;

	outcome_print(&b, o, &calls[id], e);
	ck_assert_str_eq(buf_str(&b), text);
}

static const struct outcome zero = { .ret = 0 };
static const struct outcome five = { .ret = 5 };
static const struct outcome eio = { .ret = -1, .err = EIO };
static const struct outcome sigbus = { .signal = SIGBUS };
static const struct outcome killed = { .ret = -1, .killed = true };

START_TEST(ok)
{
	const struct expectation e = { .kind = EXPECT_OK };

	good(&zero, &e, CALL_fsync);
	good(&five, &e, CALL_read);
	bad(&eio, &e, CALL_fsync, "-1 EIO instead of success");
	bad(&sigbus, &e, CALL_load, "SIGBUS instead of success");
	bad(&killed, &e, CALL_fsync, "killed instead of success");
}
END_TEST

START_TEST(any)
{
	const struct expectation e = { .kind = EXPECT_ANY, .text = "?" };

	good(&zero, &e, CALL_fsync);
	good(&eio, &e, CALL_fsync);
	good(&sigbus, &e, CALL_load);
	good(&killed, &e, CALL_fsync);
}
END_TEST

START_TEST(value)
{
	const struct expectation e = { .kind = EXPECT_VALUE, .lo = 4096, .hi = 4096,
				       .text = "4K" };
	const struct expectation range = { .kind = EXPECT_VALUE, .lo = 1, .hi = 5,
					   .text = "1..6" };
	const struct outcome page = { .ret = 4096 };

	good(&page, &e, CALL_read);
	bad(&five, &e, CALL_read, "5 instead of 4K");
	bad(&eio, &e, CALL_read, "-1 EIO instead of 4K");
	bad(&sigbus, &e, CALL_load, "SIGBUS instead of 4K");
	bad(&killed, &e, CALL_read, "killed instead of 4K");
	good(&five, &range, CALL_read);
	bad(&zero, &range, CALL_read, "0 instead of 1..6");
	bad(&page, &range, CALL_read, "4K instead of 1..6");
}
END_TEST

START_TEST(multiples)
{
	const struct expectation e = { .kind = EXPECT_VALUE, .lo = 1, .hi = 99,
				       .step = 4, .text = "1..100/4" };
	const struct outcome six = { .ret = 6 };

	good(&five, &e, CALL_read);
	bad(&six, &e, CALL_read, "6 instead of 1..100/4");
	bad(&zero, &e, CALL_read, "0 instead of 1..100/4");
}
END_TEST

START_TEST(alternatives)
{
	struct expectation third = { .kind = EXPECT_SIGNAL, .signal = SIGBUS,
				     .text = "SIGBUS" };
	struct expectation second = { .kind = EXPECT_ERRNO, .errnos = { EIO },
				      .text = "-1 EIO or SIGBUS", .alt = &third };
	const struct expectation first = {
		.kind = EXPECT_VALUE, .lo = 5, .hi = 5, .alt = &second,
		.text = "5 or -1 EIO or SIGBUS",
	};

	good(&five, &first, CALL_read);
	good(&eio, &first, CALL_read);
	good(&sigbus, &first, CALL_load);
	bad(&zero, &first, CALL_read, "0 instead of 5 or -1 EIO or SIGBUS");
	bad(&killed, &first, CALL_read, "killed instead of 5 or -1 EIO or SIGBUS");
	ck_assert_ptr_eq(outcome_which(&eio, &first, &calls[CALL_read], 'a', NULL),
			 &second);
	ck_assert_ptr_null(outcome_which(&zero, &first, &calls[CALL_read], 'a',
					 NULL));
}
END_TEST

START_TEST(trend)
{
	struct expectation e = { .trend = TREND_GROWS, .trend_field = NONE };
	const struct outcome size = { .fields = { 7 } };
	uint64_t last = 0;

	ck_assert(outcome_keeps_trend(&five, &e, false, &last));
	ck_assert_uint_eq(last, 5);
	ck_assert(outcome_keeps_trend(&five, &e, true, &last));
	ck_assert(!outcome_keeps_trend(&zero, &e, true, &last));
	ck_assert_uint_eq(last, 5);
	e.trend = TREND_SHRINKS;
	e.trend_field = 0;
	ck_assert(!outcome_keeps_trend(&size, &e, true, &last));
	last = 8;
	ck_assert(outcome_keeps_trend(&size, &e, true, &last));
	ck_assert_uint_eq(last, 7);
}
END_TEST

START_TEST(error)
{
	const struct expectation one = { .kind = EXPECT_ERRNO, .errnos = { EIO },
					 .text = "-1 EIO" };
	const struct expectation two = { .kind = EXPECT_ERRNO,
					 .errnos = { ENOTCONN, EIO },
					 .text = "-1 ENOTCONN|EIO" };
	const struct expectation four = { .kind = EXPECT_ERRNO, .text = "-1",
					  .errnos = { EBADF, EPERM, ESTALE, EIO } };
	const struct expectation some = { .kind = EXPECT_ERRNO, .text = "-1" };
	const struct outcome enoent = { .ret = -1, .err = ENOENT };
	const struct outcome odd = { .ret = -1, .err = 4000 };

	good(&eio, &one, CALL_read);
	good(&eio, &two, CALL_read);
	good(&eio, &four, CALL_read);
	good(&eio, &some, CALL_read);
	good(&enoent, &some, CALL_read);
	bad(&enoent, &one, CALL_read, "-1 ENOENT instead of -1 EIO");
	bad(&enoent, &two, CALL_read, "-1 ENOENT instead of -1 ENOTCONN|EIO");
	bad(&enoent, &four, CALL_read, "-1 ENOENT instead of -1");
	bad(&odd, &one, CALL_read, "-1 4000 instead of -1 EIO");
	bad(&five, &one, CALL_read, "5 instead of -1 EIO");
	bad(&zero, &some, CALL_read, "0 instead of -1");
	bad(&sigbus, &one, CALL_load, "SIGBUS instead of -1 EIO");
	bad(&killed, &some, CALL_read, "killed instead of -1");
}
END_TEST

START_TEST(signals)
{
	const struct expectation e = { .kind = EXPECT_SIGNAL, .signal = SIGBUS,
				       .text = "SIGBUS" };
	const struct outcome segv = { .signal = SIGSEGV };

	good(&sigbus, &e, CALL_load);
	bad(&segv, &e, CALL_load, "SIGSEGV instead of SIGBUS");
	bad(&five, &e, CALL_load, "5 instead of SIGBUS");
	bad(&killed, &e, CALL_load, "killed instead of SIGBUS");
}
END_TEST

START_TEST(death)
{
	const struct expectation e = { .kind = EXPECT_KILLED, .text = "killed" };

	good(&killed, &e, CALL_read);
	bad(&eio, &e, CALL_read, "-1 EIO instead of killed");
	bad(&zero, &e, CALL_read, "0 instead of killed");
}
END_TEST

START_TEST(data)
{
	const struct expectation e = { .kind = EXPECT_VALUE, .lo = 5, .hi = 5,
				       .has_data = true, .data = DATA("hello"),
				       .text = "5 \"hello\"" };
	struct outcome o = { .ret = 5, .data = (const uint8_t *)"hello",
			     .data_len = 5 };

	good(&o, &e, CALL_read);
	o.data = (const uint8_t *)"hellx";
	bad(&o, &e, CALL_read, "data differs at byte 4: \"x\" instead of \"o\"");
	o.data_len = 4;
	bad(&o, &e, CALL_read, "4 bytes of data instead of 5");
	o.ret = 4;
	bad(&o, &e, CALL_read, "4 \"hell\" instead of 5 \"hello\"");
	/* getxattr with size 0 has a value and no data */
	bad(&five, &e, CALL_getxattr, "0 bytes of data instead of 5");
	bad(&eio, &e, CALL_read, "-1 EIO instead of 5 \"hello\"");
}
END_TEST

START_TEST(data_of_a_letter_and_repeated)
{
	const struct expectation letter = { .kind = EXPECT_OK, .has_data = true,
					    .data = { .len = 3 } };
	const struct expectation twice = {
		.kind = EXPECT_OK, .has_data = true,
		.data = { (const uint8_t *)"ab", 2, 5, NULL },
	};
	struct outcome o = { .ret = 3, .data = (const uint8_t *)"aaa", .data_len = 3 };

	good(&o, &letter, CALL_read);
	o.data = (const uint8_t *)"aab";
	bad(&o, &letter, CALL_read, "data differs at byte 2: \"b\" instead of \"a\"");
	o = (struct outcome){ .ret = 5, .data = (const uint8_t *)"ababa",
			      .data_len = 5 };
	good(&o, &twice, CALL_read);
}
END_TEST

/* The log keeps 64 KiB of data; the value still says how much there was. */
START_TEST(data_cut_off)
{
	static uint8_t bytes[65536];
	struct expectation e = { .kind = EXPECT_OK, .has_data = true,
				 .data = { .len = 1 << 20 } };
	struct outcome o = { .ret = 1 << 20, .data = bytes,
			     .data_len = sizeof(bytes) };

	memset(bytes, 'a', sizeof(bytes));
	good(&o, &e, CALL_read);
	bytes[65535] = 'b';
	bad(&o, &e, CALL_read, "data differs at byte 65535: \"b\" instead of \"a\"");
	e.data.len = 2 << 20;
	bad(&o, &e, CALL_read, "1M bytes of data instead of 2M");
}
END_TEST

START_TEST(fields)
{
	struct field_expect size = { 0, 65536, 65537, 0, 0 };
	struct expectation e = { .kind = EXPECT_OK, .fields = &size, .n_fields = 1,
				 .text = "{size=64K}" };
	struct outcome o = { .fields = { 65536, 0644 } };

	good(&o, &e, CALL_stat);
	o.fields[0] = 4096;
	bad(&o, &e, CALL_stat, "size is 4K instead of 64K");
	size = (struct field_expect){ 0, 8192, 65536, 0, 0 };
	bad(&o, &e, CALL_stat, "size is 4K instead of 8K..64K");
	size.hi = UINT64_MAX;
	bad(&o, &e, CALL_stat, "size is 4K instead of 8K..");
	size.lo = 0;
	good(&o, &e, CALL_stat);
	o.fields[0] = UINT64_MAX;
	good(&o, &e, CALL_stat);
	bad(&eio, &e, CALL_stat, "-1 EIO instead of {size=64K}");
}
END_TEST

/* hi is exclusive, except where it means no end. */
START_TEST(field_bounds)
{
	struct field_expect nlink = { 2, 1, 3, 0, 0 };
	const struct expectation e = { .kind = EXPECT_OK, .fields = &nlink,
				       .n_fields = 1 };
	struct outcome o = { .fields = { 0, 0, 2 } };

	good(&o, &e, CALL_stat);
	o.fields[2] = 3;
	bad(&o, &e, CALL_stat, "nlink is 3 instead of 1..3");
}
END_TEST

START_TEST(fields_in_their_own_words)
{
	struct field_expect mode = { 1, 0600, 0601, 0, 0 };
	struct field_expect type = { 7, S_IFDIR, S_IFDIR + 1, 0, 0 };
	struct field_expect lock = { 0, F_WRLCK, F_WRLCK + 1, 0, 0 };
	struct field_expect process = { 3, PROCESS_ACTOR + 1, PROCESS_ACTOR + 2, 0, 0 };
	const char *actors[] = { "app", "ben" };
	struct expectation e = { .kind = EXPECT_OK, .fields = &mode, .n_fields = 1 };
	struct outcome o = { .fields = { [1] = 0644, [7] = S_IFREG } };

	bad(&o, &e, CALL_stat, "mode is 0644 instead of 0600");
	e.fields = &type;
	bad(&o, &e, CALL_stat, "type is file instead of dir");
	e.fields = &lock;
	o.fields[0] = F_UNLCK;
	bad(&o, &e, CALL_getlk, "type is F_UNLCK instead of F_WRLCK");
	e.fields = &process;
	e.actors = actors;
	e.n_actors = 2;
	o.fields[3] = PROCESS_ACTOR;
	bad(&o, &e, CALL_getlk, "pid is app instead of ben");
	o.fields[3] = PROCESS_OTHER;
	bad(&o, &e, CALL_getlk, "pid is 1 instead of ben");
}
END_TEST

START_TEST(names)
{
	const char *words[] = { "b", "a" };
	const char *twice[] = { "a", "a" };
	struct expectation e = { .kind = EXPECT_OK, .has_names = true,
				 .names = words, .n_names = 2, .text = "[b, a]" };
	struct outcome o = { .ret = 2, .data = (const uint8_t *)"a\nb\n",
			     .data_len = 4 };

	good(&o, &e, CALL_readdir);
	o.data_len = 3;			/* the last newline is not needed */
	good(&o, &e, CALL_readdir);
	o.data_len = 2;
	bad(&o, &e, CALL_readdir, "\"b\" is missing");
	o.data = (const uint8_t *)"a\nb\nc\n";
	o.data_len = 6;
	bad(&o, &e, CALL_readdir, "\"c\" is there too");
	o.data = (const uint8_t *)"a\nb\na\n";
	bad(&o, &e, CALL_readdir, "\"a\" is there 2 times");
	bad(&eio, &e, CALL_readdir, "-1 EIO instead of [b, a]");
	e.names = twice;
	o.data_len = 4;
	bad(&o, &e, CALL_readdir, "\"a\" is there 1 times");
	e.n_names = 0;
	bad(&o, &e, CALL_readdir, "\"a\" is there too");
	good(&zero, &e, CALL_readdir);
}
END_TEST

START_TEST(printed)
{
	struct field_expect two[] = { { 0, 0, 1, 0, 0 }, { 1, 0, 1, 0, 0 } };
	const struct expectation fields_ = { .kind = EXPECT_OK, .fields = two,
					     .n_fields = 2 };
	const struct expectation data_ = { .kind = EXPECT_OK, .has_data = true };
	const struct outcome st = { .fields = { 65536, 0644 } };
	const struct outcome read_ = { .ret = 2, .data = (const uint8_t *)"h\n",
				       .data_len = 2 };
	const struct outcome none = { .data = (const uint8_t *)"" };
	const struct outcome part = { .ret = 4096, .data = read_.data,
				      .data_len = 2 };
	const struct outcome minus = { .ret = -1 };
	const struct outcome signal_ = { .signal = 99 };

	prints(&zero, NULL, CALL_fsync, "0");
	prints(&eio, NULL, CALL_fsync, "-1 EIO");
	prints(&minus, NULL, CALL_lseek, "-1");
	prints(&sigbus, NULL, CALL_load, "SIGBUS");
	prints(&signal_, NULL, CALL_load, "signal 99");
	prints(&killed, NULL, CALL_fsync, "killed");
	prints(&st, &fields_, CALL_stat, "{size=64K, mode=0644}");
	prints(&st, NULL, CALL_stat, "0");
	prints(&read_, NULL, CALL_read, "2 \"h\\n\"");
	prints(&none, &data_, CALL_read, "0 \"\"");
	prints(&none, NULL, CALL_read, "0");
	prints(&part, NULL, CALL_read, "4K \"h\\n\"...");
	prints(&read_, &data_, CALL_read, "2 \"h\\n\"");
	prints(&read_, NULL, CALL_readdir, "[h]");
	prints(&zero, NULL, CALL_readdir, "[]");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("outcome");
	TCase *tc = tcase_create("outcome");

	tcase_add_test(tc, ok);
	tcase_add_test(tc, any);
	tcase_add_test(tc, value);
	tcase_add_test(tc, multiples);
	tcase_add_test(tc, alternatives);
	tcase_add_test(tc, trend);
	tcase_add_test(tc, error);
	tcase_add_test(tc, signals);
	tcase_add_test(tc, death);
	tcase_add_test(tc, data);
	tcase_add_test(tc, data_of_a_letter_and_repeated);
	tcase_add_test(tc, data_cut_off);
	tcase_add_test(tc, fields);
	tcase_add_test(tc, field_bounds);
	tcase_add_test(tc, fields_in_their_own_words);
	tcase_add_test(tc, names);
	tcase_add_test(tc, printed);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
