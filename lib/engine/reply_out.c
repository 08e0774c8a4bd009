/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The way back: answers of the filesystem end, and those the scenario gives in
 * its place, are altered, logged and written.  Workers, the filesystem end's
 * own threads, later-threads.
 */
#include "config.h"

#include "engine/reply_out.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "engine/reply_build.h"
#include "engine/pipeline.h"
#include "engine/print.h"

#define HEADER		sizeof(struct wire_out_header)
#define MAX_BODY_LOGGED	256u
#define VIOLATIONS_MAX	1000u

/* ---- bytes in several pieces -------------------------------------------------- */

static size_t iov_size(const struct iovec *iov, int n)
{
	size_t total = 0;

	for (int i = 0; i < n; i++)
		total += iov[i].iov_len;
	return total;
}

/* Copies at most size bytes from offset "from" on; how many. */
static size_t iov_copy(const struct iovec *iov, int n, size_t from,
		       void *p, size_t size)
{
	size_t done = 0;

	for (int i = 0; i < n && done < size; i++) {
		size_t part = iov[i].iov_len;

		if (from >= part) {
			from -= part;
			continue;
		}
		part -= from;
		if (part > size - done)
			part = size - done;
		memcpy((uint8_t *)p + done,
		       (const uint8_t *)iov[i].iov_base + from, part);
		done += part;
		from = 0;
	}
	return done;
}

static void keep_answer(struct request *p, const struct iovec *iov, int n)
{
	p->backend_reply_len = iov_size(iov, n);
	p->backend_reply = xmalloc(p->backend_reply_len);
	iov_copy(iov, n, 0, p->backend_reply, p->backend_reply_len);
}

/* ---- building ------------------------------------------------------------------ */

static bool may_want_backing(struct engine *e, const struct request *p)
{
	return p->op && p->op->flags & OPF_OPEN &&
		e->mounts[p->mount].has_backings;
}

/* Can the filesystem end's answer go out as it is, unseen? */
static bool is_plain(struct engine *e, const struct request *p)
{
	return !reply_is_edit(p->reply) && !init_is_op(p->opcode) &&
		!may_want_backing(e, p) && !path_table_learns_from(p->opcode);
}

static void add_info(struct engine *e, const struct request *p, const char *text)
{
	pipeline_log(e, p, EV_INFO, text);
}

/* What a script forbids; the lock is taken here. */
static void add_violation(struct engine *e, const struct request *p,
			  const struct engine_violation *v, const char *text)
{
	engine_lock(e);
	if (!e->finished && e->n_violations < VIOLATIONS_MAX) {
		e->violations = xrealloc(e->violations, (e->n_violations + 1) *
					 sizeof(*e->violations));
		e->violations[e->n_violations++] = *v;
		add_info(e, p, text);
	}
	engine_unlock(e);
}

/* err: what registering a backing file gave; NONE: there was none. */
static void judge_backing(struct engine *e, const struct request *p, int err)
{
	struct engine_violation v = {
		.kind = VIOLATION_BACKING, .rule = p->reply_rule,
		.request = p->ev, .seq = p->ev ? p->ev->seq : 0, .got = err,
	};

	if (!p->reply || !p->reply->has_expect_backing ||
	    p->reply->expect_backing == err)
		return;
	v.expected = p->reply->expect_backing;
	v.loc = p->reply->loc;
	add_violation(e, p, &v, "a backing file is not as the script expects");
}

/* 0 or errno */
static int put_backing(struct engine *e, const struct request *p,
		       const struct file_ref *file, struct buf *msg)
{
	auto_buf struct buf text = BUF_INIT;
	int32_t id = 0;
	int err = e->hooks.backing(e->ctx, p->mount, file, &id);

	if (!err) {
		reply_set_field(msg, p->op, "backing_id", (uint64_t)id);
		return 0;
	}
	buf_puts(&text, "no backing id for ");
	if (file->mount == HOST)
		buf_puts(&text, file->path);
	else
		print_path(&text, e->sc, file->mount, file->path);
	buf_puts(&text, ": ");
	print_error(&text, err);
	add_info(e, p, buf_str(&text));
	return err;
}

static bool sets_field(const struct reply_spec *spec, const char *name)
{
	for (size_t i = 0; spec && i < spec->n_sets; i++) {
		if (!strcmp(spec->sets[i].f->name, name))
			return true;
	}
	return false;
}

/* The file's own backing file, if the reply is for passthrough and nobody has
 * put an id yet; NULL if not. */
static const struct file_ref *own_backing(struct engine *e,
					  const struct request *p,
					  const struct buf *msg)
{
	const struct mount_spec *spec = &e->sc->mounts[p->mount];
	const struct field *flags = op_reply_field(p->op, "open_flags", 10);
	const struct field *id = op_reply_field(p->op, "backing_id", 10);
	const uint8_t *body = (const uint8_t *)msg->data + HEADER;
	size_t len = msg->len - HEADER;
	char buf[4096];
	const char *why, *path = NULL;
	struct decoded_request req;
	uint64_t v;

	if (!flags || !id || sets_field(p->reply, "backing_id") ||
	    field_get(flags, body, len, &v) || !(v & FOPEN_PASSTHROUGH) ||
	    field_get(id, body, len, &v) || v)
		return NULL;
	engine_lock(e);
	if (!request_decode_cut(&req, p->head, p->head_len, &why))
		path = path_table_request_path(e->mounts[p->mount].paths, &req,
					  buf, sizeof(buf));
	engine_unlock(e);
	for (size_t i = 0; path && i < spec->n_files; i++) {
		if (spec->files[i].backing.path &&
		    !strcmp(spec->files[i].path, path))
			return &spec->files[i].backing;
	}
	return NULL;
}

static uint8_t letter_of(struct engine *e, const struct request *p)
{
	return p->actor == NONE ? 'x' : (uint8_t)e->sc->actors[p->actor].name[0];
}

static bool is_good(const struct buf *msg)
{
	struct wire_out_header h;

	if (msg->len < HEADER)
		return false;
	memcpy(&h, msg->data, HEADER);
	return !h.error;
}

static void replace_init(struct engine *e, const struct request *p,
			 struct buf *msg)
{
	const struct init *in = &e->mounts[p->mount].init;
	const struct mount_spec *spec = &e->sc->mounts[p->mount];

	engine_lock(e);
	if (p->opcode == OP_CUSE_INIT)
		init_replace_cuse_reply(in, spec, msg);
	else
		init_replace_reply(in, spec, msg);
	engine_unlock(e);
}

/* What the kernel is to get, from p->backend_reply (if the filesystem end answered)
 * and p->reply. */
static void build(struct engine *e, struct request *p, struct buf *msg)
{
	struct reply_to q = {
		.op = p->op, .head = p->head, .head_len = p->head_len,
		.unique = p->unique, .letter = letter_of(e, p),
	};
	const struct file_ref *backing;
	const char *missing;
	int registered = NONE;

	if (reply_is_whole(p->reply)) {
		reply_put_whole(msg, p->reply, &q);
		reply_finish(msg, p->reply);
		judge_backing(e, p, NONE);
		return;
	}
	buf_add(msg, p->backend_reply, p->backend_reply_len);
	if (init_is_op(p->opcode) && is_good(msg) && !e->foreign)
		replace_init(e, p, msg);
	if (reply_is_new(p->reply, p->op) && !is_good(msg))
		reply_begin(msg, &q);
	if (p->reply && !is_good(msg) && (p->reply->n_sets || p->reply->has_data))
		add_info(e, p, "the filesystem answers with an error, so the "
			 "fields and data of the reply are not used");
	missing = p->reply ? reply_edit(msg, p->reply, &q) : NULL;
	if (missing) {
		auto_buf struct buf text = BUF_INIT;

		buf_printf(&text, "the reply has no room for %s", missing);
		add_info(e, p, buf_str(&text));
	}
	if (is_good(msg) && p->op && p->op->flags & OPF_OPEN) {
		backing = p->reply && p->reply->backing.path ? &p->reply->backing :
			may_want_backing(e, p) ? own_backing(e, p, msg) : NULL;
		if (backing)
			registered = put_backing(e, p, backing, msg);
	}
	judge_backing(e, p, registered);
	reply_finish(msg, p->reply);
}

/* ---- writing -------------------------------------------------------------------- */

static void learn(struct engine *e, const struct request *p,
		  const struct buf *msg)
{
	struct decoded_request req;
	const char *why;

	if (!path_table_learns_from(p->opcode) || !is_good(msg) ||
	    request_decode_cut(&req, p->head, p->head_len, &why))
		return;
	engine_lock(e);
	path_table_learn(e->mounts[p->mount].paths, &req, msg->data + HEADER,
		    msg->len - HEADER);
	engine_unlock(e);
}

/* Taken before the write, so that what the reply causes has a greater number. */
struct moment {
	uint64_t seq, at_ns;
};

/* The event has the number of before the write and is appended after it: who
 * waits for the reply in the log knows that it is out. */
static bool log_reply(struct engine *e, const struct request *p,
		      const struct iovec *iov, int n, struct moment before,
		      int write_errno)
{
	uint8_t body[MAX_BODY_LOGGED];
	struct wire_out_header h = { 0 };
	size_t len = iov_size(iov, n);
	struct event ev = event_of_request(e, p, EV_REPLY);

	ev.seq = before.seq;
	ev.at_ns = before.at_ns;
	ev.write_errno = write_errno;
	iov_copy(iov, n, 0, &h, sizeof(h));
	ev.error = -h.error;
	ev.msg = body;
	ev.msg_len = iov_copy(iov, n, HEADER, body, sizeof(body));
	if (p->op && p->op->reply == REPLY_DATA && len > HEADER)
		ev.data_len = len - HEADER;
	return evlog_add(e->log, &ev) != NULL;
}

/* The write of a reply gave err: is that as it should be? */
static void judge_write(struct engine *e, const struct request *p,
			uint64_t seq, int err, bool last)
{
	bool has = p->reply && p->reply->expect_write > 0;
	struct engine_violation v = {
		.rule = p->reply_rule, .request = p->ev,
		.seq = seq, .got = err,
		.expected = has ? p->reply->expect_write : 0,
	};
	auto_buf struct buf text = BUF_INIT;

	/* Of several copies it is the last that is spoken of.  ENOENT alone
	 * is normal: the request was aborted, or answered before. */
	if (has ? !last || v.expected == err : err != EINVAL)
		return;
	if (p->reply)
		v.loc = p->reply->loc;
	buf_puts(&text, "a reply's write gave ");
	print_error(&text, err);
	buf_puts(&text, ", not ");
	print_error(&text, v.expected);
	add_violation(e, p, &v, buf_str(&text));
}

/* Returns what the first write gave. */
static int write_copies(struct engine *e, const struct request *p,
			const struct iovec *iov, int n)
{
	unsigned copies = p->reply && p->reply->copies > 1 ? p->reply->copies : 1;
	int first = 0;

	for (unsigned i = 0; i < copies; i++) {
		bool logged = p->ev || !(e->quiet || p->muted);
		struct moment before = { 0 };
		bool kept = false;
		int err;

		if (logged)
			before = (struct moment){
				evlog_next_seq(e->log), clock_ns(),
			};
		err = e->hooks.send(e->ctx, p->mount, p->chan, iov, n);
		if (logged)
			kept = log_reply(e, p, iov, n, before, err);
		if (!i)
			first = err;
		judge_write(e, p, kept ? before.seq : 0, err, i + 1 == copies);
	}
	return first;
}

/* The reply is out; what remains of p? */
static void settle(struct engine *e, struct request *p, int err, bool good,
		   size_t len)
{
	struct mount_state *m = &e->mounts[p->mount];

	engine_lock(e);
	if (init_is_op(p->opcode) && good && !err)
		m->init.ready = true;
	if (p->counted && !e->finished &&
	    reply_is_missed(p->reply, p->unique, len, err)) {
		p->drop_ok = true;
		inflight_move(&m->inflight, p, STAGE_DROPPED);
	} else {
		inflight_end(&m->inflight, p);
	}
	engine_unlock(e);
	if (!e->quiet)
		evlog_poke(e->log);
}

ssize_t reply_send(struct engine *e, struct request *p,
		   const struct iovec *iov, int n)
{
	auto_buf struct buf msg = BUF_INIT;
	size_t total = iov ? iov_size(iov, n) : 0;
	struct wire_out_header h = { 0 };
	struct iovec whole;
	bool plain = iov && is_plain(e, p);
	int err;

	if (!plain) {
		if (iov)
			keep_answer(p, iov, n);
		build(e, p, &msg);
		learn(e, p, &msg);
		whole = (struct iovec){ msg.data, msg.len };
		iov = &whole;
		n = 1;
	}
	iov_copy(iov, n, 0, &h, sizeof(h));
	err = write_copies(e, p, iov, n);
	pipeline_after(e, p->rule);
	settle(e, p, err, !h.error, iov_size(iov, n));
	return plain && err ? -err : (ssize_t)total;
}

/* ---- the filesystem end answers -------------------------------------------------- */

/* Must the answer be kept because it does not go out at once? */
static bool may_wait(const struct request *p)
{
	return p->rule && (p->rule->hold_after || p->rule->delay_after);
}

/* What has no request: a notification of the session's own, for instance. */
static ssize_t send_unseen(struct engine *e, int mount, const struct iovec *iov,
			   int n)
{
	int err = e->hooks.send(e->ctx, mount, NULL, iov, n);

	return err ? -err : (ssize_t)iov_size(iov, n);
}

ssize_t engine_reply(struct engine *e, int mount, const struct iovec *iov, int n)
{
	struct wire_out_header h;
	size_t total = iov_size(iov, n);
	struct request *p;
	enum next next;

	if (iov_copy(iov, n, 0, &h, sizeof(h)) < sizeof(h))
		return -EINVAL;
	if (!h.unique)
		return send_unseen(e, mount, iov, n);
	engine_lock(e);
	p = inflight_find(&e->mounts[mount].inflight, h.unique);
	if (!p && e->foreign) {
		/* Its request was read before we were there: INIT, if its
		 * handler has attached us. */
		engine_unlock(e);
		return send_unseen(e, mount, iov, n);
	}
	if (!p || !p->delivered || p->answered) {
		engine_unlock(e);
		return (ssize_t)total;
	}
	p->answered = true;
	if (may_wait(p)) {
		keep_answer(p, iov, n);
		iov = NULL;
	}
	next = pipeline_next(e, p);
	engine_unlock(e);
	if (next != NEXT_SEND)
		return (ssize_t)total;
	if (iov)
		return reply_send(e, p, iov, n);
	reply_send(e, p, NULL, 0);
	return (ssize_t)total;
}
