/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many threads in the tap at once: workers on two mounts, a server that
 * answers from a thread of its own, a conductor that releases, answers, looks
 * and ends it all.  Every request must be answered exactly once.
 */
#include "config.h"

#include "fake.h"
#include "unit.h"

#define WORKERS		4
#define ROUNDS		600

static struct fake *f;
static uint8_t answers[2][WORKERS * ROUNDS + 1];
static pthread_mutex_t answers_lock = PTHREAD_MUTEX_INITIALIZER;

struct worker {
	int mount;
	unsigned id;
	pthread_t thread;
};

/* Uniques of a mount: 2, 4, ...; worker w of round i has its own. */
static uint64_t unique_of(const struct worker *w, unsigned round)
{
	return 2 * (uint64_t)(w->id * ROUNDS + round + 1);
}

/* Replies are counted; a backing file has no id here, and nothing else is asked
 * for. */
static int count_send(void *ctx, int mount, struct outgoing *out)
{
	struct wire_out_header h;

	(void)ctx;
	if (out->kind != OUT_REPLY)
		return 0;
	memcpy(&h, out->reply.iov[0].iov_base, sizeof(h));
	pthread_mutex_lock(&answers_lock);
	answers[mount][h.unique / 2]++;
	pthread_mutex_unlock(&answers_lock);
	return 0;
}

static void answer_now(void *ctx, int mount, void *msg, size_t len)
{
	struct wire_in_header h;

	(void)len;
	memcpy(&h, msg, sizeof(h));
	if (h.opcode != OP_INTERRUPT)
		fake_reply(ctx, mount, h.opcode, h.unique);
}

static const struct engine_hooks hooks = {
	.deliver = answer_now, .send = count_send,
};

static void *work(void *arg)
{
	struct worker *w = arg;
	uint64_t msg[64];

	for (unsigned i = 0; i < ROUNDS && engine_may_read(f->e, w->mount); i++) {
		static const uint32_t kinds[] = { OP_WRITE, OP_GETATTR,
						  OP_FSYNC, OP_LOOKUP };
		uint8_t body[64] = "name";
		struct ask ask = { .opcode = kinds[i % 4], .nodeid = 1,
				   .unique = unique_of(w, i), .body = body };
		size_t len;

		ask.len = ask.opcode == OP_LOOKUP ? 5 :
			op_by_code(&protocol_builtin, ask.opcode)->args_size;
		if (ask.opcode != OP_LOOKUP)
			memset(body, 0, sizeof(body));
		len = ask_write(msg, &ask);
		if (engine_request(f->e, w->mount, w, msg, len))
			answer_now(f, w->mount, msg, len);
	}
	return NULL;
}

/* WRITEs are held before or after or delayed, FSYNCs answer what is held. */
static void add_rules(int gate, struct assign *flip)
{
	struct rule *r = build_rule(&f->b, "WRITE", NULL);

	r->nth_from = 10;
	r->nth_to = 200;
	r->gate = gate;
	r = build_rule(&f->b, "WRITE", NULL);
	r->nth_from = 300;
	r->nth_to = 500;
	r->gate = gate;
	r->hold_after = true;
	r = build_rule(&f->b, "WRITE", NULL);
	r->delay_min_ns = 1000;
	r->delay_max_ns = 2 * NS_PER_MS;
	r = build_rule(&f->b, "FSYNC", NULL);
	r->answer_gate = gate;
	r->answer.present = r->answer.has_error = true;
	r->answer.error = EIO;
	r->set = flip;
	r->n_set = 1;
	r = build_rule(&f->b, "GETATTR", NULL);
	r->nth_from = 5;
	r->nth_to = 40;
	r->drop = true;
}

static void conduct(int gate, struct assign *flip, struct worker *workers)
{
	static struct reply_spec eio;
	size_t seen = 0;

	no_reply(&eio);
	eio.present = eio.has_error = true;
	eio.error = EIO;
	for (int i = 0; i < 400; i++) {
		auto_buf struct buf text = BUF_INIT;
		struct engine_load load;

		evlog_wait_news(f->log, &seen, clock_ns() + NS_PER_MS);
		engine_load(f->e, i % 2, &load);
		ck_assert_uint_eq(load.open, load.held + load.dropped +
				  load.delayed + load.stalled + load.busy);
		engine_release(f->e, gate, NULL, 0, 2, i % 50 == 0);
		if (i % 50 == 25)
			engine_rearm(f->e, gate);
		engine_answer(f->e, gate, NULL, 1, &eio);
		engine_print_held(f->e, gate, HELD_PRINTED, &text);
		engine_set_state(f->e, flip, 1);
		engine_holds_pid(f->e, 5);
		engine_nodeid(f->e, 0, "/name");
		if (i % 40 == 10)
			engine_stall(f->e, 1);
		if (i % 40 == 12)
			engine_resume(f->e, 1);
	}
	engine_finish(f->e, false);
	for (int i = 0; i < WORKERS * 2; i++)
		pthread_join(workers[i].thread, NULL);
}

START_TEST(everything_is_answered_once)
{
	struct worker workers[WORKERS * 2];
	struct assign flip;
	int gate;

	f = fake_new(2);
	gate = build_gate(&f->b, "g");
	flip = (struct assign){ build_state(&f->b, "s"), 1 };
	add_rules(gate, &flip);
	f->e = engine_new(&f->b.sc, f->log, &hooks, f);
	for (unsigned i = 0; i < WORKERS * 2; i++) {
		workers[i].mount = (int)i % 2;
		workers[i].id = i / 2;
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	}
	conduct(gate, &flip, workers);
	for (int m = 0; m < 2; m++) {
		ck_assert(fake_empties(f, m));
	}
	for (int m = 0; m < 2; m++) {
		for (int i = 1; i <= WORKERS * ROUNDS; i++)
			ck_assert_msg(answers[m][i] == 1, "%d:%d answered %d times",
				      m, 2 * i, answers[m][i]);
	}
	ck_assert_uint_eq(fake_events(f, EV_REQUEST), 2 * WORKERS * ROUNDS);
	ck_assert_uint_eq(fake_events(f, EV_REPLY), 2 * WORKERS * ROUNDS);
	fake_free(f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine_stress");
	TCase *tc = tcase_create("stress");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, everything_is_answered_once);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
