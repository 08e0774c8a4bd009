/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The CUSE device: a buffer under a lock.  Operations run on the workers. */
#include "config.h"

#include "backend/cuse/device.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/limits.h"
#include "base/lock.h"
#include "transport/fuselib.h"

struct cusedev {
	struct backend backend;	/* first */
	pthread_mutex_t mutex;
	struct buf content;	/* under mutex */
	atomic_bool full;	/* a write was refused */
	_Atomic uint64_t opens;	/* handles are just numbers */
};

/* Bytes of the content from `at` on, no more than len. */
static size_t at_most(const struct cusedev *d, uint64_t at, size_t len)
{
	size_t left = at < d->content.len ? d->content.len - at : 0;

	return len < left ? len : left;
}

static void op_open(fuse_req_t req, struct fuse_file_info *fi)
{
	struct cusedev *d = fuse_req_userdata(req);

	fi->fh = atomic_fetch_add(&d->opens, 1) + 1;
	fuse_reply_open(req, fi);
}

static void op_read(fuse_req_t req, size_t size, off_t at,
		    struct fuse_file_info *fi)
{
	struct cusedev *d = fuse_req_userdata(req);
	auto_free char *copy = NULL;
	size_t n;

	(void)fi;
	mutex_lock(&d->mutex);
	n = at_most(d, at, size);
	copy = xmemdup(buf_str(&d->content) + (n ? at : 0), n);
	mutex_unlock(&d->mutex);
	fuse_reply_buf(req, copy, n);
}

static void op_write(fuse_req_t req, const char *p, size_t size, off_t at,
		     struct fuse_file_info *fi)
{
	struct cusedev *d = fuse_req_userdata(req);

	(void)fi;
	if (at < 0 || size > LIMIT_DEVICE_DATA ||
	    (uint64_t)at > LIMIT_DEVICE_DATA - size) {
		atomic_store(&d->full, true);
		fuse_reply_err(req, ENOSPC);
		return;
	}
	mutex_lock(&d->mutex);
	if (d->content.len < at + size)
		buf_fill(&d->content, '\0', at + size - d->content.len);
	if (size)	/* else there may be no buffer yet */
		memcpy(d->content.data + at, p, size);
	mutex_unlock(&d->mutex);
	fuse_reply_write(req, size);
}

static void op_done(fuse_req_t req, struct fuse_file_info *fi)
{
	(void)fi;
	fuse_reply_err(req, 0);
}

static void op_fsync(fuse_req_t req, int datasync, struct fuse_file_info *fi)
{
	(void)datasync;
	op_done(req, fi);
}

static void op_ioctl(fuse_req_t req, int cmd, void *arg,
		     struct fuse_file_info *fi, unsigned flags, const void *in,
		     size_t in_size, size_t out_size)
{
	(void)cmd;
	(void)arg;
	(void)fi;
	(void)flags;
	(void)in;
	(void)in_size;
	(void)out_size;
	fuse_reply_err(req, ENOTTY);
}

static void op_poll(fuse_req_t req, struct fuse_file_info *fi,
		    struct fuse_pollhandle *ph)
{
	(void)fi;
	if (ph)
		fuse_pollhandle_destroy(ph);
	fuse_reply_poll(req, POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
}

static const struct cuse_lowlevel_ops device_ops = {
	.open = op_open, .read = op_read, .write = op_write, .flush = op_done,
	.release = op_done, .fsync = op_fsync, .ioctl = op_ioctl,
	.poll = op_poll,
};

static struct cusedev *device(struct backend *b)
{
	return (struct cusedev *)b;	/* which starts with it */
}

static struct backend *device_make(const struct mount_spec *spec,
				   struct diags *dg)
{
	const struct data_spec *content = &spec->content;
	struct cusedev *d = xcalloc(1, sizeof(*d));

	(void)dg;
	d->backend.ops = &cuse_backend;
	mutex_init(&d->mutex);
	data_copy(content, 0, buf_reserve(&d->content, content->len),
		  content->len, 0);
	d->content.len = content->len;
	return &d->backend;
}

static void device_free(struct backend *b)
{
	struct cusedev *d = device(b);

	buf_fini(&d->content);
	pthread_mutex_destroy(&d->mutex);
	free(d);
}

struct fuse_session *cusedev_session(struct backend *b, const char *name,
				     uint32_t minor)
{
	char prog[] = "fusescen", *argv[] = { prog, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	auto_free char *line = xasprintf("DEVNAME=%s", name);
	const char *info[] = { line };
	const struct cuse_info ci = {
		.dev_minor = minor,
		.dev_info_argc = 1, .dev_info_argv = info,
	};
	struct fuse_session *se = cuse_lowlevel_new(&args, &ci, &device_ops, b);

	fuse_opt_free_args(&args);
	return se;
}

static const struct limit *device_limit_reached(struct backend *b)
{
	return atomic_load(&device(b)->full) ? LIMIT_OF(DEVICE_DATA) : NULL;
}

static ssize_t device_peek(struct backend *b, const char *path, uint64_t offset,
			   void *p, size_t len, uint64_t *size)
{
	struct cusedev *d = device(b);
	size_t n;

	(void)path;
	auto_lock(&d->mutex);
	*size = d->content.len;
	n = at_most(d, offset, len);
	if (n)
		memcpy(p, d->content.data + offset, n);
	return n;
}

const struct backend_ops cuse_backend = {
	.make = device_make,
	.free = device_free,
	.peek = device_peek,
	.limit_reached = device_limit_reached,
};
