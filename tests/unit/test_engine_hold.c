/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tap and time: gates, releases, answers from steps and rules, delays,
 * the end of the script. */
#include "config.h"

#include "fake.h"
#include "unit.h"

static struct fake *f;
static int gate;

static void setup(void)
{
	f = fake_new(1);
	gate = build_gate(&f->b, "disk");
}

static void teardown(void)
{
	fake_free(f);
}

/* A rule that holds WRITE at the gate. */
static struct rule *hold(bool after)
{
	struct rule *r = build_rule(&f->b, "WRITE", NULL);

	r->gate = gate;
	r->hold_after = after;
	return r;
}

static struct reply_spec error_reply(int error)
{
	struct reply_spec r;

	no_reply(&r);
	r.present = r.has_error = true;
	r.error = error;
	return r;
}

static unsigned release_all(bool open)
{
	return engine_release(f->e, gate, NULL, 0, COUNT_ALL, open);
}

/* n replies are out, and all is at rest. */
static void wait_sent(size_t n)
{
	ck_assert(fake_wait(f, &f->n_sent, n));
	ck_assert(fake_settles(f, 0));
	ck_assert_uint_eq(fake_count_sent(f), n);
}

/* ---- holding and releasing ---------------------------------------------------- */

START_TEST(held_before_the_server_sees_it)
{
	struct engine_load load;
	uint64_t unique;

	hold(false);
	fake_start(f);
	unique = fake_write(f, 5, 4096, 10);
	load = fake_load(f, 0);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	ck_assert_uint_eq(load.open, 1);
	ck_assert_uint_eq(load.held, 1);
	ck_assert_uint_eq(load.busy, 0);
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_int_eq(fake_event(f, EV_HELD, 0)->gate, gate);
	ck_assert_ptr_eq(fake_event(f, EV_HELD, 0)->request,
			 fake_event(f, EV_REQUEST, 0));
	ck_assert_uint_eq(release_all(false), 1);
	wait_sent(1);
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert(!pthread_equal(f->given[0].by, pthread_self()));
	ck_assert_uint_eq(f->given[0].h.unique, unique);
	/* the message was kept whole while the worker's buffer was reused */
	ck_assert_uint_eq(f->given[0].len, 40 + 40 + 10);
	ck_assert_int_eq(f->given[0].body[49], 'a');
	ck_assert_int_eq(fake_last(f)->h.error, 0);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
	ck_assert_int_eq(fake_event(f, EV_RELEASED, 0)->gate, gate);
}
END_TEST

START_TEST(held_after_the_server_saw_it)
{
	hold(true);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert_uint_eq(f->n_sent, 0);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	ck_assert_uint_eq(fake_load(f, 0).held, 1);
	release_all(false);
	wait_sent(1);
	ck_assert_uint_eq(fake_last(f)->len, 16 + sizeof(struct wire_write_out));
}
END_TEST

START_TEST(an_error_held_after_is_performed_and_denied)
{
	struct rule *r = hold(true);

	r->reply = error_reply(EIO);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(f->n_given, 1);
	release_all(false);
	wait_sent(1);
	ck_assert_int_eq(fake_last(f)->h.error, -EIO);
}
END_TEST

START_TEST(an_error_held_before_never_reaches_the_server)
{
	hold(false)->reply = error_reply(EIO);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	release_all(false);
	wait_sent(1);
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_int_eq(fake_last(f)->h.error, -EIO);
}
END_TEST

START_TEST(released_oldest_first_and_counted)
{
	uint64_t unique[4];

	hold(false);
	fake_start(f);
	for (int i = 0; i < 4; i++)
		unique[i] = fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(engine_release(f->e, gate, NULL, 0, 2, false), 2);
	wait_sent(2);
	ck_assert_uint_eq(f->sent[0].h.unique, unique[0]);
	ck_assert_uint_eq(f->sent[1].h.unique, unique[1]);
	ck_assert_uint_eq(engine_held(f->e, gate), 2);
	ck_assert_uint_eq(engine_release(f->e, gate, NULL, 2, 1, false), 1);
	wait_sent(3);
	ck_assert_uint_eq(f->sent[2].h.unique, unique[3]);
	ck_assert_uint_eq(engine_release(f->e, gate, NULL, 2, 1, false), 0);
	ck_assert_uint_eq(release_all(false), 1);
	ck_assert_uint_eq(release_all(false), 0);
}
END_TEST

START_TEST(released_only_what_matches)
{
	struct pattern p = pat(PAT_REQUEST, "WRITE", NULL);
	uint64_t unique;

	hold(false);
	fake_start(f);
	add_cond(&f->b, &p.where, &p.n_where, cond_range("offset", 4096, 8192));
	fake_write(f, 5, 0, 10);
	unique = fake_write(f, 5, 4096, 10);
	ck_assert_uint_eq(engine_release(f->e, gate, &p, 0, COUNT_ALL, false), 1);
	wait_sent(1);
	ck_assert_uint_eq(fake_last(f)->h.unique, unique);
}
END_TEST

START_TEST(an_open_gate_lets_pass_until_closed)
{
	hold(false);
	fake_start(f);
	ck_assert_uint_eq(release_all(true), 0);
	fake_write(f, 5, 0, 10);
	wait_sent(1);
	ck_assert_uint_eq(fake_events(f, EV_HELD), 0);
	engine_rearm(f->e, gate);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	ck_assert_uint_eq(f->n_sent, 1);
}
END_TEST

START_TEST(a_gate_open_for_some)
{
	static struct pattern p;

	p = pat(PAT_REQUEST, "WRITE", NULL);
	hold(false);
	fake_start(f);
	add_cond(&f->b, &p.where, &p.n_where, cond_range("offset", 0, 4096));
	engine_release(f->e, gate, &p, 0, COUNT_ALL, true);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(f->n_sent, 1);
	fake_write(f, 5, 4096, 10);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
}
END_TEST

START_TEST(what_is_held_can_be_seen)
{
	auto_buf struct buf out = BUF_INIT;

	hold(false);
	fake_start(f);
	fake_lookup(f, "data", 5);
	fake_write(f, 5, 0, 10);
	fake_write(f, 5, 4096, 10);
	engine_print_held(f->e, gate, HELD_PRINTED, &out);
	ck_assert_str_eq(buf_str(&out), "#3 WRITE /data offset=0 size=10\n"
			 "#5 WRITE /data offset=4K size=10\n");
}
END_TEST

START_TEST(held_by_pid)
{
	hold(false);
	fake_start(f);
	ck_assert(!engine_holds_pid(f->e, 0));
	fake_write(f, 5, 0, 10);
	ck_assert(engine_holds_pid(f->e, 0));
	ck_assert(!engine_holds_pid(f->e, 100));
}
END_TEST

START_TEST(forgets_can_be_held)
{
	struct wire_forget_in in = { .nlookup = 1 };

	build_rule(&f->b, "FORGET", NULL)->gate = gate;
	fake_start(f);
	fake_ask(f, 0, OP_FORGET, 5, &in, sizeof(in));
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
	release_all(false);
	ck_assert(fake_wait(f, &f->n_given, 1));
	ck_assert_uint_eq(f->given[0].h.opcode, OP_FORGET);
}
END_TEST

START_TEST(a_server_that_answers_later_is_held_after_all)
{
	hold(true);
	fake_start(f);
	f->manual = true;
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(fake_load(f, 0).busy, 1);
	ck_assert_uint_eq(engine_held(f->e, gate), 0);
	fake_reply(f, 0, OP_WRITE, f->unique);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	/* a second answer is none */
	fake_reply(f, 0, OP_WRITE, f->unique);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	ck_assert_uint_eq(f->n_sent, 0);
	/* and whoever has answered need not hear of an interrupt */
	fake_interrupt(f, f->unique);
	ck_assert_uint_eq(f->n_given, 1);
}
END_TEST

START_TEST(a_server_cannot_answer_what_it_has_not_seen)
{
	hold(false);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	fake_reply(f, 0, OP_WRITE, f->unique);
	ck_assert_uint_eq(f->n_sent, 0);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	release_all(false);
	wait_sent(1);
	ck_assert_uint_eq(f->n_given, 1);
}
END_TEST

START_TEST(notifications_follow_a_held_reply)
{
	struct notify_spec after = { .name = NONE };
	struct rule *r = hold(false);

	r->notify_after = &after;
	r->n_notify_after = 1;
	fake_start(f);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(f->n_notes, 0);
	release_all(false);
	ck_assert(fake_wait(f, &f->n_notes, 1));
	ck_assert_uint_eq(f->sent_at_note, 1);
}
END_TEST

/* ---- answers ------------------------------------------------------------------- */

START_TEST(a_step_answers_what_is_held)
{
	struct reply_spec eio = error_reply(EIO);
	uint64_t unique;

	hold(false);
	fake_start(f);
	ck_assert(!engine_answer(f->e, gate, NULL, 0, &eio));
	fake_write(f, 5, 0, 10);
	unique = fake_write(f, 5, 0, 10);
	ck_assert(engine_answer(f->e, gate, NULL, 2, &eio));
	wait_sent(1);
	ck_assert_uint_eq(fake_last(f)->h.unique, unique);
	ck_assert_int_eq(fake_last(f)->h.error, -EIO);
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	ck_assert_uint_eq(fake_load(f, 0).open, 1);
	ck_assert_uint_eq(fake_events(f, EV_RELEASED), 1);
}
END_TEST

static struct reply_spec size_reply(uint64_t size)
{
	static struct field_set set;
	struct reply_spec r;

	no_reply(&r);
	set.f = op_reply_field(op_named("WRITE"), "size", 4);
	set.num = size;
	r.present = true;
	r.sets = &set;
	r.n_sets = 1;
	return r;
}

static uint32_t sent_size(void)
{
	struct wire_write_out out;

	memcpy(&out, fake_last(f)->body, sizeof(out));
	return out.size;
}

START_TEST(fields_of_an_answer_go_into_the_servers)
{
	struct reply_spec five = size_reply(5);

	hold(false);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	ck_assert(engine_answer(f->e, gate, NULL, 0, &five));
	wait_sent(1);
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert_uint_eq(sent_size(), 5);
}
END_TEST

START_TEST(an_answer_does_not_wait_any_more)
{
	struct reply_spec five = size_reply(5);
	struct rule *r = hold(false);

	r->delay_min_ns = r->delay_max_ns = 3600 * NS_PER_S;
	r->delay_after = true;
	fake_start(f);
	fake_write(f, 5, 0, 10);
	ck_assert(engine_answer(f->e, gate, NULL, 0, &five));
	wait_sent(1);
	ck_assert_uint_eq(sent_size(), 5);
}
END_TEST

START_TEST(an_answer_replaces_a_kept_one)
{
	struct reply_spec eio = error_reply(EIO), five = size_reply(5);

	hold(true);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	fake_write(f, 5, 0, 10);
	ck_assert(engine_answer(f->e, gate, NULL, 1, &eio));
	wait_sent(1);
	ck_assert_int_eq(fake_last(f)->h.error, -EIO);
	ck_assert(engine_answer(f->e, gate, NULL, 1, &five));
	wait_sent(2);
	ck_assert_uint_eq(sent_size(), 5);
	ck_assert_uint_eq(f->n_given, 2);
}
END_TEST

/* A FSYNC answers what the gate holds; returns the uniques of both. */
static void two_replies(bool first, uint64_t *write, uint64_t *fsync)
{
	struct wire_fsync_in in = { 0 };
	struct rule *r;

	hold(false);
	r = build_rule(&f->b, "FSYNC", NULL);
	r->answer_gate = gate;
	r->answer = error_reply(ENOSPC);
	r->answer_first = first;
	fake_start(f);
	*write = fake_write(f, 5, 0, 10);
	*fsync = fake_ask(f, 0, OP_FSYNC, 5, &in, sizeof(in));
	wait_sent(2);
}

START_TEST(a_rule_answers_another_request_after_its_own)
{
	uint64_t write, fsync;

	two_replies(false, &write, &fsync);
	ck_assert_uint_eq(f->sent[0].h.unique, fsync);
	ck_assert_uint_eq(f->sent[1].h.unique, write);
	ck_assert_int_eq(f->sent[1].h.error, -ENOSPC);
}
END_TEST

START_TEST(a_rule_answers_another_request_first)
{
	uint64_t write, fsync;

	two_replies(true, &write, &fsync);
	ck_assert_uint_eq(f->sent[0].h.unique, write);
	ck_assert_uint_eq(f->sent[1].h.unique, fsync);
}
END_TEST

START_TEST(an_interrupt_answers_what_is_held)
{
	struct rule *r;
	uint64_t unique;

	hold(false);
	r = build_rule(&f->b, "INTERRUPT", NULL);
	r->answer_gate = gate;
	r->answer = error_reply(EINTR);
	fake_start(f);
	unique = fake_write(f, 5, 0, 10);
	fake_interrupt(f, unique);
	wait_sent(1);
	ck_assert_uint_eq(fake_last(f)->h.unique, unique);
	ck_assert_int_eq(fake_last(f)->h.error, -EINTR);
	ck_assert_uint_eq(f->n_given, 0);
	/* nothing held: nothing to answer */
	fake_interrupt(f, unique);
	ck_assert_uint_eq(f->n_sent, 1);
}
END_TEST

START_TEST(a_rule_answers_with_fields)
{
	struct rule *r;

	hold(false);
	r = build_rule(&f->b, "FSYNC", NULL);
	r->answer_gate = gate;
	r->answer = size_reply(3);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	fake_ask(f, 0, OP_FSYNC, 5, &(struct wire_fsync_in){ 0 },
		 sizeof(struct wire_fsync_in));
	wait_sent(2);
	ck_assert_uint_eq(sent_size(), 3);
	ck_assert_uint_eq(f->n_given, 2);
}
END_TEST

/* ---- delays ----------------------------------------------------------------------- */

static struct rule *delay(uint64_t min_ms, uint64_t max_ms)
{
	struct rule *r = build_rule(&f->b, "WRITE", NULL);

	r->delay_min_ns = min_ms * NS_PER_MS;
	r->delay_max_ns = max_ms * NS_PER_MS;
	return r;
}

/* Milliseconds from request to reply of the nth. */
static uint64_t took_ms(size_t nth)
{
	return (fake_event(f, EV_REPLY, nth)->at_ns -
		fake_event(f, EV_REQUEST, nth)->at_ns) / NS_PER_MS;
}

START_TEST(delayed_before_the_server_sees_it)
{
	delay(60, 60);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(fake_load(f, 0).delayed, 1);
	ck_assert_uint_eq(fake_load(f, 0).busy, 0);
	ck_assert_uint_eq(fake_count_given(f), 0);
	ck_assert_str_eq(fake_event(f, EV_DELAYED, 0)->text, "60ms");
	wait_sent(1);
	ck_assert_uint_ge(took_ms(0), 60);
	ck_assert_uint_lt(took_ms(0), 5000);
	ck_assert_uint_eq(fake_load(f, 0).delayed, 0);
}
END_TEST

START_TEST(delayed_after_the_server_saw_it)
{
	delay(60, 60)->delay_after = true;
	fake_start(f);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert_uint_eq(fake_load(f, 0).delayed, 1);
	wait_sent(1);
	ck_assert_uint_ge(took_ms(0), 60);
}
END_TEST

START_TEST(shorter_delays_overtake)
{
	struct rule *r = delay(120, 120);
	uint64_t late, early;

	r->times = 1;
	delay(20, 20);
	fake_start(f);
	late = fake_write(f, 5, 0, 10);
	early = fake_write(f, 5, 0, 10);
	wait_sent(2);
	ck_assert_uint_eq(f->sent[0].h.unique, early);
	ck_assert_uint_eq(f->sent[1].h.unique, late);
}
END_TEST

START_TEST(a_delay_comes_before_the_gate)
{
	delay(30, 30)->gate = gate;
	fake_start(f);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(engine_held(f->e, gate), 0);
	ck_assert_uint_eq(fake_load(f, 0).delayed, 1);
	for (int i = 0; i < 5000 && !engine_held(f->e, gate); i++)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	ck_assert_uint_eq(engine_held(f->e, gate), 1);
	ck_assert_uint_eq(fake_load(f, 0).held, 1);
	release_all(false);
	wait_sent(1);
}
END_TEST

/* The delays of five WRITEs under a seed, as the log tells them. */
static void draw_delays(uint64_t seed, struct buf *out)
{
	delay(1, 9);
	f->b.sc.seed = seed;
	fake_start(f);
	for (size_t i = 0; i < 5; i++) {
		fake_write(f, 5, 0, 10);
		buf_printf(out, "%s ", fake_event(f, EV_DELAYED, i)->text);
	}
	wait_sent(5);
	for (size_t i = 0; i < 5; i++) {
		uint64_t ms = took_ms(i);

		ck_assert_uint_ge(ms, 1);
	}
}

START_TEST(random_delays_come_from_the_seed)
{
	auto_buf struct buf one = BUF_INIT, again = BUF_INIT, other = BUF_INIT;

	draw_delays(1, &one);
	teardown();
	setup();
	draw_delays(1, &again);
	teardown();
	setup();
	draw_delays(2, &other);
	ck_assert_str_eq(buf_str(&one), buf_str(&again));
	ck_assert_str_ne(buf_str(&one), buf_str(&other));
}
END_TEST

START_TEST(bandwidth_takes_turns)
{
	build_rule(&f->b, "WRITE", NULL)->bandwidth = 100000;
	fake_start(f);
	for (int i = 0; i < 3; i++)
		fake_write(f, 5, 0, 4000);	/* 40 ms each */
	wait_sent(3);
	ck_assert_uint_ge(took_ms(0), 39);
	ck_assert_uint_ge(took_ms(2), 110);
	ck_assert_uint_lt(took_ms(2), 5000);
}
END_TEST

START_TEST(bandwidth_of_reads_is_what_they_ask_for)
{
	struct wire_read_in in = { .size = 5000, .lock_owner = 1 };

	build_rule(&f->b, "READ", NULL)->bandwidth = 100000;
	fake_start(f);
	fake_ask(f, 0, OP_READ, 5, &in, sizeof(in));
	ck_assert_str_eq(fake_event(f, EV_DELAYED, 0)->text, "50ms");
	wait_sent(1);
}
END_TEST

/* A file's size takes no time, whatever it is to be. */
START_TEST(bandwidth_is_of_data)
{
	struct wire_setattr_in in = { .valid = 8, .size = 1ull << 40 };

	build_rule(&f->b, "SETATTR", NULL)->bandwidth = 100000;
	fake_start(f);
	fake_ask(f, 0, OP_SETATTR, 5, &in, sizeof(in));
	ck_assert_uint_eq(f->n_sent, 1);
}
END_TEST

/* ---- the end ------------------------------------------------------------------------ */

/* One dropped, one held, one held after, one delayed; all still open. */
static void leave_all_open(void)
{
	struct rule *r = build_rule(&f->b, "WRITE", NULL);
	struct engine_load load;

	r->drop = true;
	r->times = 1;
	hold(false)->times = 1;
	hold(true)->times = 1;
	delay(3600000, 3600000);
	fake_start(f);
	for (int i = 0; i < 4; i++)
		fake_write(f, 5, 0, 10);
	load = fake_load(f, 0);
	ck_assert_uint_eq(load.open, 4);
	ck_assert_uint_eq(load.held, 2);
	ck_assert_uint_eq(load.dropped, 1);
	ck_assert_uint_eq(load.delayed, 1);
	ck_assert_uint_eq(load.busy, 0);
}

START_TEST(in_the_end_the_server_answers_everything)
{
	leave_all_open();
	engine_finish(f->e, false);
	engine_finish(f->e, false);
	wait_sent(4);
	ck_assert_uint_eq(f->n_given, 4);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(f->sent[i].h.error, 0);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(f->n_sent, 5);
}
END_TEST

START_TEST(in_a_bad_end_everything_fails)
{
	leave_all_open();
	engine_finish(f->e, true);
	wait_sent(4);
	ck_assert_uint_eq(f->n_given, 1);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(f->sent[i].h.error, -EIO);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

START_TEST(what_a_rule_said_does_not_outlive_the_script)
{
	hold(false)->reply = error_reply(ENOSPC);
	fake_start(f);
	fake_write(f, 5, 0, 10);
	engine_finish(f->e, false);
	wait_sent(1);
	ck_assert_int_eq(fake_last(f)->h.error, 0);
}
END_TEST

START_TEST(an_engine_can_go_with_requests_held)
{
	struct wire_forget_in in = { .nlookup = 1 };

	build_rule(&f->b, "FORGET", NULL)->gate = gate;
	leave_all_open();
	fake_ask(f, 0, OP_FORGET, 5, &in, sizeof(in));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine_hold");
	TCase *holds = tcase_create("hold");
	TCase *answers = tcase_create("answer");
	TCase *delays = tcase_create("delay");
	TCase *end = tcase_create("end");

	tcase_add_checked_fixture(holds, setup, teardown);
	tcase_add_test(holds, held_before_the_server_sees_it);
	tcase_add_test(holds, held_after_the_server_saw_it);
	tcase_add_test(holds, an_error_held_after_is_performed_and_denied);
	tcase_add_test(holds, an_error_held_before_never_reaches_the_server);
	tcase_add_test(holds, released_oldest_first_and_counted);
	tcase_add_test(holds, released_only_what_matches);
	tcase_add_test(holds, an_open_gate_lets_pass_until_closed);
	tcase_add_test(holds, a_gate_open_for_some);
	tcase_add_test(holds, what_is_held_can_be_seen);
	tcase_add_test(holds, held_by_pid);
	tcase_add_test(holds, forgets_can_be_held);
	tcase_add_test(holds, a_server_that_answers_later_is_held_after_all);
	tcase_add_test(holds, a_server_cannot_answer_what_it_has_not_seen);
	tcase_add_test(holds, notifications_follow_a_held_reply);
	suite_add_tcase(s, holds);

	tcase_add_checked_fixture(answers, setup, teardown);
	tcase_add_test(answers, a_step_answers_what_is_held);
	tcase_add_test(answers, fields_of_an_answer_go_into_the_servers);
	tcase_add_test(answers, an_answer_does_not_wait_any_more);
	tcase_add_test(answers, an_answer_replaces_a_kept_one);
	tcase_add_test(answers, a_rule_answers_another_request_after_its_own);
	tcase_add_test(answers, a_rule_answers_another_request_first);
	tcase_add_test(answers, an_interrupt_answers_what_is_held);
	tcase_add_test(answers, a_rule_answers_with_fields);
	suite_add_tcase(s, answers);

	tcase_add_checked_fixture(delays, setup, teardown);
	tcase_set_timeout(delays, 30);
	tcase_add_test(delays, delayed_before_the_server_sees_it);
	tcase_add_test(delays, delayed_after_the_server_saw_it);
	tcase_add_test(delays, shorter_delays_overtake);
	tcase_add_test(delays, a_delay_comes_before_the_gate);
	tcase_add_test(delays, random_delays_come_from_the_seed);
	tcase_add_test(delays, bandwidth_takes_turns);
	tcase_add_test(delays, bandwidth_of_reads_is_what_they_ask_for);
	tcase_add_test(delays, bandwidth_is_of_data);
	suite_add_tcase(s, delays);

	tcase_add_checked_fixture(end, setup, teardown);
	tcase_add_test(end, in_the_end_the_server_answers_everything);
	tcase_add_test(end, in_a_bad_end_everything_fails);
	tcase_add_test(end, what_a_rule_said_does_not_outlive_the_script);
	tcase_add_test(end, an_engine_can_go_with_requests_held);
	suite_add_tcase(s, end);
	return unit_main(s);
}
