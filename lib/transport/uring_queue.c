/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The thread of a queue.  It alone submits to its io_uring, reaps, and takes commits
 * of other threads from a list, of which an eventfd tells it.
 */
#include "config.h"

#include "transport/uring_impl.h"

#include <errno.h>
#include <liburing.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>

#include "base/confine.h"
#include "base/mem.h"
#include "base/units.h"
#include "model/steps.h"
#include "wire/proto.h"

#define AGAIN_NS	(100 * NS_PER_US)

/* What a completion is about, where it is about no entry. */
enum { ABOUT_EVENT = 1, ABOUT_TRIAL = 2, ABOUT_NOW = 3 };

/* <linux/io_uring.h>: sqe.buf_index says which of the registered buffers. */
#define CMD_FIXED	1u

/* ---- submissions; on the queue's thread --------------------------------------- */

struct io_uring_sqe *uring_next_sqe(struct uring_queue *q)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(q->ring);

	if (!sqe) {
		io_uring_submit(q->ring);
		sqe = io_uring_get_sqe(q->ring);
	}
	if (!sqe)
		die_bug("io_uring: no room for a submission");
	memset(sqe, 0, 2 * sizeof(*sqe));
	return sqe;
}

static struct io_uring_sqe *put_command(struct uring_queue *q, uint32_t command,
					unsigned qid, uint64_t unique,
					uint64_t about)
{
	struct io_uring_sqe *sqe = uring_next_sqe(q);
	const struct wire_uring_cmd cmd = { .commit_id = unique,
					    .qid = (uint16_t)qid };

	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = q->uring->config.fd;
	sqe->cmd_op = command;
	sqe->user_data = about;
	if (q->pool_is_registered)
		sqe->rw_flags = CMD_FIXED;
	memcpy(sqe->cmd, &cmd, sizeof(cmd));
	return sqe;
}

static void put_register(struct uring_queue *q, unsigned i)
{
	struct io_uring_sqe *sqe = put_command(q, URING_REGISTER, q->qid, 0,
					       (uintptr_t)&q->entries[i]);

	sqe->addr = (uintptr_t)&q->buffers[2 * i];
	sqe->len = 2;
}

static bool has_pool(const struct uring_queue *q)
{
	return q->pool.iov_base || q->zero_copy;
}

static void put_commit(struct uring_queue *q, const struct uring_entry *e)
{
	if (has_pool(q))
		uring_pool_store(e);
	put_command(q, URING_COMMIT_AND_FETCH, q->qid, e->unique, (uintptr_t)e);
}

static void put_event(struct uring_queue *q)
{
	struct io_uring_sqe *sqe = uring_next_sqe(q);

	io_uring_prep_read(sqe, q->event, &q->event_count, sizeof(q->event_count), 0);
	sqe->user_data = ABOUT_EVENT;
}

/* The buffers of a command are looked at while it is submitted. */
static void put_registration(struct uring_queue *q, struct uring_commit *c,
			     struct iovec buffers[RING_BUFFERS_MAX])
{
	const struct ring_step *r = c->command;
	uint16_t index = uring_slot(q, q->registered);
	struct io_uring_sqe *sqe;

	/* One that there is no memory for is not the kernel's to refuse. */
	if (q->registered == q->uring->config.depth || !uring_slots_needed(q)) {
		c->err = ENOSPC;
		return;
	}
	c->entry = &q->entries[q->registered];
	for (unsigned i = 0; i < RING_BUFFERS_MAX; i++)
		buffers[i] = q->buffers[2 * q->registered + i % 2];
	if (r->header != RING_RIGHT)
		buffers[0].iov_len = r->header;
	if (r->payload != RING_RIGHT)
		buffers[1].iov_len = r->payload;
	else if (q->pool.iov_base)
		buffers[1] = (struct iovec){ .iov_base = NULL };
	if (r->index != RING_RIGHT)
		index = (uint16_t)r->index;
	sqe = put_command(q, URING_REGISTER, r->queue, 0, (uintptr_t)c->entry);
	memcpy(sqe->cmd + offsetof(struct wire_uring_cmd, index), &index, sizeof(index));
	sqe->addr = (uintptr_t)buffers;
	sqe->len = (uint32_t)r->buffers;
}

static void put_addition(struct uring_queue *q, struct uring_commit *c)
{
	const struct ring_step *r = c->command;
	struct wire_uring_cmd cmd = { .flags = r->flags, .qid = (uint16_t)r->queue };
	bool is_pool = r->kind == RING_ADD_POOL;
	struct io_uring_sqe *sqe;

	c->err = is_pool ? uring_pool_make(q, r, &cmd) : 0;
	if (c->err)
		return;
	sqe = put_command(q, is_pool ? URING_ADD_BUFPOOL : URING_ADD_QUEUE, r->queue, 0,
			  ABOUT_TRIAL);
	memcpy(sqe->cmd, &cmd, sizeof(cmd));
	sqe->rw_flags = r->registered ? CMD_FIXED : 0;
}

/* Of an entry that is free, if it has come back since. */
static void put_cancel(struct uring_queue *q)
{
	struct io_uring_sqe *sqe = uring_next_sqe(q);

	io_uring_prep_cancel64(sqe, (uintptr_t)&q->entries[0], 0);
	sqe->user_data = ABOUT_TRIAL;
}

/* fs/fuse/dev_uring.c, fuse_uring_add_queue(): it is the submitter who is looked at. */
static void submit_as_server(struct uring_queue *q)
{
	uint64_t had;

	if (!q->uring->config.unprivileged) {
		io_uring_submit(q->ring);
		return;
	}
	had = confine_pause(CAPABILITY(CAP_SYS_ADMIN));
	io_uring_submit(q->ring);
	confine_resume(had);
}

static void submit_command(struct uring_queue *q, struct uring_commit *c)
{
	struct iovec buffers[RING_BUFFERS_MAX];
	const struct ring_step *r = c->command;

	switch (r->kind) {
	case RING_NOTHING:
		return;
	case RING_REGISTER:
		put_registration(q, c, buffers);
		break;
	case RING_COMMIT:
		put_command(q, URING_COMMIT_AND_FETCH, r->queue, r->unique, ABOUT_TRIAL);
		break;
	case RING_CANCEL:
		put_cancel(q);
		break;
	case RING_ADD_QUEUE:
	case RING_ADD_POOL:
		put_addition(q, c);
		break;
	case RING_UNKNOWN:
		put_command(q, (uint32_t)r->unique, r->queue, 0, ABOUT_TRIAL);
		break;
	}
	q->now = c;
	submit_as_server(q);
}

/* Nobody waits for a second commit's success: there can be none. */
static void submit_commit(struct uring_queue *q, struct uring_commit *c)
{
	if (c->entry)
		put_commit(q, c->entry);
	else
		put_command(q, URING_COMMIT_AND_FETCH, q->qid, c->unique,
			    ABOUT_TRIAL);
	q->now = c;
	io_uring_submit(q->ring);
}

/* ---- completions; on the queue's thread -------------------------------------------- */

static void arrived(struct uring_queue *q, struct uring_entry *e)
{
	const struct uring_config *c = &q->uring->config;

	if (has_pool(q))
		uring_pool_fetch(e);
	uring_put_together(e);
	if (c->answer && c->answer(c->arg, e->msg, e->len, e))
		put_commit(q, e);
	else
		uring_hand_out(e);
}

static void completed(struct uring_queue *q, uint64_t about, int result)
{
	struct uring_entry *e = (struct uring_entry *)(uintptr_t)about;

	if (about == ABOUT_EVENT) {
		q->has_mail = true;
		put_event(q);
	} else if (result == -EAGAIN && about != ABOUT_TRIAL) {
		/* Where mount(2) waits for INIT, it looks at the reply only after
		 * the write of it has returned (fs/fuse/inode.c). */
		sleep_ns(AGAIN_NS);
		put_register(q, (unsigned)(e - q->entries));
	} else if (result >= 0 && about != ABOUT_TRIAL) {
		arrived(q, e);
	} else if (q->now && (about == ABOUT_TRIAL || q->now->entry == e)) {
		q->now->err = -result;
	} else {
		uring_set_over(q->uring);	/* a free entry was given back */
	}
}

static bool take_completion(struct uring_queue *q, struct uring_done *d)
{
	struct io_uring_cqe *cqe;

	if (io_uring_peek_cqe(q->ring, &cqe))
		return false;
	*d = (struct uring_done){ cqe->user_data, cqe->res };
	io_uring_cqe_seen(q->ring, cqe);
	return true;
}

static void reap(struct uring_queue *q)
{
	struct uring_done d;

	for (;;) {
		if (q->n_later) {
			d = q->later[0];
			memmove(q->later, q->later + 1, --q->n_later * sizeof(d));
		} else if (!take_completion(q, &d)) {
			return;
		}
		completed(q, d.about, d.result);
	}
}

/* What else comes meanwhile is for reap(). */
int uring_do_now(struct uring_queue *q, struct io_uring_sqe *sqe)
{
	struct uring_done d;

	sqe->user_data = ABOUT_NOW;
	for (;;) {
		if (!take_completion(q, &d)) {
			io_uring_submit_and_wait(q->ring, 1);
			continue;
		}
		if (d.about == ABOUT_NOW)
			return d.result;
		q->later = xrealloc(q->later, (q->n_later + 1) * sizeof(d));
		q->later[q->n_later++] = d;
	}
}

/* ---- a queue's thread ------------------------------------------------------------------ */

static void command_done(struct uring_queue *q, const struct ring_step *r)
{
	if (r->kind == RING_REGISTER)
		q->registered++;
	else if (r->kind == RING_ADD_QUEUE)
		uring_queue_added(q, r);
	else if (r->kind == RING_ADD_POOL)
		uring_pool_made(q, r);
}

/* A refusal comes at once: the kernel looks at a commit while it is submitted. */
static void commit_all(struct uring_queue *q)
{
	struct uring_commit *c, *next;

	q->has_mail = false;
	for (c = uring_take_commits(q); c; c = next) {
		next = c->next;
		if (c->command)
			submit_command(q, c);
		else
			submit_commit(q, c);
		reap(q);
		if (c->command && !c->err)
			command_done(q, c->command);
		q->now = NULL;
		uring_finish_commit(q->uring, c);
	}
}

static void serve(struct uring_queue *q)
{
	while (!atomic_load_explicit(&q->uring->closing, memory_order_acquire)) {
		io_uring_submit_and_wait(q->ring, 1);
		reap(q);
		while (q->has_mail)
			commit_all(q);
	}
}

/* errno; *what: of what */
static int open_queue(struct uring_queue *q, const char **what)
{
	const struct uring_config *c = &q->uring->config;
	struct io_uring_params params = {
		.flags = IORING_SETUP_SQE128 | IORING_SETUP_SINGLE_ISSUER |
			IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE,
		.cq_entries = 4 * c->depth + 8,
	};
	struct uring_commit refusal = { .done = false };
	cpu_set_t own;
	int err;

	CPU_ZERO(&own);
	CPU_SET(q->qid, &own);
	if (c->answer)		/* else it shares it with a client, or not */
		sched_setaffinity(0, sizeof(own), &own);
	*what = "io_uring_setup";
	err = io_uring_queue_init_params(c->depth + 2, q->ring, &params);
	if (err)
		return -err;
	put_event(q);
	*what = URING_REGISTERING;
	for (unsigned i = 0; i < c->depth && !refusal.err && !c->by_hand; i++) {
		put_register(q, i);
		refusal.entry = &q->entries[i];
		q->now = &refusal;
		io_uring_submit(q->ring);
		reap(q);
	}
	q->now = NULL;
	q->registered = c->by_hand ? 0 : c->depth;
	return refusal.err;
}

void uring_queue_serve(struct uring_queue *q)
{
	struct io_uring ring;
	const char *what = "";
	int err;

	q->ring = &ring;
	err = open_queue(q, &what);
	uring_started(q->uring, err, what);
	if (!err)
		serve(q);
	if (!err || !strcmp(what, URING_REGISTERING))
		io_uring_queue_exit(&ring);
}

const char *uring_missing(void)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_SQE128 | IORING_SETUP_SINGLE_ISSUER |
			IORING_SETUP_DEFER_TASKRUN,
	};
	struct io_uring ring;
	int err = io_uring_queue_init_params(4, &ring, &params);

	if (!err)
		io_uring_queue_exit(&ring);
	switch (-err) {
	case 0:
		return NULL;
	case ENOMEM:
		return "no memory for an io_uring: raise ulimit -l";
	case EPERM:
		return "no permission for io_uring: kernel.io_uring_disabled says so";
	case EMFILE:
	case ENFILE:
		return "no descriptor left for an io_uring (ulimit -n)";
	default:
		return "no io_uring: the kernel has no CONFIG_IO_URING, or the "
			"container forbids it";
	}
}
