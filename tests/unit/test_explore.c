/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Schedules, what follows from one, and whether what a run left can be right. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>

#include "explore/chance.h"
#include "explore/frontier.h"
#include "explore/linear.h"
#include "load/load.h"
#include "run/explore/draw.h"
#include "tests/unit/unit.h"

static struct scenario_file *file;
static const struct scenario *sc;

static void load_story(void)
{
	static const char text[] =
		"# A story\n"
		"fusescen: 1\n"
		"mounts: {fs: {files: {/data: {size: 4}}}}\n"
		"actors: [a, b]\n"
		"steps:\n"
		"  - a: fd = open(\"/data\", O_RDWR)\n"
		"  - a: m = mmap(fd, 4K, 0, PROT_READ|PROT_WRITE, MAP_SHARED)\n"
		"  - b: fd = open(\"/data\", O_RDWR)\n"
		"  - explore:\n"
		"      a: [\"pread(fd, 4, 0)\", \"load(m, 0, 4)\",\n"
		"          'link(\"/data\", \"/new\")',\n"
		"          'fd = open(\"/data\", O_RDONLY)']\n"
		"      b: [\"pwrite(fd, 'b'*4, 0)\", \"ftruncate(fd, 2)\", fsync(fd),\n"
		"          'rename(\"/data\", \"/new\")']\n"
		"      faults: [{op: WRITE, error: EIO}]\n"
		"      others:\n"
		"        - notify: {inval_inode: /data}\n"
		"        - server: {truncate: /data, size: 2}\n";

	file = load_text("story", text, sizeof(text) - 1);
	ck_assert_uint_eq(file->n_cases, 1);
	sc = file->cases[0];
}

static void free_story(void)
{
	scenario_file_free(file);
}

static const struct step *call_of(size_t part, size_t i)
{
	return &schedule_step(sc)->explore->parts[part].calls[i];
}

/* ---- schedules ------------------------------------------------------------- */

START_TEST(default_takes_turns)
{
	const moves_t both = MOVE_BEGIN(0) | MOVE_BEGIN(1);

	ck_assert_uint_eq(schedule_default(both, NONE), 0);
	ck_assert_uint_eq(schedule_default(both, 0), 1);
	ck_assert_uint_eq(schedule_default(both, 1), 0);
	ck_assert_uint_eq(schedule_default(MOVE_BEGIN(0), 0), 0);
}
END_TEST

START_TEST(default_releases_last)
{
	const moves_t all = MOVE_BEGIN(1) | MOVE_OTHER | MOVE_RELEASE(0) |
		MOVE_RELEASE(1);

	ck_assert_uint_eq((moves_t)1 << schedule_default(all, 1), MOVE_BEGIN(1));
	ck_assert_uint_eq((moves_t)1 << schedule_default(all & ~MOVE_BEGIN(1), 1),
			  MOVE_OTHER);
	ck_assert_uint_eq((moves_t)1 << schedule_default(all & MOVES_RELEASE, 1),
			  MOVE_RELEASE(0));
}
END_TEST

static void round_trip(const char *text)
{
	struct buf b = BUF_INIT;
	struct schedule s;

	ck_assert_msg(schedule_parse(sc, text, &s), "%s", text);
	schedule_print(&b, sc, &s);
	ck_assert_str_eq(buf_str(&b), text);
	buf_fini(&b);
}

START_TEST(text_round_trip)
{
	round_trip("");
	round_trip("a b b a @");
	round_trip("a+before:a:1:READ:fs:/data b !1");
	round_trip("b+fault1:b:1:WRITE:fs:/data a");
	round_trip("a+after:-:2:WRITE:fs:/data+before:b:1:GETATTR:fs:/data !2 !1");
}
END_TEST

START_TEST(text_that_is_no_schedule)
{
	static const char *const bad[] = {
		"c", "!0", "!4", "a+", "a+after", "a+during:a:1:READ:fs:/data",
		"a+after:c:1:READ:fs:/data", "a+after:a:0:READ:fs:/data",
		"a+after:a:1:REED:fs:/data", "a+after:a:1:READ:gs:/data",
		"a+after:a:1:READ:fs", "b+fault2:b:1:WRITE:fs:/data",
		"b+fault0:b:1:WRITE:fs:/data",
	};
	struct schedule s;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!schedule_parse(sc, bad[i], &s), "%s", bad[i]);
}
END_TEST

START_TEST(holds_become_rules)
{
	struct arena *arena = arena_new();
	struct scenario out;
	struct schedule s;

	ck_assert(schedule_parse(sc, "a+after:a:2:READ:fs:/data", &s));
	schedule_extend(sc, &s, arena, &out);
	ck_assert_uint_eq(out.n_rules, sc->n_rules + 1);
	ck_assert_uint_eq(out.n_gates, sc->n_gates + SCHEDULE_HOLDS);
	ck_assert_str_eq(out.rules[0].ops[0]->name, "READ");
	ck_assert_uint_eq(out.rules[0].nth_from, 2);
	ck_assert_int_eq(out.rules[0].gate, (int)sc->n_gates);
	ck_assert(out.rules[0].hold_after);
	arena_free(arena);
}
END_TEST

static const struct request_name read_data = { "READ", "/data", 0, 0, 1 };

/* ---- chance ------------------------------------------------------------------ */

static uint64_t walk_by_chance(uint64_t seed)
{
	const moves_t all = MOVE_BEGIN(0) | MOVE_BEGIN(1) | MOVE_BEGIN(2);
	struct chance c;
	uint64_t walk = 0;

	chance_begin(&c, seed, 6);
	for (unsigned i = 0; i < 6; i++)
		walk = walk * 4 + chance_move(&c, all, i);
	return walk;
}

START_TEST(a_seed_is_a_walk)
{
	bool seen[1 << 12] = { false };
	unsigned n = 0, firsts = 0;

	for (uint64_t seed = 1; seed < 200; seed++) {
		uint64_t walk = walk_by_chance(seed);

		ck_assert_uint_eq(walk, walk_by_chance(seed));
		ck_assert_uint_lt(walk, ARRAY_SIZE(seen));
		n += !seen[walk];
		seen[walk] = true;
		firsts |= 1u << (walk >> 10);
	}
	/* all three begin in some of them, and two changes make many walks */
	ck_assert_uint_eq(firsts, 7);
	ck_assert_uint_ge(n, 40);
}
END_TEST

/* Without a change the highest priority moves as long as it can. */
START_TEST(chance_changes_are_few)
{
	for (uint64_t seed = 1; seed < 100; seed++) {
		uint64_t walk = walk_by_chance(seed);
		unsigned changes = 0;

		for (unsigned i = 1; i < 6; i++)
			changes += (walk >> 2 * i & 3) != (walk >> 2 * (i - 1) & 3);
		ck_assert_uint_le(changes, CHANCE_CHANGES);
	}
}
END_TEST

static struct schedule drawn_from(uint64_t seed, unsigned number)
{
	struct lottery *d = draw_new(seed, schedule_step(sc)->explore);
	struct trail *t = trail_new();
	struct schedule s;

	trail_add_request(t, &read_data, 0);
	for (unsigned i = 0; draw_next(d, &s); i++)
		ck_assert_uint_eq(s.n_holds, 0);
	while (!draw_next(d, &s))
		draw_saw(d, t);
	while (number--)
		ck_assert(draw_next(d, &s));
	trail_free(t);
	draw_free(d);
	return s;
}

/* The first ones hold nothing, and wait for each other; then there is something. */
START_TEST(holds_are_drawn)
{
	for (unsigned i = 0; i < 20; i++) {
		struct schedule a = drawn_from(7, i), b = drawn_from(7, i);

		ck_assert_uint_eq(a.n_holds, 1);
		ck_assert(request_names_same(&a.holds[0].name, &read_data));
		ck_assert_uint_eq(a.seed, b.seed);
		ck_assert_uint_eq(a.holds[0].after, b.holds[0].after);
	}
}
END_TEST

/* What held nothing is left out, and the others get its number. */
START_TEST(what_was_drawn_becomes_a_schedule)
{
	struct trail *t = trail_new();
	struct buf b = BUF_INIT;
	struct schedule s;

	ck_assert(schedule_parse(sc, "a+before:a:1:GETATTR:fs:/data+after:a:1:READ:fs:/data", &s));
	s.n_moves = 0;
	s.seed = 1;
	t->faults[1] = EIO;
	t->n_moves = 3;
	t->moves[0] = (struct trail_move){ .move = 1 };
	t->moves[1] = (struct trail_move){ .move = 0, .held = 2 };
	t->moves[2] = (struct trail_move){ .move = SCHEDULE_PARTS + 1 };
	ck_assert(draw_settle(&s, t, schedule_step(sc)->explore));
	schedule_print(&b, sc, &s);
	ck_assert_str_eq(buf_str(&b), "b a+after:a:1:READ:fs:/data !1");
	ck_assert_uint_eq(s.seed, 0);
	ck_assert_uint_eq(t->moves[1].held, 1);
	ck_assert_int_eq(t->faults[0], EIO);
	ck_assert_int_eq(t->faults[1], 0);
	buf_fini(&b);
	/* a fault that did not come */
	s.holds[0].fault = 1;
	s.seed = 1;
	ck_assert(!draw_settle(&s, t, schedule_step(sc)->explore));
	trail_free(t);
}
END_TEST

/* ---- what follows --------------------------------------------------------------- */


/* A run of the default: a, b, a, b; the first move brings a READ. */
static void fill_trail(struct trail *t)
{
	const moves_t both = MOVE_BEGIN(0) | MOVE_BEGIN(1);

	t->moves[0] = (struct trail_move){ .move = 0, .enabled = both };
	t->moves[1] = (struct trail_move){ .move = 1, .enabled = both };
	t->n_moves = 2;
	trail_add_request(t, &read_data, 0);
}

static unsigned count_text(struct frontier *f, const char *want)
{
	struct schedule s;
	unsigned n = 0;

	while (frontier_take(f, &s)) {
		struct buf b = BUF_INIT;

		schedule_print(&b, sc, &s);
		n += !strcmp(buf_str(&b), want);
		buf_fini(&b);
	}
	return n;
}

START_TEST(children_of_the_default)
{
	static const char *const expected[] = {
		"b", "a a", "a+before:a:1:READ:fs:/data", "a+after:a:1:READ:fs:/data",
	};
	struct schedule none = { .n_moves = 0 };
	struct trail *t = trail_new();

	fill_trail(t);
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		struct frontier *f = frontier_new(100);

		frontier_expand(f, schedule_step(sc)->explore, &none, t);
		ck_assert_uint_eq(frontier_queued(f), 4);
		ck_assert_uint_eq(count_text(f, expected[i]), 1);
		frontier_free(f);
	}
	trail_free(t);
}
END_TEST

/* What its parent could have done is not done again. */
START_TEST(children_are_new)
{
	struct frontier *f = frontier_new(100);
	struct trail *t = trail_new();
	struct schedule s;

	fill_trail(t);
	ck_assert(schedule_parse(sc, "a+after:a:1:READ:fs:/data", &s));
	frontier_expand(f, schedule_step(sc)->explore, &s, t);
	ck_assert_uint_eq(frontier_queued(f), 1);
	ck_assert_uint_eq(count_text(f, "a+after:a:1:READ:fs:/data a"), 1);
	frontier_free(f);
	trail_free(t);
}
END_TEST

START_TEST(nearest_first)
{
	struct schedule s = { .cost = 3 };
	struct frontier *f = frontier_new(2);

	ck_assert_uint_eq(frontier_cost(f), UINT_MAX);
	frontier_add(f, &s);
	s.cost = 1;
	frontier_add(f, &s);
	frontier_add(f, &s);
	ck_assert_uint_eq(frontier_dropped(f), 1);
	ck_assert_uint_eq(frontier_cost(f), 1);
	ck_assert(frontier_take(f, &s));
	ck_assert(frontier_take(f, &s));
	ck_assert_uint_eq(s.cost, 3);
	ck_assert(!frontier_take(f, &s));
	frontier_free(f);
}
END_TEST

/* ---- can it be right? -------------------------------------------------------------- */

/* A model of four bytes "xxxx" that knows pread, load, pwrite and ftruncate.  Links
 * find no file, and nothing happens by renaming. */
static struct trail_call answer;
static struct trail_file answer_file;
static uint8_t memory[4];

static void run_model(const struct step *const *order, size_t n)
{
	size_t size = 4;

	memcpy(memory, "xxxx", 4);
	for (size_t i = 0; i < n; i++) {
		memset(&answer, 0, sizeof(answer));
		answer.step = order[i];
		if (order[i]->kind == STEP_SERVER) {
			memset(memory + 2, 0, 2);
			size = 2;
			continue;
		}
		switch (order[i]->call.call->id) {
		case CALL_pwrite:
			memcpy(memory, "bbbb", 4);
			size = 4;
			answer.seen.ret = 4;
			break;
		case CALL_ftruncate:
			memset(memory + 2, 0, 2);
			size = 2;
			break;
		case CALL_link:
			answer.seen.ret = -1;
			answer.seen.err = ENOENT;
			break;
		case CALL_fsync: case CALL_rename: case CALL_open:
			break;
		default:
			answer.seen.ret = order[i]->call.call->id == CALL_load ?
				4 : (int64_t)size;
			answer.seen.len = (uint32_t)answer.seen.ret;
		}
	}
	answer_file = (struct trail_file){ .path = "/data", .there = true };
	answer_file.seen = (struct seen){ .has_size = true, .size = size,
					  .len = (uint32_t)size };
}

static const struct trail_call *model_call(void *ctx, const struct step *const *order,
					   size_t n, const uint8_t **bytes)
{
	(void)ctx;
	run_model(order, n);
	*bytes = memory;
	return &answer;
}

static const struct trail_file *model_files(void *ctx, const struct step *const *order,
					    size_t n, size_t *n_files,
					    const uint8_t **bytes)
{
	(void)ctx;
	run_model(order, n);
	*n_files = 1;
	*bytes = memory;
	return &answer_file;
}

static const struct model toy = { model_call, model_files, NULL };

/* One more call, from begin to end, that gave ret and these bytes. */
static struct trail_call *add_call(struct trail *t, const struct step *step,
				   uint64_t begin, uint64_t end, int64_t ret,
				   const char *data)
{
	struct outcome o = {
		.ret = ret, .data = (const uint8_t *)data,
		.data_len = data ? (size_t)ret : 0,
	};

	trail_add_call(t, step, begin, end, &o);
	return &t->calls[t->n_calls - 1];
}

static void add_file(struct trail *t, const char *data)
{
	struct trail_file *f = trail_add_file(t, 0, "/data");

	f->there = true;
	f->seen.has_size = true;
	f->seen.size = strlen(data);
	f->seen.len = (uint32_t)strlen(data);
	f->seen.data = trail_put(t, data, strlen(data));
}

static unsigned differences(const struct trail *t, bool strict)
{
	const struct allowed allowed = { .torn_pages = !strict };
	struct linear l;

	linear_judge(t, &toy, &allowed, &l);
	ck_assert(l.found);
	return l.differences;
}

/* What c gives is granted as long as it overlaps another call, and wrong when it began
 * at this time, behind that one.  Frees t. */
static void granted_before(struct trail *t, struct trail_call *c, uint64_t begin)
{
	ck_assert_uint_eq(differences(t, true), 0);
	c->begin_seq = begin;
	c->end_seq = begin + 1;
	ck_assert_uint_eq(differences(t, true), 1);
	trail_free(t);
}

/* A call that gave this, and another one while it was under way; the file then. */
static struct trail_call *overlapped(struct trail *t, const struct step *call, int64_t ret,
				     const char *data, const struct step *other,
				     const char *file_data)
{
	struct trail_call *c = add_call(t, call, 1, 4, ret, data);

	add_call(t, other, 2, 3, 0, NULL);
	add_file(t, file_data);
	return c;
}

START_TEST(what_overlaps_has_any_order)
{
	struct trail *t = trail_new();

	add_call(t, call_of(0, 0), 1, 4, 4, "xxxx");
	add_call(t, call_of(1, 0), 2, 3, 4, NULL);
	add_file(t, "bbbb");
	ck_assert_uint_eq(differences(t, true), 0);
	trail_clear(t);
	add_call(t, call_of(0, 0), 1, 4, 4, "bbbb");
	add_call(t, call_of(1, 0), 2, 3, 4, NULL);
	add_file(t, "bbbb");
	ck_assert_uint_eq(differences(t, true), 0);
	trail_free(t);
}
END_TEST

START_TEST(real_time_is_kept_to)
{
	struct trail *t = trail_new();

	add_call(t, call_of(0, 0), 1, 2, 4, "bbbb");
	add_call(t, call_of(1, 0), 3, 4, 4, NULL);
	add_file(t, "bbbb");
	ck_assert_uint_eq(differences(t, true), 1);
	trail_free(t);
}
END_TEST

START_TEST(the_files_belong_to_it)
{
	struct trail *t = trail_new();
	struct linear l;

	add_call(t, call_of(0, 0), 1, 2, 4, "xxxx");
	add_call(t, call_of(1, 0), 3, 4, 4, NULL);
	add_file(t, "xxxx");
	linear_judge(t, &toy, &(struct allowed){ false, false }, &l);
	ck_assert_uint_eq(l.differences, 1);
	ck_assert_int_eq(l.calls[0], AGREES);
	ck_assert(l.file_differs[0]);
	trail_free(t);
}
END_TEST

START_TEST(zeros_behind_a_new_end)
{
	struct trail *t = trail_new();

	granted_before(t, overlapped(t, call_of(0, 0), 4, "xx\0\0", call_of(1, 1), "xx"), 4);
}
END_TEST

START_TEST(new_data_up_to_an_old_end)
{
	struct trail *t = trail_new();
	struct trail_call *c;

	/* shortened before; written while it is read */
	add_call(t, call_of(1, 1), 1, 2, 0, NULL);
	c = add_call(t, call_of(0, 0), 3, 6, 2, "bb");
	add_call(t, call_of(1, 0), 4, 5, 4, NULL);
	add_file(t, "bbbb");
	granted_before(t, c, 6);
}
END_TEST

START_TEST(sigbus_while_the_size_changes)
{
	struct trail *t = trail_new();
	struct trail_call *c = overlapped(t, call_of(0, 1), -1, NULL, call_of(1, 1), "xx");

	c->seen.signal = SIGBUS;
	granted_before(t, c, 4);
}
END_TEST

/* All of its bytes from one side is a place in the order, and that may be wrong. */
/* An empty file while its size changes: the beginning of what it has. */
START_TEST(nothing_up_to_an_old_end)
{
	struct trail *t = trail_new();

	granted_before(t, overlapped(t, call_of(0, 0), 0, NULL, call_of(1, 1), "xx"), 4);
}
END_TEST

/* A page that is behind the new end is still there until the change is over. */
START_TEST(a_page_while_the_file_shrinks)
{
	const struct allowed allowed = { false, false };
	struct trail *t = trail_new();
	const struct judged j = { t, &allowed };
	const struct trail_call sigbus = { .seen = { .ret = -1, .signal = SIGBUS } };
	struct trail_call *c;

	c = overlapped(t, call_of(0, 1), 4, "xxxx", call_of(1, 1), "xx");
	ck_assert_int_eq(relax_call(&j, c, &sigbus, t->bytes), RELAX_SIGBUS);
	c->begin_seq = 4;
	c->end_seq = 5;
	ck_assert_int_eq(relax_call(&j, c, &sigbus, t->bytes), NONE);
	trail_free(t);
}
END_TEST

START_TEST(a_torn_load_has_some_of_each)
{
	struct trail *t = trail_new();

	add_call(t, call_of(0, 1), 1, 4, 4, "xbbb");
	add_call(t, call_of(1, 0), 2, 3, 4, NULL);
	add_file(t, "bbbb");
	ck_assert_uint_eq(differences(t, true), 0);
	trail_clear(t);
	add_call(t, call_of(0, 1), 1, 4, 4, "yyyy");
	add_call(t, call_of(1, 0), 2, 3, 4, NULL);
	add_file(t, "bbbb");
	ck_assert_uint_eq(differences(t, true), 1);
	trail_free(t);
}
END_TEST

/* A call that was refused had no effect, and only if that was asked for. */
START_TEST(a_fault_has_no_effect)
{
	struct trail *t = trail_new();
	struct trail_call *c = add_call(t, call_of(1, 0), 1, 2, -1, NULL);

	c->seen.err = EIO;
	add_call(t, call_of(0, 0), 3, 4, 4, "xxxx");
	add_file(t, "xxxx");
	ck_assert_uint_ge(differences(t, true), 1);
	t->faults[0] = EIO;
	ck_assert_uint_eq(differences(t, true), 0);
	/* seen while it was refused: granted; and behind it: not */
	memcpy(t->bytes + t->calls[1].seen.data, "bbbb", 4);
	t->calls[1].begin_seq = 1;
	t->calls[1].end_seq = 3;
	ck_assert_uint_eq(differences(t, true), 0);
	t->calls[1].begin_seq = 3;
	t->calls[1].end_seq = 4;
	ck_assert_uint_ge(differences(t, true), 1);
	trail_free(t);
}
END_TEST

/* What the server changes is in the order, and a call behind it sees it. */
START_TEST(a_change_is_at_once)
{
	const struct step *change = &schedule_step(sc)->explore->others[1];
	struct trail *t = trail_new();

	add_call(t, call_of(0, 0), 1, 4, 4, "xxxx");
	trail_add_change(t, change, 3, 0);
	add_file(t, "xx");
	ck_assert_uint_eq(differences(t, true), 0);
	t->calls[0].end_seq = 2;
	ck_assert_uint_eq(differences(t, true), 0);
	t->calls[0].begin_seq = 4;
	t->calls[0].end_seq = 5;
	ck_assert_uint_eq(differences(t, true), 1);
	/* the old length, with zeros: of a call that overlaps it only */
	memcpy(t->bytes + t->calls[0].seen.data, "xx\0\0", 4);
	ck_assert_uint_eq(differences(t, true), 1);
	t->calls[0].begin_seq = 2;
	ck_assert_uint_eq(differences(t, true), 0);
	/* it could not be made, and the model's could */
	t->calls[1].seen = (struct seen){ .ret = -1, .err = ENOENT };
	ck_assert_uint_ge(differences(t, true), 1);
	trail_free(t);
}
END_TEST

/* Nothing was taken: the write says 0, or EIO, and had no effect.  What was cut in two
 * cannot be compared. */
START_TEST(nothing_taken_has_no_effect)
{
	struct trail *t = trail_new();
	struct trail_call *c = add_call(t, call_of(1, 0), 1, 2, 0, NULL);

	add_file(t, "xxxx");
	ck_assert_uint_ge(differences(t, true), 1);
	t->short_write = true;
	ck_assert_uint_eq(differences(t, true), 0);
	ck_assert(!took_a_part(t));
	c->seen.ret = 2;
	ck_assert(took_a_part(t));
	c->seen.ret = 4;
	ck_assert(!took_a_part(t));
	ck_assert_uint_ge(differences(t, true), 1);
	trail_free(t);
}
END_TEST

/* A write that had succeeded may be lost if its WRITE was refused and fsync says so. */
START_TEST(an_fsync_tells_of_a_loss)
{
	struct trail *t = trail_new();

	add_call(t, call_of(1, 0), 1, 2, 4, NULL);
	add_call(t, call_of(1, 2), 3, 4, -1, NULL)->seen.err = EIO;
	add_file(t, "xxxx");
	t->faults[0] = EIO;
	ck_assert_uint_eq(differences(t, true), 1);
	t->write_faults[0] = EIO;
	ck_assert_uint_eq(differences(t, true), 0);
	/* it says nothing */
	t->calls[1].seen = (struct seen){ .ret = 0 };
	ck_assert_uint_eq(differences(t, true), 1);
	trail_free(t);
}
END_TEST

START_TEST(another_error_while_a_name_changes)
{
	struct trail *t = trail_new();
	struct trail_call *c = overlapped(t, call_of(0, 2), -1, NULL, call_of(1, 3), "xxxx");

	c->seen.err = EEXIST;
	granted_before(t, c, 4);
}
END_TEST

START_TEST(an_open_in_another_mode)
{
	struct trail *t = trail_new();
	struct linear l;

	add_call(t, call_of(0, 3), 1, 2, -1, NULL)->seen.err = EIO;
	add_file(t, "xxxx");
	linear_judge(t, &toy, &(struct allowed){ .io_modes = false }, &l);
	ck_assert_uint_eq(l.differences, 1);
	linear_judge(t, &toy, &(struct allowed){ .io_modes = true }, &l);
	ck_assert_uint_eq(l.differences, 0);
	ck_assert_uint_eq(l.used[RELAX_IO_MODE], 1);
	trail_free(t);
}
END_TEST

START_TEST(a_fault_for_each_such_request)
{
	struct schedule none = { .n_moves = 0 };
	struct frontier *f = frontier_new(100);
	struct trail *t = trail_new();
	struct request_name name = { "WRITE", "/data", 0, 1, 1 };

	t->moves[0] = (struct trail_move){ .move = 1, .enabled = MOVE_BEGIN(1) };
	t->n_moves = 1;
	trail_add_request(t, &name, 0);
	frontier_expand(f, schedule_step(sc)->explore, &none, t);
	ck_assert_uint_eq(frontier_queued(f), 3);
	ck_assert_uint_eq(count_text(f, "b+fault1:b:1:WRITE:fs:/data"), 1);
	frontier_free(f);
	trail_free(t);
}
END_TEST

START_TEST(an_old_size_while_it_changes)
{
	struct trail *t = trail_new();
	struct trail_call *c = overlapped(t, call_of(0, 0), 4, "xxxx", call_of(1, 1), "xx");

	/* as if it had asked for the size */
	c->seen.has_size = true;
	c->seen.size = 77;
	c->seen.len = 0;
	granted_before(t, c, 4);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("explore");
	TCase *tc = tcase_create("pure");

	tcase_add_checked_fixture(tc, load_story, free_story);
	tcase_add_test(tc, default_takes_turns);
	tcase_add_test(tc, default_releases_last);
	tcase_add_test(tc, text_round_trip);
	tcase_add_test(tc, text_that_is_no_schedule);
	tcase_add_test(tc, holds_become_rules);
	tcase_add_test(tc, a_seed_is_a_walk);
	tcase_add_test(tc, chance_changes_are_few);
	tcase_add_test(tc, holds_are_drawn);
	tcase_add_test(tc, what_was_drawn_becomes_a_schedule);
	tcase_add_test(tc, children_of_the_default);
	tcase_add_test(tc, children_are_new);
	tcase_add_test(tc, nearest_first);
	tcase_add_test(tc, what_overlaps_has_any_order);
	tcase_add_test(tc, real_time_is_kept_to);
	tcase_add_test(tc, the_files_belong_to_it);
	tcase_add_test(tc, zeros_behind_a_new_end);
	tcase_add_test(tc, new_data_up_to_an_old_end);
	tcase_add_test(tc, sigbus_while_the_size_changes);
	tcase_add_test(tc, nothing_up_to_an_old_end);
	tcase_add_test(tc, a_page_while_the_file_shrinks);
	tcase_add_test(tc, a_torn_load_has_some_of_each);
	tcase_add_test(tc, an_old_size_while_it_changes);
	tcase_add_test(tc, a_fault_has_no_effect);
	tcase_add_test(tc, nothing_taken_has_no_effect);
	tcase_add_test(tc, a_change_is_at_once);
	tcase_add_test(tc, an_fsync_tells_of_a_loss);
	tcase_add_test(tc, another_error_while_a_name_changes);
	tcase_add_test(tc, an_open_in_another_mode);
	tcase_add_test(tc, a_fault_for_each_such_request);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
