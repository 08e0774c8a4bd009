/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel owes any server, and that each breach of it is seen. */
#include "config.h"

#include <string.h>

#include "engine/accounts.h"
#include "tests/unit/unit.h"
#include "wire/message.h"
#include "wire/proto.h"

#define EVENTS	16

/* A log by hand.  An event keeps its message beside it. */
static struct event events[EVENTS];
static uint8_t messages[EVENTS][512];
static size_t n;

static void begin_log(void)
{
	n = 0;
	memset(messages, 0, sizeof(messages));
}

static struct event *add(enum event_kind kind, uint32_t opcode)
{
	struct event *ev = &events[n];

	*ev = event_of(kind);
	ev->seq = n + 1;
	ev->mount = 0;
	ev->opcode = opcode;
	ev->op = op_by_code(&protocol_builtin, opcode);
	ck_assert_ptr_nonnull(ev->op);
	ev->msg = messages[n++];
	return ev;
}

static const struct event *request(uint32_t opcode, uint64_t unique, uint64_t nodeid,
				   const void *args, size_t len)
{
	struct event *ev = add(EV_REQUEST, opcode);
	struct wire_in_header h = {
		.opcode = opcode, .unique = unique, .nodeid = nodeid,
		.len = (uint32_t)(sizeof(h) + len),
	};

	memcpy((void *)ev->msg, &h, sizeof(h));
	if (len)
		memcpy((uint8_t *)ev->msg + sizeof(h), args, len);
	ev->msg_len = sizeof(h) + len;
	ev->unique = unique;
	ev->nodeid = nodeid;
	return ev;
}

/* A reply whose first eight bytes are this number. */
static void reply(const struct event *to, uint64_t number)
{
	struct event *ev = add(EV_REPLY, to->opcode);

	ev->request = to;
	ev->unique = to->unique;
	memcpy((void *)ev->msg, &number, sizeof(number));
	ev->msg_len = sizeof(struct wire_entry_out);
}

static void open_file(uint64_t unique, uint64_t fh)
{
	static const uint8_t args[8];

	reply(request(OP_OPEN, unique, 2, args, sizeof(args)), fh);
}

static void release_file(uint64_t unique, uint64_t fh)
{
	const struct wire_release_in in = { .fh = fh };

	reply(request(OP_RELEASE, unique, 2, &in, sizeof(in)), 0);
}

static void fsync_file(uint64_t unique, uint64_t fh)
{
	const struct wire_fsync_in in = { .fh = fh };

	reply(request(OP_FSYNC, unique, 2, &in, sizeof(in)), 0);
}

static void forget(uint64_t unique, uint64_t times)
{
	const struct wire_forget_in in = { .nlookup = times };

	request(OP_FORGET, unique, 2, &in, sizeof(in));
}

static void look_up(uint64_t unique)
{
	reply(request(OP_LOOKUP, unique, 1, "data", 5), 2);
}

/* NULL: it is right. */
static void is_judged(bool closed, const char *wrong)
{
	const struct event *list[EVENTS];
	char *got;

	for (size_t i = 0; i < n; i++)
		list[i] = &events[i];
	got = accounts_judge(list, n, 0, closed);
	if (wrong)
		ck_assert_msg(got && strstr(got, wrong), "%s", got ? got : "nothing");
	else
		ck_assert_msg(!got, "%s", got);
	free(got);
}

START_TEST(each_file_is_released)
{
	begin_log();
	open_file(2, 7);
	is_judged(false, NULL);
	is_judged(true, "the file of OPEN #1 is closed, and was never released");
	fsync_file(4, 7);
	release_file(6, 7);
	is_judged(true, NULL);
	open_file(8, 8);
	is_judged(true, "the file of OPEN #7 is closed");
}
END_TEST

START_TEST(nothing_comes_behind_a_release)
{
	begin_log();
	open_file(2, 7);
	release_file(4, 7);
	fsync_file(6, 7);
	is_judged(true, "FSYNC #5 is about the file of OPEN #1, which RELEASE #3 has released");
	begin_log();
	open_file(2, 7);
	release_file(4, 7);
	release_file(6, 7);
	is_judged(true, "RELEASE #5 is about the file");
	/* the number may be given again */
	begin_log();
	open_file(2, 7);
	release_file(4, 7);
	open_file(6, 7);
	fsync_file(8, 7);
	release_file(10, 7);
	is_judged(true, NULL);
}
END_TEST

START_TEST(a_number_that_was_given_twice_has_no_account)
{
	begin_log();
	open_file(2, 7);
	open_file(4, 7);
	release_file(6, 7);
	release_file(8, 7);
	is_judged(true, NULL);
}
END_TEST

START_TEST(no_inode_is_forgotten_too_often)
{
	begin_log();
	look_up(2);
	look_up(4);
	forget(6, 2);
	is_judged(true, NULL);
	forget(8, 1);
	is_judged(true, "with FORGET #6 inode 2 is forgotten 3 times, and was looked up 2 times");
}
END_TEST

START_TEST(a_batch_of_forgets)
{
	struct {
		struct wire_batch_forget_in in;
		struct wire_forget_one one[2];
	} batch = { { .count = 2 }, { { 2, 1 }, { 3, 1 } } };

	begin_log();
	look_up(2);
	request(OP_BATCH_FORGET, 4, 0, &batch, sizeof(batch));
	is_judged(true, "inode 3 is forgotten 1 times, and was looked up 0 times");
}
END_TEST

START_TEST(a_number_in_use_is_not_given_again)
{
	const struct wire_fsync_in in = { .fh = 1 };
	const struct event *first;

	begin_log();
	first = request(OP_FSYNC, 2, 2, &in, sizeof(in));
	request(OP_FSYNC, 2 | WIRE_UNIQUE_RESEND, 2, &in, sizeof(in));
	is_judged(false, NULL);
	reply(first, 0);
	fsync_file(2, 1);
	is_judged(false, NULL);
	request(OP_FSYNC, 4, 2, &in, sizeof(in));
	request(OP_FSYNC, 4, 2, &in, sizeof(in));
	is_judged(false, "FSYNC #7 has the unique of FSYNC #6");
}
END_TEST

START_TEST(nothing_comes_behind_destroy)
{
	begin_log();
	reply(request(OP_DESTROY, 2, 0, NULL, 0), 0);
	is_judged(false, NULL);
	look_up(4);
	is_judged(false, "LOOKUP #3 comes behind DESTROY");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("accounts");
	TCase *tc = tcase_create("pure");

	tcase_add_test(tc, each_file_is_released);
	tcase_add_test(tc, nothing_comes_behind_a_release);
	tcase_add_test(tc, a_number_that_was_given_twice_has_no_account);
	tcase_add_test(tc, no_inode_is_forgotten_too_often);
	tcase_add_test(tc, a_batch_of_forgets);
	tcase_add_test(tc, a_number_in_use_is_not_given_again);
	tcase_add_test(tc, nothing_comes_behind_destroy);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
