/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A mount that uses io_uring.  Its ring is there from the beginning, with workers
 * that sleep in it; all queues are registered right after the reply to INIT, because
 * until then the kernel lets every caller wait (fs/fuse/dev.c, fuse_get_req()).
 * Called by the conductor, and by whoever writes that reply.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>
#include <string.h>
#include <sys/statfs.h>

#include "backend/notifier.h"
#include "base/errnos.h"
#include "base/iov.h"
#include "base/units.h"
#include "transport/uring.h"

/* fs/fuse/dev_uring.c, fuse_uring_create(); fs/fuse/inode.c, process_init_reply() */
#define PAGE			4096u
#define LEAST_PAYLOAD		8192u
#define LEAST_MAX_WRITE		4096u
#define DEFAULT_MAX_PAGES	32u

#define END_WAIT_NS		(2 * NS_PER_S)
#define ASK_GAP_NS		(200 * NS_PER_US)
#define REFUSED_WAIT_NS		NS_PER_S

int ring_add(struct served_mount *m)
{
	m->ring = uring_new();
	if (!m->ring)
		return ENOSYS;
	for (unsigned i = 0; i < m->spec->workers; i++)
		m->channels[m->n_channels++] = channel_ring(m->ring);
	return 0;
}

/* Returns false for an error, and for a reply that is not of our length. */
static bool read_reply(const struct iovec *iov, int n, struct wire_init_out *out)
{
	struct wire_out_header h;

	return iov_copy(iov, n, 0, &h, sizeof(h)) == sizeof(h) && !h.error &&
		iov_copy(iov, n, sizeof(h), out, sizeof(*out)) == sizeof(*out);
}

/* What the kernel demands of the second buffer of an entry. */
static size_t payload_size(const struct wire_init_out *out)
{
	size_t pages = out->flags & INIT_MAX_PAGES ? out->max_pages :
		DEFAULT_MAX_PAGES;
	size_t size = out->max_write > LEAST_MAX_WRITE ? out->max_write :
		LEAST_MAX_WRITE;

	if (size < LEAST_PAYLOAD)
		size = LEAST_PAYLOAD;
	return size > pages * PAGE ? size : pages * PAGE;
}

static bool has_agreed(const struct wire_init_out *out)
{
	uint64_t flags = out->flags;

	if (flags & INIT_EXT)
		flags |= (uint64_t)out->flags2 << 32;
	return flags & INIT_OVER_IO_URING;
}

/* Null's requests need not go to a worker. */
static bool answer_here(void *mount, const void *msg, size_t len, struct uring_entry *e)
{
	struct served_mount *m = mount;
	struct backend *b = m->backend;
	struct backend_reply reply;

	if (len < sizeof(struct wire_in_header) || !b->ops->is_free(b, msg) ||
	    !engine_is_quiet(m->server->engine) ||
	    !b->ops->answer(b, msg, len, &reply))
		return false;
	stats_request(m->server->stats, msg, len);
	uring_put(e, reply.iov, reply.n);
	stats_reply(m->server->stats, reply.iov, reply.n, 0);
	return true;
}

/* fs/fuse/dev_uring.c, fuse_uring_cmd(), of a connection that was aborted.  If it was
 * we who did it, that says nothing about io_uring. */
static bool is_end(const struct served_mount *m, int err)
{
	return err == ESHUTDOWN || ((err == ECONNABORTED || err == ENOTCONN) &&
				    atomic_load(&m->ended_by_us));
}

struct ending {
	struct served_mount *mount;
};

static void ask_whether_refused(void *arg)
{
	struct served_mount *m = ((struct ending *)arg)->mount;
	struct statfs st;

	if (statfs(m->dir, &st) && errno == ECONNREFUSED)
		atomic_store(&m->ring_ended, true);
}

/* fs/fuse/inode.c, process_init_reply(): a reply that is refused ends the connection,
 * and no ring is agreed on.  No request ever comes, so none has missed the ring. */
static void look_whether_refused(struct served_mount *m)
{
	uint64_t until = clock_ns() + REFUSED_WAIT_NS;
	struct ending *e;

	if (!atomic_load(&m->mounted))
		return;
	e = xcalloc(1, sizeof(*e));
	e->mount = m;
	jobs_start(&m->server->jobs, JOB_END, m->index, ask_whether_refused, e);
	jobs_wait(&m->server->jobs, JOB_END, m->index, until);
}

void ring_begin(struct served_mount *m, const struct iovec *iov, int n)
{
	struct uring_config config = {
		.jobs = &m->server->jobs, .about = m->index,
		.fd = channel_fd(m->channels[0]), .depth = m->spec->ring_depth,
		.by_hand = m->spec->ring_by_hand,
		.unprivileged = m->spec->unprivileged,
		.answer = m->backend->ops->is_free ? answer_here : NULL, .arg = m,
	};
	struct wire_init_out out;
	const char *what;
	int err;

	if (!read_reply(iov, n, &out) || !has_agreed(&out) || uring_queues(m->ring))
		return;
	config.payload = payload_size(&out);
	err = uring_start(m->ring, &config, &what);
	if (is_end(m, err)) {
		atomic_store(&m->ring_ended, true);
		return;
	}
	if (err == EOPNOTSUPP)
		look_whether_refused(m);
	atomic_store(&m->ring_refused, err && !strcmp(what, URING_REGISTERING));
	atomic_store(&m->ring_err, err);
	if (err)
		mount_log(m, EV_MOUNT, "%s: io_uring cannot be used: %s: %s",
			  m->spec->name, what, errno_name(err));
	else
		mount_log(m, EV_MOUNT, "%s: io_uring has %u queues of %u entries",
			  m->spec->name, uring_queues(m->ring), config.depth);
}

/* An entry that is just being given back refuses its request so. */
static void ask(void *arg)
{
	const struct served_mount *m = ((struct ending *)arg)->mount;
	struct statfs st;

	while (statfs(m->dir, &st) && errno == ECANCELED)
		sleep_ns(ASK_GAP_NS);
}

/*
 * close(2) of an io_uring gives its entries back later (io_uring/io_uring.c,
 * io_ring_exit_work()), and with them the device that they have open.  A request that
 * nobody can read any more comes back when the connection has ended.  A notification
 * that is being written keeps the device open as well, for as long as that takes.
 */
void ring_await_end(struct served_mount *m)
{
	uint64_t until = clock_ns() + END_WAIT_NS;
	struct ending *e;

	if (!m->ring || !uring_queues(m->ring) || !atomic_load(&m->mounted) ||
	    notifiers_running(&m->server->jobs))
		return;
	e = xcalloc(1, sizeof(*e));
	e->mount = m;
	jobs_start(&m->server->jobs, JOB_END, m->index, ask, e);
	jobs_wait(&m->server->jobs, JOB_END, m->index, until);
}

/* fs/fuse/dev_uring.c: a NOTIFY_REPLY is in an entry, too. */
void ring_end_unanswered(struct served_mount *m, struct channel *c, const void *msg,
			 size_t len)
{
	struct wire_out_header out = { .len = sizeof(out) };
	struct iovec iov = { &out, sizeof(out) };
	struct wire_in_header h;
	const struct op *op;

	if (len < sizeof(h))
		return;
	memcpy(&h, msg, sizeof(h));
	op = op_by_code(m->server->sc->protocol, h.opcode);
	out.unique = h.unique;
	if (op && op->reply == REPLY_NONE)
		channel_reply(c, h.unique, &iov, 1);
}

int server_ring(struct server *s, const struct ring_step *r)
{
	struct served_mount *m = mount_of(s, r->mount);
	struct ring_step one = *r;
	int err = 0;

	if (!m->ring)
		return ENOTCONN;
	if (r->queue != RING_ALL)
		return uring_command(m->ring, r);
	/* Not started: that is what the first one says. */
	one.queue = 0;
	do {
		err = uring_command(m->ring, &one);
	} while (!err && ++one.queue < uring_queues(m->ring));
	return err;
}

/* fs/fuse/dev_uring.c: these have no way over a ring.  What was sent before the ring
 * was there has come by the device, too. */
static bool is_of_device(const struct op *op)
{
	return !op || op->reply == REPLY_NONE || op->opcode == OP_INTERRUPT ||
		op->opcode == OP_INIT;
}

void ring_note_stray(struct served_mount *m, const void *msg, size_t len)
{
	struct wire_in_header h;

	if (len < sizeof(h))
		return;
	memcpy(&h, msg, sizeof(h));
	if (is_of_device(op_by_code(m->server->sc->protocol, h.opcode)))
		return;
	atomic_store(&m->stray_opcode, h.opcode);
	atomic_fetch_add(&m->strays, 1);
}
