/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event log: copies, order, limits, waiting. */
#include "config.h"

#include <pthread.h>

#include "base/units.h"
#include "build.h"
#include "unit.h"

static _Atomic uint64_t seq;
static struct evlog *log_;

static void setup(void)
{
	seq = 0;
	log_ = evlog_new(&seq);
}

static void teardown(void)
{
	evlog_free(log_);
}

START_TEST(copies_what_it_is_given)
{
	char msg[] = "message", path[] = "/data", text[] = "text";
	uint8_t data[] = { 1, 2, 3 };
	struct outcome o = { .ret = 3, .data = data, .data_len = 3 };
	struct event ev = event_of(EV_RETURN);
	const struct event *kept;

	ev.msg = msg;
	ev.msg_len = sizeof(msg);
	ev.path = path;
	ev.text = text;
	ev.outcome = &o;
	kept = evlog_add(log_, &ev);
	memset(msg, 0, sizeof(msg));
	memset(path, 0, sizeof(path));
	memset(text, 0, sizeof(text));
	memset(data, 0, sizeof(data));
	o.ret = 0;
	ck_assert_str_eq(kept->msg, "message");
	ck_assert_str_eq(kept->path, "/data");
	ck_assert_str_eq(kept->text, "text");
	ck_assert_int_eq(kept->outcome->ret, 3);
	ck_assert_int_eq(kept->outcome->data[2], 3);
	ck_assert_uint_eq(kept->seq, 1);
	ck_assert(kept->at_ns != 0);
}
END_TEST

/* It may be a command's, which is gone when it is answered. */
START_TEST(a_notification_is_copied)
{
	char path[] = "/data", child[] = "child";
	struct notify_spec spec = { .code = 7, .name = NONE };
	struct event ev = event_of(EV_NOTE_START);
	size_t next = 0, missed = 0;
	const struct event *got;

	spec.file.path = path;
	spec.child = child;
	ev.notify = &spec;
	evlog_add(log_, &ev);
	memset(path, 0, sizeof(path));
	memset(&spec, 0, sizeof(spec));
	memset(child, 0, sizeof(child));
	got = evlog_next(log_, &next, &missed);
	ck_assert_uint_eq(got->notify->code, 7);
	ck_assert_str_eq(got->notify->file.path, "/data");
	ck_assert_str_eq(got->notify->child, "child");
	evlog_drop(got);
}
END_TEST

START_TEST(keeps_at_most_64k_of_an_outcome)
{
	static uint8_t big[70000];
	struct outcome o = { .ret = 70000, .data = big, .data_len = sizeof(big) };
	struct event ev = event_of(EV_RETURN);

	ev.outcome = &o;
	ck_assert_uint_eq(evlog_add(log_, &ev)->outcome->data_len, 65536);
}
END_TEST

START_TEST(sorts_by_number_not_by_arrival)
{
	struct event ev = event_of(EV_INFO);
	const struct event **sorted;
	uint64_t early = evlog_next_seq(log_);
	size_t n;

	evlog_add(log_, &ev);
	ev.seq = early;
	evlog_add(log_, &ev);
	ck_assert_uint_eq(evlog_count(log_), 2);
	ck_assert_uint_eq(evlog_at(log_, 1)->seq, early);
	ck_assert_ptr_null(evlog_at(log_, 2));
	sorted = evlog_sorted(log_, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(sorted[0]->seq, early);
	ck_assert_uint_lt(sorted[0]->seq, sorted[1]->seq);
	free(sorted);
}
END_TEST

START_TEST(hands_each_event_out_once)
{
	struct event ev = event_of(EV_INFO);
	const struct event *some[64];
	size_t next = 0, n, i, looked = 0, round;

	for (round = 0; round < 1000; round++) {
		evlog_add(log_, &ev);
		while ((n = evlog_more(log_, &next, some, ARRAY_SIZE(some))))
			for (i = 0; i < n; i++)
				ck_assert_uint_eq(some[i]->seq, ++looked);
	}
	ck_assert_uint_eq(looked, 1000);
	next = 900;
	ck_assert_uint_eq(evlog_more(log_, &next, some, ARRAY_SIZE(some)), 64);
	ck_assert_uint_eq(evlog_more(log_, &next, some, ARRAY_SIZE(some)), 36);
	ck_assert_uint_eq(evlog_more(log_, &next, some, ARRAY_SIZE(some)), 0);
	ck_assert_uint_eq(next, 1000);
}
END_TEST

/* What the kernel recorded is read late, and belongs where its time is. */
START_TEST(puts_records_where_their_time_is)
{
	static const struct { enum event_kind kind; uint64_t at_ns; } in[] = {
		{ EV_CALL, 100 }, { EV_REQUEST, 200 }, { EV_REPLY, 300 },
		{ EV_RETURN, 400 }, { EV_TRACE, 350 }, { EV_KERNEL_RETURN, 150 },
		{ EV_TRACE, 200 }, { EV_TRACE, 50 }, { EV_TRACE, 500 },
	};
	static const uint64_t order[] = { 8, 1, 6, 2, 7, 3, 5, 4, 9 };
	const struct event **sorted;
	size_t n, i;

	for (i = 0; i < ARRAY_SIZE(in); i++) {
		struct event ev = event_of(in[i].kind);

		ev.at_ns = in[i].at_ns;
		evlog_add(log_, &ev);
	}
	sorted = evlog_sorted(log_, &n);
	ck_assert_uint_eq(n, ARRAY_SIZE(order));
	for (i = 0; i < n; i++)
		ck_assert_uint_eq(sorted[i]->seq, order[i]);
	ck_assert_ptr_null(sorted[n]);
	free(sorted);
}
END_TEST

START_TEST(marks_teardown)
{
	struct event ev = event_of(EV_INFO);

	struct event earlier = ev;

	ck_assert(!evlog_add(log_, &ev)->teardown);
	/* a reply, which is added when it has been written */
	earlier.seq = evlog_next_seq(log_);
	evlog_begin_teardown(log_);
	ck_assert(evlog_add(log_, &ev)->teardown);
	ck_assert(!evlog_add(log_, &earlier)->teardown);
}
END_TEST

START_TEST(counts_what_it_cannot_keep)
{
	struct event ev = event_of(EV_INFO);

	for (size_t i = 0; i < LIMIT_LOG_EVENTS; i++)
		evlog_add(log_, &ev);
	ck_assert_uint_eq(evlog_lost(log_), 0);
	ck_assert_ptr_null(evlog_add(log_, &ev));
	ck_assert_ptr_null(evlog_add(log_, &ev));
	ck_assert_uint_eq(evlog_lost(log_), 2);
	ck_assert_uint_eq(evlog_count(log_), LIMIT_LOG_EVENTS);
}
END_TEST

START_TEST(is_bounded_in_bytes_too)
{
	static char msg[1 << 20];
	struct event ev = event_of(EV_INFO);
	int kept = 0;

	ev.msg = msg;
	ev.msg_len = sizeof(msg);
	while (kept < 1000 && evlog_add(log_, &ev))
		kept++;
	ck_assert_int_ge(kept, 50);
	ck_assert_int_le(kept, 65);
}
END_TEST

START_TEST(wait_ends_at_its_deadline)
{
	uint64_t start = clock_ns();
	size_t seen = 0;

	ck_assert(!evlog_wait_news(log_, &seen, start + 30 * NS_PER_MS));
	ck_assert_uint_ge(clock_ns() - start, 30 * NS_PER_MS);
	ck_assert(!evlog_wait_news(log_, &seen, 0));
}
END_TEST

START_TEST(wait_sees_what_came_before_it)
{
	struct event ev = event_of(EV_INFO);
	size_t seen = 0;

	evlog_add(log_, &ev);
	evlog_add(log_, &ev);
	ck_assert(evlog_wait_news(log_, &seen, 0));
	ck_assert_uint_eq(seen, 2);
	ck_assert(!evlog_wait_news(log_, &seen, 0));
}
END_TEST

START_TEST(a_poke_wakes_once)
{
	size_t seen = 0;

	evlog_poke(log_);
	ck_assert(evlog_wait_news(log_, &seen, 0));
	ck_assert_uint_eq(seen, 0);
	ck_assert(!evlog_wait_news(log_, &seen, 0));
}
END_TEST

static void *add_many(void *arg)
{
	struct event ev = event_of(EV_INFO);

	(void)arg;
	for (int i = 0; i < 2000; i++)
		evlog_add(log_, &ev);
	return NULL;
}

START_TEST(many_threads_append)
{
	const struct event **sorted;
	pthread_t threads[4];
	size_t seen = 0, n;

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, add_many, NULL);
	while (seen < 8000)
		ck_assert(evlog_wait_news(log_, &seen,
					  clock_ns() + 20 * NS_PER_S));
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	sorted = evlog_sorted(log_, &n);
	ck_assert_uint_eq(n, 8000);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(sorted[i]->seq, i + 1);
	free(sorted);
}
END_TEST

/* ---- recent events only ---- */

static void setup_recent(void)
{
	seq = 0;
	log_ = evlog_new_recent(&seq);
}

static void add_text(const char *text)
{
	struct event ev = event_of(EV_INFO);

	ev.text = text;
	evlog_add(log_, &ev);
}

START_TEST(recent_events_are_read_along)
{
	size_t next = 0, missed = 0;
	const struct event *ev;

	ck_assert_ptr_null(evlog_next(log_, &next, &missed));
	add_text("one");
	add_text("two");
	ev = evlog_next(log_, &next, &missed);
	ck_assert_str_eq(ev->text, "one");
	evlog_drop(ev);
	ev = evlog_next(log_, &next, &missed);
	ck_assert_str_eq(ev->text, "two");
	evlog_drop(ev);
	ck_assert_ptr_null(evlog_next(log_, &next, &missed));
	ck_assert_uint_eq(missed, 0);
}
END_TEST

START_TEST(old_events_go_unless_they_are_held)
{
	size_t next = 0, missed = 0, i;
	struct event ev = event_of(EV_REQUEST);
	const struct event *first, *got, **sorted;

	ev.path = "/first";
	first = evlog_add_held(log_, &ev);
	for (i = 0; i < 3 * LIMIT_SERVED_EVENTS; i++)
		add_text("x");
	ck_assert_str_eq(first->path, "/first");
	ck_assert_uint_eq(evlog_count(log_), 3 * LIMIT_SERVED_EVENTS + 1);
	got = evlog_next(log_, &next, &missed);
	ck_assert_uint_eq(missed, 2 * LIMIT_SERVED_EVENTS + 1);
	ck_assert_uint_eq(got->seq, 2 * LIMIT_SERVED_EVENTS + 2);
	evlog_drop(got);
	evlog_drop(first);
	/* they are not to be had as a list, not even those that are there */
	sorted = evlog_sorted(log_, &i);
	ck_assert_uint_eq(i, 0);
	free(sorted);
}
END_TEST

/* A reply keeps its request, however many have come since. */
START_TEST(a_request_lives_as_long_as_its_reply)
{
	struct event ev = event_of(EV_REQUEST);
	const struct event *request, *reply;
	size_t i;

	request = evlog_add_held(log_, &ev);
	for (i = 0; i < 2 * LIMIT_SERVED_EVENTS; i++)
		add_text("x");
	ev = event_of(EV_REPLY);
	ev.request = request;
	reply = evlog_add_held(log_, &ev);
	evlog_drop(request);
	for (i = 0; i < 2 * LIMIT_SERVED_EVENTS; i++)
		add_text("x");
	ck_assert_uint_eq(reply->request->seq, 1);
	evlog_drop(reply);
}
END_TEST

START_TEST(large_events_push_out_more)
{
	static char big[1 << 20];
	struct event ev = event_of(EV_REQUEST);
	size_t next = 0, missed = 0, i;

	ev.msg = big;
	ev.msg_len = sizeof(big);
	for (i = 0; i < 100; i++)
		evlog_add(log_, &ev);
	evlog_drop(evlog_next(log_, &next, &missed));
	ck_assert_uint_gt(missed, 60);
	ck_assert_uint_lt(missed, 80);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("evlog");
	TCase *tc = tcase_create("evlog"), *t;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, copies_what_it_is_given);
	tcase_add_test(tc, a_notification_is_copied);
	tcase_add_test(tc, keeps_at_most_64k_of_an_outcome);
	tcase_add_test(tc, hands_each_event_out_once);
	tcase_add_test(tc, sorts_by_number_not_by_arrival);
	tcase_add_test(tc, puts_records_where_their_time_is);
	tcase_add_test(tc, marks_teardown);
	tcase_add_test(tc, counts_what_it_cannot_keep);
	tcase_add_test(tc, is_bounded_in_bytes_too);
	tcase_add_test(tc, wait_ends_at_its_deadline);
	tcase_add_test(tc, wait_sees_what_came_before_it);
	tcase_add_test(tc, a_poke_wakes_once);
	tcase_add_test(tc, many_threads_append);
	suite_add_tcase(s, tc);
	t = tcase_create("recent");
	tcase_add_checked_fixture(t, setup_recent, teardown);
	tcase_add_test(t, recent_events_are_read_along);
	tcase_add_test(t, old_events_go_unless_they_are_held);
	tcase_add_test(t, a_request_lives_as_long_as_its_reply);
	tcase_add_test(t, large_events_push_out_more);
	tcase_add_test(t, a_notification_is_copied);
	suite_add_tcase(s, t);
	return unit_main(s);
}
