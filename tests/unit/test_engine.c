/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tap without waiting: plain traffic, picking rules, actions, the log. */
#include "config.h"

#include "engine/path_table.h"
#include "fake.h"
#include "unit.h"

static struct fake *f;

static void setup(void)
{
	f = fake_new(1);
}

static void teardown(void)
{
	fake_free(f);
}

static struct rule *rule(const char *op, const char *path)
{
	return build_rule(&f->b, op, path);
}

/* A rule that answers with an error, the simplest thing to see. */
static struct rule *refuse(const char *op, const char *path, int error)
{
	struct rule *r = rule(op, path);

	r->reply.present = true;
	r->reply.has_error = true;
	r->reply.error = error;
	return r;
}

static int last_error(void)
{
	return -fake_last(f)->h.error;
}

/* What the kernel gets for a GETATTR of node 2. */
static int ask_error(void)
{
	fake_getattr(f, 2);
	return last_error();
}

/* ---- plain traffic ------------------------------------------------------------ */

START_TEST(plain_requests_pass_both_ways)
{
	uint64_t unique;

	fake_start(f);
	unique = fake_write(f, 5, 4096, 100);
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert_uint_eq(f->given[0].h.unique, unique);
	ck_assert_uint_eq(f->n_sent, 1);
	ck_assert_uint_eq(fake_last(f)->h.unique, unique);
	ck_assert_int_eq(last_error(), 0);
	ck_assert_ptr_eq(fake_last(f)->chan, f);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

START_TEST(plain_requests_are_logged)
{
	const struct event *req, *reply;

	fake_start(f);
	fake_lookup(f, "data", 5);
	fake_write(f, 5, 0, 1000);
	req = fake_event(f, EV_REQUEST, 1);
	reply = fake_event(f, EV_REPLY, 1);
	ck_assert_str_eq(req->path, "/data");
	ck_assert_uint_eq(req->data_len, 1000);
	ck_assert_uint_lt(req->msg_len, 400);
	ck_assert_int_eq(req->rule, NONE);
	ck_assert_ptr_eq(reply->request, req);
	ck_assert_str_eq(reply->path, "/data");
	ck_assert_uint_gt(reply->seq, req->seq);
	ck_assert_uint_eq(reply->msg_len, sizeof(struct wire_write_out));
}
END_TEST

START_TEST(a_failed_write_is_in_the_log)
{
	fake_start(f);
	f->send_errno[0] = ENOENT;
	f->n_send_errno = 1;
	f->manual = true;
	fake_getattr(f, 2);
	ck_assert_int_eq(fake_reply(f, 0, OP_GETATTR, f->unique), -ENOENT);
	ck_assert_int_eq(fake_event(f, EV_REPLY, 0)->write_errno, ENOENT);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

START_TEST(quiet_logs_only_what_rules_touch)
{
	refuse("FSYNC", NULL, EIO);
	fake_start(f);
	engine_set_quiet(f->e, true);
	fake_lookup(f, "data", 5);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(evlog_count(f->log), 0);
	ck_assert_uint_eq(engine_nodeid(f->e, 0, "/data"), 5);
	fake_ask(f, 0, OP_FSYNC, 5, &(struct wire_fsync_in){ 0 },
		 sizeof(struct wire_fsync_in));
	ck_assert_uint_eq(fake_events(f, EV_REQUEST), 1);
	ck_assert_uint_eq(fake_events(f, EV_REPLY), 1);
	ck_assert_str_eq(fake_event(f, EV_REQUEST, 0)->path, "/data");
}
END_TEST

START_TEST(mute_logs_nothing_for_a_while)
{
	refuse("FSYNC", NULL, EIO);
	fake_start(f);
	fake_lookup(f, "data", 5);
	ck_assert_uint_eq(fake_events(f, EV_REPLY), 1);
	engine_set_mute(f->e, true);
	fake_write(f, 5, 0, 10);
	fake_ask(f, 0, OP_FSYNC, 5, &(struct wire_fsync_in){ 0 },
		 sizeof(struct wire_fsync_in));
	ck_assert_uint_eq(engine_rule_hits(f->e, 0), 1);
	ck_assert_uint_eq(evlog_count(f->log), 2);
	engine_set_mute(f->e, false);
	fake_write(f, 5, 0, 10);
	ck_assert_uint_eq(evlog_count(f->log), 4);
}
END_TEST

START_TEST(names_are_learnt_before_the_reply_is_written)
{
	fake_start(f);
	ck_assert_uint_eq(engine_nodeid(f->e, 0, "/data"), 0);
	fake_lookup(f, "data", 9);
	ck_assert_uint_eq(engine_nodeid(f->e, 0, "/data"), 9);
	f->error = ENOENT;
	fake_lookup(f, "none", 10);
	ck_assert_uint_eq(engine_nodeid(f->e, 0, "/none"), 0);
}
END_TEST

START_TEST(forgets_are_delivered_and_not_open)
{
	struct wire_forget_in in = { .nlookup = 1 };

	fake_start(f);
	fake_ask(f, 0, OP_FORGET, 5, &in, sizeof(in));
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert_uint_eq(f->n_sent, 0);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
	ck_assert_uint_eq(fake_events(f, EV_REQUEST), 1);
}
END_TEST

START_TEST(unknown_operations_get_enosys)
{
	fake_start(f);
	fake_ask(f, 0, 3999, 5, NULL, 0);
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_int_eq(last_error(), ENOSYS);
	ck_assert_ptr_null(fake_event(f, EV_REQUEST, 0)->op);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

START_TEST(ruined_messages_are_refused)
{
	uint64_t msg[8] = { 0 };
	struct ask ask = { .opcode = OP_GETATTR, .unique = 8, .nodeid = 1,
			   .body = "0123456789abcdef", .len = 16 };
	size_t len = ask_write(msg, &ask);

	fake_start(f);
	ck_assert(!engine_request(f->e, 0, f, msg, 12));
	ck_assert_uint_eq(f->n_sent, 0);
	ck_assert(!engine_request(f->e, 0, f, msg, len - 1));
	ck_assert_int_eq(last_error(), EIO);
	ck_assert_ptr_nonnull(fake_event(f, EV_REQUEST, 0)->text);
	ask.opcode = OP_FORGET;
	len = ask_write(msg, &ask);
	ck_assert(!engine_request(f->e, 0, f, msg, len - 1));
	ck_assert_uint_eq(f->n_sent, 1);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

/* Zeros that are too short, a name without its NUL, counts and sizes that are
 * not true: no handler sees them, whether the log is looked at or not. */
static void ask_malformed(void)
{
	static const struct wire_batch_forget_in forgets = { .count = 1 << 28 };
	static const struct wire_write_in write = { .size = 1 };
	static const struct wire_read_in list = { .size = 0xff0000ff };
	static const struct wire_getxattr_in xattr = { .size = 0x7fffffff };
	static const struct wire_ioctl_in ctl = { .in_size = 9 };

	fake_ask(f, 0, OP_BATCH_FORGET, 0, &forgets, sizeof(forgets));
	ck_assert_uint_eq(f->n_sent, 0);
	fake_ask(f, 0, OP_LOOKUP, 1, "no nul", 6);
	fake_ask(f, 0, OP_WRITE, 2, &write, sizeof(write));
	fake_ask(f, 0, OP_READ, 2, &list, sizeof(list));
	fake_ask(f, 0, OP_READ, 2, &list, 8);
	fake_ask(f, 0, OP_READDIR, 1, &list, sizeof(list));
	fake_ask(f, 0, OP_LISTXATTR, 1, &xattr, sizeof(xattr));
	fake_ask(f, 0, OP_IOCTL, 2, &ctl, sizeof(ctl));
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_uint_eq(f->n_sent, 7);
	ck_assert_int_eq(last_error(), EIO);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}

START_TEST(malformed_bodies_reach_no_handler)
{
	fake_start(f);
	ask_malformed();
	ck_assert_ptr_nonnull(fake_event(f, EV_REQUEST, 0)->text);
}
END_TEST

START_TEST(malformed_bodies_reach_no_handler_unseen)
{
	fake_start(f);
	engine_set_quiet(f->e, true);
	ask_malformed();
}
END_TEST

/* There the same would come without us. */
START_TEST(malformed_bodies_are_a_foreign_servers)
{
	fake_start(f);
	engine_set_foreign(f->e);
	f->error = EINVAL;
	fake_ask(f, 0, OP_LOOKUP, 1, "no nul", 6);
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert_int_eq(last_error(), EINVAL);
}
END_TEST

/* Its requests would not come to us. */
START_TEST(a_foreign_server_is_not_offered_io_uring)
{
	struct wire_init_in in = {
		.major = WIRE_MAJOR, .minor = WIRE_MINOR, .flags = INIT_EXT,
		.flags2 = (uint32_t)(INIT_OVER_IO_URING >> 32) | 1u,
	};

	fake_start(f);
	engine_set_foreign(f->e);
	fake_ask(f, 0, OP_INIT, 0, &in, sizeof(in));
	ck_assert_uint_eq(f->n_given, 1);
	memcpy(&in, f->given[0].body, sizeof(in));
	ck_assert_uint_eq(in.flags2, 1);
	ck_assert_uint_eq(in.flags, INIT_EXT);
	/* one of an old kernel */
	fake_ask(f, 0, OP_INIT, 0, &in, 16);
	ck_assert_uint_eq(f->n_given, 2);
}
END_TEST

START_TEST(answers_to_nothing_are_swallowed)
{
	fake_start(f);
	ck_assert_int_eq(fake_reply(f, 0, OP_GETATTR, 77),
			 16 + sizeof(struct wire_attr_out));
	ck_assert_uint_eq(f->n_sent, 0);
	f->manual = true;
	fake_getattr(f, 2);
	fake_reply(f, 0, OP_GETATTR, f->unique);
	fake_reply(f, 0, OP_GETATTR, f->unique);
	ck_assert_uint_eq(f->n_sent, 1);
	ck_assert_int_eq(engine_reply(f->e, 0, &(struct iovec){ (char[]){ "abc" }, 3 }, 1),
			 -EINVAL);
}
END_TEST

/* With UndefinedBehaviorSanitizer to see it. */
START_TEST(the_smallest_error_has_no_opposite)
{
	struct wire_out_header h = { .len = sizeof(h), .error = INT32_MIN };
	const struct iovec iov = { &h, sizeof(h) };
	size_t n;

	fake_start(f);
	f->manual = true;
	fake_getattr(f, 2);
	h.unique = f->unique;
	ck_assert_int_eq(engine_reply(f->e, 0, &iov, 1), sizeof(h));
	n = evlog_count(f->log);
	ck_assert_uint_ne(n, 0);
	ck_assert_int_eq(evlog_at(f->log, n - 1)->kind, EV_REPLY);
	ck_assert_int_eq(evlog_at(f->log, n - 1)->error, INT32_MIN);
}
END_TEST

START_TEST(the_servers_own_notifications_pass)
{
	struct wire_out_header h = { .len = sizeof(h), .error = NOTE_POLL };
	struct iovec iov = { &h, sizeof(h) };

	fake_start(f);
	ck_assert_int_eq(engine_reply(f->e, 0, &iov, 1), sizeof(h));
	ck_assert_uint_eq(f->n_sent, 1);
	ck_assert_ptr_null(fake_last(f)->chan);
	f->send_errno[0] = ENOENT;
	f->n_send_errno = 1;
	ck_assert_int_eq(engine_reply(f->e, 0, &iov, 1), -ENOENT);
}
END_TEST

/* Somebody else's server answers a request that came while the tap was leaving. */
START_TEST(what_was_never_read_here_is_not_written_here)
{
	struct wire_out_header h = { .len = sizeof(h), .unique = 4711 };
	const struct iovec iov = { &h, sizeof(h) };

	fake_start(f);
	ck_assert_int_eq(engine_reply(f->e, 0, &iov, 1), sizeof(h));
	engine_set_foreign(f->e);
	ck_assert_int_eq(engine_reply(f->e, 0, &iov, 1), ENGINE_NOT_READ);
	ck_assert_uint_eq(f->n_sent, 0);
}
END_TEST

/* ---- which rule ---------------------------------------------------------------- */

START_TEST(the_first_rule_wins)
{
	refuse("GETATTR", "/other", 1);
	refuse("GETATTR", NULL, 2);
	refuse("GETATTR", NULL, 3);
	fake_start(f);
	ck_assert_int_eq(ask_error(), 2);
	ck_assert_uint_eq(engine_rule_hits(f->e, 0), 0);
	ck_assert_uint_eq(engine_rule_hits(f->e, 1), 1);
	ck_assert_uint_eq(engine_rule_hits(f->e, 2), 0);
	ck_assert_int_eq(fake_event(f, EV_REQUEST, 0)->rule, 1);
	ck_assert_uint_eq(f->n_given, 0);
}
END_TEST

START_TEST(a_rule_by_path_and_mount)
{
	struct rule *r = refuse("GETATTR", "/data", EIO);

	fake_start(f);
	fake_lookup(f, "data", 2);
	ck_assert_int_eq(ask_error(), EIO);
	r->file.mount = 1;
	fake_free(f);
	f = fake_new(2);
	r = refuse("GETATTR", "/data", EIO);
	r->file.mount = 1;
	fake_start(f);
	fake_lookup(f, "data", 2);
	ck_assert_int_eq(ask_error(), 0);
}
END_TEST

START_TEST(a_rule_by_actor)
{
	struct rule *r = refuse("GETATTR", NULL, EIO);

	r->actor = build_actor(&f->b, "app");
	fake_start(f);
	ck_assert_int_eq(ask_error(), 0);
	engine_set_actor_pid(f->e, 0, 100, 0);
	ck_assert_int_eq(ask_error(), EIO);
	ck_assert_int_eq(fake_event(f, EV_REQUEST, 1)->actor, 0);
}
END_TEST

START_TEST(nth_counts_every_match)
{
	struct rule *first = refuse("GETATTR", NULL, 1);
	struct rule *second = refuse("GETATTR", NULL, 2);
	struct rule *rest = refuse("GETATTR", NULL, 4);

	first->nth_from = 1;
	first->nth_to = 2;
	second->nth_from = 2;
	second->nth_to = 3;
	rest->nth_from = 4;
	fake_start(f);
	ck_assert_int_eq(ask_error(), 1);
	ck_assert_int_eq(ask_error(), 2);
	ck_assert_int_eq(ask_error(), 0);
	ck_assert_int_eq(ask_error(), 4);
	ck_assert_int_eq(ask_error(), 4);
}
END_TEST

START_TEST(a_later_rule_counts_but_does_not_win)
{
	struct rule *second;

	refuse("GETATTR", NULL, 1);
	second = refuse("GETATTR", NULL, 2);
	second->nth_from = 1;
	fake_start(f);
	ck_assert_int_eq(ask_error(), 1);
	ck_assert_uint_eq(engine_rule_hits(f->e, 1), 0);
}
END_TEST

START_TEST(times_limits_applications)
{
	refuse("GETATTR", NULL, EIO)->times = 2;
	fake_start(f);
	ck_assert_int_eq(ask_error(), EIO);
	ck_assert_int_eq(ask_error(), EIO);
	ck_assert_int_eq(ask_error(), 0);
	ck_assert_uint_eq(engine_rule_hits(f->e, 0), 2);
}
END_TEST

START_TEST(states_choose_rules)
{
	struct assign on = { .state = build_state(&f->b, "broken"), .value = 1 };
	struct assign off = { .state = 0, .value = 0 };
	struct rule *r = refuse("GETATTR", NULL, EIO);
	struct rule *setter = rule("FSYNC", NULL);
	struct wire_fsync_in in = { 0 };

	r->when = &on;
	r->n_when = 1;
	setter->set = &on;
	setter->n_set = 1;
	fake_start(f);
	ck_assert_int_eq(ask_error(), 0);
	fake_ask(f, 0, OP_FSYNC, 2, &in, sizeof(in));
	ck_assert_int_eq(last_error(), 0);
	ck_assert_int_eq(ask_error(), EIO);
	ck_assert_str_eq(fake_event(f, EV_STATE, 0)->text, "broken = on");
	engine_set_state(f->e, &off, 1);
	ck_assert_str_eq(fake_event(f, EV_STATE, 1)->text, "broken = off");
	ck_assert_int_eq(ask_error(), 0);
}
END_TEST

START_TEST(a_rule_without_action_shadows)
{
	rule("GETATTR", NULL);
	refuse("GETATTR", NULL, EIO);
	fake_start(f);
	ck_assert_int_eq(ask_error(), 0);
	ck_assert_uint_eq(engine_rule_hits(f->e, 0), 1);
}
END_TEST

START_TEST(a_thousand_other_rules_cost_little)
{
	char path[16];
	uint64_t start;

	for (int i = 0; i < 1000; i++) {
		snprintf(path, sizeof(path), "/f%d", i);
		refuse("GETATTR", arena_strdup(f->b.a, path), EIO);
	}
	fake_start(f);
	engine_set_quiet(f->e, true);
	start = clock_ns();
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(ask_error(), 0);
	/* 1000 times 1000 rules; generous, for sanitizers and slow machines */
	ck_assert_uint_lt(clock_ns() - start, 2 * NS_PER_S);
}
END_TEST

/* ---- actions -------------------------------------------------------------------- */

START_TEST(dropped_requests_stay_open)
{
	struct rule *r = rule("GETATTR", NULL);
	struct engine_load load;

	r->drop = true;
	fake_start(f);
	fake_getattr(f, 2);
	load = fake_load(f, 0);
	ck_assert_uint_eq(load.open, 1);
	ck_assert_uint_eq(load.dropped, 1);
	ck_assert_int_eq(fake_event(f, EV_DROPPED, 0)->rule, 0);
	ck_assert_uint_eq(load.dropped_ok, 0);
	ck_assert_uint_eq(load.busy, 0);
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_uint_eq(f->n_sent, 0);
}
END_TEST

START_TEST(drop_ok_is_told_apart)
{
	struct rule *r = rule("GETATTR", NULL);

	r->drop = r->drop_ok = true;
	fake_start(f);
	fake_getattr(f, 2);
	ck_assert_uint_eq(fake_load(f, 0).dropped_ok, 1);
}
END_TEST

START_TEST(dropped_forgets_are_gone)
{
	struct wire_forget_in in = { .nlookup = 1 };

	rule("FORGET", NULL)->drop = true;
	fake_start(f);
	fake_ask(f, 0, OP_FORGET, 5, &in, sizeof(in));
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

START_TEST(abort_and_die)
{
	rule("GETATTR", NULL)->abort = true;
	rule("FSYNC", NULL)->die = true;
	fake_start(f);
	fake_getattr(f, 2);
	ck_assert_uint_eq(f->n_controls, 1);
	ck_assert_int_eq(f->controls[0], OUT_ABORT);
	ck_assert_uint_eq(f->n_sent, 1);
	fake_ask(f, 0, OP_FSYNC, 2, &(struct wire_fsync_in){ 0 },
		 sizeof(struct wire_fsync_in));
	ck_assert_int_eq(f->controls[1], OUT_CLOSE);
}
END_TEST

START_TEST(notifications_before_and_after)
{
	struct notify_spec before = { .name = NONE }, after = { .name = NONE };
	struct rule *r = rule("GETATTR", NULL);

	r->notify_before = &before;
	r->n_notify_before = 1;
	fake_start(f);
	fake_getattr(f, 2);
	ck_assert_uint_eq(f->n_notes, 1);
	ck_assert_ptr_eq(f->notes[0], &before);
	ck_assert_uint_eq(f->sent_at_note, 0);
	r->n_notify_before = 0;
	r->notify_after = &after;
	r->n_notify_after = 1;
	fake_getattr(f, 2);
	ck_assert_ptr_eq(f->notes[1], &after);
	ck_assert_uint_eq(f->sent_at_note, 2);
}
END_TEST

START_TEST(notifications_of_what_has_no_reply)
{
	struct wire_forget_in in = { .nlookup = 1 };
	struct notify_spec after = { .name = NONE };
	struct rule *forget = rule("FORGET", NULL);
	struct rule *drop = rule("GETATTR", NULL);

	forget->notify_after = drop->notify_after = &after;
	forget->n_notify_after = drop->n_notify_after = 1;
	drop->drop = true;
	fake_start(f);
	fake_ask(f, 0, OP_FORGET, 5, &in, sizeof(in));
	ck_assert_uint_eq(f->n_notes, 1);
	fake_getattr(f, 2);
	ck_assert_uint_eq(f->n_notes, 2);
}
END_TEST

START_TEST(rules_end_with_the_script)
{
	refuse("GETATTR", NULL, EIO);
	fake_start(f);
	engine_finish(f->e, false);
	ck_assert_int_eq(ask_error(), 0);
	ck_assert_uint_eq(engine_rule_hits(f->e, 0), 0);
	ck_assert(engine_may_read(f->e, 0));
	engine_finish(f->e, true);
	ck_assert(!engine_may_read(f->e, 0));
}
END_TEST

/* ---- interrupts ------------------------------------------------------------------- */

START_TEST(interrupts_reach_only_who_knows_the_request)
{
	fake_start(f);
	fake_interrupt(f, 500);
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_uint_eq(fake_events(f, EV_REQUEST), 1);
	f->manual = true;
	fake_getattr(f, 2);
	fake_interrupt(f, f->unique);
	ck_assert_uint_eq(f->n_given, 2);
	ck_assert_uint_eq(f->given[1].h.opcode, OP_INTERRUPT);
	ck_assert_uint_eq(fake_load(f, 0).open, 1);
	fake_reply(f, 0, OP_GETATTR, f->unique);
	fake_interrupt(f, f->unique);
	ck_assert_uint_eq(f->n_given, 2);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

START_TEST(rules_may_answer_interrupts)
{
	refuse("INTERRUPT", NULL, EAGAIN);
	fake_start(f);
	fake_interrupt(f, 500);
	ck_assert_uint_eq(f->n_sent, 1);
	ck_assert_uint_eq(fake_last(f)->h.unique, 501);
	ck_assert_int_eq(last_error(), EAGAIN);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

START_TEST(a_resent_request_replaces_the_old_one)
{
	uint64_t msg[16];
	struct wire_getattr_in in = { 0 };
	struct ask ask = { .opcode = OP_GETATTR, .nodeid = 2, .body = &in,
			   .len = sizeof(in) };

	rule("GETATTR", NULL)->drop = true;
	fake_start(f);
	ask.unique = fake_getattr(f, 2) | WIRE_UNIQUE_RESEND;
	ck_assert_uint_eq(fake_load(f, 0).open, 1);
	fake_ask_msg(f, 0, msg, ask_write(msg, &ask));
	ck_assert_uint_eq(fake_load(f, 0).open, 1);
	ck_assert_uint_eq(fake_load(f, 0).dropped, 1);
	engine_finish(f->e, false);
	ck_assert(fake_wait(f, &f->n_sent, 2));
	ck_assert(fake_settles(f, 0));
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

/* ---- stalls ------------------------------------------------------------------------- */

static void *read_and_ask(void *arg)
{
	struct fake *fk = arg;

	if (engine_may_read(fk->e, 0))
		fake_getattr(fk, 2);
	return NULL;
}

static void *ask_only(void *arg)
{
	fake_getattr(arg, 2);
	return NULL;
}

START_TEST(a_stalled_worker_waits_to_be_resumed)
{
	pthread_t worker;

	fake_start(f);
	engine_stall(f->e, 0);
	ck_assert(engine_is_stalled(f->e, 0));
	pthread_create(&worker, NULL, ask_only, f);
	while (fake_load(f, 0).stalled != 1)
		;
	ck_assert_uint_eq(fake_load(f, 0).open, 1);
	ck_assert_uint_eq(fake_load(f, 0).busy, 0);
	ck_assert_uint_eq(evlog_count(f->log), 0);
	engine_resume(f->e, 0);
	pthread_join(worker, NULL);
	ck_assert_uint_eq(f->n_sent, 1);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
	ck_assert(!engine_is_stalled(f->e, 0));
}
END_TEST

START_TEST(a_rule_stalls_after_its_request)
{
	pthread_t worker;

	rule("FSYNC", NULL)->stall = true;
	fake_start(f);
	fake_ask(f, 0, OP_FSYNC, 2, &(struct wire_fsync_in){ 0 },
		 sizeof(struct wire_fsync_in));
	ck_assert_uint_eq(f->n_sent, 1);
	ck_assert(engine_is_stalled(f->e, 0));
	pthread_create(&worker, NULL, read_and_ask, f);
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	ck_assert_uint_eq(fake_count_sent(f), 1);
	engine_finish(f->e, false);
	pthread_join(worker, NULL);
	ck_assert_uint_eq(f->n_sent, 2);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine");
	TCase *plain = tcase_create("plain");
	TCase *rules = tcase_create("rules");
	TCase *actions = tcase_create("actions");

	tcase_add_checked_fixture(plain, setup, teardown);
	tcase_add_test(plain, plain_requests_pass_both_ways);
	tcase_add_test(plain, plain_requests_are_logged);
	tcase_add_test(plain, a_failed_write_is_in_the_log);
	tcase_add_test(plain, quiet_logs_only_what_rules_touch);
	tcase_add_test(plain, mute_logs_nothing_for_a_while);
	tcase_add_test(plain, names_are_learnt_before_the_reply_is_written);
	tcase_add_test(plain, forgets_are_delivered_and_not_open);
	tcase_add_test(plain, unknown_operations_get_enosys);
	tcase_add_test(plain, ruined_messages_are_refused);
	tcase_add_test(plain, malformed_bodies_reach_no_handler);
	tcase_add_test(plain, malformed_bodies_reach_no_handler_unseen);
	tcase_add_test(plain, malformed_bodies_are_a_foreign_servers);
	tcase_add_test(plain, a_foreign_server_is_not_offered_io_uring);
	tcase_add_test(plain, answers_to_nothing_are_swallowed);
	tcase_add_test(plain, the_smallest_error_has_no_opposite);
	tcase_add_test(plain, the_servers_own_notifications_pass);
	tcase_add_test(plain, what_was_never_read_here_is_not_written_here);
	suite_add_tcase(s, plain);

	tcase_add_checked_fixture(rules, setup, teardown);
	tcase_set_timeout(rules, 60);
	tcase_add_test(rules, the_first_rule_wins);
	tcase_add_test(rules, a_rule_by_path_and_mount);
	tcase_add_test(rules, a_rule_by_actor);
	tcase_add_test(rules, nth_counts_every_match);
	tcase_add_test(rules, a_later_rule_counts_but_does_not_win);
	tcase_add_test(rules, times_limits_applications);
	tcase_add_test(rules, states_choose_rules);
	tcase_add_test(rules, a_rule_without_action_shadows);
	tcase_add_test(rules, a_thousand_other_rules_cost_little);
	suite_add_tcase(s, rules);

	tcase_add_checked_fixture(actions, setup, teardown);
	tcase_add_test(actions, dropped_requests_stay_open);
	tcase_add_test(actions, drop_ok_is_told_apart);
	tcase_add_test(actions, dropped_forgets_are_gone);
	tcase_add_test(actions, abort_and_die);
	tcase_add_test(actions, notifications_before_and_after);
	tcase_add_test(actions, notifications_of_what_has_no_reply);
	tcase_add_test(actions, rules_end_with_the_script);
	tcase_add_test(actions, interrupts_reach_only_who_knows_the_request);
	tcase_add_test(actions, rules_may_answer_interrupts);
	tcase_add_test(actions, a_resent_request_replaces_the_old_one);
	tcase_add_test(actions, a_stalled_worker_waits_to_be_resumed);
	tcase_add_test(actions, a_rule_stalls_after_its_request);
	suite_add_tcase(s, actions);
	return unit_main(s);
}
