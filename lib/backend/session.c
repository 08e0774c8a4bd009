/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sessions.  Some requests (watches[] says which) are watched from their
 * delivery to their reply: replies to opens are completed on their way out, and
 * locks that wait may be interrupted.  A read or write pays one look at a
 * counter for that.
 */
#include "config.h"

#include "backend/session.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/lock.h"
#include "transport/fuselib.h"
#include "wire/ops.h"

/* Under this unique the session sends libfuse an INIT of its own when a script
 * has answered the kernel's. */
#define UNIQUE_BEGIN	(UINT64_MAX - 1)
#define EARLY_MAX	32u

enum watch_kind { WATCH_OPEN, WATCH_LOCK };

struct watch {
	uint32_t opcode;
	enum watch_kind kind;
	size_t open_at;		/* where wire_open_out is in the answer */
};

static const struct watch watches[] = {
	{ OP_OPEN, WATCH_OPEN, 0 },
	{ OP_OPENDIR, WATCH_OPEN, 0 },
	{ OP_CREATE, WATCH_OPEN, sizeof(struct wire_entry_out) },
	{ OP_TMPFILE, WATCH_OPEN, sizeof(struct wire_entry_out) },
	{ OP_SETLKW, WATCH_LOCK, 0 },
};

/* A watched request that libfuse has not answered. */
struct inside {
	struct inside *next;
	uint64_t unique, nodeid;
	const struct watch *watch;
};

struct session {
	struct backend *backend;
	struct fuse_session *se;	/* NULL: the backend answers by itself */
	session_reply_fn *reply;
	void *ctx;
	pthread_mutex_t mutex;
	struct inside *inside;		/* under mutex */
	atomic_uint n_inside;
	uint64_t early[EARLY_MAX];	/* INTERRUPTs before their request */
	unsigned n_early;		/* ever; under mutex */
	atomic_bool begun;
	pthread_mutex_t begin;
};

static void swallow_log(enum fuse_log_level level, const char *fmt, va_list ap)
{
	(void)level;
	(void)fmt;
	(void)ap;
}

/* ---- requests that are watched ---- */

static const struct watch *watch_of(uint32_t opcode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(watches); i++)
		if (watches[i].opcode == opcode)
			return &watches[i];
	return NULL;
}

/* Under mutex: the pointer to the watched request; it points to NULL if there
 * is no such request. */
static struct inside **find_inside(struct session *s, uint64_t unique)
{
	struct inside **pp = &s->inside;

	while (*pp && (*pp)->unique != unique)
		pp = &(*pp)->next;
	return pp;
}

/* Watch a request.  Returns whether its INTERRUPT has been here already. */
static bool enter(struct session *s, const struct wire_in_header *h,
		  const struct watch *watch)
{
	struct inside *in = xcalloc(1, sizeof(*in));
	bool early = false;
	unsigned i;

	in->unique = h->unique;
	in->nodeid = h->nodeid;
	in->watch = watch;
	auto_lock(&s->mutex);
	for (i = 0; i < EARLY_MAX; i++) {
		if (watch->kind != WATCH_LOCK || s->early[i] != h->unique)
			continue;
		early = true;
		s->early[i] = 0;
	}
	in->next = s->inside;
	s->inside = in;
	atomic_fetch_add(&s->n_inside, 1);
	return early;
}

/* Watch a request no more; NULL if it was not watched.  The caller frees. */
static struct inside *leave(struct session *s, uint64_t unique)
{
	struct inside **pp, *in;

	if (!atomic_load_explicit(&s->n_inside, memory_order_acquire))
		return NULL;
	auto_lock(&s->mutex);
	pp = find_inside(s, unique);
	in = *pp;
	if (in) {
		*pp = in->next;
		atomic_fetch_sub(&s->n_inside, 1);
	}
	return in;
}

static void process(struct session *s, void *msg, size_t len)
{
	const struct fuse_buf buf = { .mem = msg, .size = len };

	fuse_session_process_buf(s->se, &buf);
}

/* ---- answers to opens ---- */

static void complete(struct session *s, const struct inside *in,
		     const struct iovec *body)
{
	const struct file_spec *spec;
	uint64_t nodeid = in->nodeid;
	struct wire_open_out *out;

	/* The reply to CREATE says which file was opened. */
	if (in->watch->open_at)
		memcpy(&nodeid, body->iov_base, sizeof(nodeid));
	spec = backend_spec(s->backend, nodeid);
	if (!spec)
		return;
	out = (void *)((char *)body->iov_base + in->watch->open_at);
	out->open_flags |= spec->open_flags;
	if (spec->backing.path)
		out->open_flags |= FOPEN_PASSTHROUGH;
}

/* libfuse's reply: a header and, unless it is an error, one body. */
static ssize_t answer(struct session *s, struct iovec *iov, int n)
{
	const struct wire_out_header *h = iov[0].iov_base;
	struct inside *in = leave(s, h->unique);

	if (in && in->watch->kind == WATCH_OPEN && n == 2 &&
	    iov[1].iov_len >= in->watch->open_at + sizeof(struct wire_open_out))
		complete(s, in, &iov[1]);
	free(in);
	if (h->unique == UNIQUE_BEGIN)
		return h->len;
	return s->reply(s->ctx, iov, n);
}

static ssize_t io_writev(int fd, struct iovec *iov, int n, void *userdata)
{
	ssize_t done = answer(((struct backend *)userdata)->session, iov, n);

	(void)fd;
	if (done >= 0)
		return done;
	/* The one errno libfuse does not complain of on stderr; what the
	 * write really gave is in the event log. */
	errno = ENOENT;
	return -1;
}

static ssize_t io_read(int fd, void *buf, size_t len, void *userdata)
{
	(void)fd;
	(void)buf;
	(void)len;
	(void)userdata;
	errno = ENODEV;	/* our workers read, libfuse does not */
	return -1;
}

static const struct fuse_custom_io session_io = {
	.writev = io_writev,
	.read = io_read,
};

/* ---- requests ---- */

/* libfuse takes nothing before INIT. */
static void begin(struct session *s)
{
	struct {
		struct wire_in_header h;
		struct wire_init_in in;
	} msg = {
		.h = { .len = sizeof(msg), .opcode = OP_INIT,
		       .unique = UNIQUE_BEGIN },
		.in = { .major = WIRE_MAJOR, .minor = 31 },
	};

	auto_lock(&s->begin);
	if (!atomic_load(&s->begun)) {
		process(s, &msg, sizeof(msg));
		atomic_store(&s->begun, true);
	}
}

static void interrupt(struct session *s, uint64_t unique)
{
	struct {
		struct wire_in_header h;
		struct wire_interrupt_in in;
	} msg = {
		.h = { .len = sizeof(msg), .opcode = OP_INTERRUPT,
		       .unique = unique | WIRE_UNIQUE_INT },
		.in = { .unique = unique },
	};

	process(s, &msg, sizeof(msg));
}

/* An INTERRUPT may come before its request, which another worker has read or a
 * rule holds. */
static void deliver_interrupt(struct session *s, const void *body, size_t len)
{
	struct wire_interrupt_in in;
	struct inside *target;

	if (len < sizeof(in))
		return;
	memcpy(&in, body, sizeof(in));
	mutex_lock(&s->mutex);
	target = *find_inside(s, in.unique);
	if (!target)
		s->early[s->n_early++ % EARLY_MAX] = in.unique;
	mutex_unlock(&s->mutex);
	if (target)
		interrupt(s, in.unique);
}

/*
 * libfuse reads the short layout of SETXATTR as long as nobody asks it for the long
 * one (FUSE_CAP_SETXATTR_EXT, which old versions lack), whatever the scenario has
 * agreed on in INIT.  So it gets the short one; what the long one has beyond it is
 * for rules and checks.
 */
static void deliver_setxattr(struct session *s, const void *msg, size_t len)
{
	const size_t kept = sizeof(struct wire_in_header) + SETXATTR_IN_SHORT;
	const size_t cut = sizeof(struct wire_setxattr_in) - SETXATTR_IN_SHORT;
	struct decoded_request req;
	const char *why;
	uint8_t *copy;

	if (request_decode(&req, &protocol_builtin, msg, len, &why) ||
	    req.args_len < sizeof(struct wire_setxattr_in)) {
		process(s, (void *)msg, len);
		return;
	}
	copy = xmalloc(len - cut);
	memcpy(copy, msg, kept);
	memcpy(copy + kept, (const uint8_t *)msg + kept + cut, len - kept - cut);
	((struct wire_in_header *)copy)->len = (uint32_t)(len - cut);
	process(s, copy, len - cut);
	free(copy);
}

static void deliver_watched(struct session *s, const struct watch *watch,
			    void *msg, size_t len)
{
	const struct wire_in_header *h = msg;
	uint64_t unique = h->unique;
	bool early = enter(s, h, watch), waits;

	process(s, msg, len);
	if (!early)
		return;
	mutex_lock(&s->mutex);
	waits = *find_inside(s, unique);
	mutex_unlock(&s->mutex);
	if (waits)
		interrupt(s, unique);
}

static void ask_backend(struct session *s, const void *msg, size_t len)
{
	struct backend_reply reply;

	/* When the reply cannot be written any more, nobody waits for it. */
	if (s->backend->ops->answer(s->backend, msg, len, &reply))
		s->reply(s->ctx, reply.iov, reply.n);
}

static const struct own_op *own_op(const struct session *s, uint32_t opcode)
{
	const struct own_op *own = s->backend->ops->own_ops;

	while (own && own->opcode && own->opcode != opcode)
		own++;
	return own && own->opcode ? own : NULL;
}

/* What libfuse does not know. */
static void ask_for_own(struct session *s, const struct own_op *own,
			const void *msg, size_t len)
{
	const struct op *op = op_by_code(&protocol_builtin, own->opcode);
	const struct wire_in_header *h = msg;
	uint8_t body[sizeof(struct wire_statx_out)] = { 0 };
	struct wire_out_header out = { .unique = h->unique };
	struct iovec iov[] = { { &out, sizeof(out) }, { body, op->reply_size } };
	int err = EINVAL;

	if (op->reply_size > sizeof(body))
		die_bug("session: a reply to %s is too large", op->name);
	if (len >= sizeof(*h) + op->args_size)
		err = own->answer(s->backend, h, h + 1, body);
	out.error = -err;
	out.len = (uint32_t)(sizeof(out) + (err ? 0 : op->reply_size));
	/* When the reply cannot be written any more, nobody waits for it. */
	s->reply(s->ctx, iov, err ? 1 : 2);
}

void session_deliver(struct session *s, void *msg, size_t len)
{
	const struct wire_in_header *h = msg;
	const struct watch *watch = watch_of(h->opcode);
	const struct own_op *own = own_op(s, h->opcode);

	if (!s->se) {
		ask_backend(s, msg, len);
		return;
	}
	if (own) {
		ask_for_own(s, own, msg, len);
		return;
	}
	if (h->opcode == OP_NOTIFY_REPLY)
		return;
	if (h->opcode == OP_INTERRUPT) {
		deliver_interrupt(s, h + 1, len - sizeof(*h));
		return;
	}
	if (h->opcode == OP_INIT || h->opcode == OP_CUSE_INIT)
		atomic_store(&s->begun, true);
	else if (!atomic_load_explicit(&s->begun, memory_order_acquire))
		begin(s);
	if (h->opcode == OP_SETXATTR)
		deliver_setxattr(s, msg, len);
	else if (watch)
		deliver_watched(s, watch, msg, len);
	else
		process(s, msg, len);
}

static struct session *session_alloc(struct backend *b, session_reply_fn *reply,
				     void *ctx)
{
	struct session *s = xcalloc(1, sizeof(*s));

	mutex_init(&s->mutex);
	mutex_init(&s->begin);
	s->backend = b;
	s->reply = reply;
	s->ctx = ctx;
	b->session = s;
	return s;
}

struct session *session_around(struct fuse_session *se, struct backend *b,
			       session_reply_fn *reply, void *ctx)
{
	struct session *s = session_alloc(b, reply, ctx);
	/* libfuse wants a descriptor to close. */
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || fuse_session_custom_io(se, &session_io, fd))
		die_bug("fuse_session_custom_io");
	fuse_set_log_func(swallow_log);
	s->se = se;
	return s;
}

struct session *session_new(struct backend *b, session_reply_fn *reply, void *ctx)
{
	const struct fuse_lowlevel_ops *lowlevel = b->ops->lowlevel;
	char name[] = "fusescen", *argv[] = { name, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct fuse_session *se;

	if (!lowlevel)
		return session_alloc(b, reply, ctx);
	se = fuse_session_new(&args, lowlevel, sizeof(*lowlevel), b);
	fuse_opt_free_args(&args);
	if (!se)
		die_bug("fuse_session_new");
	return session_around(se, b, reply, ctx);
}

void session_free(struct session *s)
{
	if (!s)
		return;
	if (s->se)
		fuse_session_destroy(s->se);
	while (s->inside)
		free(leave(s, s->inside->unique));
	pthread_mutex_destroy(&s->begin);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}
