/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads with a deadline.  Started by the conductor and by workers, joined by
 * the conductor. */
#include "config.h"

#include "transport/jobs.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "base/lock.h"
#include "base/mem.h"
#include "base/units.h"

static int wake_signal(void)
{
	return SIGRTMIN + 5;
}

static void on_wake(int sig)
{
	(void)sig;
}

static void *run(void *arg)
{
	struct job *job = arg;
	struct jobs *js = job->jobs;

	mutex_lock(&js->mutex);
	job->tid = gettid();
	pthread_cond_broadcast(&js->ended);
	mutex_unlock(&js->mutex);
	job->fn(job);
	mutex_lock(&js->mutex);
	job->done = true;
	pthread_cond_broadcast(&js->ended);
	mutex_unlock(&js->mutex);
	return NULL;
}

void jobs_init(struct jobs *js)
{
	js->list = NULL;
	mutex_init(&js->mutex);
	cond_init(&js->ended);
}

void jobs_catch_wake(void)
{
	/* No SA_RESTART: read(2) is to return. */
	const struct sigaction wake = { .sa_handler = on_wake };

	sigaction(wake_signal(), &wake, NULL);
}

void jobs_fini(struct jobs *js)
{
	pthread_cond_destroy(&js->ended);
	pthread_mutex_destroy(&js->mutex);
}

/* Take those that ended off the list, to be joined. */
static struct job *take_done(struct jobs *js)
{
	struct job **pp = &js->list, *out = NULL;

	while (*pp) {
		struct job *job = *pp;

		if (!job->done) {
			pp = &job->next;
			continue;
		}
		*pp = job->next;
		job->next = out;
		out = job;
	}
	return out;
}

static void collect(struct job *list)
{
	while (list) {
		struct job *job = list;

		list = job->next;
		pthread_join(job->thread, NULL);
		free(job->arg);
		free(job);
	}
}

void jobs_start(struct jobs *js, void (*fn)(struct job *job), void *arg, int tag)
{
	struct job *job = xcalloc(1, sizeof(*job)), *done;
	sigset_t all, old;

	job->jobs = js;
	job->fn = fn;
	job->arg = arg;
	job->tag = tag;
	sigfillset(&all);
	sigdelset(&all, wake_signal());
	pthread_sigmask(SIG_SETMASK, &all, &old);
	mutex_lock(&js->mutex);
	done = take_done(js);
	if (pthread_create(&job->thread, NULL, run, job))
		die_bug("pthread_create");
	job->next = js->list;
	js->list = job;
	while (!job->tid)
		pthread_cond_wait(&js->ended, &js->mutex);
	mutex_unlock(&js->mutex);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	collect(done);
}

static bool is_one(const struct job *job, void (*fn)(struct job *job), int tag)
{
	return !job->done && (!fn || job->fn == fn) &&
	       (tag == -1 || job->tag == tag);
}

/* Under mutex, which it gives up meanwhile: how many of them are left. */
static unsigned await(struct jobs *js, void (*fn)(struct job *job), int tag,
		      uint64_t deadline_ns)
{
	const struct timespec until = {
		.tv_sec = deadline_ns / NS_PER_S,
		.tv_nsec = deadline_ns % NS_PER_S,
	};
	const struct job *job;
	unsigned left;
	int err = 0;

	for (;;) {
		for (left = 0, job = js->list; job; job = job->next)
			left += is_one(job, fn, tag);
		if (!left || err)
			return left;
		err = pthread_cond_timedwait(&js->ended, &js->mutex, &until);
	}
}

void jobs_wait(struct jobs *js, void (*fn)(struct job *job), int tag,
	       uint64_t deadline_ns)
{
	auto_lock(&js->mutex);
	await(js, fn, tag, deadline_ns);
}

unsigned jobs_join(struct jobs *js, uint64_t deadline_ns)
{
	struct job *done;
	unsigned left;

	mutex_lock(&js->mutex);
	left = await(js, NULL, -1, deadline_ns);
	done = take_done(js);
	mutex_unlock(&js->mutex);
	collect(done);
	return left;
}

unsigned jobs_tids(struct jobs *js, void (*fn)(struct job *job), int tag,
		   pid_t *tids, unsigned max)
{
	const struct job *job;
	unsigned n = 0;

	auto_lock(&js->mutex);
	for (job = js->list; job; job = job->next) {
		if (!is_one(job, fn, tag))
			continue;
		if (n < max)
			tids[n] = job->tid;
		n++;
	}
	return n;
}

unsigned jobs_running(struct jobs *js, void (*fn)(struct job *job), int tag)
{
	return jobs_tids(js, fn, tag, NULL, 0);
}

void jobs_wake(struct jobs *js, void (*fn)(struct job *job), int tag)
{
	const struct job *job;

	auto_lock(&js->mutex);
	for (job = js->list; job; job = job->next)
		if (is_one(job, fn, tag))
			pthread_kill(job->thread, wake_signal());
}
