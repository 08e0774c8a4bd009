/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * POSIX and flock locks.  All locks of a filesystem are in one list per hash of
 * the inode number, under one mutex: locks are few, and no read or write comes
 * here.  Called by the threads that serve requests.
 */
#include "config.h"

#include "backend/memory/lock_table.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>

#include "base/lock.h"
#include "base/mem.h"

#define BUCKETS		64
#define CHAIN_MAX	10u	/* fs/locks.c: MAX_DEADLK_ITERATIONS */

struct lock {
	struct lock *next;
	struct lock_range at;
};

struct lock_table {
	pthread_mutex_t mutex;
	struct lock *locks[BUCKETS];
	struct lock_waiter *waiters;	/* oldest first */
	bool closed;
};

static struct lock **bucket(struct lock_table *t, uint64_t ino)
{
	return &t->locks[ino % BUCKETS];
}

static bool same_file(const struct lock_range *a, const struct lock_range *b)
{
	return a->ino == b->ino && a->class == b->class;
}

static bool overlaps(const struct lock_range *a, const struct lock_range *b)
{
	return a->start <= b->end && b->start <= a->end;
}

static const struct lock_range *conflict(struct lock_table *t,
					 const struct lock_range *want)
{
	const struct lock *l;

	if (want->type == F_UNLCK)
		return NULL;
	for (l = *bucket(t, want->ino); l; l = l->next)
		if (same_file(&l->at, want) && l->at.owner != want->owner &&
		    overlaps(&l->at, want) &&
		    (l->at.type == F_WRLCK || want->type == F_WRLCK))
			return &l->at;
	return NULL;
}

static void add(struct lock_table *t, const struct lock_range *at)
{
	struct lock *l = xmalloc(sizeof(*l));

	l->at = *at;
	l->next = *bucket(t, at->ino);
	*bucket(t, at->ino) = l;
}

/* Take want's range out of its owner's locks; what lies outside of it stays
 * locked. */
static void cut(struct lock_table *t, const struct lock_range *want)
{
	struct lock **pp = bucket(t, want->ino);

	while (*pp) {
		struct lock *l = *pp;
		struct lock_range tail = l->at;

		if (!same_file(&l->at, want) || l->at.owner != want->owner ||
		    !overlaps(&l->at, want)) {
			pp = &l->next;
			continue;
		}
		if (l->at.start < want->start) {
			l->at.end = want->start - 1;
			pp = &l->next;
		} else {
			*pp = l->next;
			free(l);
		}
		if (tail.end > want->end) {
			tail.start = want->end + 1;
			add(t, &tail);
			/* The new lock stands first and no longer overlaps; pp
			 * may have been the head. */
			pp = bucket(t, want->ino);
		}
	}
}

/* One lock for neighbours of one kind, as fcntl(2) promises to F_GETLK. */
static void merge(struct lock_table *t, struct lock_range *with)
{
	struct lock **pp = bucket(t, with->ino);

	while (*pp) {
		struct lock *l = *pp;

		if (!same_file(&l->at, with) || l->at.owner != with->owner ||
		    l->at.type != with->type || l->at.fh != with->fh ||
		    (l->at.end + 1 != with->start &&
		     with->end + 1 != l->at.start)) {
			pp = &l->next;
			continue;
		}
		if (l->at.start < with->start)
			with->start = l->at.start;
		if (l->at.end > with->end)
			with->end = l->at.end;
		*pp = l->next;
		free(l);
	}
}

static void apply(struct lock_table *t, const struct lock_range *want)
{
	struct lock_range at = *want;

	cut(t, want);
	if (want->type == F_UNLCK)
		return;
	merge(t, &at);
	add(t, &at);
}

static void append(struct lock_waiter **list, struct lock_waiter *w)
{
	while (*list)
		list = &(*list)->next;
	w->next = NULL;
	*list = w;
}

/* Grant the waiting locks that conflict with no lock any more, oldest first.  A
 * granted lock may replace another of its owner, so all waiters are looked at
 * again after each. */
static void grant(struct lock_table *t, struct lock_waiter **granted)
{
	struct lock_waiter **pp = &t->waiters;

	while (*pp) {
		struct lock_waiter *w = *pp;

		if (conflict(t, &w->want)) {
			pp = &w->next;
			continue;
		}
		*pp = w->next;
		apply(t, &w->want);
		w->result = 0;
		append(granted, w);
		pp = &t->waiters;
	}
}

/*
 * Would the owner wait, directly or through others, for itself?  Each owner waits
 * for one lock at a time, so this follows a chain, and no further than the kernel
 * does for its own locks (fs/locks.c: posix_locks_deadlock()).  It does so for
 * locks of open files too, because no message tells them from a process's.
 */
static bool is_deadlock(struct lock_table *t, const struct lock_range *want)
{
	const struct lock_range *by = conflict(t, want);
	const struct lock_waiter *w;
	unsigned i;

	for (i = 0; by && i < CHAIN_MAX; i++) {
		for (w = t->waiters; w; w = w->next)
			if (w->want.class == LOCKS_POSIX &&
			    w->want.owner == by->owner)
				break;
		by = w ? conflict(t, &w->want) : NULL;
		if (by && by->owner == want->owner)
			return true;
	}
	return false;
}

static int try_set(struct lock_table *t, const struct lock_range *want,
		   struct lock_waiter **granted)
{
	struct lock_range none = *want;
	bool busy = conflict(t, want);

	none.type = F_UNLCK;
	if (!busy)
		apply(t, want);
	else if (want->class == LOCKS_FLOCK)
		apply(t, &none);
	grant(t, granted);
	return busy ? EAGAIN : 0;
}

struct lock_table *lock_table_new(void)
{
	struct lock_table *t = xcalloc(1, sizeof(*t));

	mutex_init(&t->mutex);
	return t;
}

void lock_table_free(struct lock_table *t)
{
	unsigned i;

	if (!t)
		return;
	for (i = 0; i < BUCKETS; i++) {
		while (t->locks[i]) {
			struct lock *l = t->locks[i];

			t->locks[i] = l->next;
			free(l);
		}
	}
	pthread_mutex_destroy(&t->mutex);
	free(t);
}

bool lock_table_test(struct lock_table *t, const struct lock_range *want,
		  struct lock_range *by)
{
	const struct lock_range *c;

	auto_lock(&t->mutex);
	c = conflict(t, want);
	if (c)
		*by = *c;
	return c;
}

int lock_table_set(struct lock_table *t, const struct lock_range *want,
		struct lock_waiter **granted)
{
	auto_lock(&t->mutex);
	return try_set(t, want, granted);
}

int lock_table_wait(struct lock_table *t, struct lock_waiter *w,
		 struct lock_waiter **granted)
{
	int err = EINTR;

	auto_lock(&t->mutex);
	if (w->want.class == LOCKS_POSIX && is_deadlock(t, &w->want))
		err = EDEADLK;
	else if (!w->cancelled && !t->closed)
		err = try_set(t, &w->want, granted);
	if (err == EAGAIN)
		append(&t->waiters, w);
	return err;
}

bool lock_table_cancel(struct lock_table *t, struct lock_waiter *w)
{
	struct lock_waiter **pp = &t->waiters;
	bool found;

	auto_lock(&t->mutex);
	w->cancelled = true;
	while (*pp && *pp != w)
		pp = &(*pp)->next;
	found = *pp;
	if (found)
		*pp = w->next;
	return found;
}

unsigned lock_table_waiting(struct lock_table *t, const void *who)
{
	const struct lock_waiter *w;
	unsigned n = 0;

	auto_lock(&t->mutex);
	for (w = t->waiters; w; w = w->next)
		n += w->who == who;
	return n;
}

void lock_table_drop_owner(struct lock_table *t, uint64_t ino, enum lock_class class,
			uint64_t owner, struct lock_waiter **granted)
{
	struct lock_range all = {
		.ino = ino, .owner = owner, .class = class,
		.type = F_UNLCK, .start = 0, .end = LOCK_EOF,
	};

	lock_table_set(t, &all, granted);
}

void lock_table_drop_fh(struct lock_table *t, uint64_t ino, uint64_t fh,
		     struct lock_waiter **granted)
{
	struct lock **pp;

	auto_lock(&t->mutex);
	pp = bucket(t, ino);
	while (*pp) {
		struct lock *l = *pp;

		if (l->at.ino != ino || l->at.fh != fh) {
			pp = &l->next;
			continue;
		}
		*pp = l->next;
		free(l);
	}
	grant(t, granted);
}

void lock_table_drain(struct lock_table *t, struct lock_waiter **out)
{
	struct lock_waiter *w;

	auto_lock(&t->mutex);
	t->closed = true;
	*out = t->waiters;
	t->waiters = NULL;
	for (w = *out; w; w = w->next)
		w->result = EINTR;
}
