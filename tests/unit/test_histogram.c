/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Durations in buckets, and requests counted by operation. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/histogram.h"
#include "base/mem.h"
#include "transport/stats.h"
#include "unit.h"
#include "wire/message.h"

static struct histogram h;

static void empty(void)
{
	memset(&h, 0, sizeof(h));
}

static uint64_t share(unsigned permille)
{
	uint64_t out;

	histogram_shares(&h, &permille, &out, 1);
	return out;
}

START_TEST(nothing_has_no_shares)
{
	ck_assert_uint_eq(share(500), 0);
	ck_assert_uint_eq(histogram_count(&h), 0);
}
END_TEST

START_TEST(one_value_is_every_share)
{
	histogram_add(&h, 1000);
	ck_assert_uint_ge(share(1), 1000);
	ck_assert_uint_le(share(1), 1125);
	ck_assert_uint_eq(share(1), share(1000));
}
END_TEST

/* Read back at most an eighth too large, never too small. */
START_TEST(every_size_is_read_back)
{
	uint64_t ns;

	for (ns = 1; ns < 1ull << 40; ns = ns * 5 / 4 + 1) {
		empty();
		histogram_add(&h, ns);
		ck_assert_uint_ge(share(1000), ns);
		ck_assert_uint_le(share(1000), ns + ns / 8);
	}
}
END_TEST

START_TEST(what_is_too_large_is_the_largest)
{
	histogram_add(&h, UINT64_MAX);
	ck_assert_uint_gt(share(500), 1ull << 40);
}
END_TEST

START_TEST(shares_are_shares)
{
	static const unsigned permille[] = { 500, 900, 990, 1000 };
	uint64_t out[4];
	unsigned i;

	for (i = 1; i <= 1000; i++)
		histogram_add(&h, i * 1000ull);
	histogram_shares(&h, permille, out, 4);
	for (i = 0; i < 4; i++) {
		ck_assert_uint_ge(out[i], permille[i] * 1000ull);
		ck_assert_uint_le(out[i], permille[i] * 1125ull);
	}
	ck_assert_uint_eq(histogram_count(&h), 1000);
}
END_TEST

/* ---- requests ---- */

static struct stats *stats;

static void setup(void)
{
	stats = stats_new(&protocol_builtin);
}

static void teardown(void)
{
	stats_free(stats);
}

static void request(uint32_t opcode, uint64_t unique)
{
	struct wire_in_header in = {
		.len = sizeof(in), .opcode = opcode, .unique = unique,
	};

	stats_request(stats, &in, sizeof(in));
}

static void reply(uint64_t unique, int error, int write_errno)
{
	struct wire_out_header out = {
		.len = sizeof(out), .error = -error, .unique = unique,
	};
	const struct iovec iov = { &out, sizeof(out) };

	stats_reply(stats, &iov, 1, write_errno);
}

static struct op_stats only(void)
{
	struct op_stats o, more;

	ck_assert_int_eq(stats_get(stats, 0, &o), 0);
	ck_assert_int_eq(stats_get(stats, 1, &more), -1);
	return o;
}

START_TEST(requests_and_replies_are_counted)
{
	struct op_stats o;

	ck_assert_int_eq(stats_get(stats, 0, &o), -1);
	request(OP_READ, 2);
	request(OP_READ, 4);
	reply(2, 0, 0);
	o = only();
	ck_assert_str_eq(o.op, "READ");
	ck_assert_uint_eq(o.count, 2);
	ck_assert_uint_eq(o.in_flight, 1);
	ck_assert_uint_eq(o.errors, 0);
	ck_assert_uint_eq(o.in, 2 * sizeof(struct wire_in_header));
	ck_assert_uint_eq(o.out, sizeof(struct wire_out_header));
	ck_assert_uint_gt(o.p50_ns, 0);
	reply(4, EIO, 0);
	ck_assert_uint_eq(only().errors, 1);
	ck_assert_uint_eq(only().in_flight, 0);
}
END_TEST

START_TEST(a_reply_that_is_refused_is_none)
{
	request(OP_READ, 2);
	reply(2, 0, EINVAL);
	ck_assert_uint_eq(only().in_flight, 1);
	reply(2, 0, ENOENT);
	ck_assert_uint_eq(only().in_flight, 0);
}
END_TEST

START_TEST(a_second_reply_and_a_strangers_are_none)
{
	request(OP_READ, 2);
	reply(2, 0, 0);
	reply(2, 0, 0);
	reply(66, 0, 0);
	ck_assert_uint_eq(only().in_flight, 0);
	ck_assert_uint_eq(only().out, sizeof(struct wire_out_header));
}
END_TEST

START_TEST(what_has_no_reply_is_never_in_flight)
{
	request(OP_FORGET, 2);
	ck_assert_uint_eq(only().count, 1);
	ck_assert_uint_eq(only().in_flight, 0);
}
END_TEST

START_TEST(what_is_sent_again_is_in_flight_once)
{
	request(OP_READ, 2);
	request(OP_READ, 2 | WIRE_UNIQUE_RESEND);
	ck_assert_uint_eq(only().in_flight, 1);
	reply(2 | WIRE_UNIQUE_RESEND, 0, 0);
	ck_assert_uint_eq(only().in_flight, 0);
}
END_TEST

/* More than there are places for: counted all the same. */
START_TEST(many_are_in_flight)
{
	uint64_t i, n = 100000;

	for (i = 1; i <= n; i++)
		request(OP_WRITE, 2 * i);
	ck_assert_uint_eq(only().count, n);
	for (i = 1; i <= n; i++)
		reply(2 * i, 0, 0);
	ck_assert_uint_eq(only().in_flight, 0);
}
END_TEST

START_TEST(what_is_unknown_has_a_row_too)
{
	request(4095, 2);
	ck_assert_str_eq(only().op, "unknown");
}
END_TEST

START_TEST(rubbish_is_not_counted)
{
	struct op_stats o;

	stats_request(stats, "x", 1);
	stats_request(NULL, "x", 1);
	stats_reply(NULL, NULL, 0, 0);
	ck_assert_int_eq(stats_get(stats, 0, &o), -1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("histogram");
	TCase *t = tcase_create("durations");

	tcase_add_checked_fixture(t, empty, NULL);
	tcase_add_test(t, nothing_has_no_shares);
	tcase_add_test(t, one_value_is_every_share);
	tcase_add_test(t, every_size_is_read_back);
	tcase_add_test(t, what_is_too_large_is_the_largest);
	tcase_add_test(t, shares_are_shares);
	suite_add_tcase(s, t);
	t = tcase_create("requests");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, requests_and_replies_are_counted);
	tcase_add_test(t, a_reply_that_is_refused_is_none);
	tcase_add_test(t, a_second_reply_and_a_strangers_are_none);
	tcase_add_test(t, what_has_no_reply_is_never_in_flight);
	tcase_add_test(t, what_is_sent_again_is_in_flight_once);
	tcase_add_test(t, many_are_in_flight);
	tcase_add_test(t, what_is_unknown_has_a_row_too);
	tcase_add_test(t, rubbish_is_not_counted);
	suite_add_tcase(s, t);
	return unit_main(s);
}
