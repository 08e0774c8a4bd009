/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rings: what any thread does with them.  See uring_impl.h for who has what. */
#include "config.h"

#include "transport/uring_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/iov.h"
#include "base/lock.h"
#include "base/units.h"
#include "model/steps.h"
#include "transport/jobs.h"
#include "wire/proto.h"

#define CLOSE_NS	(5 * NS_PER_S)
#define PAGE		4096u
#define IN_HEADER	sizeof(struct wire_in_header)
#define OUT_HEADER	sizeof(struct wire_out_header)
#define OP_IN_MAX	sizeof(((struct wire_uring_header *)0)->op_in)

/* ---- messages -------------------------------------------------------------------- */

/* The kernel does not say how long the fixed part is; it follows from the rest. */
void uring_put_together(struct uring_entry *e)
{
	const struct wire_uring_header *h = e->head;
	struct wire_in_header in;
	size_t fixed = 0;
	uint8_t *at;

	memcpy(&in, h->in_out, sizeof(in));
	if (in.len >= IN_HEADER + h->payload_sz)
		fixed = in.len - IN_HEADER - h->payload_sz;
	if (fixed > OP_IN_MAX)
		fixed = OP_IN_MAX;
	at = e->payload - fixed - IN_HEADER;
	memcpy(at, &in, sizeof(in));
	memcpy(at + IN_HEADER, h->op_in, fixed);
	e->msg = at;
	e->len = IN_HEADER + fixed + h->payload_sz;
	e->unique = in.unique;
}

/* A reply that is too long for the buffer is said to be so long all the same. */
void uring_put(struct uring_entry *e, const struct iovec *iov, int n)
{
	size_t room = e->queue->uring->payload, skip = OUT_HEADER, len = 0;
	size_t at = 0;

	for (int i = 0; i < n; i++) {
		const uint8_t *from = iov[i].iov_base;
		size_t part = iov[i].iov_len;

		len += part;
		if (skip) {
			size_t head = part < skip ? part : skip;

			memcpy(e->head->in_out + OUT_HEADER - skip, from, head);
			skip -= head;
			from += head;
			part -= head;
		}
		if (part > room - at)
			part = room - at;
		if (part && from != e->payload + at)
			memcpy(e->payload + at, from, part);
		at += part;
	}
	e->head->flags = 0;
	e->head->commit_id = e->unique;
	e->head->payload_sz = (uint32_t)(len - OUT_HEADER);
}

/* ---- for a queue's thread ------------------------------------------------------ */

void uring_hand_out(struct uring_entry *e)
{
	struct uring *u = e->queue->uring;

	auto_lock(&u->lock);
	hash_add(&u->table, &e->link, hash_number(e->unique));
	e->next = NULL;
	*u->last = e;
	u->last = &e->next;
	pthread_cond_signal(&u->news);
}

void uring_set_over(struct uring *u)
{
	auto_lock(&u->lock);
	u->over = true;
	pthread_cond_broadcast(&u->news);
}

struct uring_commit *uring_take_commits(struct uring_queue *q)
{
	struct uring_commit *all;

	auto_lock(&q->uring->lock);
	all = q->commits;
	q->commits = NULL;
	return all;
}

void uring_finish_commit(struct uring *u, struct uring_commit *c)
{
	auto_lock(&u->lock);
	c->done = true;
	pthread_cond_broadcast(&u->done);
}

void uring_started(struct uring *u, int err, const char *what)
{
	auto_lock(&u->lock);
	if (err && !u->err) {
		u->err = err;
		u->what = what;
	}
	u->started++;
	pthread_cond_broadcast(&u->done);
}

static void leave(struct uring_queue *q)
{
	struct uring *u = q->uring;
	struct uring_commit *c;

	auto_lock(&u->lock);
	for (c = q->commits; c; c = c->next) {
		c->err = ENODEV;
		c->done = true;
	}
	q->commits = NULL;
	u->running--;
	pthread_cond_broadcast(&u->done);
}

struct queue_job {
	struct uring_queue *queue;
};

static void run_queue(void *arg)
{
	struct uring_queue *q = ((struct queue_job *)arg)->queue;

	uring_queue_serve(q);
	leave(q);
}

/* ---- beginning ---------------------------------------------------------------------------- */

unsigned uring_count_processors(FILE *list)
{
	unsigned first, last, count = 0;
	int n;

	do {
		n = fscanf(list, "%u-%u", &first, &last);
		if (n == 1)
			last = first;
		if (n >= 1 && last >= first)
			count += last - first + 1;
	} while (n >= 1 && fgetc(list) == ',');
	return count;
}

/* fs/fuse/dev_uring.c, fuse_uring_create(): a queue for each processor that there
 * may ever be. */
static unsigned possible_processors(void)
{
	FILE *f = fopen("/sys/devices/system/cpu/possible", "re");
	unsigned n = f ? uring_count_processors(f) : 0;

	if (f)
		fclose(f);
	return n ? n : (unsigned)sysconf(_SC_NPROCESSORS_CONF);
}

struct uring *uring_new(void)
{
	struct uring *u = xcalloc(1, sizeof(*u));

	mutex_init(&u->lock);
	cond_init(&u->news);
	cond_init(&u->done);
	hash_init(&u->table, 64);
	u->last = &u->ready;
	u->config.fd = -1;
	u->processors = possible_processors();
	return u;
}

/* Of which only what is used takes memory. */
static int make_queue(struct uring *u, struct uring_queue *q, unsigned qid)
{
	unsigned depth = u->config.depth;
	void *p = mmap(NULL, u->entry_size * depth, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*q = (struct uring_queue){ .uring = u, .qid = qid, .event = -1, .file = -1 };
	if (p == MAP_FAILED)
		return errno;
	q->memory = p;
	q->event = eventfd(0, EFD_CLOEXEC);
	if (q->event < 0)
		return errno;
	q->entries = xcalloc(depth, sizeof(*q->entries));
	q->buffers = xcalloc(2 * (size_t)depth, sizeof(*q->buffers));
	for (unsigned i = 0; i < depth; i++) {
		uint8_t *at = q->memory + i * u->entry_size;
		struct uring_entry *e = &q->entries[i];

		e->queue = q;
		e->head = (struct wire_uring_header *)(void *)at;
		e->payload = at + PAGE;
		q->buffers[2 * i] = (struct iovec){ e->head, sizeof(*e->head) };
		q->buffers[2 * i + 1] = (struct iovec){ e->payload, u->payload };
	}
	return 0;
}

static int make_queues(struct uring *u)
{
	int err = 0;

	u->queues = xcalloc(u->processors, sizeof(*u->queues));
	for (unsigned i = 0; i < u->processors; i++)
		u->queues[i].event = u->queues[i].file = -1;
	for (unsigned i = 0; i < u->processors && !err; i++)
		err = make_queue(u, &u->queues[i], i);
	return err;
}

/* From here on uring_close() has something to end; what it has already ended does
 * not begin. */
static int prepare(struct uring *u, const struct uring_config *c, const char **what)
{
	auto_close int fd = -1;
	int err;

	*what = "a descriptor";
	auto_lock(&u->lock);
	if (u->closing)
		return ESHUTDOWN;
	fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	u->config = *c;
	u->config.fd = steal_fd(&fd);
	u->payload = c->payload;
	u->entry_size = PAGE + (c->payload + PAGE - 1) / PAGE * PAGE;
	*what = "memory";
	err = make_queues(u);
	u->running = err ? 0 : u->processors;
	return err;
}

int uring_start(struct uring *u, const struct uring_config *c, const char **what)
{
	int err = prepare(u, c, what);

	if (err)
		return err;
	for (unsigned i = 0; i < u->processors; i++) {
		struct queue_job *job = xcalloc(1, sizeof(*job));

		job->queue = &u->queues[i];
		jobs_start(c->jobs, JOB_RING, c->about, run_queue, job);
	}
	mutex_lock(&u->lock);
	while (u->started < u->processors)
		cond_wait(&u->done, &u->lock);
	err = u->err;
	*what = u->what;
	if (!err)
		u->n_queues = u->processors;
	mutex_unlock(&u->lock);
	if (err)
		uring_close(u);
	return err;
}

unsigned uring_queues(const struct uring *u)
{
	struct uring *own = (struct uring *)u;

	auto_lock(&own->lock);
	return u->n_queues;
}

/* ---- requests and replies ---------------------------------------------------------------------- */

static struct uring_entry *pop_ready(struct uring *u)
{
	struct uring_entry *e = u->ready;

	u->ready = e->next;
	if (!u->ready)
		u->last = &u->ready;
	return e;
}

ssize_t uring_take(struct uring *u, void *buf, size_t size, int *queue)
{
	struct uring_entry *e = NULL;
	unsigned pokes;
	ssize_t none;

	mutex_lock(&u->lock);
	pokes = u->pokes;
	while (!u->ready && !u->closing && !u->over && pokes == u->pokes)
		cond_wait(&u->news, &u->lock);
	none = u->closing ? 0 : u->over ? -ENODEV : -EINTR;
	if (u->ready && !u->closing)
		e = pop_ready(u);
	mutex_unlock(&u->lock);
	if (!e)
		return none;
	*queue = (int)e->queue->qid;
	size = e->len < size ? e->len : size;
	memcpy(buf, e->msg, size);
	return (ssize_t)size;
}

static struct uring_entry *find(struct uring *u, uint64_t unique)
{
	struct hash_link *l = hash_first(&u->table, hash_number(unique));

	return l ? HASH_OF(l, struct uring_entry, link) : NULL;
}

/* That last had a request of this unique; else any. */
static struct uring_queue *queue_of(struct uring *u, uint64_t unique)
{
	for (unsigned i = 0; i < u->n_queues; i++)
		for (unsigned k = 0; k < u->config.depth; k++)
			if (u->queues[i].entries[k].unique == unique)
				return &u->queues[i];
	return &u->queues[0];
}

static void kick(struct uring_queue *q)
{
	const uint64_t one = 1;

	if (write(q->event, &one, sizeof(one)) != sizeof(one))
		die_bug("eventfd: %s", strerror(errno));
}

/* Takes the entry, so that it is committed once. */
static struct uring_queue *begin_commit(struct uring *u, struct uring_commit *c)
{
	auto_lock(&u->lock);
	if (!u->n_queues || u->closing)
		return NULL;
	c->entry = find(u, c->unique);
	if (!c->entry)
		return queue_of(u, c->unique);
	hash_remove(&u->table, &c->entry->link);
	return c->entry->queue;
}

static bool is_running(const struct uring *u)
{
	return u->running == u->processors && !u->closing;
}

/* Under lock: hand it to the queue's thread, and wait for what comes of it. */
static int have_done(struct uring_queue *q, struct uring_commit *c)
{
	c->next = q->commits;
	q->commits = c;
	kick(q);
	while (!c->done)
		cond_wait(&q->uring->done, &q->uring->lock);
	return c->err;
}

int uring_commit(struct uring *u, uint64_t unique, const struct iovec *iov, int n)
{
	struct uring_commit c = { .unique = unique };
	struct uring_queue *q;

	if (iov_size(iov, n) < OUT_HEADER)
		return EINVAL;	/* it cannot be said */
	q = begin_commit(u, &c);
	if (!q)
		return ENODEV;
	if (c.entry)
		uring_put(c.entry, iov, n);
	auto_lock(&u->lock);
	return is_running(u) ? have_done(q, &c) : ENODEV;
}

int uring_command(struct uring *u, const struct ring_step *command)
{
	struct uring_commit c = { .command = command };
	struct uring_queue *q;

	auto_lock(&u->lock);
	if (!u->n_queues || !is_running(u))
		return ENOTCONN;
	q = &u->queues[command->queue < u->n_queues ? command->queue : 0];
	return have_done(q, &c);
}

bool uring_readable(struct uring *u)
{
	auto_lock(&u->lock);
	return u->ready && !u->closing;
}

void uring_poke(struct uring *u)
{
	auto_lock(&u->lock);
	u->pokes++;
	pthread_cond_broadcast(&u->news);
}

/* ---- the end -------------------------------------------------------------------------------------- */

/* What a thread that stays in the kernel uses is not freed: it is left behind, like
 * all of its server (jobs_join()). */
void uring_close(struct uring *u)
{
	uint64_t until = clock_ns() + CLOSE_NS;
	bool in_time = true;

	auto_lock(&u->lock);
	u->closing = true;
	pthread_cond_broadcast(&u->news);
	for (unsigned i = 0; u->queues && i < u->processors; i++)
		if (u->queues[i].event >= 0)
			kick(&u->queues[i]);
	while (u->running && in_time)
		in_time = cond_wait_until(&u->done, &u->lock, until);
	if (u->running)
		return;
	if (u->config.fd >= 0)
		close(u->config.fd);
	u->config.fd = -1;
}

void uring_free(struct uring *u)
{
	if (!u)
		return;
	if (u->config.fd >= 0)
		close(u->config.fd);
	for (unsigned i = 0; u->queues && i < u->processors; i++) {
		struct uring_queue *q = &u->queues[i];

		if (q->event >= 0)
			close(q->event);
		if (q->memory)
			munmap(q->memory, u->entry_size * u->config.depth);
		for (unsigned k = 0; k < q->n_pools; k++)
			munmap(q->pools[k].iov_base, q->pools[k].iov_len);
		if (q->file >= 0)
			close(q->file);
		free(q->later);
		free(q->entries);
		free(q->buffers);
	}
	free(u->queues);
	hash_fini(&u->table);
	pthread_cond_destroy(&u->news);
	pthread_cond_destroy(&u->done);
	pthread_mutex_destroy(&u->lock);
	free(u);
}
