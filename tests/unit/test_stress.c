/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Actors in a stress step: the same seed makes the same calls, bounds are kept,
 * what went wrong is left where it can be read. */
#include "config.h"

#include "act/stress.h"

#include "load/load.h"
#include "tests/unit/build_calls.h"
#include "tests/unit/unit.h"

enum { A, B };			/* actors */

/* A world of actors a and b, who do this in step 0. */
struct storm {
	struct world *w;
	struct scenario_file *file;
	const struct step *step;
};

static void begin(struct storm *s, const char *bounds, const char *a, const char *b)
{
	static const char form[] = "fusescen: 1\n"
		"mounts: {fs: {files: {/data: {}}}}\n"
		"actors: [a, b]\n"
		"steps:\n  - stress:\n      %s\n      a: %s\n      b: %s\n";
	auto_free char *text = xasprintf(form, bounds, a, b);
	auto_buf struct buf errors = BUF_INIT;
	const char *what;
	int err = 0;

	s->file = load_text("storm", text, strlen(text));
	diags_print(s->file->diags, &errors);
	ck_assert_str_eq(buf_str(&errors), "");
	s->w = world_new(0);
	s->w->sc = *s->file->cases[0];
	s->step = &s->w->sc.steps[0];
	write_text(world_path(s->w, "/data"), "");
	ck_assert_int_eq(truncate(world_path(s->w, "/data"), 65536), 0);
	what = world_start_error(s->w, &err);
	ck_assert_msg(!what, "%s: %s", what, strerror(err));
}

static bool is_back(struct storm *s, int actor)
{
	struct actor_look look;

	actor_look(s->w->as, actor, &look);
	return !look.in_call;
}

static void rage(struct storm *s)
{
	uint64_t deadline = clock_ns() + 20 * NS_PER_S;

	actors_stress_begin(s->w->as, s->step->stress);
	ck_assert(actor_stress(s->w->as, A, s->step));
	/* who waits for the others is busy */
	ck_assert(!actor_stress(s->w->as, A, s->step));
	ck_assert(actor_stress(s->w->as, B, s->step));
	while (!is_back(s, A) || !is_back(s, B)) {
		ck_assert(clock_ns() < deadline);
		usleep(1000);
	}
}

static void end(struct storm *s)
{
	ck_assert_uint_eq(world_free(s->w), 0);
	scenario_file_free(s->file);
}

static const struct stress_seat *seat(struct storm *s, int actor)
{
	return actor_seat(s->w->as, actor);
}

/* The last calls as text, one a line. */
static void print_recent(struct buf *b, const struct stress_seat *seat)
{
	uint64_t k = seat->n_recent > STRESS_RECENT ?
		seat->n_recent - STRESS_RECENT : 0;

	for (; k < seat->n_recent; k++) {
		stress_print_call(b, &seat->recent[k % STRESS_RECENT]);
		buf_addc(b, '\n');
	}
}

#define LONG	"rounds: 50\n      time: 20s"
#define CHOICE	"{any: [\"truncate(\\\"/data\\\", 0..9)\", \"truncate(\\\"/data\\\", 10..99/7)\"]}"

static void recent_of(struct buf *b, uint64_t seed)
{
	struct storm s;

	begin(&s, LONG, CHOICE, CHOICE);
	s.w->sc.seed = seed;
	actors_kill(s.w->as, clock_ns() + 30 * NS_PER_S, NULL, 0);
	actors_free(s.w->as);
	evlog_free(s.w->log);
	ck_assert_ptr_null(world_start_error(s.w, &(int){ 0 }));
	rage(&s);
	print_recent(b, seat(&s, A));
	buf_addc(b, '\n');
	print_recent(b, seat(&s, B));
	end(&s);
}

START_TEST(same_seed_same_calls)
{
	auto_buf struct buf one = BUF_INIT, again = BUF_INIT, two = BUF_INIT;

	recent_of(&one, 7);
	recent_of(&again, 7);
	recent_of(&two, 8);
	ck_assert_str_eq(buf_str(&one), buf_str(&again));
	ck_assert_str_ne(buf_str(&one), buf_str(&two));
}
END_TEST

START_TEST(in_order_and_counted)
{
	auto_buf struct buf b = BUF_INIT;
	struct storm s;

	begin(&s, "rounds: 5\n      time: 20s", "access(\"/data\", F_OK)",
	      "truncate(\"/data\", 1K..4K+1K) = 0");
	rage(&s);
	print_recent(&b, seat(&s, B));
	ck_assert_str_eq(buf_str(&b), "truncate(\"/data\", 1K)\n"
			 "truncate(\"/data\", 2K)\ntruncate(\"/data\", 3K)\n"
			 "truncate(\"/data\", 1K)\ntruncate(\"/data\", 2K)\n");
	ck_assert_uint_eq(seat(&s, B)->rounds, 5);
	ck_assert_uint_eq(seat(&s, B)->calls, 5);
	ck_assert_uint_eq(seat(&s, B)->sites[1].drawn, 5);
	ck_assert_uint_eq(seat(&s, B)->sites[1].results[0].times, 5);
	ck_assert_uint_eq(seat(&s, B)->sites[1].successes, 5);
	ck_assert(!seat(&s, A)->failed && !seat(&s, B)->failed);
	end(&s);
}
END_TEST

/* Each value that a call returned is counted by itself, and the fields that one
 * looks at too; what a variable got is no value. */
START_TEST(values_are_counted_apart)
{
	const struct stress_site *sites;
	struct storm s;

	begin(&s, "rounds: 6\n      time: 20s",
	      "[\"f = open(\\\"/data\\\", O_RDONLY)\", "
	      "\"lseek(f, 0..3+1, SEEK_SET)\", \"fstat(f) = {nlink=1}\", "
	      "close(f)]", "access(\"/data\", F_OK)");
	rage(&s);
	sites = seat(&s, A)->sites;
	ck_assert_uint_eq(sites[0].results[0].times, 6);
	ck_assert_int_eq(sites[1].results[0].value, 0);
	ck_assert_uint_eq(sites[1].results[0].times, 2);
	ck_assert_int_eq(sites[1].results[2].value, 2);
	ck_assert_int_eq(sites[1].greatest, 2);
	ck_assert_int_eq(sites[2].results[0].value, 1);
	ck_assert_uint_eq(sites[2].results[0].times, 6);
	end(&s);
}
END_TEST

START_TEST(time_is_up)
{
	uint64_t start = clock_ns();
	struct storm s;

	begin(&s, "rounds: 1000000\n      time: 30ms", "stat(\"/data\")",
	      "stat(\"/data\")");
	rage(&s);
	ck_assert_uint_gt(seat(&s, A)->rounds, 0);
	ck_assert_uint_lt(seat(&s, A)->rounds, 1000000);
	ck_assert_uint_lt(clock_ns() - start, 10 * NS_PER_S);
	/* on one processor too: a call of 30 ms is interrupted somewhere */
	ck_assert_uint_gt(seat(&s, A)->calls + seat(&s, B)->calls, 1);
	end(&s);
}
END_TEST

/* With fewer overlaps than asked for, the time is no bound yet. */
START_TEST(more_time)
{
	uint64_t start = clock_ns();
	struct storm s;

	begin(&s, "rounds: 1000000\n      time: 5ms\n      overlaps: 1000000",
	      "stat(\"/data\")", "stat(\"/data\")");
	rage(&s);
	ck_assert_uint_ge(clock_ns() - start, 100 * NS_PER_MS);
	ck_assert_uint_lt(seat(&s, A)->rounds, 1000000);
	end(&s);
}
END_TEST

/* Who waits overlaps who does not, and that is seen from one side at least. */
START_TEST(overlaps)
{
	struct storm s;

	begin(&s, "rounds: 3\n      time: 20s",
	      "[\"q = open(\\\"/data\\\", O_RDONLY)\", \"poll(q, 0, 10ms)\", close(q)]",
	      "[\"q = open(\\\"/data\\\", O_RDONLY)\", \"poll(q, 0, 10ms)\", close(q)]");
	rage(&s);
	ck_assert_uint_gt(seat(&s, A)->overlaps + seat(&s, B)->overlaps, 0);
	ck_assert_uint_eq(seat(&s, A)->now, 0);
	end(&s);
}
END_TEST

START_TEST(without_a_variable)
{
	struct storm s;

	begin(&s, "rounds: 4\n      time: 20s", "stat(\"/data\")",
	      "[\"f = open(\\\"/none\\\", O_RDONLY) = success or -1 ENOENT\", "
	      "\"fstat(f) = 0\", \"close(f) = 0\"]");
	rage(&s);
	ck_assert(!seat(&s, B)->failed);
	ck_assert_uint_eq(seat(&s, B)->sites[1].results[0].what, ENOENT);
	ck_assert_uint_eq(seat(&s, B)->sites[1].results[0].times, 4);
	ck_assert_uint_eq(seat(&s, B)->sites[2].left_out, 4);
	ck_assert_uint_eq(seat(&s, B)->sites[3].left_out, 4);
	ck_assert_uint_eq(seat(&s, B)->calls, 4);
	end(&s);
}
END_TEST

START_TEST(failure_stops_all)
{
	const struct stress_made *last;
	struct storm s;

	begin(&s, "rounds: 1000000\n      time: 20s", "stat(\"/data\")",
	      "truncate(\"/data\", 1..9+1) = -1 EIO or -1 EPERM");
	rage(&s);
	ck_assert(seat(&s, B)->failed && !seat(&s, A)->failed);
	last = &seat(&s, B)->recent[0];
	ck_assert_uint_eq(last->round, 1);
	ck_assert_int_eq(last->nums[1], 1);
	ck_assert_int_eq(last->outcome.ret, 0);
	ck_assert_uint_gt(last->end_seq, last->begin_seq);
	ck_assert_uint_lt(seat(&s, A)->rounds, 1000000);
	end(&s);
}
END_TEST

START_TEST(trends)
{
	struct storm s;

	begin(&s, "rounds: 4\n      time: 20s",
	      "[\"stat(\\\"/data\\\") = {size=grows}\"]",
	      "[\"truncate(\\\"/data\\\", 70000..80000+1)\"]");
	rage(&s);
	ck_assert(!seat(&s, A)->failed);
	ck_assert_uint_ge(seat(&s, A)->last, 65536);
	end(&s);
	begin(&s, "rounds: 4\n      time: 20s", "stat(\"/data\")",
	      "[\"f = open(\\\"/data\\\", O_RDONLY)\", "
	      "\"lseek(f, 0..64K+1K, SEEK_SET) = shrinks\"]");
	rage(&s);
	ck_assert(seat(&s, B)->failed);
	ck_assert_uint_eq(seat(&s, B)->last, 0);
	end(&s);
}
END_TEST

/* What a step did is forgotten before the next one. */
START_TEST(twice)
{
	struct storm s;

	begin(&s, LONG, "stat(\"/data\")", "stat(\"/data\")");
	rage(&s);
	rage(&s);
	ck_assert_uint_eq(seat(&s, A)->calls, 50);
	/* nor is it in the log */
	ck_assert_uint_eq(evlog_count(s.w->log), 0);
	end(&s);
}
END_TEST

static Suite *stress_suite(void)
{
	Suite *s = suite_create("stress");
	TCase *tc = tcase_create("stress");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, same_seed_same_calls);
	tcase_add_test(tc, in_order_and_counted);
	tcase_add_test(tc, values_are_counted_apart);
	tcase_add_test(tc, time_is_up);
	tcase_add_test(tc, more_time);
	tcase_add_test(tc, overlaps);
	tcase_add_test(tc, without_a_variable);
	tcase_add_test(tc, failure_stops_all);
	tcase_add_test(tc, trends);
	tcase_add_test(tc, twice);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	const char *why = world_may_chroot();

	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return 0;
	}
	return unit_main(stress_suite());
}
