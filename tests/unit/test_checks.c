/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks over hand-made logs: what holds, what does not, and in which words. */
#include "config.h"

#include <errno.h>

#include "base/units.h"
#include "build.h"
#include "engine/checks.h"
#include "engine/print.h"
#include "unit.h"

#define MAX_EVENTS	64

static struct build b;
static const struct event *events[MAX_EVENTS];
static size_t n;
static struct finding found;

static void setup(void)
{
	build_init(&b, 1);
	n = 0;
	found = (struct finding){ 0 };
}

static void teardown(void)
{
	finding_fini(&found);
	build_fini(&b);
}

/* Events get #1, #2, ... and stand 1 ms apart. */
static const struct event *add(struct event ev)
{
	struct event *kept = arena_memdup(b.a, &ev, sizeof(ev));

	kept->seq = n + 1;
	kept->at_ns = NS_PER_S + n * NS_PER_MS;
	kept->msg = ev.msg ? arena_memdup(b.a, ev.msg, ev.msg_len) : NULL;
	events[n++] = kept;
	return kept;
}

static const struct event *add_write(const char *path, uint64_t offset)
{
	uint64_t msg[2048];
	size_t len = ask_write_op(msg, 2 * n + 2, 5, offset, 4096);

	return add(request_event(msg, len, path));
}

static const struct event *add_request(uint32_t opcode, const char *path,
				       size_t args)
{
	uint64_t msg[64];
	uint8_t zero[128] = { 0 };
	struct ask ask = { .opcode = opcode, .unique = 2 * n + 2, .nodeid = 5,
			   .body = zero, .len = args };

	return add(request_event(msg, ask_write(msg, &ask), path));
}

static const struct event *add_fsync(const char *path)
{
	return add_request(OP_FSYNC, path, sizeof(struct wire_fsync_in));
}

static void add_reply(const struct event *to, int error)
{
	add(reply_event(to, error));
}

static struct check check(enum check_kind kind, struct pattern p)
{
	struct check c = { .kind = kind, .max = UINT64_MAX };

	ARENA_PUSH(b.a, c.patterns, c.n_patterns, p);
	return c;
}

static struct check check2(enum check_kind kind, struct pattern p,
			   struct pattern q)
{
	struct check c = check(kind, p);

	ARENA_PUSH(b.a, c.patterns, c.n_patterns, q);
	return c;
}

static void holds(struct check c)
{
	finding_fini(&found);
	if (!check_holds(&b.sc, &c, events, n, &found))
		ck_abort_msg("does not hold: %s", found.actual);
	ck_assert_ptr_null(found.expected);
}

static void fails(struct check c, const char *expected, const char *actual,
		  const char *near_miss, uint64_t at_seq)
{
	finding_fini(&found);
	ck_assert(!check_holds(&b.sc, &c, events, n, &found));
	ck_assert_str_eq(found.expected, expected);
	ck_assert_str_eq(found.actual, actual);
	if (near_miss)
		ck_assert_str_eq(found.near_miss, near_miss);
	else
		ck_assert_ptr_null(found.near_miss);
	ck_assert_uint_eq(found.at_seq, at_seq);
}

static struct pattern write_data(void)
{
	return pat(PAT_REQUEST, "WRITE", "/data");
}

static struct pattern reply_data(void)
{
	return pat(PAT_REPLY, "WRITE", "/data");
}

static struct pattern fsync_data(void)
{
	return pat(PAT_REQUEST, "FSYNC", "/data");
}

/* ---- order and before -------------------------------------------------------- */

START_TEST(order_lets_others_between)
{
	const struct event *w = add_write("/data", 0);

	add_write("/other", 0);
	add_reply(w, 0);
	add_fsync("/data");
	holds(check2(CHECK_ORDER, write_data(), fsync_data()));
	holds(check2(CHECK_ORDER, write_data(), reply_data()));
}
END_TEST

START_TEST(order_wants_one_event_for_each)
{
	add_write("/data", 0);
	fails(check2(CHECK_ORDER, write_data(), write_data()),
	      "order: WRITE /data, WRITE /data",
	      "WRITE /data (#1), no WRITE /data after that; the first is #1",
	      NULL, 1);
}
END_TEST

START_TEST(order_the_wrong_way_round)
{
	add_fsync("/data");
	add_write("/data", 0);
	fails(check2(CHECK_ORDER, write_data(), fsync_data()),
	      "order: WRITE /data, FSYNC /data",
	      "WRITE /data (#2), no FSYNC /data after that; the first is #1",
	      NULL, 2);
}
END_TEST

START_TEST(order_with_near_misses)
{
	struct pattern p = write_data();

	add_write("/other", 0);
	add_write("/data", 8192);
	add_cond(&b, &p.where, &p.n_where, cond_range("offset", 0, 4096));
	fails(check(CHECK_ORDER, p),
	      "order: WRITE /data offset=0..4K",
	      "no WRITE /data offset=0..4K",
	      "#1 WRITE /other: file is /other, not /data\n"
	      "#2 WRITE /data: offset is 8K, not 0..4K\n", 0);
}
END_TEST

START_TEST(before_is_about_all_of_them)
{
	const struct event *w = add_write("/data", 0);
	const struct event *w2 = add_write("/data", 4096);

	add_reply(w, 0);
	add_fsync("/data");
	holds(check2(CHECK_BEFORE, reply_data(), fsync_data()));
	add_reply(w2, 0);
	fails(check2(CHECK_BEFORE, reply_data(), fsync_data()),
	      "before: reply WRITE /data, FSYNC /data",
	      "reply WRITE /data (#5) comes after FSYNC /data (#4)", NULL, 5);
}
END_TEST

START_TEST(nothing_is_before_itself)
{
	add_write("/data", 0);
	fails(check2(CHECK_BEFORE, write_data(), write_data()),
	      "before: WRITE /data, WRITE /data",
	      "WRITE /data (#1) is also WRITE /data (#1)", NULL, 1);
}
END_TEST

START_TEST(before_wants_both)
{
	add_write("/data", 0);
	fails(check2(CHECK_BEFORE, write_data(), fsync_data()),
	      "before: WRITE /data, FSYNC /data", "no FSYNC /data", NULL, 0);
	fails(check2(CHECK_BEFORE, fsync_data(), write_data()),
	      "before: FSYNC /data, WRITE /data", "no FSYNC /data", NULL, 0);
}
END_TEST

/* ---- counts ------------------------------------------------------------------ */

static struct check count(struct pattern p, uint64_t min, uint64_t max)
{
	struct check c = check(CHECK_COUNT, p);

	c.min = min;
	c.max = max;
	return c;
}

START_TEST(counts)
{
	holds(count(write_data(), 0, 0));
	add_write("/data", 0);
	add_write("/data", 4096);
	holds(count(write_data(), 2, 2));
	holds(count(write_data(), 1, UINT64_MAX));
	fails(count(write_data(), 1, 1), "count: WRITE /data is 1",
	      "2: #1 WRITE /data, #2 WRITE /data", NULL, 2);
	fails(count(write_data(), 0, 1), "count: WRITE /data max 1",
	      "2: #1 WRITE /data, #2 WRITE /data", NULL, 2);
	fails(count(write_data(), 3, UINT64_MAX), "count: WRITE /data min 3",
	      "2: #1 WRITE /data, #2 WRITE /data", NULL, 2);
	fails(count(write_data(), 3, 4), "count: WRITE /data min 3 max 4",
	      "2: #1 WRITE /data, #2 WRITE /data", NULL, 2);
	fails(count(fsync_data(), 1, 1), "count: FSYNC /data is 1", "0", NULL, 0);
}
END_TEST

START_TEST(long_counts_are_cut)
{
	for (int i = 0; i < 10; i++)
		add_fsync("/data");
	fails(count(fsync_data(), 0, 1), "count: FSYNC /data max 1",
	      "10: #1 FSYNC /data, #2 FSYNC /data, #3 FSYNC /data, "
	     "#4 FSYNC /data, ...", NULL, 10);
}
END_TEST

START_TEST(at_most_three_near_misses_the_nearest)
{
	struct pattern p = write_data();

	add_write("/a", 0);
	add_write("/data", 4096);
	add_write("/data", 8192);
	add_write("/data", 12288);
	add_cond(&b, &p.where, &p.n_where, cond_range("offset", 0, 1));
	add_cond(&b, &p.where, &p.n_where, cond_range("size", 4096, 4097));
	fails(count(p, 2, 2), "count: WRITE /data offset=0 size=4K is 2", "0",
	      "#1 WRITE /a: file is /a, not /data\n"
	      "#2 WRITE /data: offset is 4K, not 0\n"
	      "#3 WRITE /data: offset is 8K, not 0\n", 0);
	add_cond(&b, &p.where, &p.n_where, cond_range("offset", 4096, 100000));
	fails(count(p, 1, 1),
	      "count: WRITE /data offset=0 size=4K offset=4K..100000 is 1", "0",
	      "#2 WRITE /data: offset is 4K, not 0\n"
	      "#3 WRITE /data: offset is 8K, not 0\n"
	      "#4 WRITE /data: offset is 12K, not 0\n", 0);
}
END_TEST

START_TEST(mounts_are_named_where_there_are_two)
{
	build_fini(&b);
	build_init(&b, 2);
	add_request(OP_RELEASE, "/data", sizeof(struct wire_release_in));
	add_request(OP_RELEASE, "/data", sizeof(struct wire_release_in));
	((struct event *)events[0])->mount = 1;
	struct pattern p = pat(PAT_REQUEST, "RELEASE", "/data");

	p.file.mount = 0;
	fails(count(p, 2, 2), "count: RELEASE fs:/data is 2", "1: #2 RELEASE fs:/data",
	      "#1 RELEASE lower:/data: file is lower:/data, not fs:/data\n", 2);
}
END_TEST

START_TEST(the_written_text_is_used)
{
	struct pattern p = write_data();

	p.text = "WRITE /data  offset=0";
	fails(count(p, 1, 1), "count: WRITE /data  offset=0 is 1", "0", NULL, 0);
}
END_TEST

START_TEST(never)
{
	struct pattern p = pat(PAT_REPLY, "WRITE", "/data");
	const struct event *w = add_write("/data", 0);

	p.has_error = true;
	p.error = EIO;
	add_reply(w, 0);
	holds(check(CHECK_NEVER, p));
	add_reply(w, EIO);
	fails(check(CHECK_NEVER, p), "never: reply WRITE /data = EIO",
	      "#3 reply WRITE /data offset=0 size=4K = EIO", NULL, 3);
}
END_TEST

START_TEST(noise_and_teardown_do_not_count)
{
	struct event *late;

	add_request(OP_FORGET, "/data", sizeof(struct wire_forget_in));
	late = (struct event *)add_fsync("/data");
	late->teardown = true;
	holds(count(pat(PAT_REQUEST, NULL, NULL), 0, 0));
	holds(count(pat(PAT_REQUEST, "FORGET", NULL), 1, 1));
	holds(count(fsync_data(), 0, 0));
}
END_TEST

/* ---- max_in_flight and elapsed ------------------------------------------------------- */

static struct check max_in_flight(struct pattern p, uint64_t min, uint64_t max)
{
	struct check c = check(CHECK_MAX_IN_FLIGHT, p);

	c.min = min;
	c.max = max;
	return c;
}

START_TEST(max_in_flight_counts_what_is_open_at_once)
{
	const struct event *w1 = add_write("/data", 0);
	const struct event *w2;

	add_reply(w1, 0);
	w1 = add_write("/data", 0);
	add_write("/other", 0);
	w2 = add_write("/data", 4096);
	add_reply(w1, 0);
	add_reply(w2, 0);
	add_reply(w2, 0);
	add_write("/data", 0);
	holds(max_in_flight(write_data(), 2, 2));
	fails(max_in_flight(write_data(), 1, 1), "max_in_flight: WRITE /data is 1",
	      "2: #3, #5", NULL, 5);
	fails(max_in_flight(write_data(), 3, UINT64_MAX),
	      "max_in_flight: WRITE /data min 3", "2: #3, #5", NULL, 5);
	fails(max_in_flight(fsync_data(), 1, 1), "max_in_flight: FSYNC /data is 1", "0",
	      NULL, 0);
}
END_TEST

START_TEST(calls_in_flight)
{
	struct call_use use = { .call = &calls[CALL_fsync] };
	struct pattern p = pat(PAT_CALL, NULL, NULL);
	struct event ev = event_of(EV_CALL);

	build_actor(&b, "a");
	build_actor(&b, "b");
	ev.call = &use;
	ev.actor = 0;
	add(ev);
	ev.actor = 1;
	add(ev);
	ev.kind = EV_RETURN;
	add(ev);
	ev.kind = EV_CALL;
	add(ev);
	holds(max_in_flight(p, 2, 2));
}
END_TEST

static struct check elapsed(uint64_t min, uint64_t max)
{
	struct check c = check2(CHECK_ELAPSED, write_data(), reply_data());

	c.min = min;
	c.max = max;
	return c;
}

START_TEST(elapsed_measures_first_to_first_after)
{
	const struct event *w = add_write("/data", 0);

	add_fsync("/data");
	add_reply(w, 0);
	add_reply(w, 0);
	holds(elapsed(2 * NS_PER_MS, 2 * NS_PER_MS));
	holds(elapsed(0, UINT64_MAX));
	fails(elapsed(3 * NS_PER_MS, UINT64_MAX),
	      "elapsed: WRITE /data, reply WRITE /data min 3ms",
	      "2ms from #1 to #3", NULL, 3);
	fails(elapsed(0, NS_PER_MS),
	      "elapsed: WRITE /data, reply WRITE /data max 1ms",
	      "2ms from #1 to #3", NULL, 3);
}
END_TEST

START_TEST(elapsed_wants_both)
{
	const struct event *w;

	fails(elapsed(0, UINT64_MAX), "elapsed: WRITE /data, reply WRITE /data",
	      "no WRITE /data", NULL, 0);
	w = add_write("/data", 0);
	fails(elapsed(0, UINT64_MAX), "elapsed: WRITE /data, reply WRITE /data",
	      "no reply WRITE /data after that", NULL, 0);
	add_reply(w, 0);
	holds(elapsed(0, UINT64_MAX));
}
END_TEST

/* ---- same and differ ----------------------------------------------------------------- */

static struct check offsets(enum check_kind kind)
{
	struct pattern p = write_data();

	p.field = "offset";
	return check(kind, p);
}

START_TEST(values_are_compared)
{
	add_write("/data", 4096);
	add_write("/data", 4096);
	holds(offsets(CHECK_SAME));
	fails(offsets(CHECK_DIFFER), "differ: WRITE /data",
	      "WRITE /data (#1) is 4K and so WRITE /data (#2) is 4K", NULL, 2);
	add_write("/data", 0);
	fails(offsets(CHECK_SAME), "same: WRITE /data",
	      "WRITE /data (#1) is 4K, WRITE /data (#3) is 0", NULL, 3);
}
END_TEST

START_TEST(values_that_all_differ)
{
	add_write("/data", 0);
	add_write("/data", 4096);
	add_write("/data", 8192);
	holds(offsets(CHECK_DIFFER));
}
END_TEST

START_TEST(values_need_two_events)
{
	fails(offsets(CHECK_DIFFER), "differ: WRITE /data", "no WRITE /data", NULL, 0);
	add_write("/data", 0);
	fails(offsets(CHECK_DIFFER), "differ: WRITE /data",
	      "WRITE /data (#1) is 0, and there is no other event", NULL, 1);
	fails(offsets(CHECK_SAME), "same: WRITE /data",
	      "WRITE /data (#1) is 0, and there is no other event", NULL, 1);
}
END_TEST

/* ---- printing --------------------------------------------------------------------- */

static void prints(const struct event *ev, const char *text)
{
	auto_buf struct buf out = BUF_INIT;

	event_print(&out, &b.sc, ev);
	ck_assert_str_eq(buf_str(&out), text);
}

START_TEST(events_in_words)
{
	struct call_use use = { .call = &calls[CALL_fsync] };
	struct outcome ok = { .ret = 0 };
	struct event ev = *add_write("/data", 0), reply, call, note, gate;

	build_actor(&b, "app");
	build_gate(&b, "disk");
	build_note(&b, "inval");
	prints(&ev, "WRITE /data offset=0 size=4K");
	reply = reply_event(&ev, EIO);
	prints(&reply, "reply WRITE /data offset=0 size=4K = EIO");
	reply.error = 0;
	reply.write_errno = EINVAL;
	prints(&reply, "reply WRITE /data offset=0 size=4K = 0"
	       " (its write gave EINVAL)");
	gate = reply_event(&ev, 0);
	gate.kind = EV_HELD;
	gate.gate = 0;
	prints(&gate, "held at disk: WRITE /data offset=0 size=4K");
	gate.kind = EV_RELEASED;
	prints(&gate, "released from disk: WRITE /data offset=0 size=4K");
	gate.kind = EV_DELAYED;
	gate.gate = NONE;
	prints(&gate, "delayed: WRITE /data offset=0 size=4K");
	call = event_of(EV_CALL);
	call.actor = 0;
	call.call = &use;
	prints(&call, "app fsync starts");
	call.kind = EV_RETURN;
	call.outcome = &ok;
	prints(&call, "app fsync = 0");
	call.kind = EV_EXIT;
	prints(&call, "app exits");
	note = event_of(EV_NOTE_START);
	note.note = 0;
	prints(&note, "inval starts");
	note.kind = EV_NOTE_DONE;
	prints(&note, "inval returns");
	note.error = ENOENT;
	prints(&note, "inval = ENOENT");
	note.note = NONE;
	prints(&note, "notification = ENOENT");
}
END_TEST

START_TEST(odd_events_in_words)
{
	struct event ev = *add_write(NULL, 0);
	struct event info = event_of(EV_INFO);
	struct event blocked = event_of(EV_BLOCKED);
	struct event returned = event_of(EV_KERNEL_RETURN);

	prints(&ev, "WRITE nodeid=5 offset=0 size=4K");
	ev.op = NULL;
	ev.opcode = 4000;
	ev.nodeid = 0;
	prints(&ev, "opcode 4000");
	prints(&info, "");
	info.text = "a line";
	prints(&info, "a line");
	build_actor(&b, "app");
	blocked.actor = 0;
	blocked.text = "a < b";
	prints(&blocked, "app is blocked: a < b");
	returned.text = "fuse_f";
	returned.value = -EBUSY;
	prints(&returned, "fuse_f = -EBUSY");
	returned.value = -4000;
	prints(&returned, "fuse_f = -4000");
}
END_TEST

START_TEST(near_misses_none_wanted)
{
	struct pattern p = write_data();
	auto_buf struct buf out = BUF_INIT;

	add_write("/other", 0);
	near_misses(&b.sc, &p, events, n, 0, &out);
	ck_assert_uint_eq(out.len, 0);
	near_misses(&b.sc, &p, events, n, 1, &out);
	ck_assert_str_eq(buf_str(&out),
			 "#1 WRITE /other: file is /other, not /data\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks");
	TCase *tc = tcase_create("checks");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, order_lets_others_between);
	tcase_add_test(tc, order_wants_one_event_for_each);
	tcase_add_test(tc, order_the_wrong_way_round);
	tcase_add_test(tc, order_with_near_misses);
	tcase_add_test(tc, before_is_about_all_of_them);
	tcase_add_test(tc, nothing_is_before_itself);
	tcase_add_test(tc, before_wants_both);
	tcase_add_test(tc, counts);
	tcase_add_test(tc, long_counts_are_cut);
	tcase_add_test(tc, at_most_three_near_misses_the_nearest);
	tcase_add_test(tc, mounts_are_named_where_there_are_two);
	tcase_add_test(tc, the_written_text_is_used);
	tcase_add_test(tc, never);
	tcase_add_test(tc, noise_and_teardown_do_not_count);
	tcase_add_test(tc, max_in_flight_counts_what_is_open_at_once);
	tcase_add_test(tc, calls_in_flight);
	tcase_add_test(tc, elapsed_measures_first_to_first_after);
	tcase_add_test(tc, elapsed_wants_both);
	tcase_add_test(tc, values_are_compared);
	tcase_add_test(tc, values_that_all_differ);
	tcase_add_test(tc, values_need_two_events);
	tcase_add_test(tc, events_in_words);
	tcase_add_test(tc, odd_events_in_words);
	tcase_add_test(tc, near_misses_none_wanted);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
