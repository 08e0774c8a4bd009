/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Server, tap and filesystem end together, with this test in the kernel's place
 * at the other end of a socket: what goes in as a request must come out as the
 * right reply.  No /dev/fuse.
 */
#include "config.h"

#include <linux/limits.h>

#include "backend/cuse/device.h"
#include "tests/unit/sim.h"

START_TEST(files_are_served)
{
	struct wire_read_in rd = { .offset = 2, .size = 10 };
	uint64_t id = lookup(1, "data"), size;
	char text[4];

	ck_assert_uint_eq(id, 2);
	ck_assert_uint_eq(((struct wire_entry_out *)body())->attr.size, 64 << 10);
	expect_written(send_write(id, 3, "hello"), 5);
	ck_assert_int_eq(call(OP_READ, id, &rd, sizeof(rd), 10), 0);
	ck_assert_mem_eq(body(), "\0hello\0\0\0\0", 10);
	ck_assert_int_eq(server_peek(server, 0, "/data", 4, text, 4, &size), 4);
	ck_assert_mem_eq(text, "ello", 4);
	ck_assert_uint_eq(lookup(1, "none"), 0);
	ck_assert_int_eq(head()->error, -ENOENT);
}
END_TEST

START_TEST(reads_over_many_pages_are_whole)
{
	struct wire_read_in rd = { .offset = 1, .size = 60 << 10 };
	uint64_t id = lookup(1, "data");
	const uint8_t *p = body();

	expect_written(send_write(id, 5 * PAGE + 1, "mark"), 4);
	ck_assert_int_eq(call(OP_READ, id, &rd, sizeof(rd), 60 << 10), 0);
	ck_assert_mem_eq(p + 5 * PAGE, "mark", 4);
	ck_assert_uint_eq(p[5 * PAGE - 1] | p[5 * PAGE + 4], 0);
}
END_TEST

/* 20 ms as a double must not become 19999999 ns. */
START_TEST(timeouts_are_exact)
{
	struct wire_entry_out *out = body();

	lookup(1, "data");
	ck_assert_uint_eq(out->entry_valid, 3600);
	ck_assert_uint_eq(out->entry_valid_nsec, 0);
	ck_assert_uint_eq(out->attr_valid, 0);
	ck_assert_uint_eq(out->attr_valid_nsec, 20000000);
}
END_TEST

START_TEST(open_flags_come_from_the_scenario)
{
	struct wire_open_out out = open_file(lookup(1, "data"));

	ck_assert_uint_eq(out.open_flags,
			  FOPEN_DIRECT_IO | FOPEN_PARALLEL_DIRECT_WRITES);
	ck_assert_int_eq(out.backing_id, 0);
	ck_assert_uint_ne(out.fh, open_file(lookup(1, "data")).fh);
}
END_TEST

START_TEST(a_backing_file_keeps_its_number)
{
	uint64_t id = lookup(lookup(1, "dir"), "pass");
	struct wire_open_out one = open_file(id), two = open_file(id);

	ck_assert_uint_eq(one.open_flags, FOPEN_PASSTHROUGH);
	ck_assert_int_eq(one.backing_id, 1);
	ck_assert_int_eq(two.backing_id, 1);
}
END_TEST

/* No file ends beyond the largest offset there is. */
START_TEST(nothing_is_copied_beyond_the_largest_offset)
{
	uint64_t id = lookup(1, "data"), size;
	struct wire_copy_file_range_in in = {
		.nodeid_out = id, .off_out = INT64_MAX - 10, .len = 11,
	};
	char c;

	ck_assert_int_eq(call(OP_COPY_FILE_RANGE, id, &in, sizeof(in), 0), EFBIG);
	ck_assert_int_eq(server_peek(server, 0, "/data", 0, &c, 1, &size), 1);
	ck_assert_uint_eq(size, 64 << 10);
	in.len = 10;
	ck_assert_int_eq(call(OP_COPY_FILE_RANGE, id, &in, sizeof(in),
			      sizeof(struct wire_write_out)), 0);
	ck_assert_int_eq(server_peek(server, 0, "/data", 0, &c, 1, &size), 1);
	ck_assert_uint_eq(size, INT64_MAX);
}
END_TEST

/* symlink(2) takes no more than PATH_MAX with its NUL. */
START_TEST(targets_have_a_limit)
{
	char msg[3 + PATH_MAX + 1] = "ln";

	memset(msg + 3, 'x', PATH_MAX);
	ck_assert_int_eq(call(OP_SYMLINK, 1, msg, sizeof(msg), 0), ENAMETOOLONG);
	msg[sizeof(msg) - 2] = '\0';
	ck_assert_int_eq(call(OP_SYMLINK, 1, msg, sizeof(msg) - 1,
			      sizeof(struct wire_entry_out)), 0);
}
END_TEST

START_TEST(create_has_no_flags_of_others)
{
	struct {
		struct wire_create_in in;
		char name[8];
	} msg = { .in = { .flags = O_RDWR | O_CREAT, .mode = S_IFREG | 0600 },
		  .name = "new" };
	struct wire_entry_out *e = body();
	struct wire_open_out *o = (void *)(e + 1);

	ck_assert_int_eq(call(OP_CREATE, 1, &msg, sizeof(msg.in) + 4,
			      sizeof(*e) + sizeof(*o)), 0);
	ck_assert_uint_eq(o->open_flags, 0);
	ck_assert_uint_eq(lookup(1, "new"), e->nodeid);
	/* An open of an existing file by CREATE gets that file's. */
	strcpy(msg.name, "data");
	ck_assert_int_eq(call(OP_CREATE, 1, &msg, sizeof(msg.in) + 5,
			      sizeof(*e) + sizeof(*o)), 0);
	ck_assert_uint_eq(o->open_flags,
			  FOPEN_DIRECT_IO | FOPEN_PARALLEL_DIRECT_WRITES);
}
END_TEST

START_TEST(unknown_nodes_are_stale)
{
	struct wire_getattr_in in = { 0 };

	ck_assert_int_eq(call(OP_GETATTR, 4711, &in, sizeof(in), 0), ESTALE);
}
END_TEST

/* RETRIEVE was ours, not libfuse's: nothing answers, nothing is lost. */
START_TEST(a_notify_reply_is_taken)
{
	uint8_t in[40] = { 0 };

	send_op(OP_NOTIFY_REPLY, 2, in, sizeof(in));
	ck_assert_uint_eq(lookup(1, "data"), 2);
}
END_TEST

static void held_setup(void)
{
	struct rule *r;

	build_scenario(1);
	r = build_rule(&b, "WRITE", "/data");
	r->gate = build_gate(&b, "disk");
	start();
	init();
}

START_TEST(a_held_write_is_written_on_release)
{
	uint64_t id = lookup(1, "data"), unique, size;
	char c = 'x';

	unique = send_write(id, 0, "held");
	await(EV_HELD, 1);
	ck_assert_uint_eq(receive(0), 0);
	ck_assert_uint_eq(engine_held(engine, 0), 1);
	ck_assert_int_eq(server_peek(server, 0, "/data", 0, &c, 1, &size), 1);
	ck_assert_int_eq(c, 0);
	ck_assert_uint_eq(lookup(1, "data"), id);	/* others are served */
	ck_assert_uint_eq(engine_release(engine, 0, NULL, 0, 1, false), 1);
	expect_written(unique, 4);
	ck_assert_int_eq(server_peek(server, 0, "/data", 0, &c, 1, &size), 1);
	ck_assert_int_eq(c, 'h');
}
END_TEST

START_TEST(stopping_answers_what_is_held)
{
	uint64_t id = lookup(1, "data"), unique;

	unique = send_write(id, 0, "held");
	await(EV_HELD, 1);
	engine_finish(engine, false);
	expect_written(unique, 4);
}
END_TEST

/* ---- locks ---- */

static int set_lock(uint64_t id, uint64_t owner, uint32_t opcode, uint32_t type)
{
	struct wire_lk_in in = {
		.owner = owner, .lk = { .end = INT64_MAX, .type = type },
	};

	return call(opcode, id, &in, sizeof(in), 0);
}

static uint64_t wait_lock(uint64_t id, uint64_t owner)
{
	struct wire_lk_in in = {
		.owner = owner, .lk = { .end = INT64_MAX, .type = F_WRLCK },
	};

	return send_op(OP_SETLKW, id, &in, sizeof(in));
}

/* The kernel numbers an INTERRUPT by the request it is about. */
static size_t interrupt_of(void *msg, uint64_t unique)
{
	struct wire_interrupt_in in = { unique };
	struct ask ask = {
		.opcode = OP_INTERRUPT, .unique = unique | WIRE_UNIQUE_INT,
		.body = &in, .len = sizeof(in),
	};

	return ask_write(msg, &ask);
}

static void interrupt(uint64_t unique)
{
	uint8_t msg[64];
	size_t n = interrupt_of(msg, unique);

	ck_assert_int_eq(send(kernel, msg, n, 0), n);
}

static void expect_error(uint64_t unique, int err)
{
	ck_assert_uint_eq(receive(PATIENCE_MS), sizeof(struct wire_out_header));
	ck_assert_uint_eq(head()->unique, unique);
	ck_assert_int_eq(head()->error, -err);
}

START_TEST(a_lock_waits_and_is_granted)
{
	uint64_t id = lookup(1, "data"), unique;

	ck_assert_int_eq(set_lock(id, 1, OP_SETLK, F_WRLCK), 0);
	ck_assert_int_eq(set_lock(id, 2, OP_SETLK, F_WRLCK), EAGAIN);
	unique = wait_lock(id, 2);
	ck_assert_uint_eq(lookup(1, "data"), id);
	send_op(OP_FLUSH, id, &(struct wire_flush_in){ .lock_owner = 1 },
		sizeof(struct wire_flush_in));
	receive(PATIENCE_MS);
	expect_error(unique, 0);
}
END_TEST

/* What fcntl(2) never lets through. */
START_TEST(what_is_no_lock_is_refused)
{
	struct wire_lk_in in = {
		.owner = 1, .lk = { .start = 10, .end = 5, .type = F_WRLCK },
	};
	uint64_t id = lookup(1, "data");

	ck_assert_int_eq(call(OP_SETLK, id, &in, sizeof(in), 0), EINVAL);
	ck_assert_int_eq(call(OP_GETLK, id, &in, sizeof(in), 0), EINVAL);
	ck_assert_int_eq(set_lock(id, 1, OP_SETLK, 77), EINVAL);
	ck_assert_int_eq(set_lock(id, 1, OP_SETLKW, 77), EINVAL);
	ck_assert_int_eq(set_lock(id, 2, OP_SETLK, F_WRLCK), 0);
}
END_TEST

START_TEST(a_waiting_lock_is_interrupted)
{
	uint64_t id = lookup(1, "data"), unique;

	ck_assert_int_eq(set_lock(id, 1, OP_SETLK, F_WRLCK), 0);
	unique = wait_lock(id, 2);
	interrupt(unique);
	expect_error(unique, EINTR);
	ck_assert_uint_eq(lookup(1, "data"), id);
}
END_TEST

/* Past the tap, as when two workers race.  libfuse alone would answer EAGAIN
 * to it at the next request, and the kernel would send it again, for ever. */
START_TEST(an_early_interrupt_waits_for_its_lock)
{
	uint64_t id = lookup(1, "data"), unique;
	_Alignas(8) uint8_t msg[64];
	size_t n;

	ck_assert_int_eq(set_lock(id, 1, OP_SETLK, F_WRLCK), 0);
	unique = last_unique + 4;
	n = interrupt_of(msg, unique);
	server_hooks.deliver(server, 0, msg, n);
	ck_assert_uint_eq(lookup(1, "data"), id);
	ck_assert_uint_eq(wait_lock(id, 2), unique);
	expect_error(unique, EINTR);
	ck_assert_uint_eq(lookup(1, "data"), id);
	ck_assert_uint_eq(receive(20), 0);
}
END_TEST

START_TEST(stopping_sends_waiters_away)
{
	uint64_t id = lookup(1, "data");

	ck_assert_int_eq(set_lock(id, 1, OP_SETLK, F_WRLCK), 0);
	wait_lock(id, 2);
	ck_assert_uint_eq(lookup(1, "data"), id);
}
END_TEST

/* ---- the end of a connection ---- */

START_TEST(death_closes_the_channel)
{
	struct notify_spec spec = note("inval_inode", "/data");
	uint64_t until = clock_ns() + PATIENCE_MS * NS_PER_MS;

	server_die(server, 0);
	ck_assert_int_eq(recv(kernel, got, sizeof(got), 0), 0);
	server_notify(server, &spec);
	await(EV_NOTE_DONE, 1);
	ck_assert_int_eq(last_event(EV_NOTE_DONE)->error, ENODEV);
	/* They read no more, and are gone soon. */
	while (server_worker_tids(server, 0, NULL, 0))
		ck_assert_uint_lt(clock_ns(), until);
	server_die(server, 0);
}
END_TEST

START_TEST(abort_without_fusectl_closes_too)
{
	uint64_t waiting;

	ck_assert_int_eq(server_waiting(server, 0, &waiting), ENOENT);
	ck_assert_int_eq(server_abort(server, 0), 0);
	ck_assert_int_eq(recv(kernel, got, sizeof(got), 0), 0);
}
END_TEST

START_TEST(the_kernel_may_hang_up)
{
	shutdown(kernel, SHUT_RDWR);
	await(EV_MOUNT, 2);
	ck_assert_ptr_nonnull(strstr(last_event(EV_MOUNT)->text, "ENODEV"));
}
END_TEST

START_TEST(death_comes_by_rule)
{
	uint64_t id;

	stop();
	build_scenario(1);
	build_rule(&b, "WRITE", "/data")->die = true;
	start();
	init();
	id = lookup(1, "data");
	send_write(id, 0, "x");
	ck_assert_int_eq(recv(kernel, got, sizeof(got), 0), 0);
}
END_TEST

START_TEST(workers_can_be_looked_at)
{
	pid_t tids[4];
	uint64_t until = clock_ns() + 30 * NS_PER_S;

	ck_assert_uint_eq(server_worker_tids(server, 0, tids, 4), 1);
	ck_assert_int_gt(tids[0], 0);
	ck_assert(!server_readable(server, 0));
	engine_stall(engine, 0);
	/* One may still be in read(2): it takes the first. */
	send_op(OP_STATFS, 1, NULL, 0);
	send_op(OP_STATFS, 1, NULL, 0);
	ck_assert(server_readable(server, 0));
	engine_resume(engine, 0);
	ck_assert_uint_ne(receive(PATIENCE_MS), 0);
	ck_assert_uint_ne(receive(PATIENCE_MS), 0);
	while (server_readable(server, 0))
		ck_assert_uint_lt(clock_ns(), until);
}
END_TEST

/* ---- without INIT ---- */

static void bare_setup(void)
{
	build_scenario(1);
	start();
}

/* A rule may answer INIT, and libfuse never hear of it. */
START_TEST(libfuse_need_not_see_init)
{
	ck_assert_uint_eq(lookup(1, "data"), 2);
	ck_assert_uint_eq(open_file(2).open_flags,
			  FOPEN_DIRECT_IO | FOPEN_PARALLEL_DIRECT_WRITES);
}
END_TEST

/* ---- several workers ---- */

static void many_setup(void)
{
	build_scenario(4);
	start();
	init();
}

START_TEST(workers_share_the_work)
{
	uint64_t id = lookup(1, "data"), answered = 0;
	unsigned i, n = 0;

	ck_assert_uint_eq(server_worker_tids(server, 0, NULL, 0), 4);
	for (i = 0; i < 200; i++) {
		send_write(id, i * 16, "0123456789abcdef");
		while (receive(0)) {
			ck_assert_int_eq(head()->error, 0);
			answered += head()->unique;
			n++;
		}
	}
	while (n < 200 && receive(PATIENCE_MS)) {
		answered += head()->unique;
		n++;
	}
	ck_assert_uint_eq(n, 200);
	/* Each once: the uniques' sum. */
	ck_assert_uint_eq(answered, 200 * (last_unique - 199));
}
END_TEST

/* ---- a device ---- */

static void build_device(const char *content)
{
	build_scenario(2);
	b.sc.mounts[0].kind = MOUNT_CUSE;
	b.sc.mounts[0].dev_name = "fusescen0";
	b.sc.mounts[0].content = (struct data_spec){
		(const uint8_t *)content, strlen(content), strlen(content), NULL };
	start();
}

static void device_setup(void)
{
	build_device("hello");
}

static void empty_device_setup(void)
{
	build_device("");
}

START_TEST(a_device_is_served)
{
	struct wire_cuse_init_in in = { .major = WIRE_MAJOR, .minor = 38 };
	struct wire_read_in rd = { .size = 3 };
	const struct wire_cuse_init_out *out = body();
	const char name[] = "DEVNAME=fusescen0.", digits[] = "0123456789abcdef";
	const char *info = (const char *)(out + 1) + strlen(name);
	uint64_t size;
	char c;

	ck_assert_int_eq(call(OP_CUSE_INIT, 0, &in, sizeof(in),
			      sizeof(*out) + sizeof(name) + 16), 0);
	ck_assert_uint_eq(out->major, WIRE_MAJOR);
	ck_assert_uint_eq(out->minor, 38);
	ck_assert_uint_eq(out->max_read, 128 << 10);
	/* The rest of the name and the number are of this run alone. */
	ck_assert_mem_eq(out + 1, name, strlen(name));
	ck_assert_uint_eq(strspn(info, digits), 16);
	ck_assert_uint_eq(strtoull(info, NULL, 16) & 0xfffff, out->dev_minor);
	open_file(0);
	ck_assert_int_eq(call(OP_READ, 0, &rd, sizeof(rd), 3), 0);
	ck_assert_mem_eq(body(), "hel", 3);
	rd.offset = 4;
	ck_assert_int_eq(call(OP_READ, 0, &rd, sizeof(rd), 1), 0);
	rd.offset = 99;
	ck_assert_int_eq(call(OP_READ, 0, &rd, sizeof(rd), 0), 0);
	expect_written(send_write(0, 0, "J"), 1);
	expect_written(send_write(0, 5, "!"), 1);
	ck_assert_int_eq(server_peek(server, 0, "", 0, &c, 1, &size), 1);
	ck_assert_int_eq(c, 'J');
	ck_assert_uint_eq(size, 6);
	expect_error(send_write(0, LIMIT_DEVICE_DATA, "x"), ENOSPC);
}
END_TEST

/* There is no buffer yet to copy nothing to. */
START_TEST(nothing_is_written_to_an_empty_device)
{
	struct wire_cuse_init_in in = { .major = WIRE_MAJOR, .minor = 38 };

	send_op(OP_CUSE_INIT, 0, &in, sizeof(in));
	ck_assert_uint_ne(receive(PATIENCE_MS), 0);
	open_file(0);
	expect_written(send_write(0, 0, ""), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("server_sim");
	TCase *tc = tcase(suite, "served", setup);

	tcase_add_test(tc, files_are_served);
	tcase_add_test(tc, reads_over_many_pages_are_whole);
	tcase_add_test(tc, timeouts_are_exact);
	tcase_add_test(tc, open_flags_come_from_the_scenario);
	tcase_add_test(tc, a_backing_file_keeps_its_number);
	tcase_add_test(tc, nothing_is_copied_beyond_the_largest_offset);
	tcase_add_test(tc, targets_have_a_limit);
	tcase_add_test(tc, create_has_no_flags_of_others);
	tcase_add_test(tc, unknown_nodes_are_stale);
	tcase_add_test(tc, a_notify_reply_is_taken);
	tcase_add_test(tc, a_lock_waits_and_is_granted);
	tcase_add_test(tc, what_is_no_lock_is_refused);
	tcase_add_test(tc, a_waiting_lock_is_interrupted);
	tcase_add_test(tc, an_early_interrupt_waits_for_its_lock);
	tcase_add_test(tc, stopping_sends_waiters_away);
	tcase_add_test(tc, death_closes_the_channel);
	tcase_add_test(tc, abort_without_fusectl_closes_too);
	tcase_add_test(tc, the_kernel_may_hang_up);
	tcase_add_test(tc, death_comes_by_rule);
	tcase_add_test(tc, workers_can_be_looked_at);
	tc = tcase(suite, "held", held_setup);
	tcase_add_test(tc, a_held_write_is_written_on_release);
	tcase_add_test(tc, stopping_answers_what_is_held);
	tc = tcase(suite, "bare", bare_setup);
	tcase_add_test(tc, libfuse_need_not_see_init);
	tc = tcase(suite, "workers", many_setup);
	tcase_add_test(tc, workers_share_the_work);
	tc = tcase(suite, "device", device_setup);
	tcase_add_test(tc, a_device_is_served);
	tc = tcase(suite, "empty device", empty_device_setup);
	tcase_add_test(tc, nothing_is_written_to_an_empty_device);
	return unit_main(suite);
}
