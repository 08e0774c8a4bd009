/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Locks that do not fail: a pthread call that does is a bug of ours, and ends
 * the process with a line that says so.  auto_lock() and its sisters hold a
 * lock until the end of the block they stand in.
 *
 * All locks of the program, in the order in which a thread may take them: who
 * holds one takes only those further down.  No thread waits under any of them
 * for the kernel under test.  Two are held while the host is waited for: a
 * mirror's file->lock (a directory is read) and served_mount->mutex (the files of
 * fusectl are opened).
 *
 *	attach		taking, then slot->lock; attachment->lock
 *	backend		session->begin, then session->mutex
 *	memory		inode_table->names, then inode->lock, then
 *			inode_table->table
 *			lock_table->mutex
 *	mirror		file->lock, then mirror->lock
 *	cuse		cusedev->mutex
 *	server		served_mount->mutex
 *	engine		engine->lock
 *	transport	jobs->mutex; channel->lock, then outlet->mutex
 *	act		actors->lock; in an actor's process vars->lock
 *	engine		evlog->lock, the last of all
 *
 * Never held while a hook of the engine runs: engine->lock.  Never held while
 * something is appended to the log: actors->lock, jobs->mutex.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/units.h"

static inline void lock_check(int err, const char *what)
{
	if (__builtin_expect(err != 0, 0))
		die_bug("%s: %s", what, strerror(err));
}

/* ---- mutexes ---- */

static inline void mutex_init(pthread_mutex_t *m)
{
	lock_check(pthread_mutex_init(m, NULL), "pthread_mutex_init");
}

/* For a lock that many take, each for less time than a sleep costs: a thread
 * that finds it taken spins for a moment first. */
static inline void mutex_init_adaptive(pthread_mutex_t *m)
{
	pthread_mutexattr_t attr;

	lock_check(pthread_mutexattr_init(&attr), "pthread_mutexattr_init");
	lock_check(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ADAPTIVE_NP),
		   "pthread_mutexattr_settype");
	lock_check(pthread_mutex_init(m, &attr), "pthread_mutex_init");
	pthread_mutexattr_destroy(&attr);
}

static inline void mutex_lock(pthread_mutex_t *m)
{
	lock_check(pthread_mutex_lock(m), "pthread_mutex_lock");
}

static inline void mutex_unlock(pthread_mutex_t *m)
{
	lock_check(pthread_mutex_unlock(m), "pthread_mutex_unlock");
}

/* ---- locks for readers and writers ---- */

static inline void rwlock_init(pthread_rwlock_t *l)
{
	lock_check(pthread_rwlock_init(l, NULL), "pthread_rwlock_init");
}

static inline void rwlock_read(pthread_rwlock_t *l)
{
	lock_check(pthread_rwlock_rdlock(l), "pthread_rwlock_rdlock");
}

static inline void rwlock_write(pthread_rwlock_t *l)
{
	lock_check(pthread_rwlock_wrlock(l), "pthread_rwlock_wrlock");
}

static inline void rwlock_unlock(pthread_rwlock_t *l)
{
	lock_check(pthread_rwlock_unlock(l), "pthread_rwlock_unlock");
}

/* ---- conditions ---- */

/* One whose deadlines are those of clock_ns(). */
static inline void cond_init(pthread_cond_t *c)
{
	pthread_condattr_t attr;

	lock_check(pthread_condattr_init(&attr), "pthread_condattr_init");
	lock_check(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC),
		   "pthread_condattr_setclock");
	lock_check(pthread_cond_init(c, &attr), "pthread_cond_init");
	pthread_condattr_destroy(&attr);
}

static inline void cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	lock_check(pthread_cond_wait(c, m), "pthread_cond_wait");
}

/* False: the deadline has passed. */
static inline bool cond_wait_until(pthread_cond_t *c, pthread_mutex_t *m,
				   uint64_t deadline_ns)
{
	const struct timespec until = {
		.tv_sec = (time_t)(deadline_ns / NS_PER_S),
		.tv_nsec = (long)(deadline_ns % NS_PER_S),
	};
	int err = pthread_cond_timedwait(c, m, &until);

	if (err == ETIMEDOUT)
		return false;
	lock_check(err, "pthread_cond_timedwait");
	return true;
}

/* ---- until the end of the block ---- */

static inline pthread_mutex_t *lock_begin(pthread_mutex_t *m)
{
	mutex_lock(m);
	return m;
}

static inline void lock_end(pthread_mutex_t *const *m)
{
	mutex_unlock(*m);
}

static inline pthread_rwlock_t *lock_begin_read(pthread_rwlock_t *l)
{
	rwlock_read(l);
	return l;
}

static inline pthread_rwlock_t *lock_begin_write(pthread_rwlock_t *l)
{
	rwlock_write(l);
	return l;
}

static inline void lock_end_rw(pthread_rwlock_t *const *l)
{
	rwlock_unlock(*l);
}

#define LOCK_JOIN_(a, b)	a##b
#define LOCK_NAME_(a, b)	LOCK_JOIN_(a, b)
#define LOCK_HELD_(type, end, begin)				\
	__attribute__((cleanup(end), unused))			\
	type *const LOCK_NAME_(held_, __LINE__) = begin

#define auto_lock(m)	LOCK_HELD_(pthread_mutex_t, lock_end, lock_begin(m))
#define auto_read_lock(l)	\
	LOCK_HELD_(pthread_rwlock_t, lock_end_rw, lock_begin_read(l))
#define auto_write_lock(l)	\
	LOCK_HELD_(pthread_rwlock_t, lock_end_rw, lock_begin_write(l))

#endif
