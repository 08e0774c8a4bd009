/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Channels over descriptors.  Workers read, anybody sends; the lock is held
 * for reading while the descriptor is in use by a call that returns soon, so
 * that it is not closed (and its number given to another file) under it.
 */
#include "config.h"

#include "transport/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/lock.h"
#include "base/mem.h"
#include "base/units.h"
#include "transport/uring.h"

/* <linux/fuse.h>: 229 is the magic of its ioctls; backing files since 7.40. */
struct backing_map {
	int32_t fd;
	uint32_t flags;
	uint64_t padding;
};

#define DEV_CLONE		_IOR(229, 0, uint32_t)
#define DEV_BACKING_OPEN	_IOW(229, 1, struct backing_map)
#define DEV_BACKING_CLOSE	_IOW(229, 2, uint32_t)
#define DEV_SYNC_INIT		_IO(229, 3)

#define WAKE_GAP_NS	(200 * NS_PER_US)

struct channel {
	pthread_rwlock_t lock;
	int fd;			/* -1: closed */
	bool sim;
	struct uring *ring;	/* NULL: it is a descriptor */
	int queue;		/* of a ring: of the last message; the reader's */
	atomic_bool closing;
	atomic_int readers;	/* between the look at closing and read(2)'s end */
	struct drain *in;	/* NULL: messages are read and written as they are */
	struct outlet *out;
	_Atomic int32_t last_id;	/* sim: backing files */
};

static struct channel *channel_new(int fd, bool sim)
{
	struct channel *c = xcalloc(1, sizeof(*c));

	rwlock_init(&c->lock);
	c->fd = fd;
	c->queue = -1;
	c->sim = sim;
	return c;
}

struct channel *channel_open(const char *device)
{
	int fd = open(device, O_RDWR | O_CLOEXEC);

	return fd < 0 ? NULL : channel_new(fd, false);
}

struct channel *channel_sim(int fd)
{
	return channel_new(fd, true);
}

struct channel *channel_of(int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	struct stat st;

	if (own < 0)
		return NULL;
	return channel_new(own, !fstat(own, &st) && S_ISSOCK(st.st_mode));
}

struct channel *channel_ring(struct uring *ring)
{
	struct channel *c = channel_new(-1, false);

	c->ring = ring;
	return c;
}

int channel_clone_fd(int fd)
{
	auto_close int clone = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	uint32_t of = fd;

	if (clone < 0 || ioctl(clone, DEV_CLONE, &of))
		return -1;
	return steal_fd(&clone);
}

struct channel *channel_clone(struct channel *main, bool shared)
{
	int fd;

	auto_read_lock(&main->lock);
	if (main->fd < 0) {
		errno = ENODEV;
		return NULL;
	}
	if (shared || main->sim) {
		fd = fcntl(main->fd, F_DUPFD_CLOEXEC, 0);
		return fd < 0 ? NULL : channel_new(fd, main->sim);
	}
	fd = channel_clone_fd(main->fd);
	return fd < 0 ? NULL : channel_new(fd, false);
}

void channel_free(struct channel *c)
{
	if (!c)
		return;
	if (c->fd >= 0)
		close(c->fd);
	drain_free(c->in);
	outlet_free(c->out);
	pthread_rwlock_destroy(&c->lock);
	free(c);
}

ssize_t channel_read(struct channel *c, struct drain *d, void *buf, size_t size)
{
	ssize_t n = 0;

	if (c->ring)
		return uring_take(c->ring, buf, size, &c->queue);
	/* In this order: channel_close() sets closing, then counts readers. */
	atomic_fetch_add(&c->readers, 1);
	if (!atomic_load(&c->closing)) {
		d = c->in ? c->in : d;
		n = d ? drain_read(d, c->fd, buf, size) :
			read(c->fd, buf, size);
		if (n < 0)
			n = -errno;
		else if (n == 0)
			n = -ENODEV;	/* the other end of the socket is gone */
	}
	atomic_fetch_sub(&c->readers, 1);
	return n;
}

static ssize_t send_message(struct channel *c, const struct iovec *iov, int n)
{
	const struct msghdr msg = {
		.msg_iov = (struct iovec *)iov, .msg_iovlen = n,
	};

	/* writev(2) on a socket nobody reads any more would raise SIGPIPE. */
	return c->sim ? sendmsg(c->fd, &msg, MSG_NOSIGNAL)
		      : writev(c->fd, iov, n);
}

int channel_send(struct channel *c, const struct iovec *iov, int n)
{
	int err = ENODEV;

	auto_read_lock(&c->lock);
	/* The kernel takes a message whole or not at all. */
	if (c->fd >= 0 && c->out)
		err = outlet_send(c->out, c->fd, iov, n);
	else if (c->fd >= 0)
		err = send_message(c, iov, n) < 0 ? errno : 0;
	return err;
}

int channel_reply(struct channel *c, uint64_t unique, const struct iovec *iov, int n)
{
	return c->ring ? uring_commit(c->ring, unique, iov, n) :
		channel_send(c, iov, n);
}

int channel_queue(const struct channel *c)
{
	return c->queue;
}

bool channel_is_ring(const struct channel *c)
{
	return c->ring != NULL;
}

static short poll_now(struct channel *c)
{
	struct pollfd p = { .events = POLLIN };

	auto_read_lock(&c->lock);
	p.fd = c->fd;
	poll(&p, 1, 0);
	return p.revents;
}

bool channel_readable(struct channel *c)
{
	if (c->ring)
		return uring_readable(c->ring);
	return (poll_now(c) & (POLLIN | POLLERR | POLLHUP)) == POLLIN;
}

/* fs/fuse/dev.c, fuse_dev_poll(): an ended connection is an error */
bool channel_connected(struct channel *c)
{
	return !(poll_now(c) & (POLLERR | POLLHUP));
}

/* The readers of a socket get end of file.  Two threads may close at once, and
 * the number that one has closed may belong to another file by now. */
static void end_sim(struct channel *c)
{
	auto_read_lock(&c->lock);
	if (c->sim && c->fd >= 0)
		shutdown(c->fd, SHUT_RDWR);
}

void channel_close(struct channel *c, void (*wake)(void *arg), void *arg)
{
	if (c->ring) {
		uring_close(c->ring);
		return;
	}
	atomic_store(&c->closing, true);
	end_sim(c);
	/* A signal that comes just before read(2) is lost, so it is sent
	 * again. */
	while (atomic_load(&c->readers)) {
		wake(arg);
		sleep_ns(WAKE_GAP_NS);
	}
	auto_write_lock(&c->lock);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

int channel_backing_open(struct channel *c, int fd, int32_t *id)
{
	const struct backing_map map = { .fd = fd };
	int got = -1, err = ENODEV;

	if (c->sim) {
		*id = atomic_fetch_add(&c->last_id, 1) + 1;
		return 0;
	}
	rwlock_read(&c->lock);
	if (c->fd >= 0) {
		got = ioctl(c->fd, DEV_BACKING_OPEN, &map);
		err = errno;
	}
	rwlock_unlock(&c->lock);
	if (got < 0)
		return err;
	*id = got;
	return 0;
}

void channel_backing_close(struct channel *c, int32_t id)
{
	uint32_t arg = id;

	auto_read_lock(&c->lock);
	if (c->fd >= 0 && !c->sim)
		ioctl(c->fd, DEV_BACKING_CLOSE, &arg);
}

void channel_splice(struct channel *c, struct drain *in, struct outlet *out)
{
	c->in = in;
	c->out = out;
}

int channel_sync_init(struct channel *c)
{
	return ioctl(c->fd, DEV_SYNC_INIT);
}

int channel_fd(const struct channel *c)
{
	return c->fd;
}

int channel_dup(struct channel *c)
{
	int fd = -1;

	auto_read_lock(&c->lock);
	if (c->fd >= 0)
		fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
	return fd;
}

bool channel_is_sim(const struct channel *c)
{
	return c->sim;
}
