/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The states of a request, one after the other, without an engine. */
#include "config.h"

#include <string.h>

#include "engine/request.h"
#include "base/mem.h"
#include "tests/unit/unit.h"

static uint64_t counts[N_REQUEST_STATES];
static struct rule rule;
static struct request *r;

static void setup(void)
{
	memset(counts, 0, sizeof(counts));
	rule = (struct rule){ .actor = NONE, .gate = NONE, .answer_gate = NONE };
	r = NULL;
}

static void teardown(void)
{
	if (r)
		request_free(r);
}

static void arrive(uint32_t opcode)
{
	struct wire_in_header h = { .opcode = opcode, .unique = 2 };

	r = request_new(&protocol_builtin, 0, NULL, &h);
	r->counts = counts;
	counts[r->state] += request_is_counted(r);
	request_set_rule(r, &rule);
}

/* It does that next, and is then in that state, where it is counted once. */
static void goes(enum action action, enum request_state state)
{
	uint64_t n = 0;

	ck_assert_int_eq(request_advance(r, false), action);
	ck_assert_int_eq(r->state, state);
	for (size_t i = 0; i < N_REQUEST_STATES; i++)
		n += counts[i];
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(counts[state], 1);
}

static void is_replied_to(void)
{
	request_set_state(r, REQUEST_REPLIED);
}

START_TEST(straight_through)
{
	arrive(OP_WRITE);
	goes(ACTION_DELIVER, REQUEST_DELIVERED);
	goes(ACTION_NONE, REQUEST_DELIVERED);
	is_replied_to();
	goes(ACTION_SEND, REQUEST_SENDING);
}
END_TEST

START_TEST(a_whole_reply_needs_no_filesystem)
{
	rule.reply = reply_eio;
	arrive(OP_WRITE);
	goes(ACTION_SEND, REQUEST_SENDING);
	ck_assert_ptr_eq(r->reply, &rule.reply);
	ck_assert_ptr_eq(r->reply_rule, &rule);
}
END_TEST

START_TEST(a_whole_reply_after_the_filesystem)
{
	rule.reply = reply_eio;
	rule.gate = 0;
	rule.hold_after = true;
	arrive(OP_WRITE);
	goes(ACTION_DELIVER, REQUEST_DELIVERED);
	is_replied_to();
	goes(ACTION_HOLD, REQUEST_REPLY_HELD);
	request_end_wait(r);
	goes(ACTION_SEND, REQUEST_SENDING);
}
END_TEST

START_TEST(all_waits_in_turn)
{
	rule.delay_min_ns = 1;
	rule.gate = 0;
	arrive(OP_WRITE);
	goes(ACTION_DELAY, REQUEST_DELAYED);
	goes(ACTION_NONE, REQUEST_DELAYED);
	request_end_wait(r);
	goes(ACTION_HOLD, REQUEST_HELD);
	goes(ACTION_NONE, REQUEST_HELD);
	request_end_wait(r);
	goes(ACTION_DELIVER, REQUEST_DELIVERED);
	is_replied_to();
	goes(ACTION_SEND, REQUEST_SENDING);
}
END_TEST

START_TEST(all_waits_of_the_reply)
{
	rule.bandwidth = 1;
	rule.delay_after = true;
	rule.gate = 0;
	rule.hold_after = true;
	arrive(OP_WRITE);
	goes(ACTION_DELIVER, REQUEST_DELIVERED);
	is_replied_to();
	goes(ACTION_DELAY, REQUEST_REPLY_DELAYED);
	request_end_wait(r);
	goes(ACTION_HOLD, REQUEST_REPLY_HELD);
	request_end_wait(r);
	goes(ACTION_SEND, REQUEST_SENDING);
}
END_TEST

START_TEST(effects_come_first)
{
	rule.abort = true;
	rule.gate = 0;
	arrive(OP_WRITE);
	goes(ACTION_EFFECTS, REQUEST_PREPARED);
	goes(ACTION_HOLD, REQUEST_HELD);
}
END_TEST

START_TEST(dropped)
{
	rule.drop = true;
	rule.drop_ok = true;
	arrive(OP_WRITE);
	goes(ACTION_EFFECTS, REQUEST_PREPARED);
	goes(ACTION_DROP, REQUEST_DROPPED);
	ck_assert(request_drop_is_ok(r));
	r->msg = xmalloc(1);
	request_finish(r, false);
	ck_assert_int_eq(r->state, REQUEST_RELEASED);
	ck_assert_int_eq(request_advance(r, true), ACTION_DELIVER);
}
END_TEST

START_TEST(dropped_where_no_reply_is_wanted)
{
	rule.drop = true;
	arrive(OP_FORGET);
	ck_assert_int_eq(request_advance(r, false), ACTION_DROP);
}
END_TEST

START_TEST(answered_at_a_gate)
{
	struct reply_spec part = { .present = true, .has_data = true };

	rule.gate = 0;
	rule.delay_after = true;
	rule.delay_min_ns = 1;
	arrive(OP_READ);
	goes(ACTION_HOLD, REQUEST_HELD);
	request_answer(r, &part, NULL);
	goes(ACTION_DELIVER, REQUEST_DELIVERED);
	is_replied_to();
	goes(ACTION_SEND, REQUEST_SENDING);	/* and no delay */
	request_free(r);
	setup();
	rule.gate = 0;
	arrive(OP_READ);
	goes(ACTION_HOLD, REQUEST_HELD);
	request_answer(r, &reply_eio, NULL);
	goes(ACTION_SEND, REQUEST_SENDING);
}
END_TEST

START_TEST(the_script_is_over)
{
	rule.gate = 0;
	rule.drop = true;
	rule.delay_min_ns = 1;
	arrive(OP_WRITE);
	ck_assert_int_eq(request_advance(r, true), ACTION_EFFECTS);
	ck_assert_int_eq(request_advance(r, true), ACTION_DELIVER);
}
END_TEST

/* A good end: the filesystem replies.  A bad one: EIO. */
START_TEST(finished_while_it_waits)
{
	bool failed = _i;

	rule.delay_min_ns = 1;
	rule.gate = 0;
	arrive(OP_WRITE);
	goes(ACTION_DELAY, REQUEST_DELAYED);
	request_finish(r, failed);
	ck_assert_int_eq(r->state, REQUEST_DELAYED);
	request_end_wait(r);
	ck_assert_int_eq(request_advance(r, true),
			 failed ? ACTION_SEND : ACTION_DELIVER);
	ck_assert_ptr_eq(r->reply, failed ? &reply_eio : NULL);
}
END_TEST

START_TEST(missed_and_finished)
{
	arrive(OP_WRITE);
	goes(ACTION_DELIVER, REQUEST_DELIVERED);
	is_replied_to();
	goes(ACTION_SEND, REQUEST_SENDING);
	request_set_state(r, REQUEST_MISSED);
	ck_assert(request_drop_is_ok(r));
	request_finish(r, false);
	/* Nothing was kept, so there is only EIO to be sent. */
	ck_assert_int_eq(request_advance(r, true), ACTION_SEND);
	ck_assert_ptr_eq(r->reply, &reply_eio);
}
END_TEST

START_TEST(sent_again_it_is_not_counted)
{
	arrive(OP_WRITE);
	goes(ACTION_DELIVER, REQUEST_DELIVERED);
	counts[r->state]--;
	r->resent = true;
	is_replied_to();
	ck_assert_int_eq(request_advance(r, false), ACTION_SEND);
	for (size_t i = 0; i < N_REQUEST_STATES; i++)
		ck_assert_uint_eq(counts[i], 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("request");
	TCase *tc = tcase_create("request");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, straight_through);
	tcase_add_test(tc, a_whole_reply_needs_no_filesystem);
	tcase_add_test(tc, a_whole_reply_after_the_filesystem);
	tcase_add_test(tc, all_waits_in_turn);
	tcase_add_test(tc, all_waits_of_the_reply);
	tcase_add_test(tc, effects_come_first);
	tcase_add_test(tc, dropped);
	tcase_add_test(tc, dropped_where_no_reply_is_wanted);
	tcase_add_test(tc, answered_at_a_gate);
	tcase_add_test(tc, the_script_is_over);
	tcase_add_loop_test(tc, finished_while_it_waits, 0, 2);
	tcase_add_test(tc, missed_and_finished);
	tcase_add_test(tc, sent_again_it_is_not_counted);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
