/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Threads that end by themselves, some day: workers, notifications being
 * written, an unmount.  They can be waited for with a deadline; one that stays
 * in the kernel is left behind.  Thread-safe.
 *
 * Such threads have every signal blocked but one, whose handler does nothing:
 * it makes a sleeping read(2) return with EINTR.
 */
#ifndef TRANSPORT_JOBS_H
#define TRANSPORT_JOBS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct jobs {
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	struct job *list;	/* under mutex, as are the fields below */
};

struct job {
	struct job *next;
	struct jobs *jobs;
	void (*fn)(struct job *job);
	void *arg;		/* freed with the job, by free() */
	int tag;		/* the starter's: what it is about */
	pthread_t thread;
	pid_t tid;
	bool done;
};

void jobs_init(struct jobs *js);
/* Install that handler, for the whole process: before jobs_wake(). */
void jobs_catch_wake(void);
/* Only when jobs_join() has returned 0. */
void jobs_fini(struct jobs *js);
/* Returns when the thread runs; tid is set before fn() begins. */
void jobs_start(struct jobs *js, void (*fn)(struct job *job), void *arg, int tag);
/* Wait for all of them, collect those that ended; how many did not. */
unsigned jobs_join(struct jobs *js, uint64_t deadline_ns);
/* Until none with this fn and tag runs, or the deadline. */
void jobs_wait(struct jobs *js, void (*fn)(struct job *job), int tag,
	       uint64_t deadline_ns);
/* How many run; with their fn (NULL: any) and, unless it is -1, their tag. */
unsigned jobs_running(struct jobs *js, void (*fn)(struct job *job), int tag);
/* Their thread ids, at most max. */
unsigned jobs_tids(struct jobs *js, void (*fn)(struct job *job), int tag,
		   pid_t *tids, unsigned max);
void jobs_wake(struct jobs *js, void (*fn)(struct job *job), int tag);

#endif
