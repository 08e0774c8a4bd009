/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads with a deadline.  Started by the conductor and by workers, joined by
 * the conductor. */
#include "config.h"

#include "transport/jobs.h"

#include <signal.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/lock.h"
#include "base/mem.h"

struct job {
	struct job *next;
	struct jobs *jobs;
	enum job_kind kind;
	int about;
	void (*fn)(void *arg);
	void *arg;
	pthread_t thread;
	pid_t tid;
	bool done;
};

/* Which jobs a caller means. */
struct choice {
	enum job_kind kind;
	int about;
};

static int wake_signal(void)
{
	return SIGRTMIN + 5;
}

static void on_wake(int sig)
{
	(void)sig;
}

/* Whose work it is to mount and unmount, which a confined thread may not. */
static bool is_mounting(enum job_kind kind)
{
	return kind == JOB_MOUNT || kind == JOB_UMOUNT || kind == JOB_DEVICE;
}

/* A thread that cannot be confined goes on without: it only makes it harder to do
 * harm. */
void jobs_confine_self(const struct jobs *js)
{
	if (js->files >= 0)
		confine_files(js->files);
}

static void *run(void *arg)
{
	struct job *job = arg;
	struct jobs *js = job->jobs;

	if (!is_mounting(job->kind))
		jobs_confine_self(js);
	mutex_lock(&js->mutex);
	job->tid = gettid();
	pthread_cond_broadcast(&js->changed);
	mutex_unlock(&js->mutex);
	job->fn(job->arg);
	mutex_lock(&js->mutex);
	job->done = true;
	pthread_cond_broadcast(&js->changed);
	mutex_unlock(&js->mutex);
	return NULL;
}

void jobs_init(struct jobs *js)
{
	js->list = NULL;
	js->guests = NULL;
	js->files = -1;
	mutex_init(&js->mutex);
	cond_init(&js->changed);
}

void jobs_catch_wake(void)
{
	/* No SA_RESTART: read(2) is to return. */
	const struct sigaction wake = { .sa_handler = on_wake };

	sigaction(wake_signal(), &wake, NULL);
}

void jobs_confine(struct jobs *js, int files)
{
	js->files = files;
}

void jobs_fini(struct jobs *js)
{
	if (js->files >= 0)
		close(js->files);
	pthread_cond_destroy(&js->changed);
	pthread_mutex_destroy(&js->mutex);
}

/* Take the jobs that have ended off the list, to be joined. */
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

void jobs_start(struct jobs *js, enum job_kind kind, int about,
		void (*fn)(void *arg), void *arg)
{
	struct job *job = xcalloc(1, sizeof(*job)), *done;
	sigset_t all, old;

	job->jobs = js;
	job->kind = kind;
	job->about = about;
	job->fn = fn;
	job->arg = arg;
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
		cond_wait(&js->changed, &js->mutex);
	mutex_unlock(&js->mutex);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	collect(done);
}

/* Does it run, and is it meant?  NULL: all are. */
static bool is_meant(const struct job *job, const struct choice *which)
{
	return !job->done && (!which || (job->kind == which->kind &&
		(which->about == JOB_ANY || job->about == which->about)));
}

/* Under mutex: how many of these run; their thread ids, at most max. */
static unsigned count(const struct jobs *js, const struct choice *which,
		      pid_t *tids, unsigned max)
{
	const struct job_guest *g;
	const struct job *job;
	unsigned n = 0;

	for (job = js->list; job; job = job->next) {
		if (!is_meant(job, which))
			continue;
		if (n < max)
			tids[n] = job->tid;
		n++;
	}
	for (g = js->guests; g && which; g = g->next) {
		if (g->kind != which->kind ||
		    (which->about != JOB_ANY && which->about != g->about))
			continue;
		if (n < max)
			tids[n] = g->tid;
		n++;
	}
	return n;
}

void jobs_enter(struct jobs *js, struct job_guest *g, enum job_kind kind, int about)
{
	*g = (struct job_guest){ .kind = kind, .about = about, .tid = gettid() };
	auto_lock(&js->mutex);
	g->next = js->guests;
	js->guests = g;
}

void jobs_leave(struct jobs *js, struct job_guest *g)
{
	struct job_guest **pp = &js->guests;

	auto_lock(&js->mutex);
	while (*pp != g)
		pp = &(*pp)->next;
	*pp = g->next;
}

/* Under mutex, which is given up meanwhile: how many of these are left. */
static unsigned await(struct jobs *js, const struct choice *which,
		      uint64_t deadline_ns)
{
	while (count(js, which, NULL, 0) &&
	       cond_wait_until(&js->changed, &js->mutex, deadline_ns))
		;
	return count(js, which, NULL, 0);
}

void jobs_wait(struct jobs *js, enum job_kind kind, int about,
	       uint64_t deadline_ns)
{
	auto_lock(&js->mutex);
	await(js, &(struct choice){ kind, about }, deadline_ns);
}

unsigned jobs_join(struct jobs *js, uint64_t deadline_ns)
{
	struct job *done;
	unsigned left;

	mutex_lock(&js->mutex);
	left = await(js, NULL, deadline_ns);
	done = take_done(js);
	mutex_unlock(&js->mutex);
	collect(done);
	return left;
}

unsigned jobs_tids(struct jobs *js, enum job_kind kind, int about, pid_t *tids,
		   unsigned max)
{
	auto_lock(&js->mutex);
	return count(js, &(struct choice){ kind, about }, tids, max);
}

unsigned jobs_running(struct jobs *js, enum job_kind kind, int about)
{
	return jobs_tids(js, kind, about, NULL, 0);
}

void jobs_wake(struct jobs *js, enum job_kind kind, int about)
{
	const struct choice which = { kind, about };
	const struct job *job;

	auto_lock(&js->mutex);
	for (job = js->list; job; job = job->next)
		if (is_meant(job, &which))
			pthread_kill(job->thread, wake_signal());
}
