/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages by way of a pipe, to the kernel.  Thread-safe: one message at a time. */
#include "config.h"

#include "transport/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/lock.h"
#include "base/mem.h"
#include "wire/proto.h"

/* The header, an end that is shorter than a page, and what is behind it. */
#define EXTRA_SLOTS	3u

/* A server that fills its pipe ahead has more in it than one message, so that the
 * last part of a message is a part of a page, too. */
static const char behind[] = "next";

struct outlet {
	pthread_mutex_t mutex;
	int pipe[2];
	size_t page;
	unsigned flags;		/* of splice(2) */
};

/* In such a pipe each write(2) of at most a page has a page of its own. */
static bool make_pipe(struct outlet *o, size_t size)
{
	size_t want = (size / o->page + EXTRA_SLOTS) * o->page;
	int got;

	if (pipe2(o->pipe, O_CLOEXEC | O_DIRECT | O_NONBLOCK))
		return false;
	got = fcntl(o->pipe[1], F_SETPIPE_SZ, want);
	return got >= 0 && (size_t)got >= want;
}

struct outlet *outlet_new(size_t size, bool is_moving)
{
	struct outlet *o = xcalloc(1, sizeof(*o));

	mutex_init(&o->mutex);
	o->page = (size_t)sysconf(_SC_PAGESIZE);
	o->pipe[0] = o->pipe[1] = -1;
	o->flags = is_moving ? SPLICE_F_MOVE : 0;
	if (make_pipe(o, size))
		return o;
	outlet_free(o);
	return NULL;
}

void outlet_free(struct outlet *o)
{
	int i;

	if (!o)
		return;
	for (i = 0; i < 2; i++)
		if (o->pipe[i] >= 0)
			close(o->pipe[i]);
	pthread_mutex_destroy(&o->mutex);
	free(o);
}

static bool put(struct outlet *o, const char *data, size_t len)
{
	while (len) {
		size_t part = len < o->page ? len : o->page;

		if (write(o->pipe[1], data, part) != (ssize_t)part)
			return false;
		data += part;
		len -= part;
	}
	return true;
}

/* The end of a message and what is behind it share a page. */
static bool put_end(struct outlet *o, const char *data, size_t len)
{
	char last[sizeof(behind) + 4096];

	if (!len || len > sizeof(last) - sizeof(behind) ||
	    len + sizeof(behind) > o->page)
		return put(o, data, len);
	memcpy(last, data, len);
	memcpy(last + len, behind, sizeof(behind));
	return put(o, last, len + sizeof(behind));
}

/*
 * Whole pages of data are alone in pages of the pipe, if the reply is nothing but
 * data: such pages the kernel can take.  If it has more than half a page besides, that
 * comes first, and the pages are none that the kernel can take.
 */
static bool fill(struct outlet *o, const char *msg, size_t len)
{
	size_t head = len < sizeof(struct wire_out_header) ?
		len : sizeof(struct wire_out_header);
	size_t odd = (len - head) % o->page;
	size_t first = odd > o->page / 2 && len > o->page ? odd : 0;
	size_t pages = len - head - odd;

	return put(o, msg, head) && put(o, msg + head, first) &&
		put(o, msg + head + first, pages) &&
		put_end(o, msg + len - odd + first, odd - first);
}

static void empty(struct outlet *o)
{
	char rest[4096];

	while (read(o->pipe[0], rest, sizeof(rest)) > 0)
		;
}

int outlet_send(struct outlet *o, int fd, const struct iovec *iov, int n)
{
	auto_buf struct buf msg = BUF_INIT;
	ssize_t sent;
	int i, err;

	for (i = 0; i < n; i++)
		buf_add(&msg, iov[i].iov_base, iov[i].iov_len);
	auto_lock(&o->mutex);
	sent = fill(o, msg.data, msg.len) ?
		splice(o->pipe[0], NULL, fd, NULL, msg.len, o->flags) :
		writev(fd, iov, n);
	err = sent < 0 ? errno : 0;
	empty(o);
	return err;
}
