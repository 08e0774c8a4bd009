/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fake world around an engine: the test plays the kernel (fake_ask() is a
 * worker that read a message), and a filesystem end that answers at once, or
 * when it is told to.  Everything the engine sends, delivers and asks for is
 * written down.
 */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include "base/units.h"
#include "build.h"
#include "engine/engine.h"

#define FAKE_MAX	4096
#define FAKE_BODY	512

/* A message the engine wrote. */
struct sent {
	int mount;
	void *chan;
	struct wire_out_header h;
	size_t len;		/* bytes written, header included */
	uint8_t body[FAKE_BODY];
};

/* A message the filesystem end was given. */
struct given {
	int mount;
	struct wire_in_header h;
	uint8_t body[FAKE_BODY];
	size_t len;
	pthread_t by;
};

struct fake {
	struct build b;
	struct evlog *log;
	struct engine *e;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct sent sent[FAKE_MAX];
	size_t n_sent;
	struct given given[FAKE_MAX];
	size_t n_given;
	const struct notify_spec *notes[16];
	size_t n_notes;
	size_t sent_at_note;		/* replies written when the last one began */
	enum outgoing_kind controls[16];
	size_t n_controls;
	const struct file_ref *backing;	/* last asked for */
	int backing_err;
	/* how the filesystem end behaves */
	bool manual;			/* it answers only by fake_answer() */
	int error;			/* what it answers with */
	uint32_t open_flags;
	uint64_t nodeid;		/* of the next LOOKUP */
	/* how the kernel behaves */
	int send_errno[16];		/* of the next writes */
	size_t n_send_errno;
	uint64_t unique;		/* last one given out */
};

static inline void fake_lock(struct fake *f)
{
	pthread_mutex_lock(&f->lock);
}

static inline void fake_unlock(struct fake *f)
{
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

static inline int fake_write_out(struct fake *f, int mount, void *chan,
				 const struct iovec *iov, int n)
{
	uint8_t bytes[sizeof(struct wire_out_header) + FAKE_BODY];
	struct sent *s;
	size_t len = 0, kept = 0;
	int err = 0;

	for (int i = 0; i < n; i++) {
		size_t part = iov[i].iov_len;

		len += part;
		if (part > sizeof(bytes) - kept)
			part = sizeof(bytes) - kept;
		memcpy(bytes + kept, iov[i].iov_base, part);
		kept += part;
	}
	fake_lock(f);
	s = &f->sent[f->n_sent++ % FAKE_MAX];
	s->mount = mount;
	s->chan = chan;
	s->len = len;
	memset(bytes + kept, 0, sizeof(bytes) - kept);	/* a stump of a header */
	memcpy(&s->h, bytes, sizeof(s->h));
	memcpy(s->body, bytes + sizeof(s->h), sizeof(s->body));
	if (f->n_send_errno) {
		err = f->send_errno[0];
		memmove(f->send_errno, f->send_errno + 1,
			sizeof(f->send_errno) - sizeof(f->send_errno[0]));
		f->n_send_errno--;
	}
	fake_unlock(f);
	return err;
}

/* A good reply of the operation's kind, or f->error. */
static inline ssize_t fake_reply(struct fake *f, int mount, uint32_t opcode,
				 uint64_t unique)
{
	const struct op *op = op_by_code(&protocol_builtin, opcode);
	uint8_t body[FAKE_BODY] = { 0 };
	struct wire_out_header h = { .unique = unique, .error = -f->error };
	struct iovec iov[2] = { { &h, sizeof(h) }, { body, 0 } };

	if (!f->error && op->reply == REPLY_DATA) {
		memcpy(body, "server data", 11);
		iov[1].iov_len = 11;
	} else if (!f->error && op->reply != REPLY_EMPTY) {
		iov[1].iov_len = op->reply_size;
	}
	if (op->flags & OPF_ENTRY)
		memcpy(body, &f->nodeid, sizeof(f->nodeid));
	if (opcode == OP_OPEN)
		((struct wire_open_out *)(void *)body)->open_flags =
			f->open_flags;
	h.len = (uint32_t)(sizeof(h) + iov[1].iov_len);
	return engine_reply(f->e, mount, iov, 2);
}

static inline void fake_deliver(void *ctx, int mount, void *msg, size_t len)
{
	struct fake *f = ctx;
	struct given *g;
	struct wire_in_header h;
	const struct op *op;

	memcpy(&h, msg, sizeof(h));
	fake_lock(f);
	g = &f->given[f->n_given++ % FAKE_MAX];
	g->mount = mount;
	g->h = h;
	g->len = len;
	g->by = pthread_self();
	memcpy(g->body, (uint8_t *)msg + sizeof(h),
	       len - sizeof(h) < FAKE_BODY ? len - sizeof(h) : FAKE_BODY);
	fake_unlock(f);
	/* It may write over the message, as libfuse does. */
	memset((uint8_t *)msg + sizeof(h), 0xee, len - sizeof(h));
	op = op_by_code(&protocol_builtin, h.opcode);
	if (!f->manual && op->reply != REPLY_NONE && op->opcode != OP_INTERRUPT)
		fake_reply(f, mount, h.opcode, h.unique);
}

static inline int fake_backing(struct fake *f, const struct file_ref *file,
			       int32_t *id)
{
	fake_lock(f);
	f->backing = file;
	fake_unlock(f);
	*id = 7;
	return f->backing_err;
}

static inline void fake_notify(struct fake *f, const struct notify_spec *spec)
{
	fake_lock(f);
	f->notes[f->n_notes++ % 16] = spec;
	f->sent_at_note = f->n_sent;
	fake_unlock(f);
}

static inline void fake_control(struct fake *f, enum outgoing_kind what)
{
	fake_lock(f);
	f->controls[f->n_controls++ % 16] = what;
	fake_unlock(f);
}

static inline int fake_send(void *ctx, int mount, struct outgoing *out)
{
	struct fake *f = ctx;

	switch (out->kind) {
	case OUT_REPLY:
		return fake_write_out(f, mount, out->reply.chan, out->reply.iov,
				      out->reply.n);
	case OUT_NOTIFICATION:
		fake_notify(f, out->notification);
		break;
	case OUT_BACKING:
		return fake_backing(f, out->backing.file, &out->backing.id);
	case OUT_ABORT:
	case OUT_CLOSE:
		fake_control(f, out->kind);
		break;
	}
	return 0;
}

/* In two steps, so that a test can add rules between them. */
static inline struct fake *fake_new(size_t n_mounts)
{
	struct fake *f = xcalloc(1, sizeof(*f));

	build_init(&f->b, n_mounts);
	f->log = evlog_new(&f->b.seq);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	f->nodeid = 2;
	return f;
}

static inline void fake_start(struct fake *f)
{
	static const struct engine_hooks hooks = {
		.deliver = fake_deliver, .send = fake_send,
	};

	f->e = engine_new(&f->b.sc, f->log, &hooks, f);
}

static inline void fake_free(struct fake *f)
{
	engine_free(f->e);
	evlog_free(f->log);
	build_fini(&f->b);
	free(f);
}

/* ---- the kernel's part ------------------------------------------------------- */

static inline void fake_ask_msg(struct fake *f, int mount, void *msg, size_t len)
{
	if (engine_request(f->e, mount, f, msg, len))
		fake_deliver(f, mount, msg, len);
}

/* Returns the request's unique. */
static inline uint64_t fake_ask(struct fake *f, int mount, uint32_t opcode,
				uint64_t nodeid, const void *body, size_t len)
{
	uint64_t msg[512] = { 0 };
	struct ask ask = { .opcode = opcode, .nodeid = nodeid, .pid = 100,
			   .unique = f->unique += 2, .body = body, .len = len };

	fake_ask_msg(f, mount, msg, ask_write(msg, &ask));
	return ask.unique;
}

static inline uint64_t fake_lookup(struct fake *f, const char *name, uint64_t id)
{
	f->nodeid = id;
	return fake_ask(f, 0, OP_LOOKUP, 1, name, strlen(name) + 1);
}

static inline uint64_t fake_write(struct fake *f, uint64_t nodeid,
				  uint64_t offset, uint32_t size)
{
	uint64_t msg[2048];
	uint64_t unique = f->unique += 2;

	fake_ask_msg(f, 0, msg, ask_write_op(msg, unique, nodeid, offset, size));
	return unique;
}

static inline uint64_t fake_getattr(struct fake *f, uint64_t nodeid)
{
	struct wire_getattr_in in = { 0 };

	return fake_ask(f, 0, OP_GETATTR, nodeid, &in, sizeof(in));
}

static inline uint64_t fake_open(struct fake *f, uint64_t nodeid)
{
	struct wire_open_in in = { .flags = 2 };

	return fake_ask(f, 0, OP_OPEN, nodeid, &in, sizeof(in));
}

static inline void fake_interrupt(struct fake *f, uint64_t unique)
{
	uint64_t msg[16];
	struct ask ask = { .opcode = OP_INTERRUPT, .unique = unique | 1,
			   .body = &unique, .len = sizeof(unique) };

	fake_ask_msg(f, 0, msg, ask_write(msg, &ask));
}

/* ---- what came of it ------------------------------------------------------------ */

static inline size_t fake_count_sent(struct fake *f)
{
	size_t n;

	fake_lock(f);
	n = f->n_sent;
	fake_unlock(f);
	return n;
}

static inline size_t fake_count_given(struct fake *f)
{
	size_t n;

	fake_lock(f);
	n = f->n_given;
	fake_unlock(f);
	return n;
}

/* True once *count has reached n, false after 10 s. */
static inline bool fake_wait(struct fake *f, const size_t *count, size_t n)
{
	struct timespec until;
	int err = 0;
	bool ok;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 10;
	fake_lock(f);
	while (*count < n && !err)
		err = pthread_cond_timedwait(&f->changed, &f->lock, &until);
	ok = *count >= n;
	fake_unlock(f);
	return ok;
}

/* Wait until the mount has nothing on its way; false after 10 s. */
static inline bool fake_settles(struct fake *f, int mount)
{
	struct timespec nap = { .tv_nsec = 200000 };

	for (int i = 0; i < 50000; i++) {
		struct engine_load load;

		engine_load(f->e, mount, &load);
		if (!load.busy)
			return true;
		nanosleep(&nap, NULL);
	}
	return false;
}

static inline bool fake_empties(struct fake *f, int mount)
{
	struct timespec nap = { .tv_nsec = 200000 };

	for (int i = 0; i < 50000; i++) {
		struct engine_load load;

		engine_load(f->e, mount, &load);
		if (!load.open)
			return true;
		nanosleep(&nap, NULL);
	}
	return false;
}

static inline struct engine_load fake_load(struct fake *f, int mount)
{
	struct engine_load load;

	engine_load(f->e, mount, &load);
	return load;
}

/* The last message written. */
static inline struct sent *fake_last(struct fake *f)
{
	return &f->sent[(f->n_sent - 1) % FAKE_MAX];
}

/* Events of a kind in the log. */
static inline size_t fake_events(struct fake *f, enum event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < evlog_count(f->log); i++)
		n += evlog_at(f->log, i)->kind == kind;
	return n;
}

static inline const struct event *fake_event(struct fake *f,
					     enum event_kind kind, size_t nth)
{
	for (size_t i = 0; i < evlog_count(f->log); i++) {
		const struct event *ev = evlog_at(f->log, i);

		if (ev->kind == kind && nth-- == 0)
			return ev;
	}
	return NULL;
}

#endif
