/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages by way of a pipe.  One thread. */
#include "config.h"

#include "serve/drain.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/mem.h"

#define PAGE		4096u
/* The header and the data may begin and end anywhere in a page. */
#define EXTRA_PAGES	2u

struct drain {
	int pipe[2], null;
	bool (*wants)(void *arg, const void *head);
	void *arg;
};

/* A slot for each page: with one too few, the kernel fails the request. */
static bool is_large_enough(int pipe, size_t size)
{
	size_t pages = (size + PAGE - 1) / PAGE + EXTRA_PAGES;
	int got = fcntl(pipe, F_SETPIPE_SZ, pages * PAGE);

	return got >= 0 && (size_t)got >= pages * PAGE;
}

struct drain *drain_new(size_t size, bool (*wants)(void *arg, const void *head),
			void *arg)
{
	struct drain *d = xcalloc(1, sizeof(*d));

	d->wants = wants;
	d->arg = arg;
	d->pipe[0] = d->pipe[1] = -1;
	d->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (d->null >= 0 && !pipe2(d->pipe, O_CLOEXEC) &&
	    is_large_enough(d->pipe[1], size))
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

/* What is in the pipe is there: only a signal may come between. */
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
	ssize_t n = splice(fd, NULL, d->pipe[1], NULL, size, 0);
	size_t head;

	if (n <= 0)
		return n;
	head = (size_t)n < DRAIN_HEAD ? (size_t)n : DRAIN_HEAD;
	move(d, buf, head);
	if ((size_t)n == head || d->wants(d->arg, buf))
		move(d, (char *)buf + head, (size_t)n - head);
	else
		move(d, NULL, (size_t)n - head);
	return n;
}
