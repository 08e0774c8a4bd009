/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The slots, and libfuse's custom I/O made of them.  Any thread. */
#include "config.h"

#include "attach/custom_io_slots.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/mem.h"
#include "base/limits.h"
#include "transport/channel.h"
#include "transport/fuselib.h"
#include "wire/proto.h"

/* Where one reply goes after the tap has left. */
struct redirect {
	struct redirect *next;
	uint64_t unique;
	int fd;
};

struct slot {
	pthread_mutex_t lock;		/* for all below; nothing is taken under it */
	pthread_cond_t left;
	struct fuse_session *se;	/* whose functions these are; NULL: nobody's */
	int fd;				/* its main descriptor */
	bool nonblock;			/* it was so before us */
	uint64_t tag;
	const struct slot_end *end;
	void *ctx;			/* NULL: plain */
	unsigned users;			/* inside end's functions */
	bool leaving;			/* redirects are still to come */
	struct redirect *redirects;
};

static struct slot slots[LIMIT_ATTACHED] = {
	[0 ... LIMIT_ATTACHED - 1] = {
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.left = PTHREAD_COND_INITIALIZER,
	},
};

/* One thread at a time looks for a slot. */
static pthread_mutex_t taking = PTHREAD_MUTEX_INITIALIZER;
static uint64_t last_tag;		/* under taking */

/* ---- going in and out ---------------------------------------------------- */

/* tag 0: any. */
static void *enter(struct slot *s, uint64_t tag)
{
	void *ctx;

	auto_lock(&s->lock);
	ctx = tag && s->tag != tag ? NULL : s->ctx;
	if (ctx)
		s->users++;
	return ctx;
}

static void leave(struct slot *s)
{
	auto_lock(&s->lock);
	if (--s->users == 0)
		pthread_cond_broadcast(&s->left);
}

void *slot_enter(unsigned slot, uint64_t tag)
{
	return enter(&slots[slot], tag);
}

void slot_exit(unsigned slot)
{
	leave(&slots[slot]);
}

/* ---- libfuse's calls ----------------------------------------------------- */

/* As end->read().  No cancelling: locks are held in there. */
static ssize_t try_read(struct slot *s, int fd, void *buf, size_t len, int *wake)
{
	void *ctx = enter(s, 0);
	int old, err;
	ssize_t n;

	if (!ctx)
		return SLOT_PLAIN;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	n = s->end->read(ctx, fd, buf, len, wake);
	err = errno;
	leave(s);
	pthread_setcancelstate(old, NULL);
	errno = err;
	return n;
}

/* Nothing is in our hands here: the thread may be cancelled, and the tap may
 * go away, which closes wake.  -1 and errno: a signal. */
static int wait_for(int fd, int wake)
{
	struct pollfd p[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = wake, .events = POLLIN },
	};

	return poll(p, ARRAY_SIZE(p), -1);
}

/* A descriptor that the tap has made non-blocking is not to show it. */
static bool must_wait(const struct slot *s, ssize_t n, int fd)
{
	return n < 0 && errno == EAGAIN && !s->nonblock && wait_for(fd, -1) > 0;
}

static ssize_t slot_read(unsigned i, int fd, void *buf, size_t len)
{
	struct slot *s = &slots[i];
	ssize_t n;
	int wake;

	do
		n = try_read(s, fd, buf, len, &wake);
	while (n == SLOT_WAIT && wait_for(fd, wake) >= 0);
	if (n == SLOT_WAIT)
		return -1;
	if (n != SLOT_PLAIN)
		return n;
	do
		n = read(fd, buf, len);
	while (must_wait(s, n, fd));
	if (n == 0) {
		errno = ENODEV;		/* the other end is gone */
		n = -1;
	}
	return n;
}

/* The reply's redirect, taken out of the list, or NULL.  iov begins with libfuse's
 * header. */
static struct redirect *take_redirect(struct slot *s, const struct iovec *iov)
{
	struct redirect **at, *found;
	struct wire_out_header head;

	auto_lock(&s->lock);
	while (s->leaving)
		cond_wait(&s->left, &s->lock);
	if (!s->redirects || iov->iov_len < sizeof(head))
		return NULL;
	memcpy(&head, iov->iov_base, sizeof(head));
	for (at = &s->redirects; *at && (*at)->unique != head.unique;)
		at = &(*at)->next;
	found = *at;
	if (found)
		*at = found->next;
	return found;
}

/* The kernel takes a reply only where its request was read. */
static ssize_t write_plain(struct slot *s, int fd, struct iovec *iov, int n)
{
	struct redirect *r = take_redirect(s, iov);
	ssize_t done;
	int err;

	if (!r)
		return writev(fd, iov, n);
	done = writev(r->fd, iov, n);
	err = errno;
	close(r->fd);
	free(r);
	errno = err;
	return done;
}

static ssize_t slot_writev(unsigned i, int fd, struct iovec *iov, int n)
{
	struct slot *s = &slots[i];
	void *ctx = enter(s, 0);
	ssize_t done = SLOT_PLAIN;
	int old;

	if (ctx) {
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
		done = s->end->reply(ctx, iov, n);
		leave(s);
		pthread_setcancelstate(old, NULL);
	}
	if (done == SLOT_PLAIN)
		return write_plain(s, fd, iov, n);
	if (done >= 0)
		return done;
	errno = (int)-done;
	return -1;
}

static int write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno != EINTR)
			return -1;
		p += n > 0 ? n : 0;
		len -= n > 0 ? n : 0;
	}
	return 0;
}

/* What libfuse wants in a pipe is read into memory first, and the other way
 * round: with functions for it, the session may ask for splice(2) as ever. */
static ssize_t try_splice_in(struct slot *s, int fd, int pipe, size_t len,
			     int *wake)
{
	auto_free char *buf = xmalloc(len);
	ssize_t n;
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	n = try_read(s, fd, buf, len, wake);
	if (n > 0 && write_all(pipe, buf, n))
		n = -1;
	pthread_setcancelstate(old, NULL);
	return n;
}

static ssize_t slot_splice_in(unsigned i, int fd, int pipe, size_t len)
{
	struct slot *s = &slots[i];
	ssize_t n;
	int wake;

	do
		n = try_splice_in(s, fd, pipe, len, &wake);
	while (n == SLOT_WAIT && wait_for(fd, wake) >= 0);
	if (n == SLOT_WAIT)
		return -1;
	if (n != SLOT_PLAIN)
		return n;
	do
		n = splice(fd, NULL, pipe, NULL, len, 0);
	while (must_wait(s, n, fd));
	return n;
}

static ssize_t slot_splice_out(unsigned i, int pipe, int fd, size_t len)
{
	auto_free char *buf = xmalloc(len);
	struct iovec iov = { .iov_base = buf };
	ssize_t got;

	while (iov.iov_len < len) {
		got = read(pipe, buf + iov.iov_len, len - iov.iov_len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got;
		iov.iov_len += got;
	}
	return slot_writev(i, fd, &iov, 1);
}

#define SLOT_FUNCTIONS(i)						\
static ssize_t writev_##i(int fd, struct iovec *iov, int n, void *userdata) \
{									\
	(void)userdata;							\
	return slot_writev(0##i, fd, iov, n);				\
}									\
static ssize_t read_##i(int fd, void *buf, size_t len, void *userdata)	\
{									\
	(void)userdata;							\
	return slot_read(0##i, fd, buf, len);				\
}									\
static ssize_t splice_in_##i(int in, off_t *in_at, int out, off_t *out_at, \
			     size_t len, unsigned flags, void *userdata) \
{									\
	(void)in_at, (void)out_at, (void)flags, (void)userdata;		\
	return slot_splice_in(0##i, in, out, len);			\
}									\
static ssize_t splice_out_##i(int in, off_t *in_at, int out, off_t *out_at, \
			      size_t len, unsigned flags, void *userdata) \
{									\
	(void)in_at, (void)out_at, (void)flags, (void)userdata;		\
	return slot_splice_out(0##i, in, out, len);			\
}

/* Since libfuse 3.17 the one who has custom I/O clones descriptors too. */
#if FUSE_VERSION >= FUSE_MAKE_VERSION(3, 17)
#define SLOT_CLONE	.clone_fd = channel_clone_fd,
#else
#define SLOT_CLONE
#endif

#define SLOT_IO(i)	{						\
	.writev = writev_##i,						\
	.read = read_##i,						\
	.splice_receive = splice_in_##i,				\
	.splice_send = splice_out_##i,					\
	SLOT_CLONE							\
},

/* Numbered in octal: 0 to 77 are LIMIT_ATTACHED. */
#define EIGHT(f, i)	f(i##0) f(i##1) f(i##2) f(i##3) \
			f(i##4) f(i##5) f(i##6) f(i##7)
#define EACH_SLOT(f)	EIGHT(f, 0) EIGHT(f, 1) EIGHT(f, 2) EIGHT(f, 3) \
			EIGHT(f, 4) EIGHT(f, 5) EIGHT(f, 6) EIGHT(f, 7)

EACH_SLOT(SLOT_FUNCTIONS)

static const struct fuse_custom_io slot_io[] = { EACH_SLOT(SLOT_IO) };

_Static_assert(ARRAY_SIZE(slot_io) == LIMIT_ATTACHED, "a function for each slot");

static int set_custom_io(struct fuse_session *se, unsigned i, int fd)
{
#if FUSE_VERSION >= FUSE_MAKE_VERSION(3, 17)
	return fuse_session_custom_io_317(se, &slot_io[i], sizeof(slot_io[i]),
					  fd);
#else
	return fuse_session_custom_io(se, &slot_io[i], fd);
#endif
}

/* ---- taking and leaving -------------------------------------------------- */

/* Its session is this one, or is gone: its descriptor is closed, or is ours. */
static bool is_free(const struct slot *s, const struct fuse_session *se, int fd)
{
	if (s->ctx)
		return false;
	return !s->se || s->se == se || s->fd == fd ||
		(fcntl(s->fd, F_GETFD) < 0 && errno == EBADF);
}

/* Under taking. */
static int find_free(const struct fuse_session *se, int fd, const char **why)
{
	int found = -1;
	unsigned i;

	*why = "too many sessions are attached (limit attached)";
	for (i = 0; i < LIMIT_ATTACHED; i++) {
		struct slot *s = &slots[i];

		mutex_lock(&s->lock);
		if (s->ctx && s->se == se) {
			*why = "the session is attached already";
			found = -1;
			i = LIMIT_ATTACHED;
		} else if (found < 0 && is_free(s, se, fd)) {
			found = (int)i;
		}
		mutex_unlock(&s->lock);
	}
	return found;
}

/* Lock held. */
static void forget_redirects(struct slot *s)
{
	while (s->redirects) {
		struct redirect *r = s->redirects;

		s->redirects = r->next;
		close(r->fd);
		free(r);
	}
}

static void fill(struct slot *s, struct fuse_session *se, int fd,
		 const struct slot_end *end, void *ctx, uint64_t tag)
{
	int flags = fcntl(fd, F_GETFL);

	auto_lock(&s->lock);
	if (s->se != se)
		forget_redirects(s);
	s->se = se;
	s->fd = fd;
	s->nonblock = flags >= 0 && flags & O_NONBLOCK;
	s->tag = tag;
	s->end = end;
	s->ctx = ctx;
}

int slot_take(struct fuse_session *se, int fd, const struct slot_end *end,
	      void *ctx, uint64_t *tag, const char **why)
{
	int i;

	auto_lock(&taking);
	i = find_free(se, fd, why);
	if (i >= 0) {
		*tag = ++last_tag;
		fill(&slots[i], se, fd, end, ctx, *tag);
		if (set_custom_io(se, i, fd)) {
			*why = "libfuse refuses custom I/O";
			fill(&slots[i], NULL, -1, NULL, NULL, 0);
			i = -1;
		}
	}
	return i;
}

void slot_redirect(unsigned slot, uint64_t unique, int fd)
{
	struct redirect *r = xmalloc(sizeof(*r));

	auto_lock(&slots[slot].lock);
	*r = (struct redirect){ slots[slot].redirects, unique, fd };
	slots[slot].redirects = r;
}

void slot_leave(unsigned slot, void (*last)(void *ctx), void *ctx)
{
	struct slot *s = &slots[slot];

	mutex_lock(&s->lock);
	s->ctx = NULL;
	s->leaving = true;
	while (s->users)
		cond_wait(&s->left, &s->lock);
	mutex_unlock(&s->lock);
	last(ctx);
	mutex_lock(&s->lock);
	s->leaving = false;
	pthread_cond_broadcast(&s->left);
	mutex_unlock(&s->lock);
}
