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
	const void *who;	/* also the caller's: lock_table_waiting() */
	int result;		/* 0: it has the lock; EINTR */
	bool cancelled;		/* lock_table_cancel() came first */
};

struct lock_table;

struct lock_table *lock_table_new(void);
void lock_table_free(struct lock_table *t);	/* nobody may wait */

/* Would this lock have to wait?  Then *by is the lock in its way. */
bool lock_table_test(struct lock_table *t, const struct lock_range *want,
		  struct lock_range *by);
/* 0 or EAGAIN.  F_UNLCK always works.  A flock conversion that fails loses the
 * lock it had, as flock(2) says. */
int lock_table_set(struct lock_table *t, const struct lock_range *want,
		struct lock_waiter **granted);
/* The same for w->want; EAGAIN: w is in the table now until it is granted,
 * cancelled or drained.  EINTR: it had been cancelled already.  EDEADLK: it would
 * wait for its own owner. */
int lock_table_wait(struct lock_table *t, struct lock_waiter *w,
		 struct lock_waiter **granted);
/* True: w waited and is taken out.  False: w is or was being granted, or does
 * not wait yet and never will. */
bool lock_table_cancel(struct lock_table *t, struct lock_waiter *w);
/* How many wait of whom. */
unsigned lock_table_waiting(struct lock_table *t, const void *who);
/* A process closed a file (FLUSH), or let go of its flock. */
void lock_table_drop_owner(struct lock_table *t, uint64_t ino, enum lock_class class,
			uint64_t owner, struct lock_waiter **granted);
/* An open file is gone (RELEASE): locks made through it too; no message
 * names the owner of an OFD lock then. */
void lock_table_drop_fh(struct lock_table *t, uint64_t ino, uint64_t fh,
		     struct lock_waiter **granted);
/* All waiters are taken out with EINTR, and so is every waiter that comes
 * later. */
void lock_table_drain(struct lock_table *t, struct lock_waiter **out);

#endif
