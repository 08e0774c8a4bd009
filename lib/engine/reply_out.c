/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel gets as a reply: what the backend replied and what the
 * scenario says, put together, written and judged.  Workers, the backend's
 * own threads, delay threads; without the lock, as the request is theirs.
 */
#include "config.h"

#include "engine/reply_out.h"

#include <errno.h>
#include <string.h>

#include "base/iov.h"
#include "base/mem.h"
#include "base/units.h"
#include "engine/engine_log.h"
#include "engine/print.h"
#include "engine/reply_build.h"

#define HEADER		sizeof(struct wire_out_header)
#define MAX_BODY_LOGGED	320u
#define VIOLATIONS_MAX	1000u

void reply_keep(struct request *r, const struct iovec *iov, int n)
{
	r->backend_reply_len = iov_size(iov, n);
	r->backend_reply = xmalloc(r->backend_reply_len);
	iov_copy(iov, n, 0, r->backend_reply, r->backend_reply_len);
}

/* ---- building ------------------------------------------------------------------ */

static bool may_want_backing(struct engine *e, const struct request *r)
{
	return r->op && r->op->flags & OPF_OPEN &&
		e->mounts[r->mount].has_backings;
}

/* Can the backend's reply be written as it is, without being looked at? */
static bool is_plain(struct engine *e, const struct request *r)
{
	return !reply_is_edit(r->reply) && !init_is_op(r->opcode) &&
		!may_want_backing(e, r) && !path_table_learns_from(r->op);
}

static void add_info(struct engine *e, const struct request *r, const char *text)
{
	log_request(e, r, EV_INFO, text);
}

/* Note a violation of what the scenario says.  Takes the lock. */
static void add_violation(struct engine *e, const struct request *r,
			  const struct engine_violation *v, const char *text)
{
	auto_lock(&e->lock);
	if (!e->finished && e->n_violations < VIOLATIONS_MAX) {
		e->violations = xrealloc(e->violations, (e->n_violations + 1) *
					 sizeof(*e->violations));
		e->violations[e->n_violations++] = *v;
		add_info(e, r, text);
	}
}

/* err: what registering a backing file gave; NONE: there was none. */
static void judge_backing(struct engine *e, const struct request *r, int err)
{
	struct engine_violation v = {
		.kind = VIOLATION_BACKING, .rule = r->reply_rule,
		.request = r->ev, .seq = r->ev ? r->ev->seq : 0, .got = err,
	};

	if (!r->reply || !r->reply->has_expect_backing ||
	    r->reply->expect_backing == err)
		return;
	v.expected = r->reply->expect_backing;
	v.loc = r->reply->loc;
	add_violation(e, r, &v, "a backing file is not as the script expects");
}

/* 0 or errno */
static int put_backing(struct engine *e, const struct request *r,
		       const struct file_ref *file, struct buf *msg)
{
	auto_buf struct buf text = BUF_INIT;
	struct outgoing out = { .kind = OUT_BACKING, .backing.file = file };
	int err = e->hooks.send(e->ctx, r->mount, &out);

	if (!err) {
		reply_set_field(msg, r->op, "backing_id",
				(uint64_t)out.backing.id);
		return 0;
	}
	buf_puts(&text, "no backing id for ");
	if (file->mount == HOST)
		buf_puts(&text, file->path);
	else
		print_path(&text, e->sc, file->mount, file->path);
	buf_puts(&text, ": ");
	print_error(&text, err);
	add_info(e, r, buf_str(&text));
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
					  const struct request *r,
					  const struct buf *msg)
{
	const struct mount_spec *spec = &e->sc->mounts[r->mount];
	const struct field *flags = op_reply_field(r->op, "open_flags", 10);
	const struct field *id = op_reply_field(r->op, "backing_id", 10);
	const uint8_t *body = (const uint8_t *)msg->data + HEADER;
	size_t len = msg->len - HEADER;
	char buf[4096];
	const char *why, *path = NULL;
	struct decoded_request req;
	uint64_t v;

	if (!flags || !id || sets_field(r->reply, "backing_id") ||
	    field_get(flags, body, len, &v) || !(v & FOPEN_PASSTHROUGH) ||
	    field_get(id, body, len, &v) || v)
		return NULL;
	mutex_lock(&e->lock);
	if (!request_decode_cut(&req, r->op, r->head, r->head_len, &why))
		path = path_table_request_path(e->mounts[r->mount].paths, &req,
					  buf, sizeof(buf));
	mutex_unlock(&e->lock);
	for (size_t i = 0; path && i < spec->n_files; i++) {
		if (spec->files[i].backing.path &&
		    !strcmp(spec->files[i].path, path))
			return &spec->files[i].backing;
	}
	return NULL;
}

static uint8_t letter_of(struct engine *e, const struct request *r)
{
	return r->actor == NONE ? 'x' : (uint8_t)e->sc->actors[r->actor].name[0];
}

/* The errno of a whole reply. */
static int error_of(const struct buf *msg)
{
	struct wire_out_header h;

	if (msg->len < HEADER)
		return EIO;
	memcpy(&h, msg->data, HEADER);
	return reply_errno(&h);
}

static bool is_good(const struct buf *msg)
{
	return !error_of(msg);
}

/* Was all that the scenario says about the reply put into it?  err is the
 * backend's, if its reply is an error still; missing: a field that has no place
 * in the reply, or NULL. */
static void judge_edit(struct engine *e, const struct request *r, int err,
		       const char *missing)
{
	const struct reply_spec *spec = r->reply;
	struct engine_violation v = {
		.kind = VIOLATION_DISCARDED, .loc = spec->loc,
		.rule = r->reply_rule, .request = r->ev,
		.seq = r->ev ? r->ev->seq : 0, .got = err ? err : NONE,
		.field = missing,
	};
	auto_buf struct buf text = BUF_INIT;

	if (err ? !spec->n_sets && !spec->has_data && !spec->has_retry &&
		  !spec->backing.path && spec->cut >= 0 : !missing)
		return;
	if (err) {
		buf_puts(&text, "the filesystem answers with ");
		print_error(&text, err);
		buf_puts(&text, ", to which the rule's reply cannot be added");
	} else {
		buf_printf(&text, "the reply has no place for %s", missing);
	}
	add_violation(e, r, &v, buf_str(&text));
}

static void replace_init(struct engine *e, const struct request *r,
			 struct buf *msg)
{
	const struct init *in = &e->mounts[r->mount].init;
	const struct mount_spec *spec = &e->sc->mounts[r->mount];

	auto_lock(&e->lock);
	if (r->opcode == OP_CUSE_INIT)
		init_replace_cuse_reply(in, spec, msg);
	else
		init_replace_reply(in, spec, msg);
}

/* What the kernel is to get, from r->backend_reply (if the backend was asked)
 * and r->reply. */
static void build(struct engine *e, struct request *r, struct buf *msg)
{
	struct reply_to to = {
		.op = r->op, .head = r->head, .head_len = r->head_len,
		.unique = r->unique, .letter = letter_of(e, r),
	};
	const struct file_ref *backing;
	const char *missing;
	int registered = NONE;

	if (reply_is_whole(r->reply)) {
		reply_put_whole(msg, r->reply, &to);
		reply_finish(msg, r->reply);
		judge_backing(e, r, NONE);
		return;
	}
	buf_add(msg, r->backend_reply, r->backend_reply_len);
	if (init_is_op(r->opcode) && is_good(msg) && !e->foreign)
		replace_init(e, r, msg);
	if ((r->no_backend || reply_is_new(r->reply, r->op)) && !is_good(msg))
		reply_begin(msg, &to);
	missing = r->reply ? reply_edit(msg, r->reply, &to) : NULL;
	if (r->reply)
		judge_edit(e, r, error_of(msg), missing);
	if (is_good(msg) && r->op) {
		backing = r->reply && r->reply->backing.path ? &r->reply->backing :
			may_want_backing(e, r) ? own_backing(e, r, msg) : NULL;
		if (backing)
			registered = put_backing(e, r, backing, msg);
	}
	judge_backing(e, r, registered);
	reply_finish(msg, r->reply);
}

/* ---- writing -------------------------------------------------------------------- */

static void learn(struct engine *e, const struct request *r,
		  const struct buf *msg)
{
	struct decoded_request req;
	const char *why;

	if (!path_table_learns_from(r->op) || !is_good(msg) ||
	    request_decode_cut(&req, r->op, r->head, r->head_len, &why))
		return;
	auto_lock(&e->lock);
	path_table_learn(e->mounts[r->mount].paths, &req, msg->data + HEADER,
		    msg->len - HEADER);
}

/* Taken before the write, so that what the reply causes has a greater number. */
struct moment {
	uint64_t seq, at_ns;
};

/* body: how long it is. */
static void count_data(const struct request *r, struct event *ev, size_t body)
{
	struct decoded_request req;
	const char *why;

	if (!r->op || ev->error || !r->head ||
	    request_decode_cut(&req, r->op, r->head, r->head_len, &why))
		return;
	ev->has_data = reply_may_have_data(&req);
	if (ev->has_data)
		ev->data_len = body - reply_fixed_size(r->op, true, body);
}

/* The event is numbered before the write and appended after it, so that a
 * thread that sees the reply in the log knows that it was written. */
static bool log_reply(struct engine *e, const struct request *r,
		      const struct iovec *iov, int n, struct moment before,
		      int write_errno)
{
	uint8_t body[MAX_BODY_LOGGED];
	struct wire_out_header h = { 0 };
	size_t len = iov_size(iov, n);
	struct event ev = event_of_request(e, r, EV_REPLY);

	ev.seq = before.seq;
	ev.at_ns = before.at_ns;
	ev.write_errno = write_errno;
	iov_copy(iov, n, 0, &h, sizeof(h));
	ev.error = reply_errno(&h);
	ev.msg = body;
	ev.msg_len = iov_copy(iov, n, HEADER, body, sizeof(body));
	count_data(r, &ev, len - (len < HEADER ? len : HEADER));
	return evlog_add(e->log, &ev) != NULL;
}

/* The write of a reply gave err: is that as it should be? */
static void judge_write(struct engine *e, const struct request *r,
			uint64_t seq, int err, bool last)
{
	bool has = r->reply && r->reply->expect_write > 0;
	struct engine_violation v = {
		.rule = r->reply_rule, .request = r->ev,
		.seq = seq, .got = err,
		.expected = has ? r->reply->expect_write : 0,
	};
	auto_buf struct buf text = BUF_INIT;

	/* If there are several copies, the last one is reported.  ENOENT alone
	 * is normal: the request was aborted, or answered before. */
	if (has ? !last || v.expected == err : err != EINVAL)
		return;
	if (r->reply)
		v.loc = r->reply->loc;
	buf_puts(&text, "a reply's write gave ");
	print_error(&text, err);
	buf_puts(&text, ", not ");
	print_error(&text, v.expected);
	add_violation(e, r, &v, buf_str(&text));
}

/* The worker that read the request is then the one that replies. */
static void judge_worker(struct engine *e, const struct request *r)
{
	struct engine_violation v = {
		.kind = VIOLATION_WORKER, .rule = r->reply_rule,
		.request = r->ev, .seq = r->ev ? r->ev->seq : 0, .got = NONE,
	};

	if (!r->reply || !r->reply->by_other || e->sc->mounts[r->mount].workers > 1)
		return;
	v.loc = r->reply->loc;
	add_violation(e, r, &v, "there is no other worker that could reply");
}

/* Returns what the first write gave. */
static int write_copies(struct engine *e, const struct request *r,
			const struct iovec *iov, int n)
{
	struct outgoing out = {
		.kind = OUT_REPLY,
		.reply = { .chan = r->chan, .iov = iov, .n = n,
			   .by_other = r->reply && r->reply->by_other,
			   .unique = r->unique, .opcode = r->opcode },
	};
	unsigned copies = r->reply && r->reply->copies > 1 ? r->reply->copies : 1;
	int first = 0;

	judge_worker(e, r);
	for (unsigned i = 0; i < copies; i++) {
		bool logged = r->ev || !(e->quiet || r->muted);
		struct moment before = { 0 };
		bool kept = false;
		int err;

		if (logged)
			before = (struct moment){
				evlog_next_seq(e->log), clock_ns(),
			};
		err = e->hooks.send(e->ctx, r->mount, &out);
		if (logged)
			kept = log_reply(e, r, iov, n, before, err);
		if (!i)
			first = err;
		judge_write(e, r, kept ? before.seq : 0, err, i + 1 == copies);
	}
	return first;
}

struct written reply_write(struct engine *e, struct request *r,
			   const struct iovec *iov, int n)
{
	auto_buf struct buf msg = BUF_INIT;
	struct wire_out_header h = { 0 };
	struct written w = { .is_unaltered = iov && is_plain(e, r) };
	struct iovec whole;

	if (!w.is_unaltered) {
		if (iov)
			reply_keep(r, iov, n);
		build(e, r, &msg);
		learn(e, r, &msg);
		whole = (struct iovec){ msg.data, msg.len };
		iov = &whole;
		n = 1;
	}
	iov_copy(iov, n, 0, &h, sizeof(h));
	w.err = write_copies(e, r, iov, n);
	w.is_good = !h.error;
	w.len = iov_size(iov, n);
	return w;
}
