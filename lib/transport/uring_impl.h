/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inside of a ring.  uring_entries.c has what any thread does,
 * and uring_queue.c the threads of the queues, which need liburing.
 *
 * What is shared is under uring->lock, which nobody holds during a system call.  An
 * entry is the kernel's, or the queue's thread's, or in the table of those that
 * somebody handles, from which uring_commit() takes it.
 */
#ifndef TRANSPORT_URING_IMPL_H
#define TRANSPORT_URING_IMPL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/hash.h"
#include "transport/uring.h"

/* A page with the header's buffer, at the end of which the message is put together
 * so that it goes on in the payload; then the payload. */
struct uring_entry {
	struct hash_link link;		/* in the table */
	struct uring_entry *next;	/* ready */
	struct uring_queue *queue;
	struct wire_uring_header *head;
	uint8_t *payload;
	const uint8_t *msg;
	size_t len;
	uint64_t unique;		/* of its last request */
	/* Of a queue with a pool: */
	uint8_t *buffer;		/* for that request; NULL: none */
	bool takes_pages;		/* the reply's data go to pages of the kernel */
};

#define URING_POOLS_MAX	4u

struct io_uring_sqe;
struct wire_uring_cmd;

/* A completion. */
struct uring_done {
	uint64_t about;
	int result;
};

/* On the stack of a thread that waits for it. */
struct uring_commit {
	struct uring_commit *next;
	struct uring_entry *entry;	/* NULL: only tried, under this unique */
	const struct ring_step *command;	/* NULL: it is a reply */
	uint64_t unique;
	int err;
	bool done;
};

struct uring_queue {
	struct uring *uring;
	unsigned qid;
	int event;			/* wakes its thread */
	uint8_t *memory;
	struct uring_entry *entries;
	struct iovec *buffers;		/* two of each entry */
	struct uring_commit *commits;	/* under lock */
	/* The thread's own: */
	struct io_uring *ring;
	uint64_t event_count;
	struct uring_commit *now;	/* being submitted */
	bool has_mail;
	unsigned registered;		/* entries so far */
	struct uring_done *later;	/* completions that came too early */
	size_t n_later;
	/* uring_pool.c */
	struct iovec pools[URING_POOLS_MAX];	/* tried */
	unsigned n_pools;
	struct iovec pool;		/* the one in use; base NULL: none */
	bool pool_is_registered, zero_copy, has_slots;
	int file;			/* on the way to and from the kernel's pages; -1 */
};

struct uring {
	pthread_mutex_t lock;
	pthread_cond_t news;		/* something is ready, or it is over */
	pthread_cond_t done;		/* of commits, of threads */
	struct uring_config config;	/* set by uring_start(), with a descriptor of its own */
	size_t payload, entry_size;
	unsigned processors;
	struct uring_queue *queues;
	unsigned n_queues;		/* under lock: 0 until all are registered */
	unsigned running, started;	/* threads, under lock */
	int err;			/* the first, of the start */
	const char *what;
	struct hash_table table;	/* under lock */
	struct uring_entry *ready, **last;	/* under lock */
	unsigned pokes;			/* under lock */
	atomic_bool closing;		/* set under lock */
	bool over;			/* under lock */
};

/* ---- uring_queue.c ---- */

/* The whole life of a queue's thread: it registers, says how that went, serves. */
void uring_queue_serve(struct uring_queue *q);
/* Zeros, and not submitted yet. */
struct io_uring_sqe *uring_next_sqe(struct uring_queue *q);
/* Submit it and wait for what comes of it: the completion's result. */
int uring_do_now(struct uring_queue *q, struct io_uring_sqe *sqe);

/* ---- uring_pool.c, for uring_queue.c ---- */

/* A buffer of the kernel's requests is in the pool, or in pages: the entry's payload has
 * it from here on. */
void uring_pool_fetch(struct uring_entry *e);
/* The payload is the reply's: it goes where the kernel looks for it. */
void uring_pool_store(const struct uring_entry *e);
/* Complete such a command, or errno; the kernel has taken it. */
int uring_pool_make(struct uring_queue *q, const struct ring_step *r,
		    struct wire_uring_cmd *cmd);
void uring_pool_made(struct uring_queue *q, const struct ring_step *r);
void uring_queue_added(struct uring_queue *q, const struct ring_step *r);
/* Before an entry is registered: false: there is no memory. */
bool uring_slots_needed(struct uring_queue *q);
/* Where that entry's pages are registered; 0: nowhere. */
uint16_t uring_slot(const struct uring_queue *q, unsigned entry);

/* ---- uring_entries.c ---- */

/* How many there are in a list like "0-3,6"; 0: it is none. */
unsigned uring_count_processors(FILE *list);

/* For the queues' threads: */

/* err: 0 or errno, of what. */
void uring_started(struct uring *u, int err, const char *what);
/* The kernel has put a request into the entry: make it a message. */
void uring_put_together(struct uring_entry *e);
/* Somebody else is to handle it. */
void uring_hand_out(struct uring_entry *e);
/* The kernel has ended the connection. */
void uring_set_over(struct uring *u);
struct uring_commit *uring_take_commits(struct uring_queue *q);
void uring_finish_commit(struct uring *u, struct uring_commit *c);

#endif
