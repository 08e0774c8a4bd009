/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tap under somebody else's session, with this test in the kernel's place
 * at the other end of a socket.  No /dev/fuse.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "base/units.h"
#include "tests/unit/build.h"
#include "tests/unit/foreign.h"

#define PATIENCE_MS	5000
#define SHORT_MS	100
#define MSG_MAX		(300u << 10)

static struct foreign foreign;
static struct fuse_session *se;
static fusescen_file *file;
static fusescen_attachment *at;
static fusescen_report *report;
static pthread_t loop;
static bool in_loop;
static int kernel;			/* our end */
static uint64_t last_unique;
static _Alignas(8) uint8_t got[MSG_MAX];	/* the last message */

static struct wire_out_header *head(void)
{
	return (struct wire_out_header *)got;
}

static void *body(void)
{
	return got + sizeof(struct wire_out_header);
}

/* ---- a session on a socket ---- */

static void open_session(int type)
{
	char path[32];
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair), 0);
	kernel = pair[0];
	se = foreign_session(&foreign);
	snprintf(path, sizeof(path), "/dev/fd/%d", pair[1]);
	ck_assert_int_eq(fuse_session_mount(se, path), 0);
	last_unique = 0;
}

static void setup(void)
{
	foreign_setup(&foreign, "hello, world");
	open_session(SOCK_SEQPACKET);
}

static void attach(const char *rest)
{
	char *error = NULL;

	file = foreign_file(rest);
	at = fusescen_attach(se, file, 0, NULL, &error);
	ck_assert_msg(at != NULL, "%s", error);
	ck_assert_ptr_null(error);
}

static void *loop_one(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)fuse_session_loop(se);
}

static void *loop_many(void *arg)
{
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	intptr_t err;

	(void)arg;
	fuse_loop_cfg_set_max_threads(config, 4);
	err = fuse_session_loop_mt(se, config);
	fuse_loop_cfg_destroy(config);
	return (void *)err;
}

static void start(void *(*how)(void *))
{
	ck_assert_int_eq(pthread_create(&loop, NULL, how, NULL), 0);
	in_loop = true;
}

/* What the loop returned. */
static int join_loop(void)
{
	void *out;

	ck_assert_int_eq(pthread_join(loop, &out), 0);
	in_loop = false;
	return (int)(intptr_t)out;
}

static int end_loop(void)
{
	shutdown(kernel, SHUT_RDWR);
	return join_loop();
}

static void detach(void)
{
	report = fusescen_detach(at);
	at = NULL;
}

static void teardown(void)
{
	if (in_loop)
		end_loop();
	if (at)
		detach();
	fusescen_report_free(report);
	report = NULL;
	fusescen_free(file);
	file = NULL;
	fuse_session_destroy(se);
	close(kernel);
}

/* ---- the kernel ---- */

static uint64_t send_op(uint32_t opcode, uint64_t nodeid, const void *p, size_t len)
{
	static uint8_t msg[MSG_MAX];
	struct ask ask = {
		.opcode = opcode, .nodeid = nodeid, .pid = 4711,
		.unique = last_unique += 2, .body = p, .len = len,
	};
	size_t n = ask_write(msg, &ask);

	ck_assert_int_eq(send(kernel, msg, n, 0), n);
	return ask.unique;
}

/* Length of the next message; 0: none comes in time. */
static size_t receive(int ms)
{
	struct pollfd p = { .fd = kernel, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return 0;
	n = recv(kernel, got, sizeof(got), 0);
	return n > 0 ? (size_t)n : 0;
}

/* The error of the reply to it, which must be the next message. */
static int result(uint64_t unique)
{
	ck_assert_uint_ge(receive(PATIENCE_MS), sizeof(struct wire_out_header));
	ck_assert_uint_eq(head()->unique, unique);
	return -head()->error;
}

static void init(void)
{
	struct wire_init_in in = {
		.major = WIRE_MAJOR, .minor = 38, .max_readahead = 128 << 10,
		.flags = INIT_MAX_PAGES,
	};

	ck_assert_int_eq(result(send_op(OP_INIT, 0, &in, sizeof(in))), 0);
}

static void lookup(void)
{
	struct wire_entry_out *out = body();

	ck_assert_int_eq(result(send_op(OP_LOOKUP, 1, "hello", 6)), 0);
	ck_assert_uint_eq(out->nodeid, HELLO_INO);
}

static uint64_t send_read(void)
{
	struct wire_read_in in = { .size = 5 };

	return send_op(OP_READ, HELLO_INO, &in, sizeof(in));
}

static uint64_t send_getattr(void)
{
	struct wire_getattr_in in = { 0 };

	return send_op(OP_GETATTR, HELLO_INO, &in, sizeof(in));
}

static void expect_hello(uint64_t unique)
{
	ck_assert_int_eq(result(unique), 0);
	ck_assert_uint_eq(head()->len, sizeof(struct wire_out_header) + 5);
	ck_assert_mem_eq(body(), "hello", 5);
}

static void begin(const char *rest)
{
	attach(rest);
	start(loop_one);
	init();
	lookup();
}

static void assert_verdict(enum fusescen_verdict want)
{
	ck_assert_msg(fusescen_verdict(report) == want, "%d: %s",
		      fusescen_verdict(report), fusescen_text(report));
}

/* ---- requests and replies pass ---- */

START_TEST(without_rules_all_is_as_it_was)
{
	const struct wire_init_out *out = body();

	attach("");
	start(loop_one);
	init();
	/* Not the scenario's reply: that has 12. */
	ck_assert_uint_eq(out->max_background, 0);
	ck_assert_uint_eq(foreign.inits, 1);
	lookup();
	expect_hello(send_read());
	ck_assert_int_eq(result(send_op(OP_LOOKUP, 1, "none", 5)), ENOENT);
	ck_assert_int_eq(end_loop(), 0);
	detach();
	assert_verdict(FUSESCEN_PASS);
	ck_assert_str_eq(fusescen_text(report), "");
}
END_TEST

START_TEST(an_unknown_operation_reaches_the_session)
{
	begin("expect:\n- {count: READ, is: 0}\n");
	ck_assert_int_eq(result(send_op(4711, HELLO_INO, NULL, 0)), ENOSYS);
	detach();
	assert_verdict(FUSESCEN_PASS);
	ck_assert_ptr_nonnull(strstr(fusescen_events(report), "4711"));
}
END_TEST

START_TEST(a_rule_answers_in_the_place_of_a_handler)
{
	begin("rules:\n"
	      "- {op: READ, file: /hello, nth: 2, reply: {error: EIO}}\n"
	      "expect:\n"
	      "- {count: READ /hello, is: 3}\n"
	      "- {count: reply READ = EIO, is: 1}\n"
	      "- {count: reply READ = 0, is: 2}\n");
	expect_hello(send_read());
	ck_assert_int_eq(result(send_read()), EIO);
	expect_hello(send_read());
	ck_assert_uint_eq(foreign.reads, 2);
	detach();
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

START_TEST(a_rule_alters_what_a_handler_answers)
{
	struct wire_attr_out *out = body();

	begin("rules:\n"
	      "- {op: GETATTR, file: /hello, reply: {size: 7}}\n");
	ck_assert_int_eq(result(send_getattr()), 0);
	ck_assert_uint_eq(out->attr.size, 7);
	ck_assert_uint_eq(out->attr.ino, HELLO_INO);
}
END_TEST

START_TEST(a_rule_alters_the_reply_to_init)
{
	const struct wire_init_out *out = body();

	attach("rules:\n- {op: INIT, reply: {max_write: 8K}}\n");
	start(loop_one);
	init();
	ck_assert_uint_eq(out->max_write, 8192);
	ck_assert_uint_eq(out->max_background, 0);
}
END_TEST

START_TEST(a_rule_has_states)
{
	begin("states: {disk: good}\n"
	      "rules:\n"
	      "- {op: GETATTR, set: {disk: bad}}\n"
	      "- {op: READ, when: {disk: bad}, reply: {error: ENOSPC}}\n");
	expect_hello(send_read());
	ck_assert_int_eq(result(send_getattr()), 0);
	ck_assert_int_eq(result(send_read()), ENOSPC);
}
END_TEST

START_TEST(a_rule_notifies)
{
	begin("rules:\n"
	      "- op: READ\n"
	      "  notify: {inval_inode: /hello, as: inval}\n"
	      "expect:\n"
	      "- {order: [reply READ, inval returns]}\n");
	expect_hello(send_read());
	ck_assert_uint_gt(receive(PATIENCE_MS), sizeof(struct wire_out_header));
	ck_assert_uint_eq(head()->unique, 0);
	ck_assert_int_eq(head()->error, 2);	/* FUSE_NOTIFY_INVAL_INODE */
	ck_assert_uint_eq(*(uint64_t *)body(), HELLO_INO);
	detach();
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

START_TEST(the_sessions_own_notifications_pass)
{
	begin("");
	ck_assert_int_eq(fuse_lowlevel_notify_inval_inode(se, HELLO_INO, 0, 0), 0);
	ck_assert_uint_gt(receive(PATIENCE_MS), sizeof(struct wire_out_header));
	ck_assert_int_eq(head()->error, 2);
}
END_TEST

/* ---- later ---- */

/* A filesystem under fuse_session_loop() expects to be alone. */
START_TEST(what_is_delayed_is_handled_by_the_loops_thread)
{
	uint64_t before = clock_ns();

	begin("rules:\n- {op: READ, delay: 30ms}\n");
	expect_hello(send_read());
	ck_assert_uint_ge(clock_ns() - before, 30 * NS_PER_MS);
	ck_assert(pthread_equal(foreign.reader, loop));
}
END_TEST

START_TEST(others_pass_what_is_delayed)
{
	uint64_t slow;

	begin("rules:\n- {op: READ, delay: 100ms}\n");
	slow = send_read();
	ck_assert_int_eq(result(send_getattr()), 0);
	expect_hello(slow);
}
END_TEST

START_TEST(an_answer_may_be_late)
{
	begin("rules:\n- {op: READ, delay: {time: 30ms, after: true}}\n");
	expect_hello(send_read());
	ck_assert_uint_eq(foreign.reads, 1);
}
END_TEST

START_TEST(a_rule_answers_what_another_holds)
{
	uint64_t held;

	begin("rules:\n"
	      "- {op: READ, times: 1, hold: door}\n"
	      "- {op: GETATTR, answer: {gate: door, error: EINTR, first: true}}\n"
	      "expect:\n- {max_in_flight: READ, is: 1}\n");
	held = send_read();
	ck_assert_uint_eq(receive(SHORT_MS), 0);
	send_getattr();
	ck_assert_int_eq(result(held), EINTR);
	ck_assert_int_eq(result(held + 2), 0);
	ck_assert_uint_eq(foreign.reads, 0);
	detach();
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

START_TEST(what_is_held_goes_to_the_loop_at_the_end)
{
	static const char *const rules[] = {
		"- {op: READ, hold: door}\n- {op: OPEN, answer: {gate: door}}\n",
		"- {op: READ, drop: true}\n",
		"- {op: READ, delay: 1min}\n",
	};
	char text[256];
	uint64_t held;

	snprintf(text, sizeof(text), "rules:\n%s", rules[_i]);
	begin(text);
	held = send_read();
	ck_assert_uint_eq(receive(SHORT_MS), 0);
	detach();
	expect_hello(held);
	ck_assert(pthread_equal(foreign.reader, loop));
	assert_verdict(FUSESCEN_PASS);
	/* And the session goes on. */
	expect_hello(send_read());
}
END_TEST

START_TEST(what_is_held_fails_when_the_loop_is_over)
{
	uint64_t held;

	begin("rules:\n- {op: READ, drop: true}\n");
	held = send_read();
	ck_assert_uint_eq(receive(SHORT_MS), 0);
	fuse_session_exit(se);
	/* It looks when there is something to read, and forgets that. */
	send_getattr();
	join_loop();
	detach();
	ck_assert_int_eq(result(held), EIO);
	ck_assert_uint_eq(foreign.reads, 0);
}
END_TEST

START_TEST(a_rule_ends_the_connection)
{
	static const char *const what[] = { "die", "abort" };
	char text[128];

	snprintf(text, sizeof(text), "rules:\n- {op: READ, %s: true}\n"
		 "expect:\n- {count: READ, is: 1}\n", what[_i]);
	begin(text);
	send_read();
	ck_assert_int_eq(join_loop(), 0);
	ck_assert_uint_eq(receive(PATIENCE_MS), 0);
	ck_assert_int_eq(recv(kernel, got, sizeof(got), MSG_DONTWAIT), 0);
	detach();
	assert_verdict(FUSESCEN_PASS);
	ck_assert_ptr_nonnull(strstr(fusescen_events(report),
				     _i ? "aborted" : "died"));
}
END_TEST

/* ---- loops ---- */

START_TEST(many_threads_serve)
{
	uint64_t uniques[50];
	unsigned i, n = 0;

	attach("rules:\n"
	       "- {op: READ, nth: 1..20, delay: 1ms..20ms}\n"
	       "expect:\n- {count: reply READ = 0, is: 50}\n");
	start(loop_many);
	init();
	lookup();
	for (i = 0; i < 50; i++)
		uniques[i] = send_read();
	for (i = 0; i < 50; i++) {
		ck_assert_uint_ne(receive(PATIENCE_MS), 0);
		ck_assert_int_eq(head()->error, 0);
		n += head()->unique >= uniques[0] &&
			head()->unique <= uniques[49];
	}
	ck_assert_uint_eq(n, 50);
	ck_assert_int_eq(end_loop(), 0);
	detach();
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

START_TEST(many_threads_go_on_without_us)
{
	uint64_t held;
	unsigned i;

	attach("rules:\n- {op: READ, nth: 1, drop: true}\n");
	start(loop_many);
	init();
	lookup();
	held = send_read();
	ck_assert_uint_eq(receive(SHORT_MS), 0);
	expect_hello(send_read());
	detach();
	expect_hello(held);
	for (i = 0; i < 20; i++)
		expect_hello(send_read());
	ck_assert_int_eq(end_loop(), 0);
}
END_TEST

START_TEST(a_session_may_be_attached_again)
{
	begin("rules:\n- {op: READ, reply: {error: EIO}}\n");
	ck_assert_int_eq(result(send_read()), EIO);
	ck_assert_int_eq(end_loop(), 0);
	detach();
	fusescen_report_free(report);
	fusescen_free(file);
	fuse_session_destroy(se);
	close(kernel);
	open_session(SOCK_SEQPACKET);
	begin("rules:\n- {op: READ, reply: {error: ENOSPC}}\n");
	ck_assert_int_eq(result(send_read()), ENOSPC);
}
END_TEST

START_TEST(splice_is_as_ever)
{
	static uint8_t msg[sizeof(struct wire_write_in) + (100 << 10)];
	struct wire_write_in in = { .size = sizeof(msg) - sizeof(in) };
	struct wire_read_in rd = { .size = 20 << 10 };

	foreign.want = FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE;
	/* What fits in a pipe of anybody's. */
	foreign.max_write = 128 << 10;
	foreign.len = TEXT_SIZE;
	foreign.memory = memfd_create("text", MFD_CLOEXEC);
	memset(foreign.text, 'm', TEXT_SIZE);
	ck_assert_int_eq(write(foreign.memory, foreign.text, TEXT_SIZE), TEXT_SIZE);
	begin("rules:\n- {op: WRITE, nth: 2, reply: {error: EIO}}\n");
	memcpy(msg, &in, sizeof(in));
	memset(msg + sizeof(in), 'w', in.size);
	ck_assert_int_eq(result(send_op(OP_WRITE, HELLO_INO, msg, sizeof(msg))), 0);
	ck_assert_uint_eq(foreign.writes, 1);
	ck_assert_int_eq(foreign.text[0], 'w');
	ck_assert_int_eq(foreign.text[in.size - 1], 'w');
	ck_assert_int_eq(foreign.text[in.size], 'm');
	ck_assert_uint_eq(foreign.from_pipe, 1);
	ck_assert_int_eq(result(send_op(OP_WRITE, HELLO_INO, msg, sizeof(msg))), EIO);
	ck_assert_uint_eq(foreign.writes, 1);
	ck_assert_int_eq(result(send_op(OP_READ, HELLO_INO, &rd, sizeof(rd))), 0);
	ck_assert_uint_eq(head()->len, sizeof(struct wire_out_header) + rd.size);
	ck_assert_mem_eq((char *)body() + rd.size - 3, "mmm", 3);
	close(foreign.memory);
}
END_TEST

/* ---- reports ---- */

START_TEST(a_check_that_does_not_hold_fails)
{
	begin("expect:\n- {count: READ /hello, is: 3}\n");
	expect_hello(send_read());
	detach();
	assert_verdict(FUSESCEN_FAIL);
	ck_assert_ptr_nonnull(strstr(fusescen_text(report), "test.yaml:4:"));
	ck_assert_ptr_nonnull(strstr(fusescen_text(report), "LOOKUP"));
	ck_assert_str_ne(fusescen_summary(report), "");
}
END_TEST

START_TEST(a_reply_that_is_refused_fails)
{
	begin("rules:\n"
	      "- {op: READ, reply: {error: EIO, expect_write: ENOENT}}\n");
	ck_assert_int_eq(result(send_read()), EIO);
	detach();
	assert_verdict(FUSESCEN_FAIL);
	ck_assert_ptr_nonnull(strstr(fusescen_text(report), "ENOENT"));
}
END_TEST

START_TEST(without_checks_only_rules_are_logged)
{
	begin("rules:\n- {op: GETATTR, reply: {error: EIO}}\n");
	expect_hello(send_read());
	ck_assert_int_eq(result(send_getattr()), EIO);
	detach();
	ck_assert_ptr_nonnull(strstr(fusescen_events(report), "GETATTR"));
	ck_assert_ptr_null(strstr(fusescen_events(report), "READ"));
}
END_TEST

START_TEST(options_are_taken)
{
	const struct fusescen_options opts = {
		.size = sizeof(opts), .verbose = 1, .seed = 4711,
	};

	file = foreign_file("rules:\n- {op: READ, reply: {error: EIO}}\n");
	at = fusescen_attach(se, file, 0, &opts, NULL);
	ck_assert_ptr_nonnull(at);
	start(loop_one);
	init();
	lookup();
	ck_assert_int_eq(result(send_read()), EIO);
	detach();
	assert_verdict(FUSESCEN_PASS);
	ck_assert_ptr_nonnull(strstr(fusescen_text(report), "LOOKUP"));
	ck_assert_uint_gt(fusescen_elapsed_ns(report), 0);
}
END_TEST

/* ---- what is refused ---- */

static void refused(const char *text, const char *why)
{
	fusescen_file *f = fusescen_load_text("test.yaml", text, strlen(text));
	char *error = NULL;

	ck_assert_ptr_null(fusescen_attach(se, f, 0, NULL, &error));
	ck_assert_ptr_nonnull(error);
	ck_assert_msg(strstr(error, why) != NULL, "%s\nnot: %s", error, why);
	free(error);
	ck_assert_ptr_null(fusescen_attach(se, f, 0, NULL, NULL));
	fusescen_free(f);
}

#define TOP	"fusescen: 1\nmounts: {fs: {}}\n"

static const struct {
	const char *text, *why;
} refusals[] = {
	{ "fusescen: 1\n", "no mount" },
	{ TOP "rule: []\n", "rule" },
	{ TOP "actors: [app]\n", "3:10: error: an attached session's clients" },
	{ TOP "steps:\n- sleep: 1s\n", "4:10: error: a scenario with steps" },
	{ TOP "needs: [root]\n", "needs are not looked at" },
	{ TOP "hazard: kernel_crash\n", "kernel_crash" },
	{ "fusescen: 1\nmounts: {fs: {}, lower: {}}\n",
	  "2:18: error: an attached session is one mount" },
	{ "fusescen: 1\nmounts: {fs: {files: {/x: {}}}}\n", "its own files" },
	{ "fusescen: 1\nmounts: {fs: {init: [writeback_cache]}}\n",
	  "answers INIT itself" },
	{ "fusescen: 1\nmounts: {fs: {init: {max_write: 4K}}}\n",
	  "answers INIT itself" },
	{ "fusescen: 1\ndevices: {dev: {name: fusescen-x}}\n", "no devices" },
	{ "fusescen: 1\nmounts: {fs: {backing: null}}\n", "its own backing" },
	{ TOP "rules:\n- {op: READ, hold: door}\n",
	  "4:3: error: no rule answers what gate door holds" },
	{ TOP "rules:\n- {op: READ, stall: true}\n", "resume" },
	{ TOP "expect:\n- {file: /hello, size: 4K}\n", "cannot be looked at" },
	{ TOP "expect:\n- {kernel: fuse_read, returns: -EIO}\n",
	  "kernel's functions" },
};

START_TEST(what_cannot_be_is_refused)
{
	refused(refusals[_i].text, refusals[_i].why);
}
END_TEST

/* Each test is a process of its own. */
START_TEST(what_a_process_lacks_is_said)
{
	const struct rlimit few = { 20, 20 }, small = { 4096, 4096 };

	if (_i)
		setrlimit(RLIMIT_FSIZE, &small);
	else
		setrlimit(RLIMIT_NOFILE, &few);
	refused(TOP, _i ? "size of files is limited" : "too few descriptors");
}
END_TEST

START_TEST(there_must_be_such_a_case)
{
	char *error = NULL;

	file = foreign_file("");
	ck_assert_ptr_null(fusescen_attach(se, file, 1, NULL, &error));
	ck_assert_str_eq(error, "no such case\n");
	free(error);
}
END_TEST

START_TEST(a_session_is_attached_once)
{
	attach("");
	refused(TOP, "attached already");
}
END_TEST

START_TEST(a_session_needs_a_descriptor)
{
	struct fuse_session *good = se;

	se = foreign_session(&foreign);
	refused(TOP, "mount it first");
	fuse_session_destroy(se);
	se = good;
}
END_TEST

START_TEST(a_stream_is_refused)
{
	struct fuse_session *good = se;
	int good_kernel = kernel;

	open_session(SOCK_STREAM);
	refused(TOP, "does not keep messages apart");
	fuse_session_destroy(se);
	close(kernel);
	se = good;
	kernel = good_kernel;
}
END_TEST

/* Each holds a slot; what is gone gives its own back. */
START_TEST(sessions_are_limited_but_not_for_ever)
{
	enum { MANY = 64 };
	struct fuse_session *sessions[MANY], *good = se;
	fusescen_attachment *all[MANY];
	int kernels[MANY], round, i, good_kernel = kernel;

	file = foreign_file("");
	for (round = 0; round < 2; round++) {
		for (i = 0; i < MANY; i++) {
			open_session(SOCK_SEQPACKET);
			sessions[i] = se;
			kernels[i] = kernel;
			all[i] = fusescen_attach(se, file, 0, NULL, NULL);
			ck_assert_ptr_nonnull(all[i]);
		}
		se = good;
		refused(TOP, "too many sessions");
		for (i = 0; i < MANY; i++) {
			fusescen_report_free(fusescen_detach(all[i]));
			fuse_session_destroy(sessions[i]);
			close(kernels[i]);
		}
	}
	kernel = good_kernel;
}
END_TEST

static TCase *tcase(Suite *suite, const char *name)
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("attach");
	TCase *tc = tcase(suite, "pass");

	tcase_add_test(tc, without_rules_all_is_as_it_was);
	tcase_add_test(tc, an_unknown_operation_reaches_the_session);
	tcase_add_test(tc, a_rule_answers_in_the_place_of_a_handler);
	tcase_add_test(tc, a_rule_alters_what_a_handler_answers);
	tcase_add_test(tc, a_rule_alters_the_reply_to_init);
	tcase_add_test(tc, a_rule_has_states);
	tcase_add_test(tc, a_rule_notifies);
	tcase_add_test(tc, the_sessions_own_notifications_pass);

	tc = tcase(suite, "later");
	tcase_add_test(tc, what_is_delayed_is_handled_by_the_loops_thread);
	tcase_add_test(tc, others_pass_what_is_delayed);
	tcase_add_test(tc, an_answer_may_be_late);
	tcase_add_test(tc, a_rule_answers_what_another_holds);
	tcase_add_loop_test(tc, what_is_held_goes_to_the_loop_at_the_end, 0, 3);
	tcase_add_test(tc, what_is_held_fails_when_the_loop_is_over);
	tcase_add_loop_test(tc, a_rule_ends_the_connection, 0, 2);

	tc = tcase(suite, "loops");
	tcase_add_test(tc, many_threads_serve);
	tcase_add_test(tc, many_threads_go_on_without_us);
	tcase_add_test(tc, a_session_may_be_attached_again);
	tcase_add_test(tc, splice_is_as_ever);

	tc = tcase(suite, "reports");
	tcase_add_test(tc, a_check_that_does_not_hold_fails);
	tcase_add_test(tc, a_reply_that_is_refused_fails);
	tcase_add_test(tc, without_checks_only_rules_are_logged);
	tcase_add_test(tc, options_are_taken);

	tc = tcase(suite, "refused");
	tcase_add_loop_test(tc, what_cannot_be_is_refused, 0,
			    ARRAY_SIZE(refusals));
	tcase_add_loop_test(tc, what_a_process_lacks_is_said, 0, 2);
	tcase_add_test(tc, there_must_be_such_a_case);
	tcase_add_test(tc, a_session_is_attached_once);
	tcase_add_test(tc, a_session_needs_a_descriptor);
	tcase_add_test(tc, a_stream_is_refused);
	tcase_add_test(tc, sessions_are_limited_but_not_for_ever);
	return unit_main(suite);
}
