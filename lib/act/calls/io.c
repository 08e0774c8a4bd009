/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that move data.  Buffers are page-aligned, which satisfies O_DIRECT.
 * Where a call takes a pointer to an offset, -1 stands for NULL, which means
 * the file position.  Runs on the actors' threads.
 */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"

/* Gives the result of a call that read into buf. */
static void give_read(struct call_cx *cx, const uint8_t *buf, ssize_t n)
{
	give(cx, n);
	if (n >= 0)
		give_data(cx, buf, (size_t)n);
}

void run_read(struct call_cx *cx)
{
	size_t size = arg_size(cx, 1);
	uint8_t *buf = io_for_read(cx, size);

	if (buf)
		give_read(cx, buf, read(arg_fd(cx, 0), buf, size));
}

void run_write(struct call_cx *cx)
{
	const uint8_t *buf = io_for_write(cx, 1);

	if (buf)
		give(cx, write(arg_fd(cx, 0), buf, cx->use->args[1].data.len));
}

void run_pread(struct call_cx *cx)
{
	size_t size = arg_size(cx, 1);
	uint8_t *buf = io_for_read(cx, size);

	if (buf)
		give_read(cx, buf, pread(arg_fd(cx, 0), buf, size,
					 arg_num(cx, 2)));
}

void run_pwrite(struct call_cx *cx)
{
	const uint8_t *buf = io_for_write(cx, 1);

	if (buf)
		give(cx, pwrite(arg_fd(cx, 0), buf, cx->use->args[1].data.len,
				arg_num(cx, 2)));
}

/* Splits size bytes at buf into n parts of equal size, with the rest in the
 * last one.  False: the kernel has no such vector, and its answer is given. */
static bool split(struct call_cx *cx, struct iovec *iov, int64_t n,
		  uint8_t *buf, size_t size)
{
	int64_t i;

	if (n < 0 || n > IOV_MAX) {
		give_errno(cx, EINVAL);
		return false;
	}
	for (i = 0; i < n; i++) {
		size_t each = size / (size_t)n;

		iov[i].iov_base = buf + (size_t)i * each;
		iov[i].iov_len = i + 1 < n ? each : size - (size_t)i * each;
	}
	return true;
}

/* Makes the vector of a call that reads arg 1 bytes, or that writes them (then
 * the bytes are in it).  parts is the argument with the number of parts.  NULL:
 * the result is given already. */
static uint8_t *vector(struct call_cx *cx, struct iovec iov[IOV_MAX],
		       unsigned parts, bool writes)
{
	size_t size = writes ? cx->use->args[1].data.len : arg_size(cx, 1);
	uint8_t *buf = writes ? io_for_write(cx, 1) : io_for_read(cx, size);

	if (!buf || !split(cx, iov, arg_num(cx, parts), buf, size))
		return NULL;
	return buf;
}

void run_readv(struct call_cx *cx)
{
	struct iovec iov[IOV_MAX];
	uint8_t *buf = vector(cx, iov, 2, false);

	if (buf)
		give_read(cx, buf, readv(arg_fd(cx, 0), iov, arg_int(cx, 2)));
}

void run_writev(struct call_cx *cx)
{
	struct iovec iov[IOV_MAX];

	if (vector(cx, iov, 2, true))
		give(cx, writev(arg_fd(cx, 0), iov, arg_int(cx, 2)));
}

void run_preadv(struct call_cx *cx)
{
	struct iovec iov[IOV_MAX];
	uint8_t *buf = vector(cx, iov, 3, false);

	if (buf)
		give_read(cx, buf, preadv(arg_fd(cx, 0), iov, arg_int(cx, 3),
					  arg_num(cx, 2)));
}

void run_pwritev(struct call_cx *cx)
{
	struct iovec iov[IOV_MAX];

	if (vector(cx, iov, 3, true))
		give(cx, pwritev(arg_fd(cx, 0), iov, arg_int(cx, 3),
				 arg_num(cx, 2)));
}

void run_preadv2(struct call_cx *cx)
{
	struct iovec iov[IOV_MAX];
	uint8_t *buf = vector(cx, iov, 4, false);

	if (buf)
		give_read(cx, buf, preadv2(arg_fd(cx, 0), iov, arg_int(cx, 4),
					   arg_num(cx, 2), arg_int(cx, 3)));
}

void run_pwritev2(struct call_cx *cx)
{
	struct iovec iov[IOV_MAX];

	if (vector(cx, iov, 4, true))
		give(cx, pwritev2(arg_fd(cx, 0), iov, arg_int(cx, 4),
				  arg_num(cx, 2), arg_int(cx, 3)));
}

void run_copy_file_range(struct call_cx *cx)
{
	off_t in = arg_num(cx, 1), out = arg_num(cx, 3);

	give(cx, copy_file_range(arg_fd(cx, 0), in == -1 ? NULL : &in,
				 arg_fd(cx, 2), out == -1 ? NULL : &out,
				 arg_size(cx, 4), (unsigned)arg_num(cx, 5)));
}

void run_sendfile(struct call_cx *cx)
{
	off_t at = arg_num(cx, 2);

	give(cx, sendfile(arg_fd(cx, 0), arg_fd(cx, 1),
			  at == -1 ? NULL : &at, arg_size(cx, 3)));
}

/* Moves n bytes out of the pipe; 0, or errno. */
static int drain(int pipe_fd, int fd, off_t *at, size_t n)
{
	while (n) {
		ssize_t done = splice(pipe_fd, NULL, fd, at, n, 0);

		if (done < 0)
			return errno;
		n -= (size_t)done;
	}
	return 0;
}

/* Goes on until length bytes have come through, the input ends, or there is an
 * error. */
static int64_t splice_through(int fd_in, off_t *in, int fd_out, off_t *out,
			      size_t length)
{
	auto_close int rd = -1;
	auto_close int wr = -1;
	int64_t total = 0;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	rd = fds[0];
	wr = fds[1];
	while ((size_t)total < length) {
		ssize_t n = splice(fd_in, in, wr, NULL, length - (size_t)total, 0);
		int err = n > 0 ? drain(rd, fd_out, out, (size_t)n) : 0;

		if (err) {
			errno = err;
			return -1;
		}
		if (n <= 0)
			return total || n == 0 ? total : -1;
		total += n;
	}
	return total;
}

void run_splice(struct call_cx *cx)
{
	off_t in = arg_num(cx, 1), out = arg_num(cx, 3);

	give(cx, splice_through(arg_fd(cx, 0), in == -1 ? NULL : &in,
				arg_fd(cx, 2), out == -1 ? NULL : &out,
				arg_size(cx, 4)));
}
