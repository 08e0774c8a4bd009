/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lock table of a filesystem: fcntl(2) locks with ranges and flock(2)
 * locks, which do not see each other, and those who wait for one.  It knows
 * neither libfuse nor inodes, only numbers.  Thread-safe; nothing here blocks.
 *
 * Functions that may let somebody have a lock give back a list of waiters
 * (linked by next): they are out of the table, their result is set, and the
 * caller tells their owners.
 */
#ifndef BACKEND_MEMORY_LOCK_TABLE_H
#define BACKEND_MEMORY_LOCK_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum lock_class { LOCKS_POSIX, LOCKS_FLOCK };

struct lock_range {
	uint64_t ino;
	uint64_t owner;		/* as the kernel names it */
	uint64_t fh;		/* through which open file */
	enum lock_class class;
	int type;		/* F_RDLCK, F_WRLCK, F_UNLCK */
	uint64_t start, end;	/* end inclusive; LOCK_EOF: to the end */
	uint32_t pid;
};

#define LOCK_EOF	((uint64_t)INT64_MAX)

struct lock_waiter {
	struct lock_waiter *next;
	struct lock_range want;
	void *ctx;		/* the caller's */
	int result;		/* 0: it has the lock; EINTR */
	bool cancelled;		/* memlock_cancel() came first */
};

struct memlock;

struct memlock *memlock_new(void);
void memlock_free(struct memlock *t);	/* nobody may wait */

/* Would this lock have to wait?  Then *by is who is in its way. */
bool memlock_test(struct memlock *t, const struct lock_range *want,
		  struct lock_range *by);
/* 0 or EAGAIN.  F_UNLCK always works.  A flock conversion that fails loses the
 * lock it had, as flock(2) says. */
int memlock_set(struct memlock *t, const struct lock_range *want,
		struct lock_waiter **granted);
/* The same for w->want; EAGAIN: w is in the table now until it is granted,
 * cancelled or drained.  EINTR: it had been cancelled already. */
int memlock_wait(struct memlock *t, struct lock_waiter *w,
		 struct lock_waiter **granted);
/* True: w waited and is out.  False: it is or was being granted, or does not
 * wait yet and will not. */
bool memlock_cancel(struct memlock *t, struct lock_waiter *w);
/* A process closed a file (FLUSH), or let go of its flock. */
void memlock_drop_owner(struct memlock *t, uint64_t ino, enum lock_class class,
			uint64_t owner, struct lock_waiter **granted);
/* An open file is gone (RELEASE): locks made through it too; no message
 * names the owner of an OFD lock then. */
void memlock_drop_fh(struct memlock *t, uint64_t ino, uint64_t fh,
		     struct lock_waiter **granted);
/* Everybody who waits is out with EINTR, and so is who comes later. */
void memlock_drain(struct memlock *t, struct lock_waiter **out);

#endif
