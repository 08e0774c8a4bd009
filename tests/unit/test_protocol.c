/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a scenario declares: its tables, and how requests look and are answered
 * with them.  The test is a kernel that knows what no kernel knows yet. */
#include "config.h"

#include <unistd.h>

#include "engine/print.h"
#include "load/load.h"
#include "report/report.h"
#include "tests/unit/sim.h"

#define COMPOUND	54
#define COMMIT		4242
#define AGAIN		11
#define NEW_FLAG	(1ull << 44)

static const char text[] =
	"fusescen: 1\n"
	"protocol:\n"
	"  minor: 77\n"
	"  flags:\n"
	"    init: {new_thing: 1 << 44}\n"
	"    fopen: {new_mode: 1 << 20}\n"
	"    compound: {atomic: 1 << 1}\n"
	"  values: {way: {none: 0, fast: 5}}\n"
	"  operations:\n"
	"    COMPOUND:\n"
	"      number: 54\n"
	"      request: {count: u32, flags: u32 compound, result_size: u32 size,\n"
	"                reserved: u64, data: rest}\n"
	"      reply: {count: u32, flags: u32 compound, reserved: u64, data: rest}\n"
	"    COMMIT:\n"
	"      number: 4242\n"
	"      request: {way: u16 way, op: u32 opcode, n: u32, name: string,\n"
	"                data: n * 2}\n"
	"      reply: {id: s64}\n"
	"    TELL: {number: 60, request: {what: u32}, reply: none}\n"
	"    FIND: {number: 61, like: LOOKUP}\n"
	"    LOOKUP: {reply: {backing_id: s32}}\n"
	"    WRITE: {request: {note: u32 at 36}}\n"
	"  notifications:\n"
	"    AGAIN: {number: 11, fields: {parent: u64, namelen: u32, why: u16 way,\n"
	"                                 name: string}}\n"
	"mounts:\n"
	"  fs:\n"
	"    init: {flags: [new_thing]}\n"
	"    files: {/data: {size: 64K, open: [new_mode]}, /dir/pass: {size: 1}}\n"
	"rules:\n"
	"  - {op: COMPOUND, where: {flags: atomic}, reply: {count: 2, data: ok}}\n"
	"  - {op: COMMIT, where: {way: fast}, reply: {id: -7}}\n"
	"  - {op: COMMIT, where: {name: held}, hold: gate}\n"
	"  - {op: COMMIT, where: {name: late}, hold: {gate: late, after: true},\n"
	"     reply: {id: 8}}\n"
	"  - {op: LOOKUP, file: /data, reply: {backing_id: 9}}\n"
	"  - {op: FIND, file: /dir/pass, reply: {nodeid: 4}}\n";

static struct scenario_file *file;

static void load(void)
{
	auto_buf struct buf said = BUF_INIT;

	file = load_text("t.yaml", text, sizeof(text) - 1);
	diags_print(file->diags, &said);
	ck_assert_msg(file->n_cases == 1, "%s", buf_str(&said));
}

static void setup_declared(void)
{
	load();
	b = (struct build){ .a = arena_new(), .sc = *file->cases[0] };
	b.sc.diags = diags_new("test", NULL, 0);
	start();
}

static void stop_declared(void)
{
	stop();
	scenario_file_free(file);
}

static const struct protocol *declared(void)
{
	return b.sc.protocol;
}

/* ---- the tables ---------------------------------------------------------- */

START_TEST(built_in_rows_stay)
{
	const struct protocol *p = declared();
	size_t i;

	ck_assert_uint_eq(p->minor, 77);
	ck_assert_uint_eq(p->n_ops, N_BUILTIN_OPS + 4);
	ck_assert_uint_eq(p->n_notes, N_BUILTIN_NOTES + 1);
	for (i = 1; i < p->n_ops; i++)
		ck_assert_uint_lt(p->ops[i - 1].opcode, p->ops[i].opcode);
	for (i = 0; i < N_BUILTIN_OPS; i++) {
		const struct op *op = op_by_code(p, builtin_ops[i].opcode);

		ck_assert_ptr_nonnull(op);
		ck_assert_ptr_eq(op_by_name(p, op->name, strlen(op->name)), op);
		ck_assert_uint_eq(op->args_size, builtin_ops[i].args_size);
		ck_assert_uint_eq(op->flags & ~OPF_DECLARED, builtin_ops[i].flags);
	}
	/* the built-in ones are as they were */
	ck_assert_ptr_null(op_by_code(&protocol_builtin, COMPOUND));
	ck_assert_uint_eq(flag_by_name(&flags_init, "new_thing", 9), 0);
}
END_TEST

START_TEST(fields_are_laid_out_as_in_c)
{
	static const struct {
		const char *op, *field;
		unsigned at;
	} want[] = {
		{ "COMPOUND", "result_size", 8 }, { "COMPOUND", "reserved", 16 },
		{ "COMMIT", "way", 0 }, { "COMMIT", "op", 4 }, { "COMMIT", "n", 8 },
	};
	const struct op *op;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		op = op_by_name(declared(), want[i].op, strlen(want[i].op));
		ck_assert_uint_eq(op_arg(op, want[i].field,
					 strlen(want[i].field))->at, want[i].at);
	}
	ck_assert_uint_eq(op_by_code(declared(), COMPOUND)->args_size, 24);
	ck_assert_uint_eq(op_by_code(declared(), COMMIT)->args_size, 12);
	op = op_by_code(declared(), OP_LOOKUP);
	ck_assert_uint_eq(op->reply_size, 132);
	ck_assert_uint_eq(op_reply_field(op, "backing_id", 10)->at, 128);
}
END_TEST

START_TEST(like_takes_after_another)
{
	const struct op *find = op_by_name(declared(), "FIND", 4);

	ck_assert_uint_eq(find->opcode, 61);
	ck_assert_uint_eq(find->flags, OPF_ENTRY | OPF_PARENT | OPF_DECLARED);
	ck_assert_uint_eq(find->reply_size, sizeof(struct wire_entry_out));
}
END_TEST

START_TEST(both_halves_of_init_have_the_flag)
{
	const struct op *op = op_by_code(declared(), OP_INIT);
	auto_buf struct buf out = BUF_INIT;

	flags_print(&out, op_reply_field(op, "flags2", 6)->flags, NEW_FLAG >> 32);
	ck_assert_str_eq(buf_str(&out), "new_thing");
	ck_assert_ptr_null(flag_find(op_reply_field(op, "flags", 5)->flags,
				     "new_thing", 9));
}
END_TEST

/* ---- on the wire --------------------------------------------------------- */

struct compound {
	uint32_t count, flags, result_size, padding;
	uint64_t reserved;
	char parts[8];
};

static void init_new(void)
{
	struct wire_init_in in = {
		.major = WIRE_MAJOR, .minor = 99, .flags = INIT_EXT,
		.flags2 = NEW_FLAG >> 32,
	};
	struct wire_init_out *out = body();

	ck_assert_int_eq(call(OP_INIT, 0, &in, sizeof(in), sizeof(*out)), 0);
	ck_assert_uint_eq(out->minor, 77);
	ck_assert_uint_eq(out->flags2, NEW_FLAG >> 32);
}

/* The last request, as the log has it. */
static void expect_logged(const char *want)
{
	auto_buf struct buf out = BUF_INIT;

	event_print(&out, &b.sc, last_event(EV_REQUEST));
	ck_assert_str_eq(buf_str(&out), want);
}

START_TEST(a_rule_answers_by_fields)
{
	const struct compound in = {
		.count = 2, .flags = 2, .result_size = 4096, .parts = "1234567",
	};
	uint32_t out[4];

	init_new();
	ck_assert_int_eq(call(COMPOUND, 2, &in, sizeof(in), 18), 0);
	memcpy(out, body(), sizeof(out));
	ck_assert_uint_eq(out[0], 2);
	ck_assert_uint_eq(out[1], 0);
	ck_assert_mem_eq((char *)body() + 16, "ok", 2);
	expect_logged("COMPOUND nodeid=2 count=2 flags=atomic result_size=4K");
}
END_TEST

START_TEST(without_a_rule_it_is_not_implemented)
{
	const struct compound in = { .count = 1 };

	init_new();
	ck_assert_int_eq(call(COMPOUND, 2, &in, sizeof(in), 0), ENOSYS);
	ck_assert_int_eq(call(1000, 2, &in, sizeof(in), 0), ENOSYS);
	expect_logged("opcode 1000 nodeid=2");
}
END_TEST

START_TEST(another_layout_is_refused)
{
	const struct compound in = { .count = 1, .flags = 2 };

	init_new();
	ck_assert_int_eq(call(COMPOUND, 2, &in, 20, 0), EIO);
	ck_assert_str_eq(last_event(EV_REQUEST)->text,
			 "its fixed part is cut short");
}
END_TEST

/* u16 way, padding, u32 op, u32 n, "name", n * 2 bytes */
static size_t make_commit(uint8_t *msg, uint16_t way, const char *name)
{
	const uint32_t op = OP_WRITE, n = 2;
	size_t len = strlen(name) + 1;

	memset(msg, 0, 12);
	memcpy(msg, &way, sizeof(way));
	memcpy(msg + 4, &op, sizeof(op));
	memcpy(msg + 8, &n, sizeof(n));
	memcpy(msg + 12, name, len);
	memset(msg + 12 + len, 'd', 4);
	return 12 + len + 4;
}

START_TEST(values_strings_and_data)
{
	uint8_t msg[64];
	int64_t id;

	init_new();
	ck_assert_int_eq(call(COMMIT, 2, msg, make_commit(msg, 5, "all"), 8), 0);
	memcpy(&id, body(), sizeof(id));
	ck_assert_int_eq(id, -7);
	expect_logged("COMMIT nodeid=2 way=fast op=WRITE n=2 name=\"all\"");
	ck_assert_uint_eq(last_event(EV_REQUEST)->data_len, 4);
	/* less data than it says */
	ck_assert_int_eq(call(COMMIT, 2, msg, make_commit(msg, 5, "all") - 1, 0),
			 EIO);
}
END_TEST

START_TEST(held_and_then_not_implemented)
{
	uint8_t msg[64];

	init_new();
	send_op(COMMIT, 2, msg, make_commit(msg, 0, "held"));
	await(EV_HELD, 1);
	engine_finish(engine, false);
	ck_assert_uint_ne(receive(PATIENCE_MS), 0);
	ck_assert_int_eq(head()->error, -ENOSYS);
}
END_TEST

START_TEST(held_and_then_answered_by_fields)
{
	const struct op *op = op_by_code(declared(), COMMIT);
	struct field_set set = { .f = op_reply_field(op, "id", 2), .num = 5 };
	const struct reply_spec five = {
		.present = true, .sets = &set, .n_sets = 1,
		.backing = { .mount = NONE }, .expect_write = NONE,
	};
	uint8_t msg[64];
	int64_t id;

	init_new();
	send_op(COMMIT, 2, msg, make_commit(msg, 0, "held"));
	await(EV_HELD, 1);
	ck_assert(engine_answer(engine, 0, NULL, 0, &five));
	ck_assert_uint_eq(receive(PATIENCE_MS), sizeof(struct wire_out_header) + 8);
	memcpy(&id, body(), sizeof(id));
	ck_assert_int_eq(id, 5);
}
END_TEST

START_TEST(its_reply_is_held)
{
	uint8_t msg[64];
	int64_t id;

	init_new();
	send_op(COMMIT, 2, msg, make_commit(msg, 0, "late"));
	await(EV_HELD, 1);
	engine_release(engine, 1, NULL, 0, UINT64_MAX, true);
	ck_assert_uint_eq(receive(PATIENCE_MS), sizeof(struct wire_out_header) + 8);
	memcpy(&id, body(), sizeof(id));
	ck_assert_int_eq(id, 8);
}
END_TEST

START_TEST(no_reply_where_none_is_declared)
{
	const uint32_t what = 3;
	const struct compound in = { .count = 1 };

	init_new();
	send_op(60, 2, &what, sizeof(what));
	ck_assert_int_eq(call(COMPOUND, 2, &in, sizeof(in), 0), ENOSYS);
}
END_TEST

START_TEST(a_reply_grows_where_a_rule_says_so)
{
	struct wire_entry_out *out = body();
	int32_t id;

	init_new();
	ck_assert_int_eq(call(OP_LOOKUP, 1, "data", 5, 132), 0);
	ck_assert_uint_eq(out->attr.size, 64 << 10);
	memcpy(&id, (char *)body() + 128, sizeof(id));
	ck_assert_int_eq(id, 9);
	ck_assert_int_eq(call(OP_LOOKUP, 1, "dir", 4, 128), 0);
}
END_TEST

START_TEST(like_lookup_it_teaches_paths)
{
	init_new();
	ck_assert_int_eq(call(OP_LOOKUP, 1, "dir", 4, 128), 0);
	ck_assert_int_eq(call(61, ((struct wire_entry_out *)body())->nodeid,
			      "pass", 5, 128), 0);
	ck_assert_uint_eq(engine_nodeid(engine, 0, "/dir/pass"), 4);
	ck_assert_str_eq(last_event(EV_REQUEST)->path, "/dir/pass");
}
END_TEST

START_TEST(files_have_declared_flags)
{
	init_new();
	lookup(1, "dir");
	ck_assert_int_eq(call(OP_LOOKUP, 1, "data", 5, 132), 0);
	ck_assert_uint_eq(open_file(((struct wire_entry_out *)body())->nodeid)
			  .open_flags, 1 << 20);
}
END_TEST

/* Somebody else's server is asked, as it may know more than our tables. */
START_TEST(an_attached_server_is_asked)
{
	const struct compound in = { .count = 2, .flags = 2 };
	uint8_t msg[64];
	int64_t id;

	engine_set_foreign(engine);
	/* the rule gives some fields only: libfuse's ENOSYS stays */
	ck_assert_int_eq(call(COMPOUND, 2, &in, sizeof(in), 0), ENOSYS);
	/* the rule gives all of them */
	ck_assert_int_eq(call(COMMIT, 2, msg, make_commit(msg, 5, "all"), 8), 0);
	memcpy(&id, body(), sizeof(id));
	ck_assert_int_eq(id, -7);
}
END_TEST

START_TEST(a_notification_by_fields)
{
	const struct note *n = note_by_code(declared(), AGAIN);
	struct field_set set = { .f = note_arg(n, "why", 3), .num = 5 };
	struct notify_spec spec = {
		.note = n, .name = NONE, .mount = 0, .file = { 0, "/dir", false },
		.child = "pass", .sets = &set, .n_sets = 1,
	};
	uint8_t want[21] = { 3, [8] = 4, [12] = 5 };

	init_new();
	server_notify(server, &spec);
	ck_assert_uint_eq(receive(PATIENCE_MS), sizeof(struct wire_out_header) + 21);
	ck_assert_uint_eq(head()->error, AGAIN);
	memcpy(want + 16, "pass", 5);
	ck_assert_mem_eq(body(), want, sizeof(want));
	while (server_notes_running(server))
		usleep(100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("protocol");
	TCase *tc = tcase_create("declared");

	tcase_add_checked_fixture(tc, setup_declared, stop_declared);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, built_in_rows_stay);
	tcase_add_test(tc, fields_are_laid_out_as_in_c);
	tcase_add_test(tc, like_takes_after_another);
	tcase_add_test(tc, both_halves_of_init_have_the_flag);
	tcase_add_test(tc, a_rule_answers_by_fields);
	tcase_add_test(tc, without_a_rule_it_is_not_implemented);
	tcase_add_test(tc, another_layout_is_refused);
	tcase_add_test(tc, values_strings_and_data);
	tcase_add_test(tc, held_and_then_not_implemented);
	tcase_add_test(tc, held_and_then_answered_by_fields);
	tcase_add_test(tc, its_reply_is_held);
	tcase_add_test(tc, no_reply_where_none_is_declared);
	tcase_add_test(tc, a_reply_grows_where_a_rule_says_so);
	tcase_add_test(tc, like_lookup_it_teaches_paths);
	tcase_add_test(tc, files_have_declared_flags);
	tcase_add_test(tc, an_attached_server_is_asked);
	tcase_add_test(tc, a_notification_by_fields);
	return unit_main(suite);
}
