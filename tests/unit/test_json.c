/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log as JSON lines: the member names are an interface, so each kind of
 * event is pinned here. */
#include "config.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <signal.h>

#include "tests/unit/events.h"

static struct hand_log l;
static struct result r;

static void set_up(void)
{
	hand_init(&l, 1);
	memset(&r, 0, sizeof(r));
}

static void tear_down(void)
{
	result_fini(&r);
}

#define PASS	"{\"event\":\"verdict\",\"file\":\"x.yaml\",\"verdict\":\"pass\",\"ms\":0.000," \
		"\"failures\":[]}\n"

/* Without the ladder's words, which have a test of their own. */
static void expect_json(const char *want)
{
	static const char key[] = ",\"words\":\"";
	struct buf b = BUF_INIT, rest = BUF_INIT;
	const char *p, *words;

	report_json(&b, &l.sc, &r, l.sorted, l.n);
	for (p = buf_str(&b); (words = strstr(p, key)); p = words) {
		buf_add(&rest, p, (size_t)(words - p));
		for (words += strlen(key); *words != '"'; words++)
			words += *words == '\\';
		words++;
	}
	buf_puts(&rest, p);
	ck_assert_str_eq(buf_str(&rest), want);
	buf_fini(&b);
	buf_fini(&rest);
}

START_TEST(a_request_and_what_becomes_of_it)
{
	struct event *write = hand_write(&l, "/data", 4096, 65536), *reply;

	write->rule = 0;
	hand_more(&l, EV_HELD, write);
	hand_more(&l, EV_RELEASED, write)->at_ns += 1500;
	reply = hand_more(&l, EV_REPLY, write);
	reply->error = EIO;
	reply->write_errno = EINVAL;
	expect_json(
		"{\"seq\":1,\"ms\":0.000,\"event\":\"request\",\"mount\":\"fs\","
		"\"op\":\"WRITE\",\"opcode\":16,\"path\":\"/data\",\"unique\":2,"
		"\"nodeid\":5,\"pid\":77,\"uid\":1000,\"gid\":100,"
		"\"args\":{\"fh\":3,\"offset\":4096,\"size\":65536,"
		"\"write_flags\":\"cache\",\"lock_owner\":0,\"flags\":\"O_RDONLY\"},"
		"\"data\":65536,\"rule_line\":7}\n"
		"{\"seq\":2,\"ms\":1.000,\"event\":\"held\",\"mount\":\"fs\","
		"\"op\":\"WRITE\",\"opcode\":16,\"path\":\"/data\",\"unique\":2,"
		"\"request\":1,\"gate\":\"disk\"}\n"
		"{\"seq\":3,\"ms\":2.001,\"event\":\"released\",\"mount\":\"fs\","
		"\"op\":\"WRITE\",\"opcode\":16,\"path\":\"/data\",\"unique\":2,"
		"\"request\":1,\"gate\":\"disk\"}\n"
		"{\"seq\":4,\"ms\":3.000,\"event\":\"reply\",\"mount\":\"fs\","
		"\"op\":\"WRITE\",\"opcode\":16,\"path\":\"/data\",\"unique\":2,"
		"\"request\":1,\"errno\":5,\"error\":\"EIO\",\"data\":0,"
		"\"write_error\":\"EINVAL\"}\n" PASS);
}
END_TEST

START_TEST(what_a_reply_says)
{
	struct wire_write_out out = { .size = 100 };
	struct event *write = hand_write(&l, "/data", 0, 4096), *reply;

	hand_more(&l, EV_DROPPED, write)->rule = 0;
	reply = hand_more(&l, EV_REPLY, write);
	reply->msg = &out;
	reply->msg_len = sizeof(out);
	l.sorted[0] = &l.events[1];
	l.sorted[1] = &l.events[2];
	l.n = 2;
	expect_json(
		"{\"seq\":2,\"ms\":0.000,\"event\":\"dropped\",\"mount\":\"fs\","
		"\"op\":\"WRITE\",\"opcode\":16,\"path\":\"/data\",\"unique\":2,"
		"\"request\":1,\"rule_line\":7}\n"
		"{\"seq\":3,\"ms\":1.000,\"event\":\"reply\",\"mount\":\"fs\","
		"\"op\":\"WRITE\",\"opcode\":16,\"path\":\"/data\",\"unique\":2,"
		"\"request\":1,\"errno\":0,\"error\":\"\",\"fields\":{\"size\":100},"
		"\"data\":0,\"write_error\":\"\"}\n" PASS);
}
END_TEST

START_TEST(a_request_by_a_queue)
{
	hand_request(&l, 99, NULL, NULL, 0)->queue = 3;
	expect_json(
		"{\"seq\":1,\"ms\":0.000,\"event\":\"request\",\"mount\":\"fs\","
		"\"opcode\":99,\"queue\":3,\"unique\":2,\"nodeid\":5,\"pid\":77,"
		"\"data\":0}\n" PASS);
}
END_TEST

START_TEST(names_are_text_and_unknown_opcodes_have_no_op)
{
	hand_request(&l, OP_LOOKUP, "/a\"b", "a\"b", 4);
	hand_request(&l, 99, NULL, NULL, 0);
	expect_json(
		"{\"seq\":1,\"ms\":0.000,\"event\":\"request\",\"mount\":\"fs\","
		"\"op\":\"LOOKUP\",\"opcode\":1,\"path\":\"/a\\\"b\",\"unique\":2,"
		"\"nodeid\":5,\"pid\":77,\"uid\":1000,\"gid\":100,"
		"\"args\":{\"name\":\"a\\\"b\"},\"data\":0}\n"
		"{\"seq\":2,\"ms\":1.000,\"event\":\"request\",\"mount\":\"fs\","
		"\"opcode\":99,\"unique\":4,\"nodeid\":5,\"pid\":77,\"data\":0}\n"
		PASS);
}
END_TEST

START_TEST(calls_and_their_results)
{
	struct event *call = hand_call(&l, 0, "fsync", "fsync(fd)", true);
	struct event *ev;

	hand_return(&l, call, -1, EIO);
	ev = hand_return(&l, call, -1, 0);
	l.outcomes[ev->seq - 1].signal = SIGBUS;
	ev = hand_return(&l, call, -1, 0);
	l.outcomes[ev->seq - 1].killed = true;
	expect_json(
		"{\"seq\":1,\"ms\":0.000,\"event\":\"call\",\"actor\":\"app\","
		"\"call\":\"fsync\",\"text\":\"fsync(fd)\",\"line\":12,\"column\":5}\n"
		"{\"seq\":2,\"ms\":1.000,\"event\":\"return\",\"actor\":\"app\","
		"\"call\":\"fsync\",\"text\":\"fsync(fd)\",\"line\":12,\"column\":5,"
		"\"ret\":-1,\"errno\":5,\"error\":\"EIO\",\"result\":\"-1 EIO\"}\n"
		"{\"seq\":3,\"ms\":2.000,\"event\":\"return\",\"actor\":\"app\","
		"\"call\":\"fsync\",\"text\":\"fsync(fd)\",\"line\":12,\"column\":5,"
		"\"ret\":-1,\"errno\":0,\"error\":\"\",\"signal\":\"SIGBUS\","
		"\"result\":\"SIGBUS\"}\n"
		"{\"seq\":4,\"ms\":3.000,\"event\":\"return\",\"actor\":\"app\","
		"\"call\":\"fsync\",\"text\":\"fsync(fd)\",\"line\":12,\"column\":5,"
		"\"ret\":-1,\"errno\":0,\"error\":\"\",\"killed\":true,"
		"\"result\":\"killed\"}\n" PASS);
}
END_TEST

/* Those of the ladder, but for their indent. */
START_TEST(events_have_words)
{
	static const char *const want[] = {
		"\"words\":\"fsync(fd) ...\"}", "\"words\":\"#2 WRITE /data 4K+64K\"}",
		"\"words\":\"#2 WRITE held (disk)\"}", "\"words\":\"= -1 EIO\"}",
	};
	struct event *call = hand_call(&l, 0, "fsync", "fsync(fd)", true);
	struct buf b = BUF_INIT;
	const char *p;

	hand_more(&l, EV_HELD, hand_write(&l, "/data", 4096, 65536));
	hand_return(&l, call, -1, EIO);
	report_json(&b, &l.sc, &r, l.sorted, l.n);
	p = buf_str(&b);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		p = strstr(p, want[i]);
		ck_assert_ptr_nonnull(p);
	}
	buf_fini(&b);
	report_event(&b, &l.sc, l.sorted[0], 0);
	ck_assert_ptr_null(strstr(buf_str(&b), "words"));
	buf_fini(&b);
}
END_TEST

START_TEST(fields_of_a_result)
{
	struct event *call = hand_call(&l, 0, "getlk",
				       "getlk(fd, F_WRLCK, 0, 1)", false);
	struct event *ev = hand_return(&l, call, 0, 0);
	const struct result_field *f = call->call->call->fields;
	struct buf b = BUF_INIT, want = BUF_INIT;
	size_t i;

	buf_puts(&want, "\"fields\":{");
	for (i = 0; f[i].name; i++) {
		l.outcomes[ev->seq - 1].fields[i] = i + 1;
		buf_printf(&want, "%s\"%s\":%zu", i ? "," : "", f[i].name, i + 1);
	}
	buf_addc(&want, '}');
	report_json(&b, &l.sc, &r, l.sorted, l.n);
	ck_assert_ptr_nonnull(strstr(buf_str(&b), buf_str(&want)));
	buf_fini(&b);
	buf_fini(&want);
}
END_TEST

START_TEST(notifications)
{
	struct notify_spec spec = {
		.note = note_by_name(&protocol_builtin, "inval_entry", strlen("inval_entry")),
		.file = { .mount = 0, .path = "/" },
		.child = "data",
	};
	struct notify_spec raw = { .code = 99, .file = { .mount = NONE } };
	struct event *ev = hand_add(&l, EV_NOTE_START);

	ev->note = 0;
	ev->notify = &spec;
	ev = hand_add(&l, EV_NOTE_DONE);
	ev->notify = &raw;
	ev->write_errno = EINVAL;
	expect_json(
		"{\"seq\":1,\"ms\":0.000,\"event\":\"notify\",\"name\":\"inval\","
		"\"notify\":\"inval_entry\",\"code\":3,\"path\":\"/\","
		"\"child\":\"data\"}\n"
		"{\"seq\":2,\"ms\":1.000,\"event\":\"notified\",\"code\":99,"
		"\"errno\":22,\"error\":\"EINVAL\"}\n" PASS);
}
END_TEST

START_TEST(the_rest)
{
	struct event *ev = hand_add(&l, EV_BLOCKED);

	ev->actor = 0;
	ev->text = "a < b";
	l.steps[0].text = "release: disk";
	hand_add(&l, EV_STEP)->step = &l.steps[0];
	hand_add(&l, EV_STATE)->text = "phase = two";
	ev = hand_add(&l, EV_MOUNT);
	ev->text = "aborted";
	ev->mount = 0;
	ev->teardown = true;
	hand_add(&l, EV_KERNEL)->text = "WARNING\nmore";
	hand_add(&l, EV_EXIT)->actor = 0;
	hand_add(&l, EV_INFO)->text = "\xff";
	ev = hand_add(&l, EV_KERNEL_RETURN);
	ev->text = "fuse_f";
	ev->actor = 0;
	ev->pid = 77;
	ev->value = -16;
	expect_json(
		"{\"seq\":1,\"ms\":0.000,\"event\":\"blocked\",\"actor\":\"app\","
		"\"stack\":\"a < b\"}\n"
		"{\"seq\":2,\"ms\":1.000,\"event\":\"step\","
		"\"text\":\"release: disk\",\"line\":12,\"column\":5}\n"
		"{\"seq\":3,\"ms\":2.000,\"event\":\"state\","
		"\"text\":\"phase = two\"}\n"
		"{\"seq\":4,\"ms\":3.000,\"event\":\"mount\",\"mount\":\"fs\","
		"\"text\":\"aborted\",\"teardown\":true}\n"
		"{\"seq\":5,\"ms\":4.000,\"event\":\"kernel\","
		"\"text\":\"WARNING\\nmore\"}\n"
		"{\"seq\":6,\"ms\":5.000,\"event\":\"exit\",\"actor\":\"app\"}\n"
		"{\"seq\":7,\"ms\":6.000,\"event\":\"info\","
		"\"text\":\"\\u00ff\"}\n"
		"{\"seq\":8,\"ms\":7.000,\"event\":\"kernel_return\","
		"\"actor\":\"app\",\"function\":\"fuse_f\",\"pid\":77,"
		"\"ret\":-16,\"result\":\"-EBUSY\"}\n" PASS);
}
END_TEST

START_TEST(the_verdict_and_its_failures)
{
	struct failure f = {
		.loc = { 4, 10, 3 },
		.what = xstrdup("app: fsync(fd) gave -1 EIO"),
		.finding = { .expected = xstrdup("0"), .actual = xstrdup("-1 EIO"),
			     .near_miss = xstrdup("#3"), .at_seq = 3 },
		.note = xstrdup("a note"),
	};
	struct failure bare = { .what = xstrdup("another") };

	result_add(&r, &f);
	result_add(&r, &bare);
	r.verdict = FUSESCEN_XFAIL;
	r.reason = xstrdup("known");
	r.elapsed_ns = 12345678;
	expect_json(
		"{\"event\":\"verdict\",\"file\":\"x.yaml\",\"verdict\":\"xfail\",\"reason\":\"known\","
		"\"ms\":12.345,\"failures\":["
		"{\"line\":4,\"column\":10,\"at\":3,\"what\":\"app: fsync(fd) gave -1 EIO\","
		"\"expected\":\"0\",\"actual\":\"-1 EIO\",\"near\":\"#3\","
		"\"note\":\"a note\"},"
		"{\"what\":\"another\"}]}\n");
}
END_TEST

START_TEST(a_word_for_each_verdict)
{
	static const char *const words[] = {
		"pass", "fail", "skip", "error", "xfail", "xpass",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		struct buf b = BUF_INIT;
		auto_free char *want = xasprintf("\"verdict\":\"%s\"", words[i]);

		r.verdict = (enum fusescen_verdict)i;
		report_json(&b, &l.sc, &r, NULL, 0);
		ck_assert_ptr_nonnull(strstr(buf_str(&b), want));
		buf_fini(&b);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("json");
	TCase *t = tcase_create("json");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, a_request_and_what_becomes_of_it);
	tcase_add_test(t, what_a_reply_says);
	tcase_add_test(t, a_request_by_a_queue);
	tcase_add_test(t, names_are_text_and_unknown_opcodes_have_no_op);
	tcase_add_test(t, calls_and_their_results);
	tcase_add_test(t, events_have_words);
	tcase_add_test(t, fields_of_a_result);
	tcase_add_test(t, notifications);
	tcase_add_test(t, the_rest);
	tcase_add_test(t, the_verdict_and_its_failures);
	tcase_add_test(t, a_word_for_each_verdict);
	return unit_main(s);
}
