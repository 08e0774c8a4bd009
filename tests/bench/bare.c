/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The least a FUSE server can do: a loop of read(2) and write(2) on /dev/fuse
 * per thread that gives the answers of the null backing: one file, /data,
 * whose reads are zeros and whose writes go nowhere.  Serves until SIGTERM.
 *
 *	bare DIR [THREADS [read|sink|splice]]
 *
 * How the data of a WRITE comes in:
 *	read	into one buffer
 *	sink	the same, but the buffer's pages are few and lie there many times
 *	splice	into a pipe, and from there to /dev/null
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "base/mem.h"
#include "engine/init.h"
#include "transport/channel.h"
#include "wire/proto.h"

#define FILE_ID		2
#define FILE_SIZE	(1ull << 30)
#define MAX_READ	(1u << 20)	/* 256 pages */
#define BUF_SIZE	(NULL_MAX_WRITE + 8192)
#define SINK		(64u << 10)
#define YEAR_S		31536000u

enum way { WAY_READ, WAY_SINK, WAY_SPLICE };

struct loop {
	int fd;
	enum way way;
	int pipe[2], null;
	char *buf;
};

static struct wire_attr attr_of(uint64_t nodeid)
{
	bool dir = nodeid == WIRE_ROOT_ID;

	return (struct wire_attr){
		.ino = nodeid, .nlink = dir ? 2 : 1, .blksize = 4096,
		.size = dir ? 0 : FILE_SIZE, .blocks = dir ? 0 : FILE_SIZE / 512,
		.mode = dir ? S_IFDIR | 0755 : S_IFREG | 0666,
	};
}

static void reply(int fd, uint64_t unique, int error, const void *p, size_t len)
{
	struct wire_out_header h = {
		.len = sizeof(h) + len, .error = -error, .unique = unique,
	};
	struct iovec iov[] = { { &h, sizeof(h) }, { (void *)p, len } };

	/* ENOENT: the request was interrupted. */
	if (writev(fd, iov, len ? 2 : 1) < 0 && errno != ENOENT)
		perror("bare: write");
}

static void reply_init(int fd, const struct wire_in_header *h)
{
	const struct wire_init_in *in = (const void *)(h + 1);
	struct wire_init_out out = {
		.major = WIRE_MAJOR, .minor = WIRE_MINOR < in->minor ?
			WIRE_MINOR : in->minor,
		.max_readahead = in->max_readahead, .max_background = 12,
		.congestion_threshold = 9, .max_write = NULL_MAX_WRITE,
		.time_gran = 1, .max_pages = 256,
		/* async_read, big_writes, async_dio */
		.flags = in->flags & (INIT_MAX_PAGES | 1 | 1 << 5 | 1 << 15),
	};

	reply(fd, h->unique, 0, &out, sizeof(out));
}

static void answer(const struct loop *l, const char *zeros)
{
	const struct wire_in_header *h = (const void *)l->buf;
	const void *body = h + 1;
	struct wire_entry_out entry = {
		.nodeid = FILE_ID, .entry_valid = YEAR_S, .attr_valid = YEAR_S,
		.attr = attr_of(FILE_ID),
	};
	struct wire_attr_out attr = {
		.attr_valid = YEAR_S, .attr = attr_of(h->nodeid),
	};
	struct wire_write_out written = { 0 };
	struct wire_open_out open = { 0 };

	switch (h->opcode) {
	case OP_INIT:
		reply_init(l->fd, h);
		return;
	case OP_WRITE:
		written.size = ((const struct wire_write_in *)body)->size;
		reply(l->fd, h->unique, 0, &written, sizeof(written));
		return;
	case OP_READ:
		reply(l->fd, h->unique, 0, zeros,
		      ((const struct wire_read_in *)body)->size);
		return;
	case OP_LOOKUP:
		if (strcmp(body, "data"))
			reply(l->fd, h->unique, ENOENT, NULL, 0);
		else
			reply(l->fd, h->unique, 0, &entry, sizeof(entry));
		return;
	case OP_GETATTR:
	case OP_SETATTR:
		reply(l->fd, h->unique, 0, &attr, sizeof(attr));
		return;
	case OP_OPEN:
	case OP_OPENDIR:
		reply(l->fd, h->unique, 0, &open, sizeof(open));
		return;
	case OP_FLUSH:
	case OP_FSYNC:
	case OP_RELEASE:
	case OP_RELEASEDIR:
	case OP_READDIR:
		reply(l->fd, h->unique, 0, NULL, 0);
		return;
	case OP_FORGET:
	case OP_BATCH_FORGET:
	case OP_INTERRUPT:
		return;
	}
	reply(l->fd, h->unique, ENOSYS, NULL, 0);
}

/* The header and what follows it, but for the data of a WRITE. */
static ssize_t take_spliced(const struct loop *l)
{
	const size_t head = sizeof(struct wire_in_header) +
		sizeof(struct wire_write_in);
	ssize_t n = splice(l->fd, NULL, l->pipe[1], NULL, BUF_SIZE, 0);
	size_t left, some;

	if (n <= 0)
		return n;
	some = (size_t)n < head ? (size_t)n : head;
	if (read(l->pipe[0], l->buf, some) != (ssize_t)some)
		return -1;
	left = n - some;
	if (((struct wire_in_header *)l->buf)->opcode != OP_WRITE)
		return left && read(l->pipe[0], l->buf + some, left) < 0 ? -1 : n;
	while (left > 0) {
		ssize_t part = splice(l->pipe[0], NULL, l->null, NULL, left, 0);

		if (part <= 0)
			return -1;
		left -= part;
	}
	return n;
}

static void *run(void *arg)
{
	struct loop *l = arg;
	/* Never written to: one page, many times. */
	char *zeros = mmap(NULL, MAX_READ, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ssize_t n;

	for (;;) {
		n = l->way == WAY_SPLICE ? take_spliced(l) :
			read(l->fd, l->buf, BUF_SIZE);
		if (n > 0)
			answer(l, zeros);
		else if (errno == ENODEV)
			return NULL;
	}
}

static void make_loop(struct loop *l, enum way way)
{
	int memfd = memfd_create("sink", MFD_CLOEXEC);
	size_t at;

	l->way = way;
	l->buf = mmap(NULL, BUF_SIZE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (way == WAY_SINK && !ftruncate(memfd, SINK))
		for (at = SINK; at < BUF_SIZE; at += SINK)
			mmap(l->buf + at, BUF_SIZE - at < SINK ? BUF_SIZE - at :
			     SINK, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_FIXED, memfd, 0);
	close(memfd);
	l->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	/* With less room than data and header take the kernel refuses every
	 * read. */
	if (way == WAY_SPLICE && (pipe2(l->pipe, O_CLOEXEC) ||
	    fcntl(l->pipe[0], F_SETPIPE_SZ, 2 * NULL_MAX_WRITE) < 0)) {
		perror("bare: pipe");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static const char *const ways[] = { "read", "sink", "splice" };
	int threads = argc > 2 ? atoi(argv[2]) : 2, sig, i;
	auto_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	auto_free char *opts = xasprintf("fd=%d,rootmode=40000,user_id=0,"
					 "group_id=0,allow_other,"
					 "default_permissions", fd);
	enum way way = WAY_READ;
	pthread_t thread;
	sigset_t stop;

	for (i = 0; argc > 3 && i < (int)ARRAY_SIZE(ways); i++)
		if (!strcmp(ways[i], argv[3]))
			way = i;
	if (argc < 2 || fd < 0 || mount("bare", argv[1], "fuse", 0, opts)) {
		perror("usage: bare DIR [THREADS [read|sink|splice]]");
		return 2;
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	for (i = 0; i < threads; i++) {
		struct loop *l = xcalloc(1, sizeof(*l));

		make_loop(l, way);
		l->fd = i ? channel_clone_fd(fd) : fd;
		pthread_create(&thread, NULL, run, l);
	}
	sigwait(&stop, &sig);
	return umount2(argv[1], MNT_DETACH) != 0;
}
