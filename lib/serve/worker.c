/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Workers: threads that read requests and take them through the tap to the
 * filesystem end.  A worker ends when its connection does, when its channel is
 * closed, or when the run has failed.
 */
#include "config.h"

#include "serve/state.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "base/errnos.h"
#include "base/units.h"

#define ALIGN	4096u

/* To sleep and be woken takes tens of microseconds where it takes another CPU
 * out of its idle state, and so most of the time of a small request. */
#define SOON_NS	(50 * NS_PER_US)

struct work {
	struct end *end;
	struct channel *channel;
	bool busy;		/* the last request came soon after its reply */
};

/* fs/fuse/dev.c: ENOENT and EINTR concern one request or call only. */
static bool is_passing(ssize_t err)
{
	return err == -EINTR || err == -EAGAIN || err == -ENOENT;
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

/* The way past the tap, where the end allows it and nobody listens.  False:
 * through the tap. */
static bool answer_at_once(struct end *end, struct channel *c, const void *msg,
			   ssize_t len)
{
	const struct fs_kind *kind = end->fs ? end->fs->kind : NULL;
	struct fs_answer a;

	if (!kind || !kind->is_free || (size_t)len < sizeof(struct wire_in_header) ||
	    !kind->is_free(end->fs, msg) || !engine_is_quiet(end->server->engine))
		return false;
	/* Its errors are those of aborted requests, or the end of all. */
	if (kind->answer(end->fs, msg, (size_t)len, &a))
		end_send(end, c, a.iov, a.n);
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

/* Read a request, awake at first if the last one came soon. */
static ssize_t take_request(struct work *w, void *buf)
{
	bool awake = w->busy && comes_soon(w->channel);
	uint64_t asleep = clock_ns();
	ssize_t n = channel_read(w->channel, buf, w->end->buf_size);

	w->busy = awake || (!w->busy && clock_ns() - asleep < SOON_NS);
	return n;
}

static void work(struct job *job)
{
	struct work *w = job->arg;
	struct end *end = w->end;
	struct engine *e = end->server->engine;
	void *buf = NULL;
	ssize_t n;

	if (posix_memalign(&buf, ALIGN, end->buf_size))
		die_bug("no memory for a worker's buffer");
	do {
		n = 0;
		if (engine_may_read(e, end->index))
			n = take_request(w, buf);
		if (n > 0)
			stats_request(end->server->stats, buf, (size_t)n);
		if (n > 0 && !answer_at_once(end, w->channel, buf, n) &&
		    engine_request(e, end->index, w->channel, buf, n))
			session_deliver(end->session, buf, n);
	} while (n > 0 || is_passing(n));
	note_end(end, n);
	if (end->server->ended)
		end->server->ended(end->server->ended_ctx);
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
