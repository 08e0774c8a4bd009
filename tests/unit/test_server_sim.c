/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Server, tap and filesystem end together, with this test in the kernel's place
 * at the other end of a socket: what goes in as a request must come out as the
 * right reply.  No /dev/fuse.
 */
#include "config.h"

#include "serve/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/units.h"
#include "tests/unit/build.h"
#include "tests/unit/unit.h"

#define PATIENCE_MS	5000
#define MSG_MAX		(128u << 10)
#define PAGE		4096u

static struct build b;
static struct evlog *evlog;
static struct server *server;
static struct engine *engine;
static int kernel;		/* our end */
static uint64_t last_unique;
static _Alignas(8) uint8_t got[MSG_MAX];	/* the last reply */

static struct wire_out_header *head(void)
{
	return (struct wire_out_header *)got;
}

static void *body(void)
{
	return got + sizeof(struct wire_out_header);
}

/* ---- the scenario ---- */

static void add_file(struct mount_spec *m, const char *path, uint64_t size,
		     uint32_t open_flags, const char *backing)
{
	struct file_spec f = {
		.path = path, .size = size, .mode = 0644,
		.open_flags = open_flags, .entry_ns = UINT64_MAX,
		.attr_ns = 20 * NS_PER_MS,
		.backing = { backing ? 1 : NONE, backing, false },
	};

	ARENA_PUSH(b.a, m->files, m->n_files, f);
}

static void build_scenario(unsigned workers)
{
	struct mount_spec *m;

	build_init(&b, 2);
	m = &b.sc.mounts[0];
	m->workers = workers;
	m->entry_ns = m->attr_ns = 3600 * NS_PER_S;
	add_file(m, "/data", 64 << 10,
		 FOPEN_DIRECT_IO | FOPEN_PARALLEL_DIRECT_WRITES, NULL);
	add_file(m, "/dir/pass", PAGE, 0, "/lower");
	add_file(&b.sc.mounts[1], "/lower", PAGE, 0, NULL);
	b.sc.diags = diags_new("test", NULL, 0);
}

static void start(void)
{
	int pair[2];

	evlog = evlog_new(&b.seq);
	server = server_new(&b.sc, evlog);
	ck_assert_ptr_nonnull(server);
	engine = engine_new(&b.sc, evlog, &server_hooks, server);
	server_set_engine(server, engine);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    pair), 0);
	kernel = pair[0];
	ck_assert_int_eq(server_attach_sim(server, 0, pair[1]), 0);
	last_unique = 0;
}

static void stop(void)
{
	engine_finish(engine, false);
	ck_assert_uint_eq(server_stop(server, false,
				      clock_ns() + 5 * NS_PER_S), 0);
	engine_free(engine);
	server_free(server);
	evlog_free(evlog);
	diags_free(b.sc.diags);
	build_fini(&b);
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

/* The length of the next message from the server, 0 if none comes in time. */
static size_t receive(int ms)
{
	struct pollfd p = { .fd = kernel, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return 0;
	n = recv(kernel, got, sizeof(got), 0);
	ck_assert_int_ge(n, sizeof(struct wire_out_header));
	ck_assert_uint_eq(head()->len, n);
	return n;
}

/* One request, whose reply must carry body_len bytes; the error. */
static int call(uint32_t opcode, uint64_t nodeid, const void *p, size_t len,
		size_t body_len)
{
	uint64_t unique = send_op(opcode, nodeid, p, len);
	size_t n = receive(PATIENCE_MS);

	ck_assert_uint_ne(n, 0);
	ck_assert_uint_eq(head()->unique, unique);
	if (!head()->error)
		ck_assert_uint_eq(n - sizeof(struct wire_out_header), body_len);
	return -head()->error;
}

static void init(void)
{
	struct wire_init_in in = {
		.major = WIRE_MAJOR, .minor = 38, .max_readahead = 128 << 10,
		.flags = INIT_MAX_PAGES | INIT_EXT,
		.flags2 = INIT_PASSTHROUGH >> 32,
	};
	struct wire_init_out *out = body();

	ck_assert_int_eq(call(OP_INIT, 0, &in, sizeof(in), sizeof(*out)), 0);
	ck_assert_uint_eq(out->major, WIRE_MAJOR);
	ck_assert_uint_ge(out->max_write, 1 << 20);
}

static uint64_t lookup(uint64_t dir, const char *name)
{
	struct wire_entry_out *out = body();

	if (call(OP_LOOKUP, dir, name, strlen(name) + 1, sizeof(*out)))
		return 0;
	return out->nodeid;
}

static struct wire_open_out open_file(uint64_t nodeid)
{
	struct wire_open_in in = { .flags = O_RDWR };
	struct wire_open_out out;

	ck_assert_int_eq(call(OP_OPEN, nodeid, &in, sizeof(in), sizeof(out)), 0);
	memcpy(&out, body(), sizeof(out));
	return out;
}

static uint64_t send_write(uint64_t nodeid, uint64_t at, const char *text)
{
	uint8_t msg[sizeof(struct wire_write_in) + 64];
	struct wire_write_in in = { .offset = at, .size = strlen(text) };

	memcpy(msg, &in, sizeof(in));
	memcpy(msg + sizeof(in), text, in.size);
	return send_op(OP_WRITE, nodeid, msg, sizeof(in) + in.size);
}

static void expect_written(uint64_t unique, uint32_t size)
{
	ck_assert_uint_eq(receive(PATIENCE_MS),
			  sizeof(struct wire_out_header) + 8);
	ck_assert_uint_eq(head()->unique, unique);
	ck_assert_int_eq(head()->error, 0);
	ck_assert_uint_eq(*(uint32_t *)body(), size);
}

/* Until so many of one kind are in the log. */
static void await(enum event_kind kind, unsigned want)
{
	uint64_t until = clock_ns() + PATIENCE_MS * NS_PER_MS;
	size_t seen = 0, i;

	for (;;) {
		unsigned n = 0;

		for (i = 0; i < evlog_count(evlog); i++)
			n += evlog_at(evlog, i)->kind == kind;
		if (n >= want)
			return;
		ck_assert(evlog_wait_news(evlog, &seen, until));
	}
}

static const struct event *last_event(enum event_kind kind)
{
	size_t i = evlog_count(evlog);

	while (i && evlog_at(evlog, i - 1)->kind != kind)
		i--;
	ck_assert_uint_ne(i, 0);
	return evlog_at(evlog, i - 1);
}

static void setup(void)
{
	build_scenario(1);
	start();
	init();
}

/* ---- tests ---- */

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

/* ---- notifications ---- */

static struct notify_spec note(const char *name, const char *path)
{
	return (struct notify_spec){
		.note = note_by_name(name, strlen(name)), .name = NONE,
		.mount = NONE, .file = { 0, path, false },
	};
}

static uint8_t *expect_note(const struct notify_spec *spec, uint32_t code,
			    size_t len)
{
	server_notify(server, spec);
	ck_assert_uint_eq(receive(PATIENCE_MS), sizeof(struct wire_out_header) + len);
	ck_assert_uint_eq(head()->unique, 0);
	ck_assert_uint_eq(head()->error, code);
	return body();
}

START_TEST(notifications_name_nodes)
{
	struct notify_spec spec = note("inval_inode", "/dir/pass");
	uint64_t id[4];

	memcpy(id, expect_note(&spec, NOTE_INVAL_INODE, 24), 24);
	ck_assert_uint_eq(id[0], 4);
	await(EV_NOTE_DONE, 1);
	ck_assert_ptr_eq(last_event(EV_NOTE_START)->notify, &spec);
	ck_assert_int_eq(last_event(EV_NOTE_DONE)->error, 0);
	ck_assert_int_eq(last_event(EV_NOTE_DONE)->mount, 0);
}
END_TEST

START_TEST(notifications_name_entries)
{
	struct notify_spec inval = note("inval_entry", "/dir");
	struct notify_spec del = note("delete", "/dir");
	uint64_t id[3];
	uint8_t *p;

	inval.child = del.child = "pass";
	p = expect_note(&inval, NOTE_INVAL_ENTRY, 16 + 5);
	memcpy(id, p, 8);
	ck_assert_uint_eq(id[0], 3);
	ck_assert_str_eq((char *)p + 16, "pass");
	p = expect_note(&del, NOTE_DELETE, 24 + 5);
	memcpy(id, p, 16);
	ck_assert_uint_eq(id[0], 3);
	ck_assert_uint_eq(id[1], 4);
	ck_assert_str_eq((char *)p + 24, "pass");
}
END_TEST

START_TEST(notifications_carry_data)
{
	struct notify_spec spec = note("store", "/data");
	uint8_t *p;

	spec.has_data = true;
	spec.data = (struct data_spec){ (const uint8_t *)"ab", 2, 5 };
	p = expect_note(&spec, NOTE_STORE, 24 + 5);
	ck_assert_uint_eq(*(uint64_t *)p, 2);
	ck_assert_uint_eq(*(uint32_t *)(p + 16), 5);
	ck_assert_mem_eq(p + 24, "ababa", 5);
}
END_TEST

START_TEST(fields_by_hand_win)
{
	struct notify_spec spec = note("inval_inode", "/data");
	struct field_set sets[] = {
		{ .f = note_arg(spec.note, "nodeid", 6), .num = 99 },
		{ .f = note_arg(spec.note, "off", 3), .num = PAGE },
	};
	uint64_t v[3];

	spec.sets = sets;
	spec.n_sets = 2;
	memcpy(v, expect_note(&spec, NOTE_INVAL_INODE, 24), 24);
	ck_assert_uint_eq(v[0], 99);
	ck_assert_uint_eq(v[1], PAGE);
}
END_TEST

START_TEST(prune_names_many)
{
	struct file_ref files[] = { { 0, "/data", false }, { 0, "/none", false },
				    { 0, "/dir", false } };
	struct notify_spec spec = note("prune", NULL);
	uint64_t v[5];

	spec.mount = 0;
	spec.others = files;
	spec.n_others = 3;
	memcpy(v, expect_note(&spec, NOTE_PRUNE, 40), 40);
	ck_assert_uint_eq((uint32_t)v[0], 3);
	ck_assert_uint_eq(v[2], 2);
	ck_assert_uint_eq(v[3], 0);
	ck_assert_uint_eq(v[4], 3);
}
END_TEST

START_TEST(raw_notifications)
{
	struct notify_spec spec = {
		.code = 77, .name = NONE, .mount = 0, .file = { .mount = NONE },
		.has_data = true, .data = { (const uint8_t *)"xyz", 3, 3 },
	};

	ck_assert_mem_eq(expect_note(&spec, 77, 3), "xyz", 3);
}
END_TEST

/* Nobody reads: the write blocks, which others can see. */
START_TEST(a_blocked_notification_is_known)
{
	struct notify_spec spec = note("store", "/data");
	unsigned i, n = 0;

	spec.name = build_note(&b, "fill");
	spec.has_data = true;
	spec.data = (struct data_spec){ (const uint8_t *)"z", 1, 60 << 10 };
	ck_assert_int_eq(server_note_tid(server, spec.name), 0);
	for (i = 0; i < 40; i++)
		server_notify(server, &spec);
	for (i = 0; i < 40; i++)
		await(EV_NOTE_START, 40);
	ck_assert_uint_ne(server_notes_running(server), 0);
	ck_assert_int_ne(server_note_tid(server, spec.name), 0);
	while (n < 40 && receive(PATIENCE_MS))
		n++;
	ck_assert_uint_eq(n, 40);
	await(EV_NOTE_DONE, 40);
}
END_TEST

/* ---- the end of a connection ---- */

START_TEST(death_closes_the_channel)
{
	struct notify_spec spec = note("inval_inode", "/data");

	server_die(server, 0);
	ck_assert_int_eq(recv(kernel, got, sizeof(got), 0), 0);
	server_notify(server, &spec);
	await(EV_NOTE_DONE, 1);
	ck_assert_int_eq(last_event(EV_NOTE_DONE)->error, ENODEV);
	ck_assert_uint_eq(server_worker_tids(server, 0, NULL, 0), 0);
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
	uint64_t until = clock_ns() + 5 * NS_PER_S;

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

static TCase *tcase(Suite *suite, const char *name, void (*up)(void))
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, up, stop);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("server_sim");
	TCase *tc = tcase(suite, "served", setup);

	tcase_add_test(tc, files_are_served);
	tcase_add_test(tc, reads_over_many_pages_are_whole);
	tcase_add_test(tc, timeouts_are_exact);
	tcase_add_test(tc, open_flags_come_from_the_scenario);
	tcase_add_test(tc, a_backing_file_keeps_its_number);
	tcase_add_test(tc, create_has_no_flags_of_others);
	tcase_add_test(tc, unknown_nodes_are_stale);
	tcase_add_test(tc, a_notify_reply_is_taken);
	tcase_add_test(tc, a_lock_waits_and_is_granted);
	tcase_add_test(tc, a_waiting_lock_is_interrupted);
	tcase_add_test(tc, an_early_interrupt_waits_for_its_lock);
	tcase_add_test(tc, stopping_sends_waiters_away);
	tcase_add_test(tc, notifications_name_nodes);
	tcase_add_test(tc, notifications_name_entries);
	tcase_add_test(tc, notifications_carry_data);
	tcase_add_test(tc, fields_by_hand_win);
	tcase_add_test(tc, prune_names_many);
	tcase_add_test(tc, raw_notifications);
	tcase_add_test(tc, a_blocked_notification_is_known);
	tcase_add_test(tc, death_closes_the_channel);
	tcase_add_test(tc, abort_without_fusectl_closes_too);
	tcase_add_test(tc, the_kernel_may_hang_up);
	tcase_add_test(tc, death_comes_by_rule);
	tcase_add_test(tc, workers_can_be_looked_at);
	tc = tcase(suite, "held", held_setup);
	tcase_add_test(tc, a_held_write_is_written_on_release);
	tcase_add_test(tc, stopping_answers_what_is_held);
	tc = tcase(suite, "workers", many_setup);
	tcase_add_test(tc, workers_share_the_work);
	return unit_main(suite);
}
