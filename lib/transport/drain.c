/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages by way of a pipe.  One thread. */
#include "config.h"

#include "transport/drain.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* The parts of a request before and behind its pages have slots of their
 * own. */
#define EXTRA_SLOTS	2u

struct drain {
	int pipe[2], null;
	size_t size;
	bool (*wants)(void *arg, const void *head);
	void *arg;
};

/*
 * With a slot too few the kernel fails the request (fs/fuse/dev.c,
 * fuse_copy_fill()).  A page has a slot of its own however little of it is the
 * request's, as the buffers of writev(2) may be short; what has no page is put
 * into full ones, as many FORGETs at once are.
 */
static bool make_room(int pipe, size_t size, size_t pages)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), slots;
	int got;

	slots = size / page > pages ? size / page : pages;
	got = fcntl(pipe, F_SETPIPE_SZ, (slots + EXTRA_SLOTS) * page);
	return got >= 0 && (size_t)got >= (slots + EXTRA_SLOTS) * page;
}

struct drain *drain_new(size_t size, size_t pages,
			bool (*wants)(void *arg, const void *head), void *arg)
{
	struct drain *d = xcalloc(1, sizeof(*d));

	d->size = size;
	d->wants = wants;
	d->arg = arg;
	d->pipe[0] = d->pipe[1] = -1;
	d->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (d->null >= 0 && !pipe2(d->pipe, O_CLOEXEC) &&
	    make_room(d->pipe[1], size, pages))
		return d;
	drain_free(d);
	return NULL;
}

static void shut(int fd)
{
	if (fd >= 0)
		close(fd);
}

void drain_free(struct drain *d)
{
	if (!d)
		return;
	shut(d->pipe[0]);
	shut(d->pipe[1]);
	shut(d->null);
	free(d);
}

/* The data is in the pipe already, so only a signal can interrupt this. */
static void move(struct drain *d, char *to, size_t len)
{
	while (len) {
		ssize_t n = to ? read(d->pipe[0], to, len) :
			splice(d->pipe[0], NULL, d->null, NULL, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die_bug("drain: %s", n ? strerror(errno) : "empty");
		len -= (size_t)n;
		if (to)
			to += n;
	}
}

ssize_t drain_read(struct drain *d, int fd, void *buf, size_t size)
{
	ssize_t n = splice(fd, NULL, d->pipe[1], NULL,
			   size < d->size ? size : d->size, 0);
	size_t head;

	if (n <= 0)
		return n;
	head = (size_t)n < DRAIN_HEAD ? (size_t)n : DRAIN_HEAD;
	move(d, buf, head);
	if ((size_t)n == head || !d->wants || d->wants(d->arg, buf))
		move(d, (char *)buf + head, (size_t)n - head);
	else
		move(d, NULL, (size_t)n - head);
	return n;
}
