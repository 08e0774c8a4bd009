/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Workers: threads that read requests and take them through the tap to the
 * backend.  A worker ends when its connection does, when its channel is
 * closed, or when the run has failed.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/errnos.h"
#include "base/units.h"
#include "engine/init.h"
#include "transport/uring.h"

#define ALIGN		4096u
#define HUGE_PAGE	(2u << 20)	/* of most machines */

/* The data of a WRITE of at least this size may go through a pipe. */
#define LARGE	(128u << 10)

/* A sleep takes tens of microseconds where waking up takes another CPU out of
 * its idle state, and that is most of the time of a small request.  Most of the time
 * of a large one is its data's, and who makes the next one needs the CPU. */
#define SOON_NS	(50 * NS_PER_US)

struct work {
	struct served_mount *mount;
	struct channel *channel;
	unsigned index;		/* of the mount's workers */
	bool busy;		/* the last request came soon after its reply */
	struct drain *drain;	/* NULL: none yet, or none is to be had */
	bool no_drain;
	bool dropped;		/* the request's data went down there */
};

/* fs/fuse/dev.c: these concern one request or call only.  (EIO: it could not be
 * handed over, and its caller has been told.) */
static bool is_passing(ssize_t err)
{
	return err == -EINTR || err == -EAGAIN || err == -ENOENT || err == -EIO;
}

static void note_end(struct served_mount *m, ssize_t n)
{
	const char *name = errno_name((int)-n);

	/* It was the kernel that has ended it, or we have failed. */
	if (n < 0)
		mount_set_over(m);
	if (n == 0 || atomic_load(&m->ended_by_us) ||
	    atomic_exchange(&m->end_logged, true))
		return;
	mount_log(m, EV_MOUNT, "%s: the connection has ended (read: %s)",
		  m->spec->name, name ? name : "?");
}

/* May a request pass by the tap?  Its backend must allow that, and the log must
 * be quiet. */
static bool is_free(const struct served_mount *m, const void *head)
{
	struct backend *b = m->backend;

	return b->ops->is_free && b->ops->is_free(b, head) &&
		engine_is_quiet(m->server->engine);
}

/* The data of a WRITE that passes by the tap is not needed. */
static bool wants_data(void *arg, const void *head)
{
	struct work *w = arg;

	w->dropped = is_free(w->mount, head);
	return !w->dropped;
}

static struct drain *make_drain(struct work *w)
{
	struct served_mount *m = w->mount;

	if (!m->backend->ops->is_free || channel_is_sim(w->channel) || m->ring ||
	    scenario_names_init(m->server->sc))
		return NULL;
	return drain_new(init_max_write(m->spec) + BUFFER_EXTRA,
			 init_max_pages(m->spec), wants_data, w);
}

/* What was large will be so again: many workloads have one size. */
static struct drain *drain_for_next(struct work *w, ssize_t last)
{
	if (last < (ssize_t)LARGE)
		return NULL;
	if (!w->drain && !w->no_drain)
		w->drain = make_drain(w);
	w->no_drain = !w->drain;
	return w->drain;
}

/* Let a request pass by the tap.  False: it has to go through it. */
static bool answer_at_once(const struct work *w, const void *msg, size_t len)
{
	struct backend *b = w->mount->backend;
	struct backend_reply reply;

	/* What was decided about the request's data stands, even if the log is
	 * no longer quiet. */
	if (!w->dropped &&
	    (len < sizeof(struct wire_in_header) || !is_free(w->mount, msg)))
		return false;
	/* A reply that cannot be written belongs to an aborted request or
	 * connection. */
	if (b->ops->answer(b, msg, len, &reply))
		mount_send(w->mount, w->channel,
			   ((const struct wire_in_header *)msg)->unique,
			   reply.iov, reply.n);
	return true;
}

/* Is there a request within SOON_NS?  Other threads may have the CPU
 * meanwhile. */
static bool comes_soon(struct channel *c)
{
	uint64_t end = clock_ns() + SOON_NS;

	do {
		if (channel_readable(c))
			return true;
		sched_yield();
	} while (clock_ns() < end);
	return false;
}

/* Read a request, awake at first if the last one, of that length, came soon. */
static ssize_t next_request(struct work *w, void *buf, ssize_t last)
{
	struct drain *d = drain_for_next(w, last);
	bool awake = w->busy && last < (ssize_t)LARGE &&
		!channel_is_ring(w->channel) && comes_soon(w->channel);
	uint64_t asleep = clock_ns();
	ssize_t n;

	w->dropped = false;
	n = channel_read(w->channel, d, buf, w->mount->buf_size);
	w->busy = awake || (!w->busy && clock_ns() - asleep < SOON_NS);
	return n;
}

static void take(const struct work *w, void *msg, size_t len)
{
	struct served_mount *m = w->mount;

	stats_request(m->server->stats, msg, len);
	if (m->ring && !channel_is_ring(w->channel))
		ring_note_stray(m, msg, len);
	else if (m->ring)
		ring_end_unanswered(m, w->channel, msg, len);
	if (!answer_at_once(w, msg, len) &&
	    engine_request_by(m->server->engine, m->index, w->channel,
			      channel_queue(w->channel), msg, len))
		session_deliver(m->session, msg, len);
}

/* For measurements the buffer is a huge page, because the kernel fills a buffer
 * page by page. */
static void *make_buffer(const struct served_mount *m)
{
	bool huge = m->backend->ops->is_free;
	size_t align = huge ? HUGE_PAGE : ALIGN;
	size_t size = (m->buf_size + align - 1) / align * align;
	void *buf;

	if (posix_memalign(&buf, align, size))
		die_bug("no memory for a worker's buffer");
	if (huge)
		madvise(buf, size, MADV_HUGEPAGE);	/* or not, if refused */
	return buf;
}

/*
 * Several workers of a server that is measured keep to a processor each.  Workers
 * that wait awake look like load: left alone, the scheduler takes two clients on one
 * processor and two workers on the other for balance, and leaves it so, while each
 * request has to cross over and wake a processor up.  With a worker on each, it
 * spreads the clients, too.
 */
static void keep_to_a_processor(const struct work *w)
{
	const struct served_mount *m = w->mount;
	cpu_set_t all, own;
	unsigned skip, cpu;

	if (!m->backend->ops->is_free || m->n_channels < 2 || m->ring ||
	    sched_getaffinity(0, sizeof(all), &all))
		return;
	skip = w->index % (unsigned)CPU_COUNT(&all);
	for (cpu = 0; !CPU_ISSET(cpu, &all) || skip > 0; cpu++)
		skip -= CPU_ISSET(cpu, &all) ? 1 : 0;
	CPU_ZERO(&own);
	CPU_SET(cpu, &own);
	sched_setaffinity(0, sizeof(own), &own);	/* or not, if refused */
}

static void work(void *arg)
{
	struct work *w = arg;
	struct served_mount *m = w->mount;
	void *buf = make_buffer(m);
	ssize_t n = 0;

	keep_to_a_processor(w);
	do {
		n = engine_may_read(m->server->engine, m->index) ?
			next_request(w, buf, n) : 0;
		if (n > 0)
			take(w, buf, (size_t)n);
	} while (n > 0 || is_passing(n));
	note_end(m, n);
	/* The device tells of the connection's end, whatever the ring is doing. */
	if (m->ring && !channel_is_ring(w->channel))
		uring_close(m->ring);
	if (m->server->worker_left)
		m->server->worker_left(m->server->worker_left_ctx);
	drain_free(w->drain);
	free(buf);
}

void workers_start(struct served_mount *m)
{
	unsigned i;

	if (m->backend->ops->begin)
		m->backend->ops->begin(m->backend, m->server->engine, m->index);
	for (i = 0; i < m->n_channels; i++) {
		struct work *w = xcalloc(1, sizeof(*w));

		w->mount = m;
		w->channel = m->channels[i];
		w->index = i;
		jobs_start(&m->server->jobs, JOB_WORKER, m->index, work, w);
	}
}

unsigned workers_running(struct served_mount *m)
{
	return jobs_running(&m->server->jobs, JOB_WORKER, m->index);
}

unsigned workers_tids(struct served_mount *m, pid_t *tids, unsigned max)
{
	return jobs_tids(&m->server->jobs, JOB_WORKER, m->index, tids, max);
}

static void wake(void *arg)
{
	struct served_mount *m = arg;

	if (m->ring)
		uring_poke(m->ring);
	jobs_wake(&m->server->jobs, JOB_WORKER, m->index);
}

bool workers_stall(struct served_mount *m, uint64_t deadline_ns)
{

	while (engine_parked(m->server->engine, m->index) <
	       workers_running(m)) {
		if (clock_ns() > deadline_ns)
			return false;
		wake(m);
		sleep_ns(100 * NS_PER_US);
	}
	return true;
}

void workers_close(struct served_mount *m)
{
	unsigned i;

	/* A ring has the device open. */
	for (i = m->n_channels; i-- > 0; )
		channel_close(m->channels[i], wake, m);
	spare_close(m);
}
