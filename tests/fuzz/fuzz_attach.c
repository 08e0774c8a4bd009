/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tap under a session of somebody else, whose handlers reply whatever the
 * fuzzer says, by libfuse or past it, to requests that it makes up as well.
 *
 *	scenario  {request (hostile.h)  the reply to it: REPLY_* ...}
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include "attach/attach.h"
#include "base/units.h"
#include "report/report.h"
#include "tests/fuzz/hostile.h"
#include "tests/fuzz/scenario.h"
#include "transport/fuselib.h"

#define BODY_MAX	512u

static const char plain[] =
	"fusescen: 1\n"
	"mounts: {fs: {}}\n";

static const char rules[] =
	"fusescen: 1\n"
	"mounts: {fs: {}}\n"
	"states: {disk: [good, bad]}\n"
	"rules:\n"
	"- {op: LOOKUP, nth: 2.., reply: {nodeid: 3, mode: 0}}\n"
	"- {op: GETATTR, reply: {size: 4K}}\n"
	"- {op: READ, nth: 1, hold: {gate: late, after: true}}\n"
	"- {op: READ, nth: 2, answer: {gate: late, short: 3}}\n"
	"- {op: READ, reply: {data: \"abc\", long: 3}}\n"
	"- {op: WRITE, nth: 1, delay: {time: 1ms, after: true}}\n"
	"- {op: WRITE, reply: {size: 1, copies: 2}}\n"
	"- {op: OPEN, set: {disk: bad}, reply: {open_flags: direct_io}}\n"
	"- {op: INIT, reply: {max_write: 4K, short: 8}}\n"
	"- {op: IOCTL, reply: {result: 1}}\n"
	"- {op: STATFS, when: {disk: bad}, notify: {inval_inode: /x}}\n"
	"- {op: \"*\", reply: {len: 17}}\n"
	"expect:\n"
	"- {count: \"reply READ\", is: 1}\n";

static struct scenario_file *scenarios[2];

enum {
	REPLY_ERROR,		/* 4 bytes: the error, by libfuse */
	REPLY_BODY,		/* length (2 bytes), a body, by libfuse */
	REPLY_PAST,		/* error, length, a body, to the tap itself */
	REPLY_TWICE,		/* a second one like that */
	REPLY_OTHER,		/* 8 bytes: the unique; like that */
	REPLY_HEAD,		/* length of a message that is no reply */
	N_REPLIES
};

static struct input *answers;
static struct attachment *attachment;

static size_t take_body(uint8_t *body)
{
	return take(answers, body, take_u16(answers) % (BODY_MAX + 1));
}

/* What a session's custom I/O may be told to write, whoever tells it. */
static void reply_past_libfuse(uint64_t unique)
{
	uint8_t body[BODY_MAX];
	int32_t error = (int32_t)take_u32(answers);
	size_t n = take_body(body);
	struct wire_out_header h = {
		.len = (uint32_t)(sizeof(h) + n), .error = error, .unique = unique,
	};
	/* In pieces, as libfuse has them. */
	const struct iovec iov[] = {
		{ &h, sizeof(h) }, { body, n / 2 }, { body + n / 2, n - n / 2 },
	};

	engine_reply(attachment_engine(attachment), 0, iov, ARRAY_SIZE(iov));
}

static void reply_without_header(void)
{
	uint8_t body[BODY_MAX];
	const struct iovec iov = { body, take_body(body) };

	engine_reply(attachment_engine(attachment), 0, &iov, 1);
}

/* Of the request that is with the handlers: libfuse does not tell them. */
static uint64_t unique_now;

static void answer(fuse_req_t req)
{
	uint8_t body[BODY_MAX];
	struct iovec iov = { .iov_base = body };

	switch (take_byte(answers) % N_REPLIES) {
	case REPLY_ERROR:
		fuse_reply_err(req, (int)take_u32(answers));
		return;
	case REPLY_BODY:
		iov.iov_len = take_body(body);
		fuse_reply_iov(req, &iov, 1);
		return;
	case REPLY_TWICE:
		reply_past_libfuse(unique_now);
		/* fall through */
	case REPLY_PAST:
		reply_past_libfuse(unique_now);
		break;
	case REPLY_OTHER:
		reply_past_libfuse(take_u64(answers));
		break;
	case REPLY_HEAD:
		reply_without_header();
		break;
	}
	fuse_reply_err(req, EIO);
}

static void one_node(fuse_req_t req, fuse_ino_t ino)
{
	(void)ino;
	answer(req);
}

static void one_name(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	(void)dir;
	(void)name;
	answer(req);
}

static void one_file(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	(void)fi;
	answer(req);
}

static void reading(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
		    struct fuse_file_info *fi)
{
	(void)size;
	(void)at;
	one_file(req, ino, fi);
}

static void writing(fuse_req_t req, fuse_ino_t ino, const char *from,
		    size_t size, off_t at, struct fuse_file_info *fi)
{
	(void)from;
	(void)size;
	(void)at;
	one_file(req, ino, fi);
}

static void creating(fuse_req_t req, fuse_ino_t dir, const char *name, mode_t mode,
		     struct fuse_file_info *fi)
{
	(void)name;
	(void)mode;
	one_file(req, dir, fi);
}

static const struct fuse_lowlevel_ops handlers = {
	.lookup = one_name, .unlink = one_name, .rmdir = one_name,
	.readlink = one_node, .statfs = one_node,
	.getattr = one_file, .open = one_file, .opendir = one_file,
	.flush = one_file, .release = one_file, .releasedir = one_file,
	.read = reading, .readdir = reading, .readdirplus = reading,
	.write = writing, .create = creating,
};

static void no_log(enum fuse_log_level level, const char *fmt, va_list ap)
{
	(void)level;
	(void)fmt;
	(void)ap;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuse_set_log_func(no_log);
	scenarios[0] = fuzz_scenario(plain);
	scenarios[1] = fuzz_scenario(rules);
	return 0;
}

/* On a socket that does not wait.  *kernel is the other end. */
static struct fuse_session *make_session(int *kernel)
{
	char name[] = "fuzz", *argv[] = { name, NULL }, path[32];
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct fuse_session *se = fuse_session_new(&args, &handlers,
						   sizeof(handlers), NULL);
	int pair[2];

	fuse_opt_free_args(&args);
	if (!se || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC |
			      SOCK_NONBLOCK, 0, pair))
		die_bug("no session");
	snprintf(path, sizeof(path), "/dev/fd/%d", pair[1]);
	if (fuse_session_mount(se, path))
		die_bug("no mount of a socket");
	*kernel = pair[0];
	return se;
}

static void read_all(int kernel)
{
	static uint8_t got[1u << 20];

	while (recv(kernel, got, sizeof(got), 0) > 0)
		;
}

static void serve(struct fuse_session *se, const void *msg)
{
	static struct fuse_buf buf;	/* a large one: it stays */

	memcpy(&unique_now, (const uint8_t *)msg +
	       offsetof(struct wire_in_header, unique), sizeof(unique_now));
	while (!fuse_session_exited(se) &&
	       fuse_session_receive_buf(se, &buf) > 0)
		fuse_session_process_buf(se, &buf);
}

static void init(struct fuse_session *se, int kernel)
{
	const struct {
		struct wire_in_header h;
		struct wire_init_in in;
	} msg = {
		.h = { .len = sizeof(msg), .opcode = OP_INIT, .unique = 1 },
		.in = { .major = WIRE_MAJOR, .minor = 38,
			.max_readahead = 128 << 10, .flags = INIT_MAX_PAGES },
	};

	if (send(kernel, &msg, sizeof(msg), 0) == sizeof(msg))
		serve(se, &msg);
}

static void play(struct fuse_session *se, int kernel, struct input *in)
{
	static _Alignas(8) uint8_t msg[HOSTILE_MAX];
	struct hostile hostile = { 0 };
	struct decoded_request req;
	const char *why;
	size_t len;

	while (in->left && (len = hostile_next(&hostile, in, msg))) {
		/* What is malformed a session gets as it would without us, and
		 * libfuse forgets what answers no notification. */
		if (request_decode(&req, &protocol_builtin, msg, len, &why) ||
		    req.h->opcode == OP_NOTIFY_REPLY || send(kernel, msg, len, 0) < 0)
			continue;
		serve(se, msg);
		read_all(kernel);
	}
}

static void report(const struct scenario *sc, struct evlog *log)
{
	auto_buf struct buf out = BUF_INIT;
	struct result result = { 0 };
	const struct event **events;
	size_t n, i;

	events = evlog_sorted(log, &n);
	report_ladder(&out, sc, events, n,
		      &(struct ladder_window){ &(uint64_t){ 0 }, 1, 0, 0 });
	report_json(&out, sc, &result, events, n);
	for (i = 0; i < sc->n_expect; i++) {
		struct finding f = { 0 };

		if (!check_holds(sc, &sc->expect[i], events, n, &f))
			finding_fini(&f);
	}
	free(events);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const struct scenario *sc =
		scenarios[take_byte(&in) % ARRAY_SIZE(scenarios)]->cases[0];
	_Atomic uint64_t seq = 0;
	struct fuse_session *se;
	struct evlog *log;
	const char *why;
	int kernel;

	se = make_session(&kernel);
	log = evlog_new(&seq);
	attachment = attachment_new(se, sc, log, &why);
	if (!attachment)
		die_bug("attach: %s", why);
	answers = &in;
	init(se, kernel);
	play(se, kernel, &in);
	if (!attachment_end(attachment))
		die_bug("a notification does not end");
	report(sc, log);
	attachment_free(attachment);
	fuse_session_destroy(se);
	close(kernel);
	evlog_free(log);
	return 0;
}
