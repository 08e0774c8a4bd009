/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Jobs are threads that end by themselves at some time: workers, notifications
 * that are being written, an unmount.  They can be waited for with a deadline,
 * and a thread that stays in the kernel is left behind.  Thread-safe.
 *
 * A job has every signal blocked but one, whose handler does nothing: it makes
 * a sleeping read(2) return with EINTR.
 */
#ifndef TRANSPORT_JOBS_H
#define TRANSPORT_JOBS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a thread does, and what it is about. */
enum job_kind {
	JOB_WORKER,		/* a mount */
	JOB_RING,		/* a mount: a queue of io_uring */
	JOB_MOUNT,		/* a mount */
	JOB_UMOUNT,		/* a mount */
	JOB_END,		/* a mount: waits for its connection's end */
	JOB_DEVICE,		/* a mount */
	JOB_NOTIFICATION,	/* its name (scenario.notes), or NONE */
};
#define JOB_ANY	(-2)		/* about anything */

struct job;

struct jobs {
	pthread_mutex_t mutex;
	pthread_cond_t changed;	/* one runs, or has ended */
	struct job *list;	/* under mutex, as are the jobs in it */
	struct job_guest *guests;	/* under mutex too */
	int files;		/* what jobs may open (base/confine.h); -1: all */
};

void jobs_init(struct jobs *js);
/* Install that handler for the whole process.  To be called before
 * jobs_wake(). */
void jobs_catch_wake(void);
/* From now on jobs are confined to this set of directories, which js closes,
 * except for those that mount and unmount.  Not to be called twice. */
void jobs_confine(struct jobs *js, int files);
/* The same for the calling thread, which is no job. */
void jobs_confine_self(const struct jobs *js);
/* Only when jobs_join() has returned 0. */
void jobs_fini(struct jobs *js);
/* Run fn(arg) on a thread of its own; arg is freed when the job is collected.
 * Returns when the thread runs. */
void jobs_start(struct jobs *js, enum job_kind kind, int about,
		void (*fn)(void *arg), void *arg);
/* A job's thread does another one's work for a while: until jobs_leave(), it counts
 * as that one too. */
struct job_guest {
	struct job_guest *next;
	enum job_kind kind;
	int about;
	pid_t tid;
};
void jobs_enter(struct jobs *js, struct job_guest *g, enum job_kind kind, int about);
void jobs_leave(struct jobs *js, struct job_guest *g);
/* Wait for all of them and collect those that ended; returns how many did not. */
unsigned jobs_join(struct jobs *js, uint64_t deadline_ns);
/* Wait until none of these runs, or for the deadline. */
void jobs_wait(struct jobs *js, enum job_kind kind, int about,
	       uint64_t deadline_ns);
/* How many of these run. */
unsigned jobs_running(struct jobs *js, enum job_kind kind, int about);
/* The same, and their thread ids, at most max. */
unsigned jobs_tids(struct jobs *js, enum job_kind kind, int about, pid_t *tids,
		   unsigned max);
/* Send these the signal. */
void jobs_wake(struct jobs *js, enum job_kind kind, int about);

#endif
