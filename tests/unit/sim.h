/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server, its tap and its filesystem end with the test in the kernel's place,
 * at the other end of a socket.  Included by one test program each.
 */
#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/units.h"
#include "server/server.h"
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

static inline struct wire_out_header *head(void)
{
	return (struct wire_out_header *)got;
}

static inline void *body(void)
{
	return got + sizeof(struct wire_out_header);
}

/* ---- the scenario ---- */

static inline void add_file(struct mount_spec *m, const char *path, uint64_t size,
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

static inline void build_scenario(unsigned workers)
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

static inline void start(void)
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

static inline void stop(void)
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

static inline uint64_t send_op(uint32_t opcode, uint64_t nodeid, const void *p, size_t len)
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
static inline size_t receive(int ms)
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
static inline int call(uint32_t opcode, uint64_t nodeid, const void *p, size_t len,
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

static inline void init(void)
{
	struct wire_init_in in = {
		.major = WIRE_MAJOR, .minor = 38, .max_readahead = 128 << 10,
		.flags = INIT_MAX_PAGES | INIT_EXT,
		.flags2 = INIT_PASSTHROUGH >> 32,
	};
	struct wire_init_out *out = body();

	ck_assert_int_eq(call(OP_INIT, 0, &in, sizeof(in), sizeof(*out)), 0);
	ck_assert_uint_eq(out->major, WIRE_MAJOR);
	ck_assert_uint_ge(out->max_write, b.sc.mounts[0].backing.kind ==
			  BACKING_NULL ? 1 << 19 : 1 << 20);
}

static inline uint64_t lookup(uint64_t dir, const char *name)
{
	struct wire_entry_out *out = body();

	if (call(OP_LOOKUP, dir, name, strlen(name) + 1, sizeof(*out)))
		return 0;
	return out->nodeid;
}

static inline struct wire_open_out open_file(uint64_t nodeid)
{
	struct wire_open_in in = { .flags = O_RDWR };
	struct wire_open_out out;

	ck_assert_int_eq(call(OP_OPEN, nodeid, &in, sizeof(in), sizeof(out)), 0);
	memcpy(&out, body(), sizeof(out));
	return out;
}

static inline uint64_t send_write(uint64_t nodeid, uint64_t at, const char *text)
{
	uint8_t msg[sizeof(struct wire_write_in) + 64];
	struct wire_write_in in = { .offset = at, .size = strlen(text) };

	memcpy(msg, &in, sizeof(in));
	memcpy(msg + sizeof(in), text, in.size);
	return send_op(OP_WRITE, nodeid, msg, sizeof(in) + in.size);
}

static inline void expect_written(uint64_t unique, uint32_t size)
{
	ck_assert_uint_eq(receive(PATIENCE_MS),
			  sizeof(struct wire_out_header) + 8);
	ck_assert_uint_eq(head()->unique, unique);
	ck_assert_int_eq(head()->error, 0);
	ck_assert_uint_eq(*(uint32_t *)body(), size);
}

/* Until so many of one kind are in the log. */
static inline void await(enum event_kind kind, unsigned want)
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

static inline const struct event *last_event(enum event_kind kind)
{
	size_t i = evlog_count(evlog);

	while (i && evlog_at(evlog, i - 1)->kind != kind)
		i--;
	ck_assert_uint_ne(i, 0);
	return evlog_at(evlog, i - 1);
}

static inline void setup(void)
{
	build_scenario(1);
	start();
	init();
}

/* About a file of the first mount; NULL: none. */
static inline struct notify_spec note(const char *name, const char *path)
{
	return (struct notify_spec){
		.note = note_by_name(&protocol_builtin, name, strlen(name)), .name = NONE,
		.mount = NONE, .file = { 0, path, false },
	};
}

static inline TCase *tcase(Suite *suite, const char *name, void (*up)(void))
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, up, stop);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return tc;
}

#endif
