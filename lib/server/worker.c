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
#include <time.h>

#include "base/errnos.h"
#include "base/units.h"
#include "engine/init.h"

#define ALIGN		4096u
#define HUGE_PAGE	(2u << 20)	/* of most machines */

/* From here on the data of a WRITE may go by way of a pipe. */
#define LARGE	(128u << 10)

/* To sleep and be woken takes tens of microseconds where it takes another CPU
 * out of its idle state, and so most of the time of a small request. */
#define SOON_NS	(50 * NS_PER_US)

struct work {
	struct end *end;
	struct channel *channel;
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

static void note_end(struct end *end, ssize_t n)
{
	const char *name = errno_name((int)-n);

	if (n == 0 || atomic_load(&end->ended) ||
	    atomic_exchange(&end->lost, true))
		return;
	end_log(end, EV_MOUNT, "%s: the connection has ended (read: %s)",
		end->spec->name, name ? name : "?");
}

/* Where the end allows it and nobody listens, a request passes by the tap. */
static bool is_free(const struct end *end, const void *head)
{
	return end->fs && end->fs->kind->is_free &&
		end->fs->kind->is_free(end->fs, head) &&
		engine_is_quiet(end->server->engine);
}

/* Such a WRITE's data is for nothing. */
static bool wants_data(void *arg, const void *head)
{
	struct work *w = arg;

	w->dropped = is_free(w->end, head);
	return !w->dropped;
}

static struct drain *make_drain(struct work *w)
{
	struct end *end = w->end;

	if (!end->fs || !end->fs->kind->is_free || channel_is_sim(w->channel) ||
	    scenario_names_init(end->server->sc))
		return NULL;
	return drain_new(init_max_write(end->spec) + BUFFER_EXTRA,
			 init_max_pages(end->spec), wants_data, w);
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

/* False: it is to go through the tap. */
static bool answer_at_once(const struct work *w, const void *msg, size_t len)
{
	const struct fs_kind *kind = w->end->fs ? w->end->fs->kind : NULL;
	struct fs_answer a;

	/* What was decided about its data stands, even if somebody listens now. */
	if (!w->dropped &&
	    (len < sizeof(struct wire_in_header) || !is_free(w->end, msg)))
		return false;
	/* Its errors are those of aborted requests, or the end of all. */
	if (kind->answer(w->end->fs, msg, len, &a))
		end_send(w->end, w->channel, a.iov, a.n);
	return true;
}

/* Is there a request within SOON_NS?  Whoever else wants the CPU gets it. */
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
	bool awake = w->busy && comes_soon(w->channel);
	uint64_t asleep = clock_ns();
	ssize_t n;

	w->dropped = false;
	n = channel_read(w->channel, d, buf, w->end->buf_size);
	w->busy = awake || (!w->busy && clock_ns() - asleep < SOON_NS);
	return n;
}

static void take(const struct work *w, void *msg, size_t len)
{
	struct end *end = w->end;

	stats_request(end->server->stats, msg, len);
	if (!answer_at_once(w, msg, len) &&
	    engine_request(end->server->engine, end->index, w->channel, msg, len))
		session_deliver(end->session, msg, len);
}

/* Where speed is all, in a huge page: the kernel fills it page by page. */
static void *make_buffer(const struct end *end)
{
	bool huge = end->fs && end->fs->kind->is_free;
	size_t align = huge ? HUGE_PAGE : ALIGN;
	size_t size = (end->buf_size + align - 1) / align * align;
	void *buf;

	if (posix_memalign(&buf, align, size))
		die_bug("no memory for a worker's buffer");
	if (huge)
		madvise(buf, size, MADV_HUGEPAGE);	/* or not, if refused */
	return buf;
}

static void work(struct job *job)
{
	struct work *w = job->arg;
	struct end *end = w->end;
	void *buf = make_buffer(end);
	ssize_t n = 0;

	do {
		n = engine_may_read(end->server->engine, end->index) ?
			next_request(w, buf, n) : 0;
		if (n > 0)
			take(w, buf, (size_t)n);
	} while (n > 0 || is_passing(n));
	note_end(end, n);
	if (end->server->ended)
		end->server->ended(end->server->ended_ctx);
	drain_free(w->drain);
	free(buf);
}

void workers_start(struct end *end)
{
	unsigned i;

	if (end->fs && end->fs->kind->begin)
		end->fs->kind->begin(end->fs, end->server->engine, end->index);
	for (i = 0; i < end->n_channels; i++) {
		struct work *w = xcalloc(1, sizeof(*w));

		w->end = end;
		w->channel = end->channels[i];
		jobs_start(&end->server->jobs, work, w, end->index);
	}
}

unsigned workers_running(struct end *end)
{
	return jobs_running(&end->server->jobs, work, end->index);
}

unsigned workers_tids(struct end *end, pid_t *tids, unsigned max)
{
	return jobs_tids(&end->server->jobs, work, end->index, tids, max);
}

static void wake(void *arg)
{
	struct end *end = arg;

	jobs_wake(&end->server->jobs, work, end->index);
}

bool workers_stall(struct end *end, uint64_t deadline_ns)
{
	const struct timespec gap = { .tv_nsec = 100000 };

	while (engine_parked(end->server->engine, end->index) <
	       workers_running(end)) {
		if (clock_ns() > deadline_ns)
			return false;
		wake(end);
		nanosleep(&gap, NULL);
	}
	return true;
}

void workers_close(struct end *end)
{
	unsigned i;

	for (i = 0; i < end->n_channels; i++)
		channel_close(end->channels[i], wake, end);
}
