/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loop around fusescen_start() and fusescen_finish().  A ring holds the
 * runs from the oldest that is not delivered to the newest that is started, so
 * that reports come out in order, and the others do not pile up behind a slow
 * run.  Runs that may be long are started first, because everything else can be
 * done meanwhile.  Main thread only.
 */
#include "config.h"

#include "fusescen/report/batch.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/signals.h"

#define RUNS_PER_CPU	2	/* at once; with more, nothing ended sooner */
#define MAX_JOBS	32
#define RUNS_PER_MACHINE	32
/* How many reports may wait behind the oldest run.  It is about as many as one
 * job makes in a second. */
#define RING_PER_JOB	128
/* If nothing has ended for this long, wait for the oldest run: only
 * fusescen_finish() knows its time limit and kills it. */
#define PATIENCE_MS	30000
#define WAITING_MS	200	/* between two calls of waiting() */
#define LONG_MS		15000	/* what asks for more time than this may be long */
#define DESCRIPTORS_WISHED	4096u

struct slot {
	fusescen_run *run;		/* under way */
	fusescen_report *report;	/* ended */
	int start_errno;		/* why it could not be started, or 0 */
	bool is_long;			/* or may be */
	uint64_t started_ns;
};

struct ring {
	const struct batch *b;
	struct slot *slots;
	size_t size;
	size_t jobs;		/* at once */
	size_t total;		/* runs in all rounds */
	size_t *longs;		/* the tasks that may be long */
	size_t n_longs;
	size_t longs_started, longs_running;	/* in all rounds */
	size_t next;		/* in the list, of those not started yet */
	size_t end;		/* behind the last one in the list that is started */
	size_t delivered;
	size_t running;
	uint64_t last_end_ns;	/* of a run */
	int signal_fd;
	struct pollfd *polled;
	size_t *polled_run;
};

static struct slot *slot_of(struct ring *ring, size_t i)
{
	return &ring->slots[i % ring->size];
}

static bool is_done(const struct slot *s)
{
	return s->report || s->start_errno;
}

static bool may_be_long(const struct batch *b, size_t i)
{
	const struct task *task = &b->tasks[i % b->n_tasks];

	return fusescen_timeout_ms(task->file, task->index) > LONG_MS;
}

/* The first that may be long and is not started, by its number in the list. */
static size_t next_long(const struct ring *ring)
{
	size_t k = ring->longs_started;

	if (k >= ring->n_longs * ring->b->rounds)
		return ring->total;
	return k / ring->n_longs * ring->b->n_tasks + ring->longs[k % ring->n_longs];
}

static bool has_slot(const struct ring *ring, size_t i)
{
	return i < ring->total && i < ring->delivered + ring->size;
}

/* One job at least goes on with the list. */
static size_t next_run(const struct ring *ring)
{
	size_t i = next_long(ring);

	return ring->longs_running + 1 < ring->jobs && has_slot(ring, i) ? i : ring->next;
}

/* Some signals are blocked here.  fusescen_start() unblocks all of them for the
 * run. */
static void start_one(struct ring *ring)
{
	size_t i = next_run(ring);
	const struct task *task = &ring->b->tasks[i % ring->b->n_tasks];
	struct slot *s = slot_of(ring, i);

	*s = (struct slot){ .started_ns = clock_ns(), .is_long = i == next_long(ring) };
	ring->longs_started += s->is_long;
	ring->end = i >= ring->end ? i + 1 : ring->end;
	ring->next += i == ring->next;
	while (ring->next < next_long(ring) && ring->next < ring->total &&
	       may_be_long(ring->b, ring->next))
		ring->next++;
	s->run = fusescen_start(task->file, task->index, &ring->b->options);
	s->start_errno = s->run ? 0 : errno ? errno : EAGAIN;
	if (!s->run)
		return;
	ring->running++;
	ring->longs_running += s->is_long;
}

static void finish_one(struct ring *ring, struct slot *s)
{
	s->report = fusescen_finish(s->run);
	s->run = NULL;
	ring->running--;
	ring->longs_running -= s->is_long;
	ring->last_end_ns = clock_ns();
}

static bool ends_file(const struct batch *b, size_t i)
{
	return i + 1 == b->n_tasks || b->tasks[i + 1].file != b->tasks[i].file;
}

static void deliver_one(struct ring *ring)
{
	size_t i = ring->delivered++;
	const struct task *task = &ring->b->tasks[i % ring->b->n_tasks];
	struct slot *s = slot_of(ring, i);
	struct point p = {
		.file = task->path,
		.case_name = fusescen_case_name(task->file, task->index),
		.round = (unsigned)(i / ring->b->n_tasks + 1),
		.verdict = FUSESCEN_ERROR,
		.text = "",
		.title = fusescen_title(task->file),
		.unused = "",
		.cases = fusescen_cases(task->file),
		.ends_file = ends_file(ring->b, i % ring->b->n_tasks),
	};
	char *why = NULL;

	if (s->report) {
		p.verdict = fusescen_verdict(s->report);
		p.summary = fusescen_summary(s->report);
		p.text = fusescen_text(s->report);
		p.elapsed_ns = fusescen_elapsed_ns(s->report);
		p.unused = fusescen_report_unused(s->report);
	} else {
		why = why_no_start(s->start_errno);
		p.summary = why;
	}
	ring->b->deliver(ring->b->ctx, &p,
			 s->report ? fusescen_events(s->report) : "");
	free(why);
	fusescen_report_free(s->report);
	*s = (struct slot){ .run = NULL };
}

static bool may_start(const struct ring *ring)
{
	return ring->running < ring->jobs && has_slot(ring, next_run(ring));
}

static size_t find_oldest(const struct ring *ring)
{
	size_t oldest = ring->polled_run[1];

	for (size_t i = 2; i <= ring->running; i++)
		if (ring->slots[ring->polled_run[i] % ring->size].started_ns <
		    ring->slots[oldest % ring->size].started_ns)
			oldest = ring->polled_run[i];
	return oldest;
}

/* Nothing has happened while it waited. */
static void look_at_oldest(struct ring *ring)
{
	const struct batch *b = ring->b;
	size_t oldest = find_oldest(ring);
	struct slot *s = slot_of(ring, oldest);
	uint64_t now = clock_ns();

	if (now - ring->last_end_ns >= PATIENCE_MS * NS_PER_MS &&
	    now - s->started_ns >= PATIENCE_MS * NS_PER_MS)
		finish_one(ring, s);
	else if (b->waiting)
		b->waiting(b->ctx, &b->tasks[oldest % b->n_tasks],
			   now - s->started_ns);
}

/* Waits until a run has ended.  Returns 0, or the number of a signal. */
static int wait_some(struct ring *ring)
{
	size_t n = 0, i;
	int ready;

	ring->polled[n++] = (struct pollfd){ ring->signal_fd, POLLIN, 0 };
	for (i = ring->delivered; i < ring->end; i++) {
		if (!slot_of(ring, i)->run)
			continue;
		ring->polled_run[n] = i;
		ring->polled[n++] = (struct pollfd){
			fusescen_fd(slot_of(ring, i)->run), POLLIN, 0 };
	}
	ready = poll(ring->polled, n, ring->b->waiting ? WAITING_MS : PATIENCE_MS);
	if (ready < 0)
		return 0;	/* interrupted: look again */
	if (ready == 0)
		look_at_oldest(ring);
	if (ring->polled[0].revents)
		return signals_read(ring->signal_fd);
	for (i = 1; i < n && ready > 0; i++)
		if (ring->polled[i].revents)
			finish_one(ring, slot_of(ring, ring->polled_run[i]));
	return 0;
}

/* Each run under way takes a few descriptors of this process. */
static void raise_descriptor_limit(void)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl))
		return;
	if (rl.rlim_cur < DESCRIPTORS_WISHED)
		rl.rlim_cur = rl.rlim_max < DESCRIPTORS_WISHED ? rl.rlim_max :
			DESCRIPTORS_WISHED;
	setrlimit(RLIMIT_NOFILE, &rl);
}

static void find_longs(struct ring *ring)
{
	const struct batch *b = ring->b;

	ring->longs = xcalloc(b->n_tasks + 1, sizeof(*ring->longs));
	for (size_t i = 0; i < b->n_tasks; i++)
		if (may_be_long(b, i))
			ring->longs[ring->n_longs++] = i;
}

static void ring_init(struct ring *ring, const struct batch *b)
{
	raise_descriptor_limit();
	*ring = (struct ring){ .b = b };
	ring->total = b->n_tasks * b->rounds;
	ring->jobs = b->jobs < ring->total ? b->jobs : ring->total;
	ring->size = ring->jobs * RING_PER_JOB + 1;
	/* Behind one that is far down, a whole round may wait. */
	find_longs(ring);
	if (ring->n_longs && ring->size < 2 * b->n_tasks)
		ring->size = 2 * b->n_tasks;
	ring->slots = xcalloc(ring->size, sizeof(*ring->slots));
	ring->polled = xcalloc(ring->size + 1, sizeof(*ring->polled));
	ring->polled_run = xcalloc(ring->size + 1, sizeof(*ring->polled_run));
	ring->signal_fd = signals_open();
}

static void ring_fini(struct ring *ring)
{
	if (ring->signal_fd >= 0)
		close(ring->signal_fd);
	free(ring->longs);
	free(ring->slots);
	free(ring->polled);
	free(ring->polled_run);
}

/* Those that nobody is told of any more. */
static void finish_rest(struct ring *ring)
{
	for (size_t i = 0; i < ring->size; i++) {
		struct slot *s = &ring->slots[i];

		if (s->run)
			finish_one(ring, s);
		fusescen_report_free(s->report);
	}
}

static unsigned usable_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned)CPU_COUNT(&set);
}

/* Runs mostly wait, for the kernel or for proof that nothing happens, and so there
 * are several for each processor.  A machine is busy while it boots, and only many
 * runs are worth another one. */
unsigned batch_default_jobs(size_t n_tasks, bool in_machines)
{
	unsigned cpus = usable_cpus(), max = in_machines ? cpus : MAX_JOBS;
	size_t jobs = in_machines ? 1 + n_tasks / RUNS_PER_MACHINE : cpus * RUNS_PER_CPU;

	return jobs < max ? (unsigned)jobs : max;
}

int batch_run_here(const struct batch *b)
{
	struct ring ring;
	int sig = 0;

	ring_init(&ring, b);
	while (ring.delivered < ring.total && !sig && !batch_is_over(b)) {
		if (may_start(&ring))
			start_one(&ring);
		else if (is_done(slot_of(&ring, ring.delivered)))
			deliver_one(&ring);
		else
			sig = wait_some(&ring);
	}
	if (b->waits)
		finish_rest(&ring);
	ring_fini(&ring);
	return sig;
}
